"""nn: neural networks over ``Tensor``, in PyTorch's words; ``nn.scalar`` has micrograd's, over ``Value``.

What loads data, trains and saves is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import datasets, functional, init, optim, scalar, utils
from .activations import Flatten, Identity, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from .functional import cross_entropy, mse_loss, nll_loss, one_hot
from .init import manual_seed
from .linear import Linear
from .losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CosineEmbeddingLoss,
    CrossEntropyLoss,
    GaussianNLLLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MarginRankingLoss,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
    PoissonNLLLoss,
    SmoothL1Loss,
    SoftMarginLoss,
    TripletMarginLoss,
)
from .module import Module, Parameter, Sequential
from .optim import SGD, Adagrad, Adam, Adamax, AdamW, NAdam, RMSprop
from .perceptron import MLP, Perceptron

if TYPE_CHECKING:
    from . import data, saving, training
    from .data import DataLoader, Dataset, Subset, TensorDataset, random_split
    from .saving import load, save
    from .training import Callback, EarlyStopping, History, evaluate, fit

HOMES = {
    "data": ("DataLoader", "Dataset", "Subset", "TensorDataset", "random_split"),
    "saving": ("load", "save"),
    "training": ("Callback", "EarlyStopping", "History", "evaluate", "fit"),
}
"""The packages that are imported late, and their public names."""

__all__ = [
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "BCELoss",
    "BCEWithLogitsLoss",
    "Callback",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "DataLoader",
    "Dataset",
    "EarlyStopping",
    "Flatten",
    "GaussianNLLLoss",
    "HingeEmbeddingLoss",
    "History",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "MarginRankingLoss",
    "Module",
    "MultiMarginLoss",
    "NAdam",
    "NLLLoss",
    "Parameter",
    "Perceptron",
    "PoissonNLLLoss",
    "RMSprop",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "Softmax",
    "Subset",
    "Tanh",
    "TensorDataset",
    "TripletMarginLoss",
    "cross_entropy",
    "data",
    "datasets",
    "evaluate",
    "fit",
    "functional",
    "init",
    "load",
    "manual_seed",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "optim",
    "random_split",
    "save",
    "saving",
    "scalar",
    "training",
    "utils",
]


def __getattr__(name: str) -> Any:
    home = next((home for home, names in HOMES.items() if name == home or name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    package = import_module(f".{home}", __name__)
    return package if name == home else getattr(package, name)


def __dir__() -> list[str]:
    return __all__
