"""nn: neural networks over ``Tensor``, in PyTorch's words; ``nn.scalar`` has micrograd's, over ``Value``."""

from . import datasets, functional, optim, scalar
from .activations import Flatten, Identity, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from .functional import cross_entropy, mse_loss, nll_loss, one_hot
from .init import manual_seed
from .linear import Linear
from .losses import CrossEntropyLoss, MSELoss
from .module import Module, Parameter, Sequential
from .optim import SGD
from .perceptron import MLP, Perceptron

__all__ = [
    "MLP",
    "SGD",
    "CrossEntropyLoss",
    "Flatten",
    "Identity",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "Module",
    "Parameter",
    "Perceptron",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "cross_entropy",
    "datasets",
    "functional",
    "manual_seed",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "optim",
    "scalar",
]
