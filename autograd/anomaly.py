"""The first operation that made a NaN or an infinity, on the way forward as well as on the way back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from . import errors
from .graph import Node, Watching, contributions
from .watching import Watcher, line_of_user


def detect_anomaly(*, infinities: bool = True) -> AbstractContextManager[None]:
    """Name the first operation that makes a NaN or an infinity inside the block.

    On the way forward the result of each operation is looked at, recorded or not; after a backward pass all
    gradients, and where one is not finite, what each rule passed on. A NaN that was given from outside is named
    as such, and so is an infinity in something that requires a gradient; other infinite constants, such as the
    ``-inf`` of a mask, are meant. Rules are run twice only where there is something to find. Also a decorator;
    only the current thread or task is affected; the inner of two blocks decides.

    Args:
        infinities: whether an infinity is an anomaly. ``False`` for a program that makes them on purpose, such
            as ``np.where(x > 0, np.log(x), 0)`` at 0.

    Raises:
        AnomalyError: it names the operation or the rule, its inputs, the module, and the line of the program.

    Example:
        >>> import numpy as np
        >>> from autograd import Tensor
        >>> x = Tensor([4.0, 0.0], name="x")
        >>> with detect_anomaly():
        ...     y = np.log(x).sum()
        Traceback (most recent call last):
        autograd.errors.AnomalyError: log(Tensor 'x' of shape (2,))
          expected: a finite result
          got:      1 infinity of 2 elements, the first at (1,)
                    argument 0, Tensor 'x' of shape (2,): [4., 0.]
          cure:     keep the inputs away from there, as in np.log(np.where(x > 0, x, 1)), or allow it ...
          line:     ...: y = np.log(x).sum()
    """
    return _Detecting(_Anomaly(infinities))


class _Detecting(Watching):
    """A block in which NumPy's own warnings are silent: the errors say more."""

    def __enter__(self) -> None:
        super().__enter__()
        self.quiet = np.errstate(all="ignore")
        self.quiet.__enter__()

    def __exit__(self, *error: object) -> None:
        self.quiet.__exit__(None, None, None)
        super().__exit__(*error)


class _Anomaly(Watcher):
    """Looks at every number."""

    def __init__(self, infinities: bool) -> None:
        self.infinities = infinities

    def while_walking(self) -> Watcher:
        """The backward pass mends what a zero times infinity has spoilt; what is left is looked at afterwards."""
        return Watcher()

    def _cure(self, cure: str, x: Any) -> str:
        """What to do; an infinity may be meant."""
        return cure if _counts(x)[0] else f"{cure}, or allow it by detect_anomaly(infinities=False) if it is meant"

    def is_bad(self, x: Any) -> bool:
        """Whether there is a NaN, or an infinity that counts."""
        nans, infinities = _counts(x)
        return bool(nans or (self.infinities and infinities))

    def made(self, node: Any, op: Any, inputs: tuple[Any, ...]) -> None:
        """Look at the result of an operation."""
        super().made(node, op, inputs)
        nans, infinities = _counts(node._data)
        if not (nans or (self.infinities and infinities)):
            return
        kind = 0 if nans else 1
        source = next((i for i, x in enumerate(inputs) if _counts(x)[kind]), None)
        if source is not None:
            given = inputs[source]
            if kind == 1 and not (isinstance(given, Node) and given.op is None and given.requires_grad):
                return  # an infinity that was given as a constant, or passed on
            self._fail_given(op, inputs, source)
        self._fail_made(op, inputs, node._data)

    def assigned(self, node: Any) -> None:
        """Look at new data, such as an optimiser writes."""
        if self.is_bad(node._data):
            raise _error(
                f"giving new data to {errors.describe(node)}",
                "finite numbers",
                f"{_found(node)}: {_summary(node)}",
                "look at its gradient and at the learning rate before optimizer.step(), which may be too large",
                line_of_user(),
            )

    def _fail_given(self, op: Any, inputs: tuple[Any, ...], source: int) -> None:
        x = inputs[source]
        name = getattr(x, "name", "") or "x"
        raise _error(
            _call(op, inputs),
            "finite inputs",
            f"{_found(x)} in {errors.describe_input(x, source)}, which was so before: {_summary(x)}",
            self._cure(f"look for it where {name} was made; np.nan_to_num({name}) for numbers in its place", x),
            line_of_user(),
        )

    def _fail_made(self, op: Any, inputs: tuple[Any, ...], result: Any) -> None:
        raise _error(
            _call(op, inputs),
            "a finite result" if self.infinities else "a result without NaN",
            f"{_found(result)}{_inputs(inputs)}",
            self._cure("keep the inputs away from there, as in np.log(np.where(x > 0, x, 1))", result),
            line_of_user(),
        )

    def walked(self, root: Any, gradients: Mapping[Any, Any]) -> None:
        """Look at the gradients, and find where the first bad one comes from."""
        if any(self.is_bad(g) for g in gradients.values()):
            with root._quietly():
                self._find(root, gradients)

    def _find(self, root: Any, gradients: Mapping[Any, Any]) -> None:
        """Go back until a rule, or a sum, makes something bad of something good."""
        if self.is_bad(gradients[root]):
            raise _error(
                "backward(gradient)",
                "a finite gradient of the result",
                f"{_found(gradients[root])} in the gradient that was given: {_summary(gradients[root])}",
                "look for it where the gradient was made",
                line_of_user(),
            )
        for node in sorted(gradients, key=lambda node: -node.order):
            g = _plain(gradients[node])
            if node.op is not None and not self.is_bad(g):
                for i, x, share in contributions(node, g, gradients, guarded=math.inf):
                    if self.is_bad(share):
                        self._fail_rule(node, i, x, g, share)
        worst = next(x for x in sorted(gradients, key=lambda x: -x.order) if self.is_bad(gradients[x]))
        raise _error(
            f"adding up the gradients of {errors.describe(worst)} over all its uses",
            "a finite sum",
            f"{_found(gradients[worst])} although each is finite: an overflow of {_dtype(gradients[worst])}",
            "scale the loss down, or use a wider dtype",
            line_of_user(),
        )

    def _fail_rule(self, node: Any, i: int, x: Any, g: Any, share: Any) -> None:
        raise _error(
            f"the rule of {node.op.name} for argument {i}, in {_call(node.op, node.inputs)}",
            "a finite gradient from a finite one" if self.infinities else "a gradient without NaN",
            f"{_found(share)} in the gradient of {errors.describe(x)}\n"
            f"            gradient of the result: {_summary(g)}\n"
            f"            result: {_summary(node)}{_inputs(node.inputs)}",
            self._cure(
                "keep the inputs off infinite slopes, as in np.sqrt(np.where(x > 0, x, 1))",
                share,
            ),
            getattr(node.scope, "line", "")
            or f"{line_of_user()} (with the forward pass inside detect_anomaly() too: the line of {node.op.name})",
            str(node.scope),
        )


