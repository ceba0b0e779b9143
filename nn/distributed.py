"""Training on several processes, or machines, at once: each takes its part of every batch. MPI, by ``mpi4py``.

::

    world = nn.distributed.world()                 # all processes that mpiexec started: the ranks
    world.same_start(model, optimizer)
    for x, y in world.shard(loader):               # this rank's part of each batch
        loss = nn.cross_entropy(model(x), y)
        optimizer.zero_grad()
        world.backward(loss, model.parameters())   # the gradients of the whole batch
        optimizer.step()

With weights ``share = own examples / all examples`` the mean over a batch is ``sum(share * mean)`` over the ranks. So
each walks back from ``share`` in place of 1, and the gradients are added up. What a rank has to know from the others
inside its graph, the means of a batch normalisation, is an operation whose derivative is itself.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from traceback import print_exception
from typing import Any, NamedTuple, Self

import numpy as np

from autograd import Tensor, errors
from autograd.graph import Primitive

from .data import DataLoader
from .init import generator
from .module import Module
from .norm import ACROSS

LARGE = 2**16
"""From so many numbers on an array travels alone, and is added to in its place; smaller ones travel together."""

STRETCH = 2**64
"""How far apart the ranks draw from one stream of random numbers."""


class MissingMPIError(errors.ChainruleError, ImportError):
    """There is no MPI: neither ``mpi4py`` nor a library for it."""


class RankError(errors.ChainruleError, RuntimeError):
    """A rank that can no longer do what the others do."""


class Share(NamedTuple):
    """How many examples of a batch this rank has, and how many all have."""

    own: int
    all: int


def world() -> World:
    """All processes that ``mpiexec`` started; one alone, if it did not.

    Raises:
        MissingMPIError: ``mpi4py`` is not installed, or finds no MPI.
        RankError: there are several processes, which do not see each other.
    """
    everyone = _mpi().COMM_WORLD
    started = max(int(os.environ.get(name, 1)) for name in ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE"))
    if everyone.size == 1 < started:
        given = f"{started} that are each alone: {_mpi().Get_library_version().split(',')[0].splitlines()[0].strip()}"
        cure = f"{os.path.join(os.path.dirname(sys.executable), 'mpiexec')}, that of the same MPI"
        did = "nn.distributed.world()"
        raise RankError(errors.message(did, f"{started} processes that know each other", given, cure))
    return World(everyone)


def as_world(comm: Any) -> World:
    """The ranks of a communicator; this process alone for ``None``.

    Raises:
        ArgumentError: something else.
    """
    if isinstance(comm, World):
        return comm
    if comm is not None and not hasattr(comm, "Allreduce"):
        cure = "comm=nn.distributed.world()"
        raise errors.bad_argument("comm=...", "a communicator of mpi4py", errors.brief(comm), cure)
    return World(comm)


class World:
    """Ranks that train one network. An error that nobody catches on one of them ends all.

    Args:
        comm: a communicator of ``mpi4py``; this process alone if not given.

    Attributes:
        rank: the number of this process, from 0.
        size: how many there are.
        share: of the batch at hand, inside :meth:`shard`.

    Example:
        >>> alone = World()
        >>> alone.rank, alone.size, [part.tolist() for part in alone.shard([np.arange(3)])]
        (0, 1, [[0, 1, 2]])
    """

    share: Share | None = None

    def __init__(self, comm: Any = None) -> None:
        self.comm, self.rank, self.size = comm, getattr(comm, "rank", 0), getattr(comm, "size", 1)
        self._walked: set[int] = set()
        if self.size > 1:
            _end_all_by_errors()

    def __enter__(self) -> Self:
        """A block whose failure on one rank, by whatever error or exit, ends all."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is not None and self.size > 1:
            print_exception(error)
            _end_all(error)

    def same_start(self, model: Module, *others: Any) -> None:
        """Let every rank have the parameters and buffers of rank 0, and of others its state.

        Args:
            model: the network.
            *others: an optimiser, a schedule, and what else has a ``state_dict``.

        Raises:
            ArgumentError: the networks of the ranks have different parts.
        """
        if self.size == 1:
            return
        tensors = dict([*model.named_parameters(), *model.named_buffers()])
        own = {name: (x.shape, str(x.dtype)) for name, x in tensors.items()}
        first = self.comm.bcast(own)
        if first != own:
            name = next(name for name in [*first, *own] if first.get(name) != own.get(name))
            expected, given = (f"{name}: {parts.get(name, 'none')}" for parts in (first, own))
            cure = "one program that makes the same network on every rank"
            raise errors.bad_argument(f"same_start(model), rank {self.rank}", f"as rank 0, {expected}", given, cure)
        for x in tensors.values():
            data = np.array(x.data, order="C")
            self.comm.Bcast(data)
            x.data = data
        for other in others:
            other.load_state_dict(self.comm.bcast(other.state_dict()))

    def shard(self, batches: Any) -> Iterator[Any]:
        """This rank's part of each batch, in one pass: every ``size``-th example, from the ``rank``-th.

        Rank 0 says which examples there are in a batch, in which order. Of a :class:`DataLoader` of examples that
        have numbers each rank loads its own; other batches are read by rank 0, which sends the parts. Where there
        are fewer examples than ranks, a rank without any has one all the same, whose share is 0.

        Args:
            batches: a loader, or anything to go through.

        Yields:
            Parts that are arranged as the batches are.
        """
        if self.size == 1:
            yield from batches
            return
        self._draw_apart()
        before = self.share
        try:
            for share, part in self._parts(batches):
                self.share = share
                self._walked.clear()
                ACROSS.set(self)
                yield part
        finally:
            self.share = before
            ACROSS.set(self if before else None)

    def _parts(self, batches: Any) -> Iterator[tuple[Share, Any]]:
        if isinstance(batches, DataLoader) and batches.knows_its_batches:
            jobs = self.comm.bcast([list(job) for job in batches.jobs()] if self.rank == 0 else None)
            dealt = [_dealt(job, self.rank, self.size) for job in jobs]
            shares, mine = zip(*dealt, strict=True) if dealt else ((), ())
            yield from zip(shares, batches.through(mine), strict=True)
            return
        coming = iter(batches if self.rank == 0 else ())
        nothing = [None] * self.size
        while True:
            batch = next(coming, None)
            parts = nothing if batch is None else [_dealt(batch, rank, self.size) for rank in range(self.size)]
            if (found := self.comm.scatter(parts)) is None:
                return
            yield found

    def _draw_apart(self) -> None:
        """Let dropout and the like draw from the random numbers of rank 0, each rank from a stretch of its own."""
        chance = generator().bit_generator
        chance.state = self.comm.bcast(chance.state)
        if self.rank:
            chance.advance(self.rank * STRETCH)  # type: ignore[attr-defined] # PCG64, which NumPy takes by default, has it

    def backward(self, loss: Tensor, parameters: Iterable[Any], share: float | None = None) -> None:
        """The backward pass of the whole batch: ``loss.backward()``, and the gradients added up over the ranks.

        Args:
            loss: the mean over this rank's part of a batch.
            parameters: whose gradients are wanted, in the same order on every rank.
            share: how much this loss counts, all ranks together 1; the share of the examples if not given. For losses
                that are no means over examples: ``w / world.sum(w)`` with ``w = weights[y].sum()`` for class weights.

        Raises:
            ArgumentError: outside of :meth:`shard`, without a share.
        """
        if share is None and self.size > 1:
            if self.share is None:
                expected, cure = "a part of a batch", "for x, y in world.shard(loader): ..., or share=len(x) / all"
                raise errors.bad_argument("world.backward(loss, parameters)", expected, "none at hand", cure)
            share = self.share.own / self.share.all
        if self.size == 1:
            loss.backward()
            return
        wanted = [p for p in parameters if p.requires_grad]
        before = [p.grad for p in wanted]
        for p in wanted:
            p.grad = None
        loss.backward(np.full_like(loss.data, share))
        found = np.array([p.grad is not None for p in wanted], wanted[0].dtype)
        *sums, found = self.add_up([*(np.zeros_like(p.data) if p.grad is None else p.grad for p in wanted), found])
        for p, old, new, times in zip(wanted, before, sums, found, strict=True):
            p.grad = old if not times else new if old is None else old + new

    def add_up(self, arrays: Iterable[Any]) -> list[Any]:
        """The sum over the ranks of each array; small ones travel together, large ones are written over."""
        sums, together = list(arrays), dict[Any, list[int]]()
        for i, x in enumerate(sums):
            if x.size < LARGE:
                together.setdefault(x.dtype, []).append(i)
            else:
                sums[i] = self._added(x if x.flags.c_contiguous and x.flags.writeable else np.array(x, order="C"))
        for places in together.values():
            flat, end = self._added(np.concatenate([sums[i] for i in places], axis=None)), 0
            for i in places:
                start, end = end, end + sums[i].size
                sums[i] = flat[start:end].reshape(sums[i].shape)
        return sums

    def sum(self, x: Any) -> Any:
        """The sum over the ranks of numbers, element by element; the same bits on each of them."""
        return np.asarray(x) if self.size == 1 else self._added(np.array(x, order="C"))

    def _added(self, x: Any) -> Any:
        """The sum over the ranks in the place of ``x``, which spares a copy."""
        self.comm.Allreduce(_mpi().IN_PLACE, x)
        return x

    def mean(self, x: Any) -> Any:
        """The mean over all examples, from the means over those of each rank; a node of the graph if ``x`` is."""
        assert self.share is not None
        return sum_over_ranks(x * (self.share.own / self.share.all), across=self)


