"""L-BFGS: steps along the curvature that the last steps have shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf, isnan
from typing import Any

import numpy as np

from autograd import Node, Value, errors
from autograd.graph import recording
from autograd.rules.elsewhere import in_memory

from ..check import check_whole
from .line_search import Point, strong_wolfe
from .optimizer import Optimizer, State, as_saved, check_numbers


class LBFGS(Optimizer):
    """BFGS with limited memory (Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4) with PyTorch's formulas.

    From the last changes ``s`` of the parameters and ``y`` of the gradients it estimates the inverse of the Hessian,
    for losses that are computed from all examples, without noise. A step calls the closure several times.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, in one group.
        lr: the length of a step along the direction; with a line search the one that is tried first.
        max_iter: how many times a step moves at most.
        max_eval: how many times a step calls the closure at most; ``max_iter * 5 // 4`` if not given.
        tolerance_grad: a step ends where no element of the gradient is larger.
        tolerance_change: a step ends where neither the loss nor any parameter changes by more.
        history_size: how many changes are remembered.
        line_search_fn: ``None``, or ``"strong_wolfe"``, which looks for a good length of each move.

    Raises:
        ArgumentError: no parameters, more than one group, something that is not a parameter, or an option out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([-1.2, 1.0])
        >>> optimizer = LBFGS([x], max_iter=50, line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
        ...     loss.backward()
        ...     return loss
        >>> round(optimizer.step(closure).item(), 6)  # the loss before the step
        24.2
        >>> x.data.round(3)
        array([1., 1.])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "max_iter": max_iter, "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval}
        ends = {"tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change}
        more = {"history_size": history_size, "line_search_fn": line_search_fn}
        super().__init__(params, {**options, **ends, **more}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers, one group, and a line search that there is."""
        check_numbers("LBFGS", group, "lr", "tolerance_grad", "tolerance_change")
        for option, usual in (("max_iter", 20), ("max_eval", 25), ("history_size", 100)):
            check_whole(f"LBFGS(..., {option}={group[option]!r})", option, group[option], 1, usual)
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            given = repr(group["line_search_fn"])
            did, cure = f"LBFGS(..., line_search_fn={given})", "line_search_fn='strong_wolfe'"
            raise errors.bad_argument(did, "None or 'strong_wolfe'", given, cure)
        if self.param_groups:
            expected, cure = "one group: the directions are those of all parameters together", "LBFGS([x, y], lr=1.0)"
            raise errors.bad_argument("LBFGS(params)", expected, "a second group", cure)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move until the loss does not fall any more, or for ``max_iter`` times.

        Args:
            closure: forgets the gradients, computes the loss and its gradients, and returns the loss.

        Returns:
            What the closure returned at first.

        Raises:
            ArgumentError: no closure, or one that does not return the loss.
        """
        if closure is None:
            expected = "a function that computes the loss and its gradients, as often as it is called"
            cure = "def closure(): optimizer.zero_grad(); loss = f(x); loss.backward(); return loss"
            raise errors.bad_argument("LBFGS.step()", expected, "none", cure)
        (group,) = self.param_groups
        state = self.state.setdefault(group["params"][0], {"func_evals": 0, "n_iter": 0})
        first, loss, g = self._evaluate(closure)
        moves, calls = 0, 1
        while moves < group["max_iter"] and np.abs(g).max() > group["tolerance_grad"]:
            moves += 1
            state["n_iter"] += 1
            d = self._direction(state, g, group["history_size"])
            t = group["lr"] * (min(1.0, 1 / float(np.abs(g).sum())) if state["n_iter"] == 1 else 1.0)
            state.update(d=d, t=t, prev_flat_grad=g)
            slope, before = float(g @ d), loss
            if slope > -group["tolerance_change"]:
                break
            x = self._numbers()
            if group["line_search_fn"]:
                point, more = self._search(closure, x, Point(0.0, loss, slope, g), t, d, group["max_eval"] - calls)
                state["t"], loss, g = point.t, point.loss, point.gradient
                self._place(x + point.t * d)
            else:
                self._place(x + t * d)
                more = int(moves < group["max_iter"])
                if more:  # the last move is not looked at: the closure may take other examples in the next step
                    _, loss, g = self._evaluate(closure)
            calls += more
            moved, changed = float(np.abs(state["t"] * d).max()), abs(loss - before)
            least = group["tolerance_change"]
            if calls >= group["max_eval"] or moved <= least or changed < least:
                break
        state["func_evals"] += calls
        return first

    def restored(self, group: dict[str, Any], p: Node, saved: Mapping[str, Any]) -> State:
        """All is remembered for all parameters together, beside the first."""
        state = {name: as_saved(x) for name, x in saved.items()}
        total = sum(np.size(p.data) for p in group["params"])
        given = np.size(state.get("d", np.empty(total)))
        if given != total:
            did, cure = "LBFGS.load_state_dict(...)", "the same parameters in the same order"
            raise errors.ShapeError(errors.message(did, f"{total} numbers in all parameters", str(given), cure))
        return state

    def _direction(self, state: State, g: Any, most: int) -> Any:
        """``-H g``, where H is the estimated inverse of the Hessian: the recursion with two loops."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1.0)
            return -g
        y, s = g - state["prev_flat_grad"], state["t"] * state["d"]
        changes, moves, inverse = state["old_dirs"], state["old_stps"], state["ro"]
        if (curvature := float(y @ s)) > 1e-10:
            for remembered, new in ((changes, y), (moves, s), (inverse, 1 / curvature)):
                remembered.append(new)
                del remembered[:-most]
            state["H_diag"] = curvature / float(y @ y)
        q, shares = -g, []
        for y, s, rho in zip(reversed(changes), reversed(moves), reversed(inverse), strict=True):
            shares.append(rho * float(s @ q))
            q -= shares[-1] * y
        q *= state["H_diag"]
        for y, s, rho, share in zip(changes, moves, inverse, reversed(shares), strict=True):
            q += (share - rho * float(y @ q)) * s
        return q

    def _search(
        self, closure: Callable[[], Any], x: Any, start: Point, t: float, d: Any, most: int
    ) -> tuple[Point, int]:
        """The point along ``d`` that meets Wolfe's conditions, and how often the closure was called."""

        def at(t: float) -> Point:
            self._place(x + t * d)
            _, loss, g = self._evaluate(closure)
            return Point(t, inf if isnan(loss) else loss, float(g @ d), g)

        tolerance = self.param_groups[0]["tolerance_change"]
        return strong_wolfe(at, start, t, float(np.abs(d).max()), tolerance, most)

    def _evaluate(self, closure: Callable[[], Any]) -> tuple[Any, float, Any]:
        """What the closure returned, its number, and all gradients in one array, 0 where there is none."""
        with recording(True):
            loss = closure()
        number = in_memory(loss.data if isinstance(loss, Node) else loss)
        if np.size(number) != 1 or number is None:
            cure = "return loss, at the end of the closure"
            raise errors.bad_argument("LBFGS.step(closure)", "a closure that returns the loss", repr(loss), cure)
        gradients = []
        for p in self._params():
            g = p.grad.data if isinstance(p.grad, Node) else p.grad
            gradients.append(np.zeros_like(p.data) if g is None or not p.requires_grad else g)
        return loss, float(number), np.concatenate(gradients, axis=None)

    def _numbers(self) -> Any:
        """All parameters in one array."""
        return np.concatenate([p.data for p in self._params()], axis=None)

    def _place(self, x: Any) -> None:
        """Give every parameter its part."""
        start = 0
        for p in self._params():
            part = x[start : start + np.size(p.data)]
            start += part.size
            if p.requires_grad:
                p.data = part.item() if isinstance(p, Value) else part.reshape(np.shape(p.data))
