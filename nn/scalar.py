"""Networks of single numbers: micrograd's ``nn`` over :class:`autograd.Value`, on one page.

Every weight is one ``Value``, every neuron one operation, ``w1 * x1 + w2 * x2 + b``: small enough to draw
whole. (To see every product as a node of its own, write the sum yourself.) Weights are drawn with
``random.uniform(-1, 1)`` in micrograd's order, so ``random.seed(1337)`` gives its numbers.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd import Value, errors
from autograd.graph import NO_ATTRS

from .check import check_whole
from .rules import neuron


class Module:
    """Something with parameters."""

    def zero_grad(self) -> None:
        """Forget the gradients of earlier backward passes."""
        for p in self.parameters():
            p.grad = 0

    def parameters(self) -> list[Value]:
        """The values to train."""
        return []


class Neuron(Module):
    """``relu(w · x + b)``, or ``w · x + b`` if it is linear.

    Args:
        nin: the number of inputs.
        nonlin: whether the ReLU is applied.

    Example:
        >>> random.seed(1337)
        >>> neuron = Neuron(2)
        >>> neuron, neuron([1.0, -2.0]).data > 0
        (ReLUNeuron(2), True)
    """

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        check_whole(f"Neuron({nin!r})", "nin", nin, least=0, usual=2)
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Any]) -> Value:
        """The output for the inputs ``x``: numbers or Values.

        Raises:
            ShapeError: there are not ``nin`` inputs.
        """
        if len(x) != len(self.w):
            raise _wrong_inputs(self, len(x))
        act = Value._record(neuron, (*self.w, *x, self.b), NO_ATTRS)
        return act.relu() if self.nonlin else act

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons that read the same inputs.

    Args:
        nin: the number of inputs.
        nout: the number of neurons.
        **kwargs: passed to every :class:`Neuron`.
    """

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        check_whole(f"Layer({nin!r}, {nout!r})", "nout", nout, least=1, usual=2)
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs of all neurons as a list; of a single neuron the bare output."""
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        """The parameters of all neurons."""
        return [p for n in self.neurons for p in n.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(str(n) for n in self.neurons)}]"


class MLP(Module):
    """A multi-layer perceptron: layers one after the other, the last one linear.

    Args:
        nin: the number of inputs.
        nouts: the number of neurons in each layer.

    Raises:
        ArgumentError: ``nouts`` is a number instead of a list.

    Example:
        >>> MLP(2, [2, 1])
        MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]
    """

    def __init__(self, nin: int, nouts: list[int]) -> None:
        if isinstance(nouts, int) or not len(nouts):
            raise errors.bad_argument(
                f"MLP({nin}, {nouts})",
                "a list of the number of neurons in each layer",
                f"{nouts}",
                f"MLP({nin}, [{nouts or 1}])",
            )
        sz = [nin, *nouts]
        self.layers = [Layer(sz[i], sz[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The output of the last layer."""
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Value]:
        """The parameters of all layers."""
        return [p for layer in self.layers for p in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(str(layer) for layer in self.layers)}]"


def _wrong_inputs(neuron: Neuron, given: int) -> errors.ShapeError:
    n = len(neuron.w)
    return errors.ShapeError(
        errors.message(
            f"{neuron} of {given} inputs", f"{n} inputs, one for each weight", f"{given}", f"Neuron({given})"
        )
    )
