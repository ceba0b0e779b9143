"""Schedules: how the length of the steps changes during training. Names, arguments and formulas are PyTorch's.

A schedule writes ``lr`` into the groups of its optimiser. It is stepped after the optimiser, once an epoch or once a
batch. All that it remembers are numbers, so a training that is saved and resumed goes on as if it had not stopped.
"""

from .plateau import ReduceLROnPlateau
from .schedule import LRScheduler
from .sequence import SequentialLR
from .steps import ConstantLR, ExponentialLR, LambdaLR, LinearLR, MultiStepLR, PolynomialLR, StepLR
from .waves import CosineAnnealingLR, CosineAnnealingWarmRestarts, OneCycleLR

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
