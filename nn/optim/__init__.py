"""Optimisers: how a step follows from a gradient. Names, arguments and formulas are PyTorch's."""

from . import lr_scheduler
from .adam import Adam, AdamW
from .adamax import Adamax
from .adaptive import Adadelta, Adagrad, RMSprop
from .asgd import ASGD
from .elementwise import Elementwise
from .lbfgs import LBFGS
from .nadam import NAdam
from .optimizer import Optimizer
from .radam import RAdam
from .rprop import Rprop
from .sgd import SGD

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Elementwise",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "lr_scheduler",
]
