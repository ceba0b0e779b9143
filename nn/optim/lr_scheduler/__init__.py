"""Schedules: how the length of the steps changes during training. Names, arguments and formulas are PyTorch's.

A schedule writes ``lr`` into the groups of its optimiser, and the cycles write the momentum too. It is stepped after
the optimiser, once an epoch or once a batch. All that it remembers are numbers, so a training that is saved and resumed
goes on as if it had not stopped.
"""

from .cycles import CyclicLR, OneCycleLR
from .plateau import ReduceLROnPlateau
from .schedule import LRScheduler
from .sequence import ChainedScheduler, SequentialLR
from .steps import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from .waves import CosineAnnealingLR, CosineAnnealingWarmRestarts

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
