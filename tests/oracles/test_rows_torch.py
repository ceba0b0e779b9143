"""PyTorch as the witness of every row that it has: on every sample of the row, the result and both derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor
from autograd.graph import pullback

from ..autograd.rows import CASES, ROWS, SCIPY, is_data, weights
from ..autograd.samples import Sample

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:.*degrees of freedom")  # of no rows at all
L, F = torch.linalg, torch.nn.functional


def axes_of(t: Any, axis: Any) -> Any:
    """NumPy's ``axis`` as the dimensions of a tensor."""
    return tuple(range(t.ndim)) if axis is None else axis


def reduced(function: Any) -> Any:
    """A reduction of PyTorch with NumPy's arguments; for PyTorch no axes at all are all of them."""

    def call(t: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return (
            function(t[..., None], -1, keepdim=False) if axis == () else function(t, axes_of(t, axis), keepdim=keepdims)
        )

    return call


def prod(t: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """PyTorch's product takes one dimension."""
    axes = [a % t.ndim for a in ((axis,) if isinstance(axis, int) else axes_of(t, axis))]
    for dim in sorted(axes, reverse=True):
        t = torch.prod(t, dim, keepdim=keepdims)
    return t


def running(function: Any) -> Any:
    """A running sum or product along one dimension, or of the flattened elements."""
    return lambda t, axis=None: function(t.reshape(-1), 0) if axis is None else function(t, axis)


def flipped(t: Any, axis: Any = None) -> Any:
    axes = axes_of(t, axis)
    return t.flip(axes if isinstance(axes, tuple) else (axes,))


def transposed(t: Any, axes: Any = None) -> Any:
    return t.permute(tuple(range(t.ndim))[::-1] if axes is None else axes)


def reshaped(t: Any, shape: Any = None, order: str = "C") -> Any:
    shape = shape if isinstance(shape, tuple) else (shape,)
    return t.reshape(shape) if order == "C" else transposed(transposed(t).reshape(shape[::-1]))


def expanded(t: Any, axis: Any = 0) -> Any:
    axes = axis if isinstance(axis, tuple) else (axis,)
    for a in sorted(a % (t.ndim + len(axes)) for a in axes):
        t = t.unsqueeze(a)
    return t


def repeated(t: Any, repeats: Any = 1, axis: Any = None) -> Any:
    return torch.repeat_interleave(t, torch.tensor(repeats), dim=axis)


def padded(t: Any, pad_width: Any = 0, constant_values: Any = 0) -> Any:
    widths = np.broadcast_to(pad_width, (t.ndim, 2))[::-1].ravel().tolist()
    return F.pad(t, widths, value=constant_values)


def places(index: Any) -> Any:
    """An index as PyTorch takes it: it knows no arrays of NumPy, and no steps back."""
    if isinstance(index, tuple):
        return tuple(map(places, index))
    return torch.tensor(index) if isinstance(index, (np.ndarray, list)) else index


def is_backwards(index: Any) -> bool:
    return isinstance(index, slice) and (index.step or 1) < 0


def taken(t: Any, index: Any = ()) -> Any:
    if is_backwards(index):
        return t[torch.arange(len(t))[index.start : index.stop].flip(0)[:: -index.step]]
    return t[places(index)]


def taken_along(t: Any, indices: Any = 0, axis: Any = None) -> Any:
    t, axis = (t.reshape(-1), 0) if axis is None else (t, axis % t.ndim)
    return t[(*(slice(None),) * axis, torch.tensor(indices))]


def assigned(t: Any, v: Any, index: Any = ()) -> Any:
    where = torch.arange(t.numel()).reshape(t.shape)
    where = where[index.start : index.stop].flip(0)[:: -index.step] if is_backwards(index) else where[places(index)]
    v = torch.broadcast_to(v.reshape(v.shape[max(0, v.ndim - where.ndim) :]), where.shape)
    written = dict(zip(where.ravel().tolist(), v.ravel(), strict=True))  # of what is written twice the last one stays
    return torch.stack([written.get(i, x) for i, x in enumerate(t.ravel())]).reshape(t.shape)


def scattered(t: Any, index: Any = (), shape: Any = ()) -> Any:
    size = int(np.prod(shape))
    to = torch.arange(size).reshape(shape)[places(index)]
    return t.new_zeros(size).index_add(0, to.reshape(-1), t.reshape(-1)).reshape(shape)


def convolved(a: Any, v: Any, mode: str = "full") -> Any:
    a, v = (a, v) if len(a) >= len(v) else (v, a)
    return F.conv1d(a[None, None], v.flip(0)[None, None], padding=len(v) - 1 if mode == "full" else 0)[0, 0]


def recurrence(x: Any, a: Any) -> Any:
    y: list[Any] = []
    for i in range(len(x)):
        y.append(x[i] + a[i] * y[-1] if y else x[i])
    return torch.stack(y) if y else x


def rolled(t: Any, shift: Any = 0, axis: Any = None) -> Any:
    return t.roll(shift) if axis is None else t.roll(shift, axis)


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    axes = axes if isinstance(axes, int) else [[side] if isinstance(side, int) else side for side in axes]
    return torch.tensordot(a, b, dims=axes)


def deviation(function: Any) -> Any:
    def call(t: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
        return function(t, axes_of(t, axis), correction=ddof, keepdim=keepdims)

    return call


def neuron(*inputs: Any) -> Any:
    n = len(inputs) // 2
    return sum((w * x for w, x in zip(inputs[:n], inputs[n:-1], strict=True)), inputs[-1])


def nll(z: Any, labels: Any, reduction: str = "mean") -> Any:
    return F.nll_loss(z, torch.tensor(labels), reduction=reduction)


def bordered(t: Any, padding: Any, value: float) -> Any:
    return F.pad(t, [n for pair in padding[::-1] for n in pair], value=value)


def conv(t: Any, w: Any, b: Any, stride: Any, dilation: Any, padding: Any, groups: int = 1) -> Any:
    of_torch = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}[t.ndim]
    return of_torch(bordered(t, padding, 0), w, b, stride, 0, dilation, groups)


def conv_transpose(t: Any, w: Any, lengths: Any, stride: Any, dilation: Any, padding: Any, groups: int = 1) -> Any:
    """The whole of what PyTorch gives, without the border, and with zeros behind if no kernel reached that far."""
    whole = (F.conv_transpose1d if t.ndim == 3 else F.conv_transpose2d)(t, w, None, stride, 0, 0, groups, dilation)
    for axis, (length, (before, _)) in enumerate(zip(lengths, padding, strict=True), 2):
        behind = [0, max(0, before + length - whole.shape[axis])]
        whole = F.pad(whole, [0, 0] * (whole.ndim - 1 - axis) + behind).narrow(axis, before, length)
    return whole


def max_pool(t: Any, kernel: Any, stride: Any, dilation: Any, padding: Any) -> Any:
    pool = F.max_pool1d if t.ndim == 3 else F.max_pool2d
    return pool(bordered(t, padding, -torch.inf), kernel, stride, 0, dilation)


def sum_pool(t: Any, kernel: Any, stride: Any, dilation: Any, padding: Any) -> Any:
    pool = F.avg_pool1d if t.ndim == 3 else F.avg_pool2d
    return pool(bordered(t, padding, 0), kernel, stride) * np.prod(kernel)


def standardize(t: Any, axis: Any = -1, eps: float = 1e-5, centred: bool = True) -> Any:
    z = t - t.mean(axis, keepdim=True) if centred else t
    return z / (z.square().mean(axis, keepdim=True) + eps).sqrt()


def symmetric(a: Any) -> Any:
    return (a + a.mT) / 2


def concatenated(*ts: Any, axis: Any = 0) -> Any:
    return torch.cat([t.reshape(-1) for t in ts]) if axis is None else torch.cat(ts, axis)


THEIRS: dict[str, Callable[..., Any]] = {
    **{name: getattr(torch, name) for name in (
        "add", "subtract", "multiply", "divide", "negative", "positive", "square", "sqrt", "reciprocal", "absolute",
        "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
        "arctan2", "hypot", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "relu", "sigmoid", "logaddexp",
        "logaddexp2", "maximum", "minimum", "fmax", "fmin", "clip", "sign", "floor", "ceil", "trunc",
        "copysign", "fmod", "remainder", "sinc", "i0", "matmul", "round",
    )},
    "power": torch.pow,
    "direction": torch.divide,
    "gap": torch.subtract,
    "kept": lambda share, g: torch.where((g == 0) & ~torch.isfinite(share), 0.0, share),
    "rint": torch.round,
    "fraction": torch.frac,
    "floor_divide": lambda a, b: torch.div(a, b, rounding_mode="floor"),
    "ldexp": lambda x, exponent: x * 2.0 ** torch.tensor(exponent),
    "where": lambda condition, a, b: torch.where(torch.tensor(condition), a, b),
    "astype": lambda t, dtype=None: t.to(torch.float64),
    "reshape": reshaped,
    "transpose": transposed,
    "swapaxes": lambda t, axis1=0, axis2=1: t.swapaxes(axis1, axis2),
    "moveaxis": lambda t, source=0, destination=0: t.moveaxis(source, destination),
    "expand_dims": expanded,
    "squeeze": lambda t, axis=None: t.squeeze() if axis is None else t.squeeze(axis),
    "broadcast_to": lambda t, shape=(): t.broadcast_to(shape),
    "concatenate": concatenated,
    "stack": lambda *ts, axis=0: torch.stack(ts, axis),
    "tile": lambda t, reps=1: t.tile(reps),
    "repeat": repeated,
    "flip": flipped,
    "roll": rolled,
    "pad": padded,
    "tril": lambda t, k=0: t.tril(k),
    "triu": lambda t, k=0: t.triu(k),
    "sum": reduced(torch.sum),
    "mean": reduced(torch.mean),
    "max": reduced(torch.amax),
    "min": reduced(torch.amin),
    "prod": prod,
    "var": deviation(torch.var),
    "std": deviation(torch.std),
    "logsumexp": reduced(torch.logsumexp),
    "length": reduced(lambda t, axes, keepdim: torch.sqrt(torch.sum(t * t, axes, keepdim=keepdim))),
    "cumsum": running(torch.cumsum),
    "cumprod": running(torch.cumprod),
    "recurrence": recurrence,
    "sort": lambda t, axis=-1: torch.sort(t, dim=axis, stable=True).values,
    "tensordot": tensordot,
    "einsum": lambda *ts, subscripts="", optimize=False: torch.einsum(subscripts, *ts),
    "outer": lambda a, b: torch.outer(a.reshape(-1), b.reshape(-1)),
    "getitem": taken,
    "scatter": scattered,
    "setitem": assigned,
    "take": taken_along,
    "convolve": convolved,
    "inv": L.inv,
    "solve": L.solve,
    "det": L.det,
    "logabsdet": lambda a: L.slogdet(a)[1],
    "cholesky": lambda a: L.cholesky(symmetric(a)),
    "eigh_values": lambda a: L.eigvalsh(a.tril() + a.tril(-1).mT),  # the triangle that NumPy reads
    "svd_s": L.svdvals,
    "pinv": L.pinv,
    "neuron": neuron,
    "linear": F.linear,
    "softmax": lambda t, dim=-1: torch.softmax(t, dim),
    "log_softmax": lambda t, dim=-1: torch.log_softmax(t, dim),
    "nll": nll,
    "binary_cross_entropy": lambda p, t: F.binary_cross_entropy(*torch.broadcast_tensors(p, t), reduction="none"),
    "normal_cdf": torch.special.ndtr,
    "conv": conv,
    "conv_transpose": conv_transpose,
    "max_pool": max_pool,
    "sum_pool": sum_pool,
    "standardize": standardize,
    "cross_entropy": lambda z, target: -(target * torch.log_softmax(z, -1)).sum(-1),
}  # fmt: skip
"""What PyTorch calls each row, with the row's attributes."""

LACKS = {
    **dict.fromkeys(["to_first", "at_first", "spread"], "pieces of the rules of pooling, compared as layers"),
    **dict.fromkeys(["conv_filters", "rnn", "lstm", "gru"], "compared as layers"),
    "cbrt": "no cube root",
    "log_of_base": "a piece of the power's rule",
    "heaviside": "torch.heaviside has no derivative",
    "sinc_slope": "the derivatives of sinc, which are compared as its derivatives",
    "i0_slope": "the derivatives of i0, likewise",
    **dict.fromkeys(["eigh_vectors", "svd_u", "svd_vh", "qr_q", "qr_r"], "other signs: compared in test_torch.py"),
    **dict.fromkeys(
        ["real", "imag", "conjugate", "det_sign", "eig_values", "eig_vectors", "fft", "ifft", "rfft", "irfft"],
        "complex numbers: compared in test_complex_torch.py",
    ),
    **dict.fromkeys(SCIPY, "SciPy's: compared in test_scipy_torch.py"),
}
"""Rows that PyTorch lacks, or has in another form, and why."""


def test_every_row_has_its_witness() -> None:
    assert sorted([*THEIRS, *LACKS]) == ROWS


def their_gradients(z: Any, ts: list[Any], w: Any, more: bool) -> list[Any]:
    """The gradients of the weighted sum; 0 for what is not on the way."""
    if not z.requires_grad:
        return [torch.zeros_like(t) for t in ts]
    found = torch.autograd.grad((z * torch.tensor(w)).sum(), ts, create_graph=more, allow_unused=True)
    return [torch.zeros_like(t) if g is None else g for t, g in zip(ts, found, strict=True)]


@pytest.mark.parametrize(("name", "sample"), [case for case in CASES if case.values[0] in THEIRS])
def test_row_agrees_with_torch(name: str, sample: Sample) -> None:
    xs = [Tensor(x) if is_data(x) else x for x in sample.inputs]
    ts = [torch.tensor(x, requires_grad=True) if is_data(x) else x for x in sample.inputs]
    y, z = TABLE[name](*xs, **sample.attrs), THEIRS[name](*ts, **sample.attrs)
    np.testing.assert_allclose(y.data, z.numpy(force=True), rtol=1e-10, atol=1e-12)
    ours, theirs = [x for x in xs if isinstance(x, Tensor)], [t for t in ts if isinstance(t, torch.Tensor)]
    w = np.asarray(weights(y.shape))
    first = pullback(y, Tensor(w, requires_grad=False), ours, record=True)
    expected = their_gradients(z, theirs, w, more=True)
    for x, g in zip(ours, expected, strict=True):
        np.testing.assert_allclose(
            first[x].data if x in first else 0 * x.data, g.numpy(force=True), rtol=1e-8, atol=1e-10
        )
    total = sum((first[x] * weights(x.shape)).sum() for x in ours if x in first)
    their_total = sum((g * torch.tensor(np.asarray(weights(g.shape)))).sum() for g in expected)
    second = pullback(total, np.ones(()), ours)
    for x, g in zip(ours, their_gradients(their_total, theirs, 1.0, more=False), strict=True):
        np.testing.assert_allclose(second.get(x, 0 * x.data), g.numpy(force=True), rtol=1e-7, atol=1e-9)