def _error(did: str, expected: str, got: str, cure: str, line: str, layer: str = "") -> errors.AnomalyError:
    error = errors.AnomalyError(errors.message(did, expected, got, cure))
    error.line, error.layer = line, layer
    return error


def _plain(x: Any) -> Any:
    """A gradient without its graph."""
    return [_plain(part) for part in x] if isinstance(x, list) else x._data if isinstance(x, Node) else x


def _numbers(x: Any) -> Any:
    """A node or a gradient as a plain array; the examples of a batch lie along its first axes."""
    x = _plain(x)
    return getattr(x, "whole", x)


def _counts(x: Any) -> tuple[int, int]:
    """How many elements are NaN, and how many infinite; only numbers and NumPy's arrays are looked at."""
    x = _numbers(x)
    if isinstance(x, list):
        nans, infinities = zip(*map(_counts, x), strict=True)
        return sum(nans), sum(infinities)
    if isinstance(x, float):
        return int(math.isnan(x)), int(math.isinf(x))
    if not isinstance(x, (np.ndarray, np.generic)) or x.dtype.kind not in "fc" or np.isfinite(x).all():
        return 0, 0
    return int(np.count_nonzero(np.isnan(x))), int(np.count_nonzero(np.isinf(x)))


def _found(x: Any) -> str:
    """How many NaN and infinities there are, and where the first is."""
    nans, infinities = _counts(x)
    parts = [f"{nans} NaN"] * bool(nans)
    parts += [f"{infinities} infinit{'y' if infinities == 1 else 'ies'}"] * bool(infinities)
    x = _numbers(x)
    if not np.ndim(x):
        return " and ".join(parts)
    first = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
    return f"{' and '.join(parts)} of {np.size(x)} elements, the first at {first}"


def _summary(x: Any) -> str:
    """The elements if there are few, else their range."""
    x = _numbers(x)
    if not isinstance(x, (np.ndarray, np.generic)) or x.size <= 6:
        return np.array2string(np.asarray(x), separator=", ").replace("\n", "")
    finite = np.asarray(x)[np.isfinite(x)]
    span = f"from {finite.min():.6g} to {finite.max():.6g}" if finite.size else "nothing finite"
    return span if finite.size == x.size else f"{span}, {_found(x)}"


def _call(op: Any, inputs: tuple[Any, ...]) -> str:
    """An operation as it was called."""
    return f"{op.name}({', '.join(map(errors.describe, inputs))})"


def _inputs(inputs: tuple[Any, ...]) -> str:
    """A line for each input."""
    lines = [f"{errors.describe_input(x, i)}: {_summary(x)}" for i, x in enumerate(inputs)]
    return "".join(f"\n            {line}" for line in lines)


def _dtype(x: Any) -> str:
    return str(getattr(x, "dtype", "float"))
