"""nn: neural networks over ``Tensor``, in PyTorch's words; ``nn.scalar`` has micrograd's, over ``Value``.

What loads data, trains and saves is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import datasets, functional, init, optim, scalar, utils
from .activations import (
    ELU,
    GELU,
    GLU,
    SELU,
    Flatten,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    Identity,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softmin,
    Softplus,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from .attention import MultiheadAttention
from .containers import ModuleDict, ModuleList, ParameterDict, ParameterList, Residual, Sequential
from .conv import Conv1d, Conv2d, ConvTranspose2d
from .embedding import Embedding
from .functional import cross_entropy, mse_loss, nll_loss, one_hot
from .init import manual_seed
from .linear import Bilinear, Linear
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
    MultiLabelMarginLoss,
    MultiLabelSoftMarginLoss,
    MultiMarginLoss,
    NLLLoss,
    PoissonNLLLoss,
    SmoothL1Loss,
    SoftMarginLoss,
    TripletMarginLoss,
    TripletMarginWithDistanceLoss,
)
from .module import Module
from .norm import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from .optim import ASGD, LBFGS, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, Rprop
from .parameter import Buffer, Parameter
from .perceptron import MLP, Perceptron
from .pooling import AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from .recurrent import GRU, LSTM, RNN
from .regularisation import Dropout
from .transformer import TransformerEncoderLayer

if TYPE_CHECKING:
    from . import data, distributed, models, saving, training
    from .data import DataLoader, Dataset, Subset, TensorDataset, random_split
    from .saving import load, save
    from .training import Callback, EarlyStopping, History, Snapshots, evaluate, fit

HOMES = {
    "data": ("DataLoader", "Dataset", "Subset", "TensorDataset", "random_split"),
    "distributed": (),
    "models": (),
    "saving": ("load", "save"),
    "training": ("Callback", "EarlyStopping", "History", "Snapshots", "evaluate", "fit"),
}
"""The packages that are imported late, and their public names."""

__all__ = [
    "ASGD",
    "ELU",
    "GELU",
    "GLU",
    "GRU",
    "LBFGS",
    "LSTM",
    "MLP",
    "RNN",
    "SELU",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Bilinear",
    "Buffer",
    "Callback",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "DataLoader",
    "Dataset",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Flatten",
    "GaussianNLLLoss",
    "GroupNorm",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "History",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MarginRankingLoss",
    "MaxPool1d",
    "MaxPool2d",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "MultiheadAttention",
    "NAdam",
    "NLLLoss",
    "PReLU",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "Perceptron",
    "PoissonNLLLoss",
    "RAdam",
    "RMSNorm",
    "RMSprop",
    "ReLU",
    "ReLU6",
    "Residual",
    "Rprop",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Snapshots",
    "SoftMarginLoss",
    "Softmax",
    "Softmin",
    "Softplus",
    "Softsign",
    "Subset",
    "Tanh",
    "Tanhshrink",
    "TensorDataset",
    "Threshold",
    "TransformerEncoderLayer",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
    "cross_entropy",
    "data",
    "datasets",
    "distributed",
    "evaluate",
    "fit",
    "functional",
    "init",
    "load",
    "manual_seed",
    "models",
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
