"""The ledger: which of NumPy's functions can be differentiated, in which ways, proved by trying.

``python -m autograd coverage`` prints it. Nothing is claimed: every function of ``numpy``, ``numpy.linalg``
and ``numpy.fft``, and where SciPy is installed of ``autograd.scipy.special``, is called on arrays; where that
gives floating numbers it is called on Tensors, and its derivatives are compared with central differences
there and then.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from . import errors, subgradients
from .gradcheck import check_grads
from .graph import Primitive
from .modes import jvp
from .numpy.dispatch import COMPOSITES, CONSTANT, WRITING, is_question
from .rules import BY_FUNCTION
from .rules.elsewhere import cut, fetched, is_lazy
from .rules.parts import is_complex
from .tensor import Tensor
from .transforms import grad

HOMES = {"": np, "linalg.": np.linalg, "fft.": np.fft}

NO_DERIVATIVE = {
    "nextafter", "spacing", "unique", "unique_values", "unique_all", "unique_counts", "unique_inverse", "union1d",
    "intersect1d", "setdiff1d", "setxor1d", "linspace", "geomspace", "logspace", "arange", "eye", "copyto", "frexp",
    "fromfunction", "frompyfunc", "vectorize", "apply_along_axis", "apply_over_axes", "require",
    "asarray_chkfinite", "from_dlpack", "frombuffer", "fromiter", "fromstring", "loadtxt", "load", "save",
    "savetxt", "savez", "array", "asanyarray", "asarray", "ascontiguousarray", "asfortranarray", "asmatrix", "bmat",
    "diag_indices", "ix_", "row_stack", "hamming", "hanning", "bartlett", "blackman", "kaiser",
    "identity", "tri", "zeros", "ones", "empty", "full",
}  # fmt: skip
"""Functions of floating numbers that have no derivative to speak of, create arrays, or are deprecated."""


TALKING = {
    "test",
    "info",
    "show_config",
    "show_runtime",
    "set_printoptions",
    "seterr",
    "setbufsize",
    "savez_compressed",
}
"""Functions that print, write or change settings, and are not called for trial."""


TURNING = {np.linalg.eigh}
"""Functions whose complex vectors may be turned by an angle: only the sizes of their components are compared."""


class Entry(NamedTuple):
    """One line of the ledger.

    Attributes:
        name: the function's, without ``numpy.``.
        made: ``row`` of the table, ``composite`` of rows, or what stands in the way.
        first: whether the gradient agrees with differences.
        second: whether the derivative of the gradient does.
        forward: whether forward mode does.
        complex: whether all that holds for complex arguments; ``None`` if NumPy takes none.
        dask: whether it runs on Dask's arrays: cut along every axis, or only in one piece.
        axes: the numbers of axes of the first argument with which it was tried and found right.
        kinks: the convention where the derivative is not unique.
    """

    name: str
    made: str
    first: bool = False
    second: bool = False
    forward: bool = False
    complex: bool | None = None
    dask: str = ""
    axes: str = ""
    kinks: str = ""


def ledger() -> list[Entry]:
    """Every function that has a derivative, with what was found by trying, in alphabetic order.

    Example:
        >>> [entry.first for entry in ledger() if entry.name == "tanh"]
        [True]
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        return sorted(found for name, function in functions() if (found := entry(name, function)))


def functions() -> Iterator[tuple[str, Any]]:
    """The public functions of NumPy's three namespaces, and the special functions where there is SciPy."""
    for prefix, home in HOMES.items():
        for name in dir(home):
            function = None if name.startswith("_") or name in TALKING else getattr(home, name)
            if callable(function) and not isinstance(function, type):
                yield prefix + name, function
    if find_spec("scipy"):
        special = import_module("autograd.scipy.special")
        yield from ((f"scipy.special.{name}", getattr(special, name)) for name in special.__all__)


