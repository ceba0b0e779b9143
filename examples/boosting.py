"""Train XGBoost and LightGBM on a loss of your own: its gradient and Hessian come from ``autograd``.

A loss is one line. ``elementwise_grad`` of it is the gradient that a booster asks for, and ``elementwise_grad`` of
that the Hessian. For the logistic loss the boosters grow the trees of their built-in objective. For the LINEX loss
(Varian 1975), which no booster brings along, they come near the curve that theory asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import elementwise_grad, sigmoid
from examples.figure import AMBER, BLUE, GREEN, GREY, RED, Panel, asked, figure, save

BOOSTERS = tuple(name for name in ("xgboost", "lightgbm") if find_spec(name))
"""Those that are installed: ``pip install "chainrule[boosting]"`` brings both."""

A = 2.0
"""How much dearer too little is than too much: see :func:`linex`."""

Loss = Callable[[Any, Any], Any]


class Found(NamedTuple):
    """What came out.

    Attributes:
        logistic: by booster, whether our logistic loss grows the trees of the built-in one, and how far the
            probabilities are off.
        x: where the curves are looked at.
        linex: by booster, the curve that the LINEX loss leads to.
        squared: by booster, the curve of the built-in squared error.
    """

    logistic: dict[str, tuple[bool, float]]
    x: Any
    linex: dict[str, Any]
    squared: dict[str, Any]


def logistic(score: Any, y: Any) -> Any:
    """Minus the log-likelihood of a label 0 or 1: ``log(1 + exp(score)) - y score``."""
    return np.logaddexp(0, score) - y * score


def linex(score: Any, y: Any) -> Any:
    """Exponential where too little is predicted, about linear where too much: ``exp(a r) - a r - 1``, r = y - score."""
    r = y - score
    return np.exp(A * r) - A * r - 1


def objective(loss: Loss) -> Callable[[Any, Any], tuple[Any, Any]]:
    """What both boosters take: gradient and Hessian of the loss of each example, by its score."""
    gradient = elementwise_grad(loss)
    hessian = elementwise_grad(gradient)

    def of(scores: Any, data: Any) -> tuple[Any, Any]:
        y = data.get_label().astype(float)
        scores = scores.astype(float)
        return gradient(scores, y), hessian(scores, y)

    return of


def boost(booster: str, X: Any, y: Any, goal: Any, rounds: int = 40) -> Callable[..., Any]:
    """Grow trees from the score 0 on.

    Args:
        booster: ``"xgboost"`` or ``"lightgbm"``.
        X: the examples, of shape (n, features).
        y: their targets.
        goal: the name of a built-in objective, or an :func:`objective`.
        rounds: how many trees.

    Returns:
        The prediction of the trees as a function of examples; with ``pred_leaf=True``, the leaf of each tree.
    """
    if booster == "xgboost":
        import xgboost

        options = {"max_depth": 3, "eta": 0.2, "min_child_weight": 20, "nthread": 1, "verbosity": 0}
        options |= {"base_score": 0.5 if goal == "binary:logistic" else 0.0}
        data = xgboost.DMatrix(X, y)
        if isinstance(goal, str):
            trees = xgboost.train(options | {"objective": goal}, data, rounds)
        else:
            trees = xgboost.train(options, data, rounds, obj=goal)
        return lambda X, **how: trees.predict(xgboost.DMatrix(X), **how)
    import lightgbm

    options = {"num_leaves": 8, "learning_rate": 0.2, "min_sum_hessian_in_leaf": 20, "num_threads": 1}
    options |= {"objective": goal, "boost_from_average": False, "deterministic": True, "verbosity": -1}
    return lightgbm.train(options, lightgbm.Dataset(X, y), rounds).predict


BUILT_IN = {
    "xgboost": {"name": "XGBoost", "logistic": "binary:logistic", "squared": "reg:squarederror"},
    "lightgbm": {"name": "LightGBM", "logistic": "binary", "squared": "regression"},
}
"""What the boosters are called, and what they call the two losses."""


def noisy_wave(n: int = 4000) -> tuple[Any, Any]:
    """Points on a sine, with normal noise that grows from left to right."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-3, 3, n)
    return x, np.sin(x) + spread(x) * rng.normal(size=n)


