"""How good a network is, on data that it is not trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Tensor, errors, no_grad, trees

from ..check import called_as
from ..data import DataLoader, Dataset, TensorDataset
from ..distributed import World, as_world
from ..module import Module
from .failures import check_data
from .metrics import Metric, by_name, number
from .shares import shared


@called_as("nn.evaluate(model, (X, y), nn.CrossEntropyLoss())")
def evaluate(
    model: Module,
    data: Any,
    loss: Callable[[Any, Any], Any],
    metrics: str | Iterable[str | Metric] | Mapping[str, Metric] = (),
    batch_size: int = 256,
    comm: Any = None,
) -> dict[str, float]:
    """The loss and the metrics, as means over all examples, with dropout and the like switched off.

    Args:
        model: the network.
        data: as for :func:`fit`.
        loss: a function of the output and the target of a batch.
        metrics: as for :func:`fit`.
        batch_size: how many examples are computed at once, where ``data`` are no batches.
        comm: as for :func:`fit`; the numbers are those of all ranks together.

    Returns:
        Numbers by name.

    Raises:
        ArgumentError: no module, no function, no data, or a batch that is no inputs with a target.
        NotFiniteError: the data hold something else than finite numbers.

    Example:
        >>> import nn
        >>> X, y = nn.datasets.xor()
        >>> model = nn.Linear(2, 2)
        >>> list(nn.evaluate(model, (X, y), nn.CrossEntropyLoss(), metrics="accuracy"))
        ['loss', 'accuracy']
    """
    did = "nn.evaluate(model, data, loss)"
    check_kind(f"{did}: model", model, Module, "a module", "nn.evaluate(model, (X, y), nn.CrossEntropyLoss())")
    check_loss(did, loss)
    found, means, world = by_name(metrics, loss), Means(), as_world(comm)
    batches = as_batches("nn.evaluate(model, data, ...)", data, batch_size, shuffle=False)
    with world, mode(model, training=False), no_grad():
        for i, batch in enumerate(world.shard(batches), 1):
            inputs, target = split(batch)
            output = model(*inputs)
            mean, share = shared(loss, output, target, world)
            now = number("loss", mean)
            if not math.isfinite(now):
                check_data(f"nn.evaluate: batch {i}", now, [*inputs, target])
            means.add(now, share, measure(found, output, target), inputs, world)
    return means.result(world)


def check_kind(did: str, x: Any, kind: Any, expected: str, cure: str) -> None:
    """An error for an argument that is something else."""
    if not isinstance(x, kind):
        given = f"the class {x.__name__}" if isinstance(x, type) else f"{type(x).__name__}: {errors.brief(x)}"
        raise errors.bad_argument(did, expected, given, cure)


def check_loss(did: str, loss: Any) -> None:
    """An error for a loss that cannot be called, or is a class of losses."""
    if isinstance(loss, type) or not callable(loss):
        given = f"the class {loss.__name__}" if isinstance(loss, type) else errors.brief(loss)
        raise errors.bad_argument(f"{did}: loss", "a function of output and target", given, "nn.CrossEntropyLoss()")


class Means:
    """Means over examples, of numbers that are means over the examples of batches."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._count = 0

    def add(self, loss: float, share: float, metrics: Mapping[str, float], inputs: Sequence[Any], world: World) -> None:
        """The numbers of a batch with these inputs, or of the part of it that this rank has."""
        count = np.shape(inputs[0])[0] if np.shape(inputs[0]) else 1
        own, whole = world.share or (count, count)
        self._count += own
        self._sums["loss"] = self._sums.get("loss", 0.0) + whole * share * loss
        for name, x in metrics.items():
            self._sums[name] = self._sums.get(name, 0.0) + own * x

    def result(self, world: World) -> dict[str, float]:
        """The means over the examples of all ranks.

        Raises:
            ArgumentError: there was no batch at all.
        """
        if not self._count:
            cure = "data that are not empty; drop_last=False; a list of batches instead of a generator, which runs dry"
            raise errors.bad_argument("going through the data", "at least one example", "none", cure)
        count, *sums = world.sum(np.array([self._count, *self._sums.values()])).tolist()
        return {name: x / count for name, x in zip(self._sums, sums, strict=True)}


def measure(metrics: Mapping[str, Metric], output: Any, target: Any) -> dict[str, float]:
    """What the metrics say about a batch."""
    if not metrics:
        return {}
    plain_output = trees.map_leaves(lambda x: x.data if isinstance(x, Tensor) else x, output)
    return {name: number(name, metric(plain_output, target)) for name, metric in metrics.items()}


@contextmanager
def mode(model: Module, training: bool) -> Iterator[None]:
    """While it lasts, the network is being trained, or used; then every part is again as it was."""
    before = [(part, part.training) for part in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for part, was in before:
            part.training = was


def as_batches(did: str, data: Any, batch_size: int, shuffle: bool) -> Any:
    """Something that can be gone through again and again, in batches.

    Args:
        did: the call that the data were given to, with ``data`` in their place.
        data: as for :func:`fit`.
        batch_size: how many examples a batch has, where they are none.
        shuffle: whether each pass has a new order, likewise.

    Raises:
        ArgumentError: something that cannot.
    """
    if isinstance(data, tuple):
        data = TensorDataset(*data)
    if is_dataset(data):
        return DataLoader(data, batch_size, shuffle)
    if not hasattr(data, "__iter__") or hasattr(data, "__array__") or isinstance(data, (str, dict)):
        given = f"{type(data).__name__}: {errors.brief(data)}"
        expected = "arrays (X, y), a Dataset, a DataLoader, or a list of batches"
        raise errors.bad_argument(did, expected, given, did.replace("data", "(X, y)"))
    if isinstance(data, list) and len(data) > 1 and all(hasattr(x, "shape") for x in data):
        expected, given = "arrays in a tuple (X, y), or a list of batches", f"a list of {len(data)} arrays"
        raise errors.bad_argument(did, expected, given, did.replace("data", "(X, y)"))
    if hasattr(data, "__next__"):
        expected = "data that can be gone through once an epoch"
        raise errors.bad_argument(did, expected, "a generator", "list(batches)")
    return data


def is_dataset(data: Any) -> bool:
    """Whether it has examples by number; what can also be gone through, such as a list, has batches."""
    by_number = hasattr(data, "__getitem__") and hasattr(data, "__len__")
    return isinstance(data, Dataset) or (by_number and not hasattr(data, "__iter__"))


def split(batch: Any) -> tuple[Sequence[Any], Any]:
    """The inputs of a batch, and its target, which is the last part."""
    if not isinstance(batch, (tuple, list)) or len(batch) < 2:
        given = (
            f"a {type(batch).__name__} of {len(batch)}" if isinstance(batch, (tuple, list)) else type(batch).__name__
        )
        if isinstance(batch, Mapping):
            given = f"a dict of {', '.join(map(str, batch))}"
        cure = (
            "DataLoader(..., collate_fn=f), where f returns x, target; TensorDataset(X, X) if the input is the target"
        )
        raise errors.bad_argument("a batch", "inputs and a target, as (x, target)", given, cure)
    *inputs, target = map(_array, batch)
    return inputs, target


def _array(x: Any) -> Any:
    """An array of PyTorch's, a table and the like as NumPy's; others as they are."""
    is_foreign = hasattr(x, "__array__") and not isinstance(getattr(x, "dtype", None), np.dtype)
    return np.asarray(x) if is_foreign else x
