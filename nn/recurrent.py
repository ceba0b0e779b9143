"""Recurrent layers: networks that read a sequence step by step and remember."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from autograd import errors
from autograd.rules.elsewhere import beside

from . import init, rules
from .check import check_sizes
from .inputs import as_constant
from .module import Module
from .parameter import Parameter
from .regularisation import check_probability, dropout


class _Recurrent(Module):
    """Layers of one kind of recurrence, in one direction or in both. Parameters are named as in PyTorch."""

    gates: int

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_sizes(self, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        check_probability(dropout)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first, self.dropout, self.bidirectional = batch_first, dropout, bidirectional
        self._suffixes = [f"l{i}{end}" for i in range(num_layers) for end in ("", "_reverse")[: 1 + bidirectional]]
        rows = self.gates * hidden_size
        for i, suffix in enumerate(self._suffixes):
            first = i < 1 + bidirectional
            width = input_size if first else hidden_size * (1 + bidirectional)
            shapes = {
                "weight_ih": (rows, width),
                "weight_hh": (rows, hidden_size),
                "bias_ih": (rows,),
                "bias_hh": (rows,),
            }
            for name, shape in shapes.items():
                if bias or name.startswith("weight"):
                    setattr(self, f"{name}_{suffix}", Parameter(np.zeros(shape), dtype=dtype))
        self.bias = bias
        self.reset_parameters(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        init.default_(self.hidden_size, *self.parameters(), rng=rng)

    @abstractmethod
    def _run(self, x: Any, states: tuple[Any, ...], parameters: list[Any]) -> Any:
        """One layer in one direction: all outputs (T, N, H), and the last states, each (N, H)."""

    def _parameters_of(self, suffix: str) -> list[Any]:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh") if self.bias else ("weight_ih", "weight_hh")
        return [getattr(self, f"{name}_{suffix}") for name in names]

    def _forward(self, x: Any, given: tuple[Any, ...] | None, n_states: int) -> tuple[Any, tuple[Any, ...]]:
        """The outputs, and the last states of all layers and directions."""
        x = as_constant(x, self.weight_hh_l0.dtype)  # type: ignore[attr-defined] # set by name in __init__
        shape, single = np.shape(x), len(np.shape(x)) == 2
        if len(shape) not in (2, 3) or shape[-1] != self.input_size:
            raise self._wrong_input(shape)
        x = x[:, None] if single else np.swapaxes(x, 0, 1) if self.batch_first else x
        states = self._initial(x, given, n_states, single)
        last, directions = [], 1 + self.bidirectional
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(directions):
                k = layer * directions + direction
                steps = np.flip(x, 0) if direction else x
                y, ends = self._run(steps, tuple(s[k] for s in states), self._parameters_of(self._suffixes[k]))
                outputs.append(np.flip(y, 0) if direction else y)
                last.append(ends)
            x = outputs[0] if directions == 1 else np.concatenate(outputs, axis=-1)
            if layer < self.num_layers - 1:
                x = dropout(x, self.dropout, self.training)
        ends = tuple(np.stack(kind) for kind in zip(*last, strict=True))
        if single:
            return x[:, 0], tuple(end[:, 0] for end in ends)
        return np.swapaxes(x, 0, 1) if self.batch_first else x, ends

    def _initial(self, x: Any, given: Any, n_states: int, single: bool) -> Any:
        """The states before the first step, each (layers * directions, N, H); zeros if none are given."""
        layers = self.num_layers * (1 + self.bidirectional)
        shape = (layers, x.shape[1], self.hidden_size)
        if given is None:
            return (beside(x, np.zeros, shape, x.dtype),) * n_states
        wanted = (layers, self.hidden_size) if single else shape
        for state in given:
            if np.shape(state) != wanted:
                raise errors.ShapeError(
                    errors.message(
                        f"{type(self).__name__}: a first state of shape {np.shape(state)}",
                        f"shape {wanted}: layers times directions{'' if single else ', examples'}, hidden_size",
                        f"shape {np.shape(state)}",
                        f"np.zeros({wanted}), or no state at all",
                    )
                )
        return tuple(as_constant(s, x.dtype)[:, None] if single else as_constant(s, x.dtype) for s in given)

    def _wrong_input(self, shape: tuple[int, ...]) -> errors.ShapeError:
        axes = "N, T" if self.batch_first else "T, N"
        return errors.ShapeError(
            errors.message(
                f"{type(self).__name__} of an input of shape {shape}",
                f"shape ({axes}, {self.input_size}), or (T, {self.input_size}) for one example",
                f"shape {shape}",
                f"a layer with input_size={shape[-1] if shape else 1}, or another shape from the layer before",
            )
        )

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        parts = [f"{self.input_size}, {self.hidden_size}"]
        defaults = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        parts += [f"{name}={getattr(self, name)}" for name, x in defaults.items() if getattr(self, name) != x]
        return ", ".join(parts)


def _into_gates(x: Any, weight: Any, biases: Any) -> Any:
    """What the inputs of all steps add to the gates, with what the biases add."""
    return rules.linear(x, weight, sum(biases[1:], biases[0])) if biases else np.matmul(x, weight.T)


class RNN(_Recurrent):
    """``h = tanh(W_ih x + b_ih + W_hh h + b_hh)``, step by step (Elman 1990).

    Args:
        input_size: how many numbers each step has.
        hidden_size: how many numbers the state has.
        num_layers: how many layers, each reading the states of the one before.
        nonlinearity: ``"tanh"`` or ``"relu"``.
        bias: whether there are biases.
        batch_first: whether inputs and outputs are (N, T, ...) instead of (T, N, ...).
        dropout: how likely an element is dropped between two layers.
        bidirectional: whether a second set of weights reads the sequence from its end.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Attributes:
        weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0: those of the first layer; ``_l0_reverse`` of the
            other direction.

    Raises:
        ArgumentError: a size that is none, or another nonlinearity.

    Example:
        >>> output, h = RNN(3, 4)(np.zeros((7, 2, 3)))
        >>> output.shape, h.shape
        ((7, 2, 4), (1, 2, 4))
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise errors.bad_argument(
                f"RNN(..., nonlinearity={nonlinearity!r})",
                "'tanh' or 'relu'",
                repr(nonlinearity),
                "nonlinearity='tanh'",
            )
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype, rng)
        self.nonlinearity = nonlinearity

    def forward(self, x: Any, hx: Any = None) -> tuple[Any, Any]:
        """All states of the last layer (T, N, H), and the last state of each (layers * directions, N, H)."""
        y, (h,) = self._forward(x, None if hx is None else (hx,), 1)
        return y, h

    def _run(self, x: Any, states: tuple[Any, ...], parameters: list[Any]) -> Any:
        weight, across, *biases = parameters
        y = rules.rnn(_into_gates(x, weight, biases), *states, across, nonlinearity=self.nonlinearity)
        return y, (y[-1],)


