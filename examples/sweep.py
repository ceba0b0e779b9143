"""Many small trainings side by side: learning rates, widths and seeds, over the cores of the machine.

Each training is a function of its settings alone, so the results are the same bits with one worker or with many,
in whatever order they finish; and one of them can be run again alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from autograd.errors import message
from examples.figure import BLUE, GREEN, INK, Panel, asked, figure, save
from nn.datasets import make_moons

RATES, WIDTHS, SEEDS = (0.003, 0.01, 0.03, 0.1), (2, 4, 8, 16), (0, 1, 2, 3, 4)


class Settings(NamedTuple):
    """All that a training hangs on."""

    lr: float
    width: int
    seed: int


GRID = [Settings(*chosen) for chosen in product(RATES, WIDTHS, SEEDS)]


class Result(NamedTuple):
    """What came of a training: the loss at the end, and the accuracy on unseen points."""

    settings: Settings
    loss: float
    accuracy: float


def train(settings: Settings) -> Result:
    """One training: an MLP on two moons, 100 steps of Adam on all points."""
    rng = np.random.default_rng(settings.seed)
    X, y = make_moons(200, noise=0.15, seed=0)
    X_test, y_test = make_moons(500, noise=0.15, seed=1)
    model = nn.MLP(2, settings.width, 2, activation="tanh", rng=rng)
    optimizer = nn.Adam(model.parameters(), lr=settings.lr)
    for _ in range(100):
        loss = nn.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with no_grad():
        right = model(X_test).argmax(axis=1) == y_test
    return Result(settings, loss.item(), float(np.mean(right)))


def sweep(grid: Iterable[Settings] = GRID, workers: int | None = None) -> list[Result]:
    """Run every training, with a progress bar.

    Args:
        grid: the settings.
        workers: how many processes of joblib's; as many as there are cores if not given. With 1 all runs in this one.

    Returns:
        The results in the order of the settings.
    """
    from tqdm import tqdm

    grid = list(grid)
    results = parallel(workers)(train, grid)
    return list(tqdm(results, total=len(grid), desc="trainings", ncols=80, leave=False))


def parallel(workers: int | None) -> Any:
    """A ``map`` over so many processes, which gives the results in order, each as soon as it is there.

    Raises:
        ModuleNotFoundError: more than one worker, and joblib is not installed.
    """
    if workers == 1:
        return map
    try:
        from joblib import Parallel, delayed
    except ModuleNotFoundError as error:
        cure = "pip install 'chainrule[sweeps]', or sweep(workers=1)"
        raise ModuleNotFoundError(
            message("running trainings side by side", "the package joblib", str(error), cure), name=error.name
        ) from None
    pool = Parallel(n_jobs=workers or -1, return_as="generator")
    return lambda function, inputs: pool(delayed(function)(x) for x in inputs)


def table(results: list[Result]) -> Any:
    """Accuracies by learning rate, width and seed, as an array."""
    return np.array([result.accuracy for result in results]).reshape(len(RATES), len(WIDTHS), len(SEEDS))


def draw(results: list[Result]) -> str:
    """The mean over the seeds, their spread, and all trainings."""
    accuracies = table(results)
    panels = []
    for title, numbers, colour in (
        ("Accuracy, mean of the seeds", accuracies.mean(axis=2), BLUE),
        ("Best seed minus worst", np.ptp(accuracies, axis=2), GREEN),
    ):
        panel = Panel(title, (0, 1), (0, 1), xlabel="hidden neurons", ylabel="learning rate")
        panel.cells(numbers, WIDTHS, RATES, colour)
        panels.append(panel)
    ordered = sorted(results, key=lambda result: result.accuracy)
    every = Panel(f"All {len(results)} trainings, in order", (0, len(results)), (0.75, 1), ylabel="accuracy")
    every.dots(np.arange(len(results)) + 0.5, [result.accuracy for result in ordered], INK, 2.2)
    return figure("A sweep over learning rates, widths and seeds", [*panels, every])


def main(arguments: list[str] | None = None) -> list[Result]:
    """Run the sweep, and print what is best."""
    path = asked(__doc__, arguments)
    results = sweep()
    accuracies = table(results)
    print(f"{len(results)} trainings on two moons: mean accuracy of {len(SEEDS)} seeds on unseen points")
    print("   learning rate" + "".join(f"{width:>5} hidden" for width in WIDTHS))
    for lr, row in zip(RATES, accuracies.mean(axis=2), strict=True):
        print(f"   {lr:<13}" + "".join(f"{mean:>12.1%}" for mean in row))
    best = max(results, key=lambda result: result.accuracy)
    print(f"The best, {best.settings}: {best.accuracy:.1%}; the same again alone: {train(best.settings) == best}")
    save(draw(results), path)
    return results


if __name__ == "__main__":
    main()
