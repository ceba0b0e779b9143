"""Why deep networks did not learn, and what made them: 20 layers on three spirals.

With sigmoids and small random weights the gradient shrinks by a factor in each layer, and nothing of it arrives at
the first. ReLU with Kaiming's initialisation keeps its length; batch normalisation and residual connections keep it
while the weights change; RMSprop and Adam take steps that hardly hang on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREEN, GREY, RED, Panel, asked, figure, save
from nn.datasets import make_spirals

DEPTH, WIDTH, STEPS, BATCH = 20, 24, 240, 64


class Recipe(NamedTuple):
    """How a deep network is made and trained."""

    block: Callable[[], nn.Module]
    kaiming: bool
    optimizer: Callable[[Any], Any]


def sigmoid_block() -> nn.Module:
    """A layer and a sigmoid."""
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.Sigmoid())


def relu_block() -> nn.Module:
    """A layer and a ReLU."""
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU())


def normalised_block() -> nn.Module:
    """A layer, batch normalisation and a ReLU."""
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU())


def residual_block() -> nn.Module:
    """A normalised block with a way around it."""
    return nn.Residual(normalised_block())


def sgd(parameters: Any) -> Any:
    """Stochastic gradient descent, with momentum."""
    return nn.SGD(parameters, lr=0.02, momentum=0.9)


def rmsprop(parameters: Any) -> Any:
    """RMSprop."""
    return nn.RMSprop(parameters, lr=0.001)


def adam(parameters: Any) -> Any:
    """Adam."""
    return nn.Adam(parameters, lr=0.003)


RECIPES = {
    "sigmoid, plain, SGD": Recipe(sigmoid_block, False, sgd),
    "sigmoid, plain, Adam": Recipe(sigmoid_block, False, adam),
    "ReLU, plain, SGD": Recipe(relu_block, False, sgd),
    "ReLU, Kaiming, SGD": Recipe(relu_block, True, sgd),
    "ReLU, Kaiming, RMSprop": Recipe(relu_block, True, rmsprop),
    "ReLU, Kaiming, Adam": Recipe(relu_block, True, adam),
    "+ batch norm, SGD": Recipe(normalised_block, True, sgd),
    "+ residual, SGD": Recipe(residual_block, True, sgd),
    "+ residual, Adam": Recipe(residual_block, True, adam),
}
ONE_OPTIMIZER = {
    "sigmoid, plain, SGD": GREY,
    "ReLU, plain, SGD": AMBER,
    "ReLU, Kaiming, SGD": RED,
    "+ batch norm, SGD": GREEN,
    "+ residual, SGD": BLUE,
}
OPTIMIZERS = {
    "sigmoid, plain, Adam": GREY,
    "ReLU, Kaiming, SGD": RED,
    "ReLU, Kaiming, RMSprop": AMBER,
    "ReLU, Kaiming, Adam": GREEN,
    "+ residual, Adam": BLUE,
}


class Run(NamedTuple):
    """A training: the length of each layer's first gradient, the loss of each step, and the accuracy at the end."""

    gradients: list[float]
    losses: list[float]
    accuracy: float


def build(recipe: Recipe) -> nn.Module:
    """A network of ``DEPTH`` blocks between two layers."""
    blocks = [recipe.block() for _ in range(DEPTH)]
    model = nn.Sequential(nn.Linear(2, WIDTH), *blocks, nn.Linear(WIDTH, 3))
    if recipe.kaiming:
        for layer in linear_layers(model):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return model


def linear_layers(model: nn.Module) -> list[nn.Linear]:
    """The linear layers, from the first to the last."""
    return [module for module in model.modules() if isinstance(module, nn.Linear)]


def train(recipe: Recipe) -> Run:
    """Train a network on the spirals, and look at the first gradient on its way back."""
    nn.manual_seed(0)
    X, y = make_spirals(300, seed=0)
    model = build(recipe)
    optimizer = recipe.optimizer(model.parameters())
    loader = nn.DataLoader(nn.TensorDataset(X, y), batch_size=BATCH, shuffle=True, drop_last=True)
    gradients: list[float] = []
    losses: list[float] = []
    while len(losses) < STEPS:
        for inputs, labels in loader:
            loss = nn.cross_entropy(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            gradients = gradients or [float(np.linalg.norm(layer.weight.grad)) for layer in linear_layers(model)]
            optimizer.step()
            losses.append(loss.item())
    model.eval()
    with no_grad():
        right = model(X).argmax(axis=1) == y
    return Run(gradients, losses, float(np.mean(right)))


def find() -> dict[str, Run]:
    """Every recipe, from the same seed."""
    return {name: train(recipe) for name, recipe in RECIPES.items()}


def draw(found: dict[str, Run]) -> str:
    """What arrives at each layer, and the losses: of one optimiser, and of several."""
    flow = Panel("Length of the first gradient", (1, DEPTH + 2), (1e-20, 1e4), xlabel="layer", log="y")
    for name, colour in ONE_OPTIMIZER.items():
        flow.line(np.arange(1, DEPTH + 3), found[name].gradients, colour)
    flow.legend([(name.removesuffix(", SGD"), colour) for name, colour in ONE_OPTIMIZER.items()], "bottom right")
    panels = [flow]
    for title, drawn in (("Loss: what SGD can train", ONE_OPTIMIZER), ("Loss: by optimiser", OPTIMIZERS)):
        panel = Panel(title, (0, STEPS), (0, 2.4), xlabel="step")
        for name, colour in drawn.items():
            panel.line(np.arange(10, STEPS + 1), np.convolve(found[name].losses, np.full(10, 0.1), "valid"), colour)
        panel.legend(drawn.items())
        panels.append(panel)
    return figure(f"{DEPTH} layers: how the gradient flows, and what trains", panels)


def main(arguments: list[str] | None = None) -> dict[str, Run]:
    """Print what arrives at the first layer, and what each recipe learns."""
    path = asked(__doc__, arguments)
    found = find()
    print(f"Three spirals by networks of {DEPTH} hidden layers, {STEPS} steps (1 of 3 right is guessing)")
    print(f"   {'':<24} {'gradient, last -> first':>23}   {'loss':>16}   accuracy")
    for name, run in found.items():
        flow = f"{run.gradients[-1]:.0e} -> {run.gradients[0]:.0e}"
        loss = f"{run.losses[0]:.3f} -> {np.mean(run.losses[-20:]):.3f}"
        print(f"   {name:<24} {flow:>23}   {loss:>16}   {run.accuracy:.1%}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