def _summed(x: Any, across: World) -> Any:
    return across.sum(x)


def _summed_back(g: Any, y: Any, x: Any, across: Any = None) -> Any:
    """The sum of the gradients: ``x`` of each rank is a part of ``y`` of all."""
    if id(y) in across._walked:  # limits.settled walks again where a gradient is not finite; the others would not
        expected, given = "gradients that are finite, on every rank", "others on this one, beyond a batch normalisation"
        cure = "a smaller lr, or clip_grad_norm=1.0"
        raise RankError(errors.message(f"the backward pass of {across.size} ranks", expected, given, cure))
    across._walked.add(id(y))
    return across.sum(g)


sum_over_ranks = Primitive("sum_over_ranks", _summed, (_summed_back,))
"""The sum over the ranks, as an operation of the graph. It is not in the table: it needs the other ranks to run."""


def _dealt(batch: Any, rank: int, size: int) -> tuple[Share, Any]:
    """The part of a batch that a rank gets."""
    n = _length(batch)
    rows = slice(rank, None, size) if rank < n else slice(0, 1)
    return Share(len(range(rank, n, size)), n), _rows(batch, rows)


def _length(batch: Any) -> int:
    """How many examples there are in a batch."""
    while _has_parts(batch):
        batch = next(iter(batch.values() if isinstance(batch, Mapping) else batch))
    return len(batch)