def entry(name: str, function: Any) -> Entry | None:
    """Try one function; ``None`` if it has no derivative."""
    if name.split(".")[-1] in NO_DERIVATIVE or function in CONSTANT or function in WRITING:
        return None
    if isinstance(function, np.ufunc) and is_question(function):
        return None
    tried = [(args, kwargs) for args, kwargs in arguments(name) if is_floating(function, args, kwargs)]
    if not tried:
        return None
    is_row = function in BY_FUNCTION or isinstance(function, Primitive)
    made = "row" if is_row else "composite" if function in COMPOSITES else ""
    right = [call for call in tried if agrees(function, *call, order=1)]
    if not right:
        return Entry(name, made or "no rule", kinks=subgradients.of_function(name))
    return Entry(
        name,
        made or "by its parts",
        first=True,
        second=any(agrees(function, *call, order=2) for call in right),
        forward=any(moves_forward(function, *call) for call in right),
        complex=takes_complex(function, [call for call in map(in_the_plane, tried) if is_floating(function, *call)]),
        dask=goes_with_dask(function, right),
        axes=", ".join(
            sorted({str(args[0].ndim) for args, _ in right if isinstance(args[0], (np.ndarray, np.generic))})
        ),
        kinks=subgradients.of_function(name),
    )


Call = tuple[tuple[Any, ...], dict[str, Any]]


def arguments(name: str) -> list[Call]:
    """What to call a function with: arguments of its own where it needs special ones, else all that most take."""
    rng = np.random.default_rng(5)

    def small(*shape: int) -> Any:
        return np.asarray(rng.uniform(0.1, 0.9, shape))

    matrix = small(3, 3) + np.diag([1.0, 2.0, 3.0])
    definite = matrix @ matrix.T
    special = SPECIAL.get(name.split(".")[-1])
    if special:
        return special(small)
    data = [
        small(),
        small(4),
        small(2, 3),
        small(2, 2, 3),
        1 + small(4),
        matrix,
        definite,
        small(2, 3, 3) + 2 * np.eye(3),
    ]
    pairs = [
        (small(), small()), (small(4), small(4)), (small(2, 3), small(2, 3)), (small(2, 3), small(3, 2)),
        (matrix, small(3)), (matrix, small(3, 3)), (small(2, 2, 3), small(2, 3)),
    ]  # fmt: skip
    return [*(((x,), {}) for x in data), *((pair, {}) for pair in pairs), *(((list(pair),), {}) for pair in pairs)]