class LSTM(_Recurrent):
    """Long short-term memory: ``c = f c + i g``, ``h = o tanh(c)`` (Hochreiter and Schmidhuber 1997).

    Args:
        input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype, rng: as in :class:`RNN`.

    Attributes:
        weight_ih_l0: of shape (4 * hidden_size, input_size), the gates in the order i, f, g, o; likewise the others.

    Raises:
        ArgumentError: a size that is none.

    Example:
        >>> output, (h, c) = LSTM(3, 4, num_layers=2)(np.zeros((7, 2, 3)))
        >>> output.shape, h.shape, c.shape
        ((7, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates = 4

    def forward(self, x: Any, hx: Any = None) -> tuple[Any, tuple[Any, Any]]:
        """All states of the last layer (T, N, H), and the last states and cells (layers * directions, N, H)."""
        y, (h, c) = self._forward(x, hx, 2)
        return y, (h, c)

    def _run(self, x: Any, states: tuple[Any, ...], parameters: list[Any]) -> Any:
        weight, across, *biases = parameters
        every = rules.lstm(_into_gates(x, weight, biases), *states, across)
        return every[:, 0], (every[-1, 0], every[-1, 1])


class GRU(_Recurrent):
    """Gated recurrent units: ``h = (1 - z) n + z h`` (Cho et al. 2014), with the reset gate behind the product.

    Args:
        input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype, rng: as in :class:`RNN`.

    Attributes:
        weight_ih_l0: of shape (3 * hidden_size, input_size), the gates in the order r, z, n; likewise the others.

    Raises:
        ArgumentError: a size that is none.

    Example:
        >>> output, h = GRU(3, 4, bidirectional=True)(np.zeros((7, 2, 3)))
        >>> output.shape, h.shape
        ((7, 2, 8), (2, 2, 4))
    """

    gates = 3

    def forward(self, x: Any, hx: Any = None) -> tuple[Any, Any]:
        """All states of the last layer (T, N, H), and the last state of each (layers * directions, N, H)."""
        y, (h,) = self._forward(x, None if hx is None else (hx,), 1)
        return y, h

    def _run(self, x: Any, states: tuple[Any, ...], parameters: list[Any]) -> Any:
        weight, across, *biases = parameters
        of_state = biases[1] if biases else beside(across, np.zeros, len(across), across.dtype)
        y = rules.gru(_into_gates(x, weight, biases[:1]), *states, across, of_state)
        return y, (y[-1],)
