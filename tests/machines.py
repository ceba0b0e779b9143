"""Machines that build random programs and compare every gradient with a naive definition.

The definition is the complex step: the derivative of ``f`` is the imaginary part of ``f(x + ih) / h``, with an h
so small that nothing is lost (Squire and Trapp 1998). For that the program is run again, from its leaves, in plain
NumPy, once for each element of each leaf; nothing of the engine takes part.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from autograd import Node, Tensor, Value, no_grad, relu
from autograd.errors import ChainruleError, StaleGraphError

STEP = 1e-30
LARGEST = 1e3
"""Programs whose numbers grow beyond this are cut, so that rounding does not hide anything."""


class Place(NamedTuple):
    """A number of the program, and for a leaf how often it had been assigned when it was read."""

    index: int
    version: int


class Step(NamedTuple):
    """One number or array of the program: a leaf, a constant, or what a function makes of earlier ones."""

    function: Callable[..., Any] | None
    inputs: tuple[Place, ...]
    data: list[Any]
    """A leaf's data, one for each version; what is constant has just one."""


# What a function means on complex numbers, of which only the real part is large.


SIDES: list[Any] = []
"""On which side of each kink the program ran: second differences mean nothing across one."""


def side(x: Any) -> Any:
    """-1, 0 or 1: the sign of the real part, which the square of a step may have moved off 0."""
    SIDES.append(np.sign(np.real(x)) * (np.abs(np.real(x)) > 1e-10 * np.abs(np.imag(x))))
    return SIDES[-1]


def real_relu(x: Any) -> Any:
    return x * (side(x) > 0)


def real_abs(x: Any) -> Any:
    return x * side(x)


def real_maximum(a: Any, b: Any) -> Any:
    larger = (1 + side(a - b)) / 2
    return larger * a + (1 - larger) * b


