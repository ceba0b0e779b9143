"""fit: the training loop, written once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd import errors

from ..check import called_as, check_real, check_whole
from ..data import TensorDataset, random_split
from ..distributed import as_world
from ..init import manual_seed
from ..module import Module
from ..optim.optimizer import Optimizer
from .callbacks import Callback, as_callbacks
from .early_stopping import EarlyStopping
from .evaluation import as_batches, check_kind, check_loss, is_dataset
from .failures import NotFiniteError
from .history import History
from .interrupt import held_back
from .metrics import Metric, by_name
from .progress import Progress
from .run import Training


@called_as("nn.fit(model, (X, y), nn.CrossEntropyLoss(), nn.Adam(model.parameters()))")
def fit(
    model: Module,
    data: Any,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    shuffle: bool = True,
    validation: Any = None,
    metrics: str | Iterable[str | Metric] | Mapping[str, Metric] = (),
    schedule: Any = None,
    schedule_every: str = "epoch",
    clip_grad_norm: float | None = None,
    early_stopping: int | EarlyStopping | None = None,
    callbacks: Iterable[Callback | Callable[[Training], Any]] = (),
    seed: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    resume: bool = True,
    progress: bool | None = None,
    comm: Any = None,
) -> History:
    """Train a network; the loop is the one that you would write.

    ``for x, y in batches: optimizer.zero_grad(); loss(model(x), y).backward(); optimizer.step()``, an epoch at a time.

    Args:
        model: the network, which is changed in place.
        data: arrays ``(X, y)``, or more inputs ``(X1, X2, y)``; a ``Dataset``; a ``DataLoader``; or a list of batches.
            The last part of a batch is the target, and the others are what the network is called with.
        loss: a function of output and target, such as ``nn.CrossEntropyLoss()``, that gives the mean of a batch.
        optimizer: of the network's parameters, such as ``nn.Adam(model.parameters())``.
        epochs: how often to go through the data, all in all.
        batch_size: how many examples a step sees, where ``data`` are no batches.
        shuffle: whether they have a new random order in each epoch, where ``data`` are no batches.
        validation: data to measure on after each epoch, like ``data``; or the share of the data to keep back for that,
            such as 0.2, always the same examples for the same seed.
        metrics: what to measure beside the loss: ``"accuracy"``, ``"mae"``, ``"mse"``, functions of output and target,
            or a dict of functions. A metric of an epoch is the mean over its examples.
        schedule: a schedule of the optimiser, see ``nn.optim.lr_scheduler``.
        schedule_every: when the schedule goes on: every ``"epoch"``, or every ``"batch"``.
        clip_grad_norm: how long all gradients together may be, see ``nn.utils.clip_grad_norm_``.
        early_stopping: how many epochs may be no better than the best so far; or an :class:`EarlyStopping`. The network
            has the weights of the best epoch at the end.
        callbacks: functions to call after each epoch with the :class:`Training`, or :class:`Callback` objects.
        seed: with it, ``nn.manual_seed(seed)`` is called first; it is what shuffling and dropout hang on. Call it
            yourself before making the network, to have the first weights from it too.
        checkpoint: a file in which the whole training is kept, written after each epoch, whole or not at all.
        resume: whether to go on from that file if it exists; bit for bit as if nothing had happened in between.
        progress: whether to show a bar; if not given, it is shown in a terminal and in a notebook.
        comm: the ranks to train on, ``nn.distributed.world()`` or a communicator of ``mpi4py``: each takes its part of
            every batch, and all do the steps that one alone would do. Rank 0 shows the bar and writes the checkpoint.
            An error on one of them ends all.

    Returns:
        The numbers of each epoch. After Ctrl-C, those so far; the network is as the last step left it.

    Raises:
        ArgumentError: arguments that make no sense, labels that are no class, data without any example.
        ShapeError: shapes that do not fit.
        NotFiniteError: the loss, or a gradient, became infinite or NaN. The weights and buffers are those before
            that batch.
        FileError: the checkpoint is damaged.

    Example:
        >>> import nn
        >>> _ = nn.manual_seed(0)
        >>> X, y = nn.datasets.make_moons(200)
        >>> model = nn.MLP(2, 16, 2)
        >>> optimizer = nn.Adam(model.parameters(), lr=0.01)
        >>> history = nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=60, metrics="accuracy")
        >>> history["accuracy"][-1] > 0.95
        True
    """
    _check(model, loss, optimizer, schedule, schedule_every)
    world = as_world(comm)
    check_whole("nn.fit(...)", "epochs", epochs, least=1, usual=10)
    check_whole("nn.fit(...)", "batch_size", batch_size, least=1, usual=32)
    if clip_grad_norm is not None:
        check_real("nn.fit(...)", "clip_grad_norm", clip_grad_norm, usual=1.0)
    if seed is not None:
        manual_seed(seed)
    if isinstance(validation, float):
        data, validation = _keep_back(data, validation, seed or 0)
    batches = as_batches("nn.fit(model, data, ...)", data, batch_size, shuffle)
    held = None
    if validation is not None:
        held = as_batches("nn.fit(..., validation=data)", validation, max(batch_size, 256), shuffle=False)
    if checkpoint is not None:
        check_kind("nn.fit(..., checkpoint=...)", checkpoint, (str, os.PathLike), "a path", "checkpoint='training.npz'")
        checkpoint = os.fspath(checkpoint)
    called = as_callbacks(callbacks)
    if early_stopping is not None:
        called.append(early_stopping if isinstance(early_stopping, EarlyStopping) else EarlyStopping(early_stopping))
    training = Training(
        model, batches, loss, optimizer, by_name(metrics, loss), held, schedule, schedule_every, clip_grad_norm, called,
        world,
    )  # fmt: skip
    return _run(training, epochs, checkpoint, resume, progress)


def _run(training: Training, epochs: int, checkpoint: str | None, resume: bool, show: bool | None) -> History:
    """Epoch after epoch, until the last, a callback, Ctrl-C or an error."""
    history, world = training.history, training.world
    with world, held_back() as interrupt:
        if checkpoint is not None and world.rank == 0 and not (resume and training.resume(checkpoint)):
            training.save(checkpoint)  # now, so that a file that cannot be written is known before hours have passed
        training.same_start()
        bar = Progress(show if world.rank == 0 else False, epochs, training.epoch, training.batches)
        try:
            training.call("on_train_begin")
            while training.epoch < epochs and not history.stopped_early:
                training.train_epoch(interrupt, bar)
                if checkpoint is not None:
                    training.save(checkpoint)
        except KeyboardInterrupt:
            if world.size > 1:
                raise  # the other ranks have not heard of it
            history.interrupted = True
        except NotFiniteError:
            raise  # which says where
        except Exception as error:
            error.add_note(f"nn.fit: in epoch {training.epoch}, batch {training.batch}")
            raise
        finally:
            bar.close()
        training.call("on_train_end")
    return history


def _keep_back(data: Any, share: float, seed: int) -> tuple[Any, Any]:
    """The data in two parts, to train on and to measure on."""
    dataset = TensorDataset(*data) if isinstance(data, tuple) else data
    if not is_dataset(dataset) or not 0 < share < 1:
        expected = "a share between 0 and 1, of arrays (X, y) or of a Dataset"
        given = f"{share:g} of {type(data).__name__}"
        raise errors.bad_argument(f"nn.fit(..., validation={share!r})", expected, given, "validation=(X_test, y_test)")
    train, held = random_split(dataset, [1 - share, share], seed=seed)
    return train, held


def _check(model: Any, loss: Any, optimizer: Any, schedule: Any, schedule_every: str) -> None:
    """An error for arguments in the wrong places, and for those that do not belong together."""
    did, call = "nn.fit(model, data, loss, optimizer)", "nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer)"
    check_kind(f"{did}: model", model, Module, "a module", call)
    check_kind(f"{did}: optimizer", optimizer, Optimizer, "an optimiser", "nn.Adam(model.parameters())")
    check_loss(did, loss)
    own = {id(p) for p in model.parameters()}
    if not any(id(p) in own for group in optimizer.param_groups for p in group["params"]):
        expected, given = "an optimiser of this network's parameters", "one of others"
        raise errors.bad_argument(f"{did}: optimizer", expected, given, "nn.Adam(model.parameters()), made anew")
    if not any(p.requires_grad for group in optimizer.param_groups for p in group["params"]):
        expected, given = "a parameter to train", "an optimiser whose parameters are all frozen"
        raise errors.bad_argument(f"{did}: optimizer", expected, given, "model.requires_grad_()")
    if schedule_every not in ("epoch", "batch"):
        did = f"nn.fit(..., schedule_every={schedule_every!r})"
        raise errors.bad_argument(did, "'epoch' or 'batch'", repr(schedule_every), "schedule_every='epoch'")
    if schedule is not None and getattr(schedule, "optimizer", None) is not optimizer:
        expected, given = "a schedule of the same optimiser", errors.brief(schedule)
        cure = "nn.optim.lr_scheduler.StepLR(optimizer, 10)"
        raise errors.bad_argument("nn.fit(..., schedule=...)", expected, given, cure)
