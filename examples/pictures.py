"""Draw the pictures of the README and the documents anew: ``make pictures``."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import nn
from autograd import Tensor, Value
from examples import schedules
from examples.demo import neuron_loss
from viz import ArrayView, GraphView, diagnose, draw_graph, heatmap, step_through, zoom

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
BASICS = (
    "linear_map",
    "regression",
    "logistic",
    "neuron_table",
    "perceptron",
    "boundaries",
    "xor",
    "universal",
    "depth",
    "sweep",
)
"""The examples of docs/examples-basics.md, each of which saves its own figure."""
NETWORKS = ("digits", "lenet", "adding", "characters", "sorting", "vgg")
"""The examples of docs/examples-networks.md, each of which saves its own figure."""
LEARNING = ("autoencoder", "boosting", "explaining", "policy_gradient", "transfer")
"""The examples of docs/examples-learning.md."""


def shared() -> tuple[Value, Value]:
    """A leaf that is used in two ways, and the result."""
    a = Value(3.0, label="a")
    b, c = a * 2, a.sin()
    b.label, c.label = "b", "c"
    d = b * c
    d.label = "d"
    d.backward()
    return d, a


def front() -> Value:
    """The neuron of the front page, with its gradients."""
    w, x, b = (Value(number, label=name) for number, name in ((-0.3, "w"), (2.0, "x"), (0.1, "b")))
    s = w * x + b
    s.label = "s"
    y = s.tanh()
    y.label = "y"
    y.backward()
    return y


def classifier() -> tuple[Tensor, dict[str, Any]]:
    """The loss of a small classifier, with its gradients, and the names of what it was given."""
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(64, noise=0.1, seed=0)
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    loss = nn.cross_entropy(model(x), y)
    loss.name = "loss"
    loss.backward()
    return loss, {"X": x, "labels": y}


def recurrent() -> Value:
    """A recurrence of twelve steps, with its gradients."""
    h, w, b = (Value(x, label=name) for x, name in ((0.5, "h0"), (0.9, "w"), (0.1, "b")))
    for _ in range(12):
        h = (h * w + b).tanh()
    h.backward()
    return h


def ill() -> Tensor:
    """A logarithm of something that is not positive."""
    x = Tensor(np.array([0.5, 2.0, 0.0, 4.0, -1.0, 3.0, 1.5, 0.7]), name="x")
    shifted = x * 2
    shifted.name = "s"
    with np.errstate(all="ignore"):
        y = np.log(shifted)
        y.name = "y"
        loss = np.sum(y * y)
        loss.name = "loss"
        loss.backward()
    return loss


def matrix_product() -> Tensor:
    """The squares of a matrix product, added up, with gradients."""
    a, b = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A"), Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
    c = a @ b
    c.name = "C"
    loss = np.sum(c**2)
    loss.name = "L"
    loss.backward()
    return loss


def heat() -> ArrayView:
    """A matrix with its gradient, and a logarithm of what is not positive, whose gradient is not computed."""
    a, b = Tensor(np.linspace(-2, 2, 12).reshape(3, 4), name="a"), Tensor(np.eye(4)[:, :3] - 0.25, name="b")
    c = np.log(a @ b)
    c.name = "c"
    np.tanh(a).sum().backward()
    return heatmap(a, a.grad, c, c.grad)


def sick() -> Tensor:
    """The loss of a classifier with dead units and a saturated layer, with its gradients."""
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(64, noise=0.1, seed=0)
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.Sigmoid(), nn.Linear(16, 2))
    model[0].bias.data = np.where(np.arange(16) < 6, -20.0, 0.0).astype(np.float32)
    model[2].weight.data = model[2].weight.data * 200
    loss = nn.cross_entropy(model(x), y)
    loss.name = "loss"
    loss.backward()
    return loss


def pictures() -> dict[str, GraphView]:
    """Every picture by its name."""
    loss, _ = neuron_loss()
    w1 = next(x for x in _leaves(loss) if x.name == "w1")
    before = (Value(2.0, label="a") * Value(-3.0, label="b")).tanh()
    d, _ = shared()
    moons, names = classifier()
    return {
        "neuron": draw_graph(loss),
        "front": draw_graph(front(), legend=False),
        "before": draw_graph(before),
        "shared": draw_graph(d),
        "wrt": draw_graph(loss, wrt=w1),
        "between": draw_graph(loss, between=(w1, loss)),
        "product": draw_graph(matrix_product()),
        "classifier": draw_graph(moons, names=names),
        "modules": draw_graph(moons, names=names, collapse="modules"),
        "blocks": draw_graph(recurrent(), collapse="blocks"),
        "values": draw_graph(d, overlay="value"),
        "gradients": draw_graph(moons, names=names, overlay="grad"),
        "health": draw_graph(ill(), overlay="health"),
        "zoom": draw_graph(zoom(matrix_product().inputs[0].inputs[0], (0, 1))),
        "diagnosis": diagnose(sick()).draw(fmt=".2g"),
    }


def _leaves(root: Value) -> list[Value]:
    """What a result was made from."""
    stack, found = [root], []
    while stack:
        node = stack.pop()
        found += [] if node.inputs else [node]
        stack += [x for x in node.inputs if isinstance(x, Value)]
    return found


def stepping() -> str:
    """The first of two shares has come."""
    return step_through(shared()[0]).to_svg(7)


def main() -> None:
    """Write every picture to ``docs/pictures``, those of the examples to ``docs/pictures/examples``."""
    for name, view in pictures().items():
        view.save(PICTURES / f"{name}.svg")
    with np.errstate(all="ignore"):
        heat().save(PICTURES / "heatmap.svg")
    (PICTURES / "schedules.svg").write_text(schedules.picture(), encoding="utf-8")
    (PICTURES / "stepping.svg").write_text(stepping(), encoding="utf-8")
    for name in BASICS + NETWORKS + LEARNING:
        import_module(f"examples.{name}").main(["--figure", str(PICTURES / "examples" / f"{name}.svg")])


if __name__ == "__main__":
    main()
