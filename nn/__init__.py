"""nn: neural networks over ``Tensor``, in PyTorch's words; ``nn.scalar`` has micrograd's, over ``Value``."""

from . import datasets, functional, optim, scalar, utils
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

__all__ = [
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "Flatten",
    "GaussianNLLLoss",
    "HingeEmbeddingLoss",
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
    "Tanh",
    "TripletMarginLoss",
    "cross_entropy",
    "datasets",
    "functional",
    "manual_seed",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "optim",
    "scalar",
    "utils",
]