SPECIAL: dict[str, Callable[[Any], list[Call]]] = {
    "reshape": lambda a: [((a(2, 3), (3, 2)), {})],
    "resize": lambda a: [((a(2, 3), (3, 4)), {})],
    "broadcast_to": lambda a: [((a(3), (2, 3)), {})],
    "expand_dims": lambda a: [((a(3), 0), {})],
    "swapaxes": lambda a: [((a(2, 3), 0, 1), {})],
    "moveaxis": lambda a: [((a(2, 3, 4), 0, 2), {})],
    "rollaxis": lambda a: [((a(2, 3, 4), 2), {})],
    "permute_dims": lambda a: [((a(2, 3, 4), (2, 0, 1)), {})],
    "roll": lambda a: [((a(4), 1), {})],
    "repeat": lambda a: [((a(4), 2), {})],
    "tile": lambda a: [((a(4), 2), {})],
    "pad": lambda a: [((a(4), 1), {"mode": mode}) for mode in ("constant", "edge", "reflect", "wrap", "mean")],
    "take": lambda a: [((a(4), np.array([2, 0, 2])), {})],
    "take_along_axis": lambda a: [((a(2, 3), np.array([[2], [0]]), 1), {})],
    "compress": lambda a: [((np.array([True, False, True]), a(3)), {})],
    "extract": lambda a: [((np.array([True, False, True]), a(3)), {})],
    "choose": lambda a: [((np.array([0, 1, 0]), [a(3), a(3)]), {})],
    "select": lambda a: [(([np.array([True, False, False])], [a(3)]), {})],
    "where": lambda a: [((np.array([True, False, True]), a(3), a(3)), {})],
    "piecewise": lambda a: [((a(3), [np.array([True, False, True])], [lambda x: x * x, lambda x: -x]), {})],
    "clip": lambda a: [((a(4), 0.3, 0.6), {})],
    "partition": lambda a: [((a(5), 2), {})],
    "percentile": lambda a: [((a(5), 30.0), {})],
    "nanpercentile": lambda a: [((a(5), 30.0), {})],
    "quantile": lambda a: [((a(5), 0.3), {})],
    "nanquantile": lambda a: [((a(5), 0.3), {})],
    "interp": lambda a: [((a(3), np.array([0.0, 0.5, 1.0]), a(3)), {})],
    "delete": lambda a: [((a(4), 1), {})],
    "insert": lambda a: [((a(4), 1, a()), {})],
    "split": lambda a: [((a(4), 2), {})],
    "array_split": lambda a: [((a(5), 2), {})],
    "hsplit": lambda a: [((a(2, 4), 2), {})],
    "vsplit": lambda a: [((a(4, 2), 2), {})],
    "dsplit": lambda a: [((a(2, 2, 4), 2), {})],
    "einsum": lambda a: [(("ij,jk->ik", a(2, 3), a(3, 2)), {})],
    "tensordot": lambda a: [((a(2, 3), a(3, 2), 1), {})],
    "cross": lambda a: [((a(2, 3), a(2, 3)), {})],
    "matvec": lambda a: [((a(2, 3), a(3)), {})],
    "vecmat": lambda a: [((a(2), a(2, 3)), {})],
    "astype": lambda a: [((a(3), np.float64), {})],
    "matrix_power": lambda a: [((a(3, 3), 3), {})],
    "multi_dot": lambda a: [(([a(2, 3), a(3, 4), a(4, 2)],), {})],
    "tensorsolve": lambda a: [((a(6, 6).reshape(2, 3, 6) + np.eye(6).reshape(2, 3, 6), a(2, 3)), {})],
    "tensorinv": lambda a: [(((a(6, 6) + np.eye(6)).reshape(2, 3, 6),), {})],
    "svd": lambda a: [((a(4, 3),), {"full_matrices": False, "compute_uv": False})],
    "lstsq": lambda a: [((a(4, 3), a(4)), {})],
    "vander": lambda a: [((a(3), 4), {})],
    "ldexp": lambda a: [((a(3), np.array([1, 2, 3])), {})],
    "cumulative_sum": lambda a: [((a(4),), {})],
    "cumulative_prod": lambda a: [((a(4),), {})],
    "unwrap": lambda a: [((a(4),), {})],
    "trapezoid": lambda a: [((a(4), a(4)), {})],
    "average": lambda a: [((a(4),), {"weights": a(4)})],
    "power": lambda a: [((a(4), a(4)), {})],
    "copysign": lambda a: [((a(4), a(4)), {})],
    # of scipy.special: orders are constants
    **dict.fromkeys(
        ["expn", "hyp0f1", "iv", "ive", "jn", "jv", "kn", "kv", "kve", "yn", "yv", "zeta"],
        lambda a: [((2, 0.1 + a(4)), {}), ((2, a(2, 3)), {})],
    ),
    **dict.fromkeys(["betainc", "betaincc", "betaincinv"], lambda a: [((1 + a(4), 1 + a(4), a(4)), {})]),
    **dict.fromkeys(["gammaincinv", "gammainccinv"], lambda a: [((1 + a(4), a(4)), {})]),
    "hyp1f1": lambda a: [((2, 1.5, a(4)), {})],
    "hyp2f1": lambda a: [((0.5, 1, 1.5, a(4) / 2), {})],
    "polygamma": lambda a: [((2, 1 + a(4)), {})],
    "multigammaln": lambda a: [((2 + a(4), 3), {})],
}  # fmt: skip
"""The functions that need arguments of a certain kind."""


