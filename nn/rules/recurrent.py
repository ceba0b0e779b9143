"""Recurrent layers: a whole sequence as one row.

Each takes what the inputs add to the gates at every step, (T, N, gates), the state before the first step, and
the weights of the state. The states are found one after the other, and backwards likewise; what can be done
for all steps at once, is: the gates that the rule needs are one matrix product and one ``tanh`` of
all, and so is the gradient of the weights (backpropagation through time, Werbos 1990).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.rules import row
from autograd.rules.elsewhere import beside


def _sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))`` by way of ``tanh``, which cannot overflow."""
    return 0.5 * np.tanh(0.5 * x) + 0.5


def _before(h0: Any, states: Any) -> Any:
    """The state before each step."""
    return np.concatenate([h0[None], states[:-1]])


def _rows(x: Any) -> Any:
    """All steps of all examples as the rows of one matrix."""
    return np.reshape(x, (x.shape[0] * x.shape[1], x.shape[2]))


def _are_arrays(*args: Any) -> bool:
    """Whether all are NumPy's: nothing is recorded, batched or elsewhere."""
    return all(type(x) is np.ndarray for x in args)


def _parts(x: Any, n: int) -> list[Any]:
    """The gates: ``n`` equal parts of the last axis."""
    size = x.shape[-1] // n
    return [x[..., i * size : (i + 1) * size] for i in range(n)]


# tanh or ReLU: h = f(x + W h)


def _rnn(x: Any, h0: Any, weight: Any, nonlinearity: str = "tanh") -> Any:
    """All states, (T, N, H)."""
    h, states, across = h0, [], weight.T
    for step in x:
        h = step + h @ across
        h = np.tanh(h) if nonlinearity == "tanh" else h * (h > 0)
        states.append(h)
    return np.stack(states)


def _of_rnn(g: Any, y: Any, x: Any, h0: Any, weight: Any, nonlinearity: str) -> list[Any]:
    slope = 1 - y * y if nonlinearity == "tanh" else (y > 0)
    back, gates = 0 * h0, []
    for t in reversed(range(len(x))):
        back = (g[t] + back) * slope[t]
        gates.append(back)
        back = back @ weight
    into = np.stack(gates[::-1])
    return [into, back, (_rows(_before(h0, y)).T @ _rows(into)).T]


# LSTM: i, f, o = sigmoid, g = tanh; c = f c + i g; h = o tanh(c)


def _lstm(x: Any, h0: Any, c0: Any, weight: Any) -> Any:
    """States, cells and gates i, f, g, o of all steps: (T, 6, N, H)."""
    h, c, (n, size) = h0, c0, h0.shape
    into = np.swapaxes(np.reshape(x, (len(x), n, 4, size)), 1, 2)
    across = np.swapaxes(np.reshape(weight, (4, size, size)), 1, 2).copy()
    scale, rest = (_by_gate(x, *k) for k in ((0.5, 0.5, 1, 0.5), (0.5, 0.5, 0, 0.5)))
    y = np.empty_like(into[0, 0] + h0 @ across[0] + c0, shape=(len(x), 6, n, size))
    for t in range(len(x)):
        gates = _gates(h, across, into[t], scale, rest, y[t, 2:])
        i, f, g, o = gates
        c = f * c + i * g
        h = o * np.tanh(c)
        y[t, 0], y[t, 1], y[t, 2:] = h, c, gates
    return y


def _by_gate(x: Any, *numbers: float) -> Any:
    """A number for each gate, of the dtype of ``x``."""
    return beside(x, np.array, numbers, x.dtype)[:, None, None]


def _gates(h: Any, across: Any, into: Any, scale: Any, rest: Any, y: Any) -> Any:
    """The gates of one step, in ``y`` if it is an array: ``sigmoid(z)`` is ``tanh(z / 2) / 2 + 1 / 2``."""
    if type(y) is not np.ndarray:
        return np.tanh((h @ across + into) * scale) * scale + rest
    np.matmul(h, across, out=y)
    y += into
    y *= scale
    np.tanh(y, out=y)
    y *= scale
    y += rest
    return y


def _of_lstm(gradient: Any, y: Any, x: Any, h0: Any, c0: Any, weight: Any) -> list[Any]:
    of_h, of_c, into = 0 * h0, 0 * c0, []
    for t in reversed(range(len(x))):
        _, c, i, f, g, o = (y[t, k] for k in range(6))
        before, tanh = y[t - 1, 1] if t else c0, np.tanh(c)
        of_h = gradient[t, 0] + of_h
        of_c = gradient[t, 1] + of_c + of_h * o * (1 - tanh * tanh)
        of_gates = gradient[t, 2:] + np.stack([of_c * g, of_c * before, of_c * i, of_h * tanh])
        slopes = np.stack([i - i * i, f - f * f, 1 - g * g, o - o * o])
        into.append(np.reshape(np.swapaxes(of_gates * slopes, 0, 1), x.shape[1:]))
        of_h, of_c = into[-1] @ weight, of_c * f
    every = np.stack(into[::-1])
    return [every, of_h, of_c, (_rows(_before(h0, y[:, 0])).T @ _rows(every)).T]


