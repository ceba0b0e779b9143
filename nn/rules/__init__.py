"""The rows that networks add to the table of derivative rules, by subject.

As in ``autograd/rules`` a rule is the textbook line in ``g`` (the gradient of the result), ``y`` (the
result) and the inputs, and can itself be differentiated.
"""

from .convolution import conv, conv_transpose, inside, places
from .dense import binary_cross_entropy, cross_entropy, linear, log_softmax, neuron, nll, one_hot, softmax
from .norm import standardize
from .pool import max_pool, sum_pool
from .recurrent import gru, lstm, rnn
from .special import normal_cdf

__all__ = [
    "binary_cross_entropy",
    "conv",
    "conv_transpose",
    "cross_entropy",
    "gru",
    "inside",
    "linear",
    "log_softmax",
    "lstm",
    "max_pool",
    "neuron",
    "nll",
    "normal_cdf",
    "one_hot",
    "places",
    "rnn",
    "softmax",
    "standardize",
    "sum_pool",
]