def is_floating(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether the function takes these arrays, and returns floating numbers (real or complex) for them."""
    try:
        return any(part.size for part in _arrays(function(*args, **kwargs)))
    except Exception:  # whatever a function says to arguments that are not for it
        return False


def in_the_plane(call: Call) -> Call:
    """The call with imaginary parts added to its floating arrays."""

    def turn(x: Any) -> Any:
        if isinstance(x, list):
            return list(map(turn, x))
        return x + 0.3j * np.cos(1 + np.arange(x.size)).reshape(x.shape) if _is_data(x) else x

    return tuple(map(turn, call[0])), call[1]


def takes_complex(function: Any, calls: list[Call]) -> bool | None:
    """Whether all derivatives are right for some call with complex arguments; ``None`` if there is no such call."""
    if not calls:
        return None
    return any(agrees(function, *call, order=2) and moves_forward(function, *call) for call in calls)


def goes_with_dask(function: Any, calls: list[Call]) -> str:
    """How far all these calls and their gradients go with Dask's arrays; nothing where it is not installed."""
    if not find_spec("dask"):
        return ""
    pieces = ((2, "yes"), (1, "in one piece"))
    return next((said for n, said in pieces if all(is_lazily_right(function, *call, n) for call in calls)), "**no**")


def is_lazily_right(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], pieces: int) -> bool:
    """Whether the gradients of a call on arrays in so many pieces along each axis are lazy, and those of arrays."""
    call, xs = _open(function, args, kwargs)
    lazy = [cut(x, pieces) for x in xs]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # so Dask says that NumPy does it, in memory
            found, expected = ([grad(call, i)(*ys) for i in range(len(xs))] for ys in (lazy, xs))
            return all(map(is_lazy, found)) and all(map(np.allclose, fetched(*found), expected))
    except Exception:  # whatever Dask says to what it does not do
        return False


def _is_data(x: Any) -> bool:
    """Whether ``x`` is an array of floating numbers, real or complex."""
    return getattr(getattr(x, "dtype", None), "kind", "") in ("f", "c")


def _arrays(y: Any) -> list[Any]:
    """The floating parts of a result."""
    parts = y if isinstance(y, (tuple, list)) else [y]
    return [part for part in parts if _is_data(part) and np.ndim(part) < 9]


def _open(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Callable[..., Any], list[Any]]:
    """The call as a function of its floating arrays alone, and these."""
    flat = [part for arg in args for part in (arg if isinstance(arg, list) else [arg])]
    xs = list(filter(_is_data, flat))

    def call(*given: Any) -> Any:
        left = iter(given)

        def swap(x: Any) -> Any:
            return next(left) if _is_data(x) else x

        y = function(*[[swap(part) for part in arg] if isinstance(arg, list) else swap(arg) for arg in args], **kwargs)
        parts = y if isinstance(y, (tuple, list)) else [y]
        parts = [part if function not in TURNING else np.abs(part) for part in parts if isinstance(part, Tensor)]
        return sum(np.sum(np.sin(part)) for part in parts)

    return call, xs


def agrees(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], order: int) -> bool:
    """Whether the derivatives of the call, up to that order, are those of central differences."""
    call, xs = _open(function, args, kwargs)
    try:
        check_grads(call, *xs, order=order, rtol=1e-5, atol=1e-5)
    except (errors.ChainruleError, TypeError, ValueError, IndexError, AttributeError):
        return False
    return True


def moves_forward(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether forward mode gives the slope along a direction."""
    call, xs = _open(function, args, kwargs)
    directions = [np.cos(np.arange(np.size(x)) + (0.5j if is_complex(x) else 0)).reshape(np.shape(x)) for x in xs]
    h = 1e-6
    ahead, behind = ([Tensor(x + s * h * v) for x, v in zip(xs, directions, strict=True)] for s in (1, -1))
    try:
        _, slope = jvp(call, tuple(xs), tuple(directions))
        expected = (call(*ahead).item() - call(*behind).item()) / (2 * h)
    except (errors.ChainruleError, TypeError, ValueError, IndexError, AttributeError):
        return False
    return bool(np.isclose(slope, expected, rtol=1e-5, atol=1e-6))


def table(entries: list[Entry]) -> str:
    """The ledger in Markdown, as ``docs/coverage.md`` has it."""
    yes = {True: "yes", False: "**no**", None: ""}
    lines = [
        "# What can be differentiated",
        "",
        "Written by `make coverage`: every function is called on Tensors, and its first and second derivatives",
        "and its forward mode are compared with central differences; then all of it with complex arguments, where",
        "NumPy takes them; then its gradient on Dask's arrays: cut along every axis, or with the array in one piece.",
        "",
        "| function | made as | vjp | jvp | second order | complex | Dask | batched: axes tried | where not unique |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| `{e.name}` | {e.made} | {yes[e.first]} | {yes[e.forward]} | {yes[e.second]} "
            f"| {yes[e.complex]} | {e.dask} | {e.axes} | {e.kinks} |"
            for e in entries
        ),
    ]
    return "\n".join(lines)