def _of_lstm_in_place(gradient: Any, y: Any, x: Any, h0: Any, c0: Any, weight: Any) -> list[Any]:
    """The same on arrays, where a step makes few new ones and so stays in the cache."""
    of_h, of_c, (n, size) = np.zeros_like(y[0, 0]), np.zeros_like(y[0, 0]), h0.shape
    one, two = (_by_gate(y, *k) for k in ((0, 0, 1, 0), (1, 1, 0, 1)))
    every, of_gates = np.empty_like(y, shape=x.shape), np.empty_like(y[0, 2:])
    into, back = np.swapaxes(np.reshape(every, (len(x), n, 4, size)), 1, 2), np.reshape(weight, (4, size, size))
    for t in reversed(range(len(x))):
        c, gates = y[t, 1], y[t, 2:]
        i, f, g, o = gates
        before, tanh = y[t - 1, 1] if t else c0, np.tanh(c)
        of_h += gradient[t, 0]
        bend = tanh * tanh
        np.subtract(1, bend, out=bend)
        bend *= o
        bend *= of_h
        of_c += bend
        of_c += gradient[t, 1]
        for place, factors in zip(of_gates, ((of_c, g), (of_c, before), (of_c, i), (of_h, tanh)), strict=True):
            np.multiply(*factors, out=place)
        of_gates += gradient[t, 2:]
        slopes = two - gates  # z - z * z, for g 1 - z * z
        slopes *= gates
        slopes += one
        of_gates *= slopes
        into[t] = of_gates
        of_h = (of_gates @ back).sum(axis=0)  # four products of what is at hand, sooner than one
        of_c *= f
    return [every, of_h, of_c, (_rows(_before(h0, y[:, 0])).T @ _rows(every)).T]


# GRU: r, z = sigmoid, n = tanh(x + r (W h + b)); h = n + z (h - n)


def _gru(x: Any, h0: Any, weight: Any, bias: Any) -> Any:
    """All states, (T, N, H); the gates are in the order r, z, n. The bias is that of the state."""
    h, states, across = h0, [], weight.T
    for step in x:
        _, z, n, _ = _gates_of_gru(step, h @ across + bias)
        h = n + z * (h - n)
        states.append(h)
    return np.stack(states)


def _gates_of_gru(x: Any, s: Any) -> list[Any]:
    """r, z, n, and what the state gives to n."""
    size = x.shape[-1] // 3
    r, z = _parts(_sigmoid(x[..., : 2 * size] + s[..., : 2 * size]), 2)
    return [r, z, np.tanh(x[..., 2 * size :] + r * s[..., 2 * size :]), s[..., 2 * size :]]


def _of_gru(gradient: Any, y: Any, x: Any, h0: Any, weight: Any, bias: Any) -> list[Any]:
    before = _before(h0, y)
    r, z, n, s = _gates_of_gru(x, np.reshape(_rows(before) @ weight.T, x.shape) + bias)
    of_n = (1 - z) * (1 - n * n)
    into_r, into_z = of_n * s * r * (1 - r), (before - n) * z * (1 - z)
    slopes, slopes_of_x = (
        np.concatenate([into_r, into_z, of_n * r], axis=-1),
        np.concatenate([into_r, into_z, of_n], axis=-1),
    )
    of_h, steps = 0 * h0, []
    for t in reversed(range(len(x))):
        of_h = gradient[t] + of_h
        steps.append(of_h)
        of_h = of_h * z[t] + np.concatenate([of_h] * 3, axis=-1) * slopes[t] @ weight
    every = np.stack(steps[::-1])
    every = np.concatenate([every] * 3, axis=-1)
    into_s = every * slopes
    return [every * slopes_of_x, of_h, _rows(into_s).T @ _rows(before), _rows(into_s).sum(axis=0)]


# fmt: off
rnn = row(_rnn,
    jointly=lambda g, y, x, h0, weight, nonlinearity="tanh": _of_rnn(g, y, x, h0, weight, nonlinearity),
    name="rnn")

lstm = row(_lstm,
    jointly=lambda g, y, *args: (_of_lstm_in_place if _are_arrays(g, y, *args) else _of_lstm)(g, y, *args),
    name="lstm")

gru = row(_gru,
    jointly=lambda g, y, x, h0, weight, bias: _of_gru(g, y, x, h0, weight, bias),
    name="gru")
# fmt: on