def same(f: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return f, f


ONE = {
    "double": same(lambda a: 2 * a),
    "negative": same(lambda a: -a),
    "shifted": same(lambda a: 0.5 - a),
    "square": same(lambda a: a**2),
    "inverse": same(lambda a: 1 / (1 + a * a)),
    "power of two": same(lambda a: 2.0 ** (-a * a)),
    "tanh": same(np.tanh),
    "sin": same(np.sin),
    "exp": same(lambda a: np.exp(a / 8)),
    "log": same(lambda a: np.log(1 + a * a)),
    "sqrt": same(lambda a: np.sqrt(a * a + 1)),
    "abs": (abs, real_abs),
    "relu": (relu, real_relu),
    "nothing": same(lambda a: a * 0.0),
}
TWO = {
    "add": same(lambda a, b: a + b),
    "subtract": same(lambda a, b: a - b),
    "multiply": same(lambda a, b: a * b),
    "divide": same(lambda a, b: a / (1 + b * b)),
    "power": same(lambda a, b: (1 + a * a) ** (b / 4)),
    "maximum": (np.maximum, real_maximum),
    "scaled": same(lambda a, b: np.array(3.0) * a * np.float64(0.5) + b),
}
REDUCE: dict[str, Callable[..., Any]] = {
    "sum": lambda a, axis, keepdims: a.sum(axis=axis, keepdims=keepdims),
    "mean": lambda a, axis, keepdims: np.mean(a, axis=axis, keepdims=keepdims),
    "product": lambda a, axis, keepdims: np.prod(a, axis=axis, keepdims=keepdims),
    "variance": lambda a, axis, keepdims: ((a - a.mean(axis=axis, keepdims=True)) ** 2).sum(
        axis=axis, keepdims=keepdims
    ),
}
VIEWS: dict[str, Callable[[Any], Any]] = {
    "transpose": lambda a: a.T,
    "flat": lambda a: a.reshape(-1),
    "column": lambda a: a[..., None],
    "row": lambda a: a[None],
    "reversed": lambda a: a[::-1],
    "first": lambda a: a[0],
    "last": lambda a: a[..., -1],
    "slice": lambda a: a[:1],
    "steps": lambda a: a[::2],
    "repeated": lambda a: a[[0, -1, 0]],
    "broadcast": lambda a: np.broadcast_to(a, (2, *a.shape)),
    "swapped": lambda a: np.swapaxes(a, 0, -1),
    "ravel": lambda a: np.ravel(a),
    "running sums": lambda a: np.cumsum(a, axis=0),
    "rolled": lambda a: np.roll(a, 1),
    "masked": lambda a: a[np.arange(len(a)) % 2 == 0],
}
PRODUCTS: dict[str, Callable[[Any, Any], Any]] = {
    "matmul": lambda a, b: a @ b,
    "transposed": lambda a, b: a @ b.T,
    "outer": lambda a, b: np.outer(a, b),
    "einsum": lambda a, b: np.einsum("...i,...i->...", a, b),
    "concatenate": lambda a, b: np.concatenate([a, b, a]),
    "stack": lambda a, b: np.stack([a, b]),
    "where": lambda a, b: np.where(np.arange(a.shape[-1]) % 2 == 0, a, b),
}

choice = st.integers(0, 9_999)
numbers = st.integers(-8, 8).map(lambda n: n / 4)


class Graphs(RuleBasedStateMachine):
    """Programs over one kind of node. ``nodes[i]`` is what the engine has for ``steps[i]``."""

    kind: Any
    shapes: ClassVar[list[tuple[int, ...]]]
    largest: ClassVar[float] = LARGEST

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.nodes: dict[int, Any] = {}
        self.versions: dict[int, int] = {}
        self.written: set[int] = set()  # of which the node stands for something else by now
        self.expected: dict[int, Any] = {}  # what each leaf has accumulated

    # Building.

    @initialize(shapes=st.lists(choice, min_size=2, max_size=3, unique=True), start=numbers)
    def begin(self, shapes: list[int], start: float) -> None:
        for shape in shapes:
            self.leaf(shape, start, False)

    @rule(shape=choice, start=numbers, frozen=st.booleans())
    def leaf(self, shape: int, start: float, frozen: bool) -> None:
        if len(self.versions) >= 4:
            return
        size = self.shapes[shape % len(self.shapes)]
        data = self.of_kind(start + 0.3 * np.arange(np.prod(size, dtype=int)) * (-1) ** len(self.steps)).reshape(size)
        node = self.kind(data.item() if self.kind is Value else data.copy())
        if frozen:
            node.requires_grad = False
        place = self.append(node, Step(None, (), [data]))
        self.versions[place] = 0
        self.expected[place] = None

    def of_kind(self, data: Any) -> Any:
        """The numbers of a leaf, in the kind that these programs are about."""
        return data

    def append(self, node: Any, step: Step) -> int:
        self.nodes[len(self.steps)] = node
        self.steps.append(step)
        return len(self.steps) - 1

    def pick(self, n: int) -> int:
        """One of the numbers so far, more often a young one."""
        places = list(self.nodes)
        return places[len(places) - 1 - (n % len(places)) if n % 3 else n % len(places)]

    def place(self, i: int) -> Place:
        return Place(i, self.versions.get(i, 0))

    def apply(self, function: Callable[..., Any], naive: Callable[..., Any], *inputs: int) -> None:
        """The function of some numbers, if it has a value of moderate size."""
        places = tuple(map(self.place, inputs))
        values = [self.value(place) for place in places]
        try:
            with np.errstate(all="ignore"):
                data = np.asarray(naive(*values))
        except (ValueError, IndexError, TypeError):  # the shapes do not fit
            with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever NumPy says, we say something too
                function(*[self.nodes[i] for i in inputs])
            return
        if data.size > 12 or data.ndim > 3 or not np.all(np.abs(data) < self.largest):
            return
        node = function(*[self.nodes[i] for i in inputs])
        np.testing.assert_allclose(np.asarray(node.data), data, rtol=1e-12, atol=1e-12)
        assert np.shape(node.data) == data.shape
        self.append(node, Step(naive, places, []))

    @rule(name=st.sampled_from(sorted(ONE)), a=choice)
    def one(self, name: str, a: int) -> None:
        self.apply(*ONE[name], self.pick(a))

    @rule(name=st.sampled_from(sorted(TWO)), a=choice, b=choice)
    def two(self, name: str, a: int, b: int) -> None:
        self.apply(*TWO[name], self.pick(a), self.pick(b))

    @rule(a=choice, detached=st.booleans())
    def constant(self, a: int, detached: bool) -> None:
        """``detach()``, or something computed under ``no_grad()``."""
        i = self.pick(a)
        if detached:
            node, naive = self.nodes[i].detach(), lambda x: x
        else:
            with no_grad():
                node, naive = self.nodes[i] * 1.5, lambda x: x * 1.5
        assert not node.requires_grad
        self.append(node, Step(None, (), [np.array(naive(self.value(self.place(i))))]))

    # The definition.

    def value(self, place: Place) -> Any:
        return self.replay(place)[place]

    def replay(self, end: Place, moved: Place | None = None, by: Any = 0) -> dict[Place, Any]:
        """The number at ``end`` and all that lead to it, once more, with one of them moved."""
        needed, stack = {end}, [end]
        while stack:
            for place in self.steps[stack.pop().index].inputs:
                if place not in needed:
                    needed.add(place)
                    stack.append(place)
        found: dict[Place, Any] = {}
        for place in sorted(needed):
            step = self.steps[place.index]
            if step.function is None:
                found[place] = self.leaf_data(place)
            else:
                found[place] = step.function(*[found[p] for p in step.inputs])
            if place == moved:
                found[place] = found[place] + by
        return found

    def leaf_data(self, place: Place) -> Any:
        """What a leaf or a constant held when it was read."""
        return self.steps[place.index].data[place.version]

    def slopes(self, end: Place, weights: Any, by: Place) -> Any:
        """``∂ sum(weights * end) / ∂ by``, element by element."""
        shape = np.shape(self.replay(end).get(by))
        gradient = np.zeros(shape)
        for element in np.ndindex(shape):
            step = np.zeros(shape, complex)
            step[element] = STEP * 1j
            gradient[element] = np.sum(weights * np.imag(self.replay(end, by, step)[end])) / STEP
        return gradient

    def behind(self, end: int) -> set[Place]:
        """The places that a backward pass from ``end`` may come to."""
        places, stack = set(), [self.place(end)]
        while stack:
            place = stack.pop()
            if place not in places:
                places.add(place)
                stack += self.steps[place.index].inputs
        return places

    def is_stale(self, end: int) -> bool:
        """Whether something that leads to ``end`` was assigned after it was used."""
        return any(
            place.version != self.versions.get(place.index, 0) or place.index in self.written
            for place in self.behind(end)
        )

    def same(self, got: Any, expected: Any, tolerance: float = 1e-7) -> None:
        data = got.data if isinstance(got, Node) else got
        if data is None:
            data = np.zeros(np.shape(expected))
        assert np.shape(data) == np.shape(expected)
        largest = np.max(np.abs(expected), initial=1.0)
        assert np.isrealobj(data) or np.iscomplexobj(expected)
        np.testing.assert_allclose(np.asarray(data), expected, rtol=tolerance, atol=tolerance * largest / 10)

    # Differentiating.

    @rule(a=choice, weight=numbers, create_graph=st.booleans(), twice=st.booleans())
    def backward(self, a: int, weight: float, create_graph: bool, twice: bool) -> None:
        self.differentiate(self.pick(a), weight, create_graph, 1 + twice)

    def differentiate(self, end: int, weight: float, create_graph: bool, times: int) -> None:
        """Some passes, each compared; or the error, where there is reason for one."""
        root = self.nodes[end]
        if not root.requires_grad:
            with pytest.raises(ChainruleError):
                root.backward()
            return
        weights = self.weights(weight, root)
        seed = weights.item() if self.kind is Value else weights
        stale, before = self.is_stale(end), {i: copy.copy(self.nodes[i].grad) for i in self.versions}
        for _ in range(times):
            try:
                root.backward(seed, create_graph=create_graph)
            except StaleGraphError:
                assert stale
                for i, grad in before.items():
                    self.same(
                        self.nodes[i].grad, np.zeros(np.shape(self.nodes[i].data)) if grad is None else plain(grad)
                    )
                return
            self.compare(end, weights)

    def weights(self, weight: float, root: Any) -> Any:
        """The gradient that a pass starts with."""
        shape = np.shape(root.data)
        return weight + np.cos(np.arange(np.prod(shape, dtype=int))).reshape(shape)

    def compare(self, end: int, weights: Any) -> None:
        """Compare what a pass has left with the definition."""
        start = self.place(end)
        places = self.behind(end)
        for i in self.versions:
            node = self.nodes[i]
            if not node.requires_grad:
                assert node.grad is None or node.grad == 0
                continue
            for place in places:
                if place.index == i:
                    found = self.slopes(start, weights, place)
                    self.expected[i] = found if self.expected[i] is None else self.expected[i] + found
            self.same(node.grad, np.zeros(np.shape(node.data)) if self.expected[i] is None else self.expected[i])
        between = sorted(place for place in places if place.index not in self.versions and place != start)
        for place in between[-3:]:
            node = self.nodes.get(place.index)
            if node is not None and node.requires_grad and node.op is not None:
                slopes = self.slopes(start, weights, place)
                if self.kind is Tensor or slopes:  # Value.backward says which zeros it does not write
                    self.same(node.grad, slopes)

    @rule(a=choice)
    def second_derivative(self, a: int) -> None:
        """The gradient of a weighted gradient, which also leaves nothing behind."""
        end = self.pick(a)
        root = self.nodes[end]
        if not root.requires_grad or self.is_stale(end):
            return
        self.forget()
        leaves = [i for i in self.versions if self.nodes[i].requires_grad]
        root.backward(np.ones(np.shape(root.data)) if self.kind is Tensor else 1.0, create_graph=True)
        slopes = [(i, self.nodes[i].grad) for i in leaves if isinstance(self.nodes[i].grad, Node)]
        parts = [(np.cos(i) * slope).sum() if self.kind is Tensor else np.cos(i).item() * slope for i, slope in slopes]
        self.forget()
        total = sum(parts) if parts else None
        if isinstance(total, Node) and total.requires_grad:
            total.backward()
        for i in leaves:
            expected = self.curvature(end, [j for j, _ in slopes], i)
            if expected is not None:
                self.same(self.nodes[i].grad, expected, 1e-5)
        self.forget()

    def curvature(self, end: int, weighted: list[int], by: int) -> Any:
        """``∂/∂ by`` of the weighted sum of all first slopes, by differences of the complex step, of fourth order."""
        start, here = self.place(end), self.place(by)
        data = self.steps[by].data
        original = data[here.version]

        sides: list[Any] = []

        def first(element: tuple[int, ...], h: float) -> float:
            SIDES.clear()
            data[here.version] = original.copy()
            data[here.version][element] += h
            places = [self.place(j) for j in weighted if self.place(j) in self.replay(start)]
            total = sum(np.cos(p.index) * self.slopes(start, np.ones(()), p).sum() for p in places)
            data[here.version] = original
            sides.append([s.tolist() for s in SIDES])
            return float(total)

        gradient = np.zeros(original.shape)
        for e in np.ndindex(original.shape):
            near, far = (first(e, h) - first(e, -h) for h in (1e-4, 2e-4))
            gradient[e] = (8 * near - far) / 12e-4
            at_a_kink = any(np.any(np.asarray(s) == 0) for s in sides[-1])
            if at_a_kink or any(s != sides[-1] for s in sides[-4:]):
                return None
        return gradient

    # Changing.

    def forget(self) -> None:
        for node in self.nodes.values():
            node.zero_grad()
        self.expected = dict.fromkeys(self.expected)

    @rule(a=choice)
    def zero_grad(self, a: int) -> None:
        i = list(self.versions)[a % len(self.versions)]
        self.nodes[i].zero_grad()
        self.expected[i] = None

    @rule()
    def backward_now(self) -> None:
        """A pass from the youngest."""
        self.differentiate(list(self.nodes)[-1], 0.5, create_graph=False, times=1)

    @rule(a=choice, number=numbers, in_place=st.booleans(), at_once=st.booleans())
    def assign(self, a: int, number: float, in_place: bool, at_once: bool) -> None:
        """New data for a leaf: what was computed from it is stale, and what is computed from now on is not."""
        i = list(self.versions)[a % len(self.versions)]
        node, data = self.nodes[i], self.steps[i].data
        others = [other.data for j, other in self.nodes.items() if j != i]
        in_place = in_place and not any(np.shares_memory(node.data, other) for other in others)  # views change with it
        data.append(np.asarray(data[-1] + number if in_place else data[-1] * 0.5 + number))
        if in_place:
            node.data += number
        else:
            node.data = data[-1].item() if self.kind is Value else data[-1].copy()
        self.versions[i] += 1
        if at_once:
            self.backward_now()

    @rule(a=choice, b=choice)
    def augmented(self, a: int, b: int) -> None:
        """``t += u`` is a new result; who holds the old one keeps it."""
        i, j = self.pick(a), self.pick(b)
        if np.shape(self.nodes[i].data) != np.shape(self.nodes[j].data):
            return

        def add(t: Any, u: Any) -> Any:
            t += u
            return t

        before = self.nodes[i].data
        self.apply(add, lambda t, u: t + u, i, j)
        assert np.array_equal(self.nodes[i].data, before)

    @rule(pickled=st.booleans())
    def copied(self, pickled: bool) -> None:
        """Go on with a copy of everything: stale graphs apart, nobody may notice."""
        if any(map(self.is_stale, self.nodes)):
            return
        self.nodes = pickle.loads(pickle.dumps(self.nodes)) if pickled else copy.deepcopy(self.nodes)


def plain(x: Any) -> Any:
    return np.asarray(x.data if isinstance(x, Node) else x)


class ValueGraphs(Graphs):
    """Programs over Values."""

    kind = Value
    shapes: ClassVar = [()]

    @rule(a=st.lists(choice, min_size=1, max_size=5))
    def total(self, a: list[int]) -> None:
        self.apply(lambda *x: sum(x), lambda *x: sum(x), *map(self.pick, a))

    @rule(a=choice, b=choice)
    def compared(self, a: int, b: int) -> None:
        """Python's ``max`` picks one of the two."""
        i, j = self.pick(a), self.pick(b)
        u, v = self.nodes[i], self.nodes[j]
        assert max(u, v) is (v if v.data > u.data else u)


class TensorGraphs(Graphs):
    """Programs over Tensors."""

    kind = Tensor
    shapes: ClassVar = [(2, 3), (3,), (2, 1), (), (1, 3), (1,)]  # any two broadcast

    @rule(name=st.sampled_from(sorted(VIEWS)), a=choice)
    def view(self, name: str, a: int) -> None:
        self.apply(VIEWS[name], VIEWS[name], self.pick(a))

    @rule(
        name=st.sampled_from(sorted(REDUCE)), a=choice, axis=st.sampled_from([None, 0, -1, (0, 1)]), keep=st.booleans()
    )
    def reduction(self, name: str, a: int, axis: Any, keep: bool) -> None:
        def reduced(x: Any) -> Any:
            return REDUCE[name](x, axis, keep)

        self.apply(reduced, reduced, self.pick(a))

    @rule(name=st.sampled_from(sorted(PRODUCTS)), a=choice, b=choice)
    def product(self, name: str, a: int, b: int) -> None:
        self.apply(PRODUCTS[name], PRODUCTS[name], self.pick(a), self.pick(b))

    @rule(a=choice)
    def view_without_a_graph(self, a: int) -> None:
        """A part that was taken under ``no_grad()`` keeps its numbers, whatever happens to the whole."""
        i = self.pick(a)
        if not np.ndim(self.nodes[i].data):
            return
        with no_grad():
            node = self.nodes[i][::-1]
        self.append(node, Step(None, (), [np.array(self.value(self.place(i))[::-1])]))

    @rule(a=choice, number=numbers)
    def written_into(self, a: int, number: float) -> None:
        """``t[0] = number`` raises, or is right: then the object stands for the new numbers."""
        i = self.pick(a)
        node = self.nodes[i]
        if i in self.versions or not np.ndim(node.data):
            return
        before = np.array(node.data)
        place = self.place(i)
        try:
            node[0] = number
        except (ChainruleError, ValueError):  # NumPy's own, where a view cannot be written to
            assert np.array_equal(node.data, before)
            return

        def written(x: Any) -> Any:
            x = np.array(x)
            x[0] = number
            return x

        self.append(node, Step(written, (place,), []))
        self.nodes.pop(i)
        self.written.add(i)

    @rule(a=choice)
    def written_out(self, a: int) -> None:
        """``out=``, and an array that would have to remember, raise."""
        node = self.nodes[self.pick(a)]
        target = np.zeros(np.shape(node.data))
        with pytest.raises(ChainruleError):
            np.add(node, 1.0, out=target)
        if node.requires_grad:
            with pytest.raises((ChainruleError, TypeError)):
                target += node
        assert not np.any(target)