def _rows(batch: Any, rows: slice) -> Any:
    """Some examples of a batch, arranged as it is."""
    if not _has_parts(batch):
        return batch[rows]
    if isinstance(batch, Mapping):
        return {name: _rows(part, rows) for name, part in batch.items()}
    parts = [_rows(part, rows) for part in batch]
    return type(batch)(*parts) if hasattr(batch, "_fields") else type(batch)(parts)


def _has_parts(batch: Any) -> bool:
    """Whether it is made of arrays, each of which has all examples; a list of strings has one for each."""
    some: Any = next(iter(batch), 0) if isinstance(batch, (tuple, list)) else 0
    return isinstance(batch, Mapping) or np.ndim(some) > 0 or isinstance(some, Mapping)


def _mpi() -> Any:
    """``mpi4py.MPI``, whose import starts MPI."""
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        given = f"none: {str(error).splitlines()[0]}"
        cure = "pip install 'chainrule[mpi]'"
        raise MissingMPIError(errors.message("nn.distributed.world()", "mpi4py and an MPI", given, cure)) from error
    return MPI


@cache
def _end_all_by_errors() -> None:
    """From now on an error that nobody catches ends all ranks, once it is printed."""
    usual = sys.excepthook

    def end(kind: Any, error: Any, traceback: Any) -> None:
        usual(kind, error, traceback)
        _end_all(error)

    sys.excepthook = end


def _end_all(error: BaseException) -> None:
    """Say which rank failed, and end all: the others wait for what will not come."""
    everyone = _mpi().COMM_WORLD
    given = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
    cure = "what the error above says; then the same command: nn.fit(..., checkpoint=...) goes on from its last epoch"
    did = f"rank {everyone.rank} of {everyone.size}"
    sys.stdout.flush()
    print(errors.message(did, "every rank at work until the end", given, cure), file=sys.stderr, flush=True)
    time.sleep(0.2)  # mpiexec throws away what it has not read yet
    everyone.Abort(1)