def spread(x: Any) -> Any:
    """The standard deviation of the noise."""
    return 0.15 + 0.55 / (1 + np.exp(-2 * x))


def best(x: Any) -> Any:
    """Where the expected LINEX loss is least, if y is normal: at its mean ``+ a spread² / 2``."""
    return np.sin(x) + A * spread(x) ** 2 / 2


def same_as_built_in(booster: str) -> tuple[bool, float]:
    """Whether our logistic loss puts all examples into the same leaves, and how far the probabilities are off."""
    X, y = nn.datasets.make_moons(600, noise=0.3)
    theirs = boost(booster, X, y, BUILT_IN[booster]["logistic"])
    ours = boost(booster, X, y, objective(logistic))
    off = np.abs(sigmoid(ours(X).astype(float)) - theirs(X)).max()
    return bool((ours(X, pred_leaf=True) == theirs(X, pred_leaf=True)).all()), float(off)


def find() -> Found:
    """Train with every booster that is installed, on both losses."""
    (x, y), at = noisy_wave(), np.linspace(-2.9, 2.9, 300)
    goals = {"linex": lambda _: objective(linex), "squared": lambda booster: BUILT_IN[booster]["squared"]}
    curves = {
        name: {booster: boost(booster, x[:, None], y, goal(booster))(at[:, None]) for booster in BOOSTERS}
        for name, goal in goals.items()
    }
    return Found({booster: same_as_built_in(booster) for booster in BOOSTERS}, at, **curves)


def off(curve: Any, goal: Any) -> float:
    """The root of the mean squared distance of two curves."""
    return float(np.sqrt(np.mean((curve - goal) ** 2)))


def draw(found: Found) -> str:
    """The loss with its derivatives, and the curves that the trees make."""
    r = np.linspace(-2, 2, 101)
    gradient = elementwise_grad(linex)
    loss = Panel("LINEX: too little costs more", (-2, 2), (-6, 12), xlabel="target minus score")
    for f, colour in ((linex, BLUE), (gradient, AMBER), (elementwise_grad(gradient), GREEN)):
        loss.line(r, f(-r, 0 * r), colour)
    loss.legend([("loss", BLUE), ("gradient", AMBER), ("Hessian", GREEN)], "top left")
    return figure("Trees trained on a loss of one's own", [loss, *(curves(found, booster) for booster in BOOSTERS)])


def curves(found: Found, booster: str) -> Panel:
    """The points, what is best in theory, and what the trees of one booster say."""
    panel = Panel(BUILT_IN[booster]["name"], (-3, 3), (-2, 4), xlabel="x", ylabel="y")
    x, y = noisy_wave(400)
    panel.dots(x, y, GREY, 1.3, 0.5)
    panel.line(found.x, np.sin(found.x), BLUE, 1, "4 3")
    panel.line(found.x, best(found.x), RED, 1, "4 3")
    panel.line(found.x, found.squared[booster], BLUE)
    panel.line(found.x, found.linex[booster], RED)
    panel.legend([("LINEX, ours", RED), ("squared error, built in", BLUE), ("in theory: dashed", GREY)], "top left")
    return panel


def main(arguments: list[str] | None = None) -> Found:
    """Print how near our objectives come to the built-in one and to theory."""
    path = asked(__doc__, arguments)
    found = find()
    if not BOOSTERS:
        print('Neither XGBoost nor LightGBM is installed: pip install "chainrule[boosting]"')
        return found
    for booster in BOOSTERS:
        name, (same, most) = BUILT_IN[booster]["name"], found.logistic[booster]
        print(
            f"{name}, logistic loss: {'the same' if same else 'OTHER'} trees as built in, probabilities {most:.0e} off."
        )
        ours, theirs = (off(curve[booster], best(found.x)) for curve in (found.linex, found.squared))
        print(f"{name}, LINEX loss: {ours:.3f} off the best curve of theory; with the squared error, {theirs:.3f}.")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
