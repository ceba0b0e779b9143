"""Every schedule of ``nn.optim.lr_scheduler`` as a small curve, side by side."""

import math
from collections.abc import Callable
from typing import Any

import nn
from autograd import Tensor
from nn.optim import lr_scheduler as s

EPOCHS = 60
SCHEDULES: dict[str, Callable[[Any], Any]] = {
    "LambdaLR": lambda o: s.LambdaLR(o, lambda t: 1 / (1 + t / 10)),
    "MultiplicativeLR": lambda o: s.MultiplicativeLR(o, lambda t: 0.9 if t > 20 else 1.0),
    "StepLR": lambda o: s.StepLR(o, 15, 0.5),
    "MultiStepLR": lambda o: s.MultiStepLR(o, [10, 20, 45], 0.5),
    "ConstantLR": lambda o: s.ConstantLR(o, 0.3, 15),
    "LinearLR": lambda o: s.LinearLR(o, 0.1, 1.0, 30),
    "ExponentialLR": lambda o: s.ExponentialLR(o, 0.95),
    "PolynomialLR": lambda o: s.PolynomialLR(o, 50, 2.0),
    "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, 60),
    "CosineAnnealingWarmRestarts": lambda o: s.CosineAnnealingWarmRestarts(o, 8, 2),
    "OneCycleLR": lambda o: s.OneCycleLR(o, 1.0, 61),
    "CyclicLR": lambda o: s.CyclicLR(o, 0.1, 1.0, 8, mode="triangular2"),
    "ReduceLROnPlateau": lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=4),
    "SequentialLR": lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=10), s.CosineAnnealingLR(o, 50)], [10]),
    "ChainedScheduler": lambda o: s.ChainedScheduler([s.StepLR(o, 20, 0.6), s.ExponentialLR(o, 0.98)]),
}
INK, LINE, GRID = "#1b2430", "#2b67c2", "#d5dbe3"
WIDE, HIGH, GAP, COLUMNS = 176, 70, 34, 5
ROW = HIGH + 1.5 * GAP


def rates(make: Callable[[Any], Any]) -> list[float]:
    """The ``lr`` in each epoch, from 1; what is watched falls for a while, and then no more."""
    optimizer = nn.SGD([Tensor(1.0)], lr=1.0, momentum=0.9)
    schedule = make(optimizer)
    found = [optimizer.lr]
    for epoch in range(EPOCHS):
        schedule.step(*([max(math.exp(-epoch / 10), 0.2)] if isinstance(schedule, s.ReduceLROnPlateau) else []))
        found.append(optimizer.lr)
    return found


def picture() -> str:
    """The curves as SVG."""
    panels = [_panel(i, name, rates(make)) for i, (name, make) in enumerate(SCHEDULES.items())]
    across, down = COLUMNS, -(-len(panels) // COLUMNS)
    size = f"{across * (WIDE + GAP) + GAP} {down * ROW + GAP / 2:.0f}"
    width, height = size.split()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {size}"'
    font = 'font-family="Helvetica, Arial, sans-serif" font-size="12"'
    title = f'<title>The schedules over {EPOCHS} epochs</title><rect width="100%" height="100%" fill="white"/>'
    return "\n".join([f"{head} {font}>", title, *panels, "</svg>\n"])


def _panel(i: int, name: str, found: list[float]) -> str:
    """One curve under its name, from 0 to 1 over all epochs."""
    left, top = GAP + (i % COLUMNS) * (WIDE + GAP), GAP + (i // COLUMNS) * ROW
    points = " ".join(f"{left + WIDE * t / EPOCHS:.1f},{top + HIGH * (1 - lr):.1f}" for t, lr in enumerate(found))
    return (
        f'<text x="{left}" y="{top - 8:.1f}" fill="{INK}">{name}</text>'
        f'<path d="M{left} {top:.1f}V{top + HIGH:.1f}H{left + WIDE}" fill="none" stroke="{GRID}"/>'
        f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round"/>'
    )
