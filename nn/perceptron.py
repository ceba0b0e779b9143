"""The perceptron of 1958, and the multi-layer perceptron that overcame its limits."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from autograd import errors

from .activations import Identity, ReLU, Sigmoid, Tanh
from .check import check_real, check_whole
from .containers import Sequential
from .linear import Linear
from .module import Module


class Fit(NamedTuple):
    """How the training of a :class:`Perceptron` went.

    Attributes:
        converged: whether the last epoch made no mistake, so that every example is right.
        epochs: how many times the examples were gone through.
        mistakes: the number of mistakes in each epoch.
    """

    converged: bool
    epochs: int
    mistakes: list[int]


class Perceptron:
    """A threshold unit: 1 where ``w · x + b > 0``, else 0.

    A threshold has no useful derivative, so it learns by Rosenblatt's rule: after each mistake
    ``w += lr * (y - prediction) * x`` and ``b += lr * (y - prediction)``. If a straight line (a
    hyperplane) separates the classes, this ends without mistakes after finitely many steps; if none
    does, as for XOR, it never ends. (Rosenblatt 1958, doi 10.1037/h0042519; Novikoff 1962.)

    Args:
        in_features: how many numbers an example has.

    Attributes:
        w: the weights, of shape (in_features,); 0 at first.
        b: the bias; 0 at first.

    Example:
        >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        >>> conjunction = Perceptron(2)
        >>> conjunction.fit(X, [0, 0, 0, 1]).converged
        True
        >>> conjunction.predict(X)
        array([0, 0, 0, 1])
        >>> Perceptron(2).fit(X, [0, 1, 1, 0]).converged
        False
    """

    def __init__(self, in_features: int) -> None:
        check_whole(f"Perceptron({in_features!r})", "in_features", in_features, least=1, usual=2)
        self.w = np.zeros(in_features)
        self.b = 0.0

    def predict(self, X: Any) -> Any:
        """The class, 0 or 1, of each example.

        Args:
            X: examples of shape (N, in_features), or one of shape (in_features,).

        Returns:
            An int64 array of shape (N,), or a single number.

        Raises:
            ShapeError: the examples do not have in_features numbers.
        """
        X = np.asarray(X, dtype=np.float64)
        if X.shape[-1:] != self.w.shape:
            n = len(self.w)
            raise errors.ShapeError(
                errors.message(
                    f"Perceptron({n}) of examples of shape {X.shape}",
                    f"shape (N, {n}), {n} numbers for each example",
                    f"shape {X.shape}",
                    f"Perceptron({X.shape[-1] if X.ndim else 1})",
                )
            )
        return (X @ self.w + self.b > 0).astype(np.int64)

    __call__ = predict

    def fit(self, X: Any, y: Any, epochs: int = 100, lr: float = 1.0) -> Fit:
        """Go through the examples until one epoch makes no mistake, at most ``epochs`` times.

        Args:
            X: examples of shape (N, in_features).
            y: their classes, 0 or 1, of shape (N,).
            epochs: the most times to go through them.
            lr: the length of a correction.

        Returns:
            Whether it converged, after how many epochs, and the mistakes in each.

        Raises:
            ShapeError: the shapes do not fit.
            ArgumentError: a class other than 0 and 1; ``epochs`` or ``lr`` is no number from 0.
        """
        check_whole("Perceptron.fit", "epochs", epochs, least=0, usual=100)
        check_real("Perceptron.fit", "lr", lr, usual=1.0)
        X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
        if X.ndim != 2 or y.shape != X.shape[:1]:
            raise errors.ShapeError(
                errors.message(
                    f"Perceptron.fit of X of shape {X.shape} and y of shape {y.shape}",
                    "X of shape (N, in_features) and y of shape (N,)",
                    f"{X.shape} and {y.shape}",
                    "y.ravel()" if y.size == len(X) else "as many classes as examples",
                )
            )
        if not np.isin(y, (0, 1)).all():
            given = f"the classes {np.unique(y).tolist()}"
            raise errors.bad_argument(
                "Perceptron.fit", "the classes 0 and 1", given, "(y > 0).astype(int) for -1 and 1"
            )
        mistakes: list[int] = []
        while len(mistakes) < epochs and (not mistakes or mistakes[-1]):
            mistakes.append(sum(self._learn(x, target, lr) for x, target in zip(X, y, strict=True)))
        return Fit(bool(mistakes) and mistakes[-1] == 0, len(mistakes), mistakes)

    def _learn(self, x: Any, target: Any, lr: float) -> bool:
        """One step of Rosenblatt's rule; whether there was a mistake to learn from."""
        error = float(target) - float(self.predict(x))
        self.w += lr * error * x
        self.b += lr * error
        return error != 0

    def __repr__(self) -> str:
        return f"Perceptron(in_features={len(self.w)})"


ACTIVATIONS: dict[str, Callable[[], Module]] = {"relu": ReLU, "tanh": Tanh, "sigmoid": Sigmoid, "identity": Identity}
"""The activations that :class:`MLP` knows by name."""


class MLP(Sequential):
    """A multi-layer perceptron: linear layers with an activation between them, the last one linear.

    Args:
        *sizes: how many numbers an example has, then the number of neurons in each layer.
        activation: ``"relu"``, ``"tanh"``, ``"sigmoid"``, ``"identity"``, or a class of modules such as ``nn.Tanh``.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Raises:
        ArgumentError: fewer than two sizes, a size that is not a whole number from 1, or an unknown activation.

    Example:
        >>> MLP(2, 8, 1, activation="tanh")
        MLP(
          (0): Linear(in_features=2, out_features=8, bias=True)
          (1): Tanh()
          (2): Linear(in_features=8, out_features=1, bias=True)
        )
    """

    def __init__(
        self,
        *sizes: int,
        activation: str | Callable[[], Module] = "relu",
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        if len(sizes) < 2:
            given = f"MLP({', '.join(map(repr, sizes))})"
            raise errors.bad_argument(given, "two sizes or more: in_features, ..., out_features", given, "MLP(2, 8, 1)")
        if any(isinstance(size, (list, tuple)) for size in sizes):
            flat = [n for size in sizes for n in (size if isinstance(size, (list, tuple)) else [size])]
            cure = f"nn.MLP({', '.join(map(repr, flat))})"
            raise errors.bad_argument(f"nn.MLP{sizes}", "the sizes one by one", f"a list: {sizes}", cure)
        if isinstance(activation, str) and activation not in ACTIVATIONS:
            known = ", ".join(map(repr, ACTIVATIONS))
            raise errors.bad_argument(
                f"MLP(..., activation={activation!r})",
                f"one of {known}, or a class of modules",
                repr(activation),
                "nn.Tanh",
            )
        between = ACTIVATIONS[activation] if isinstance(activation, str) else activation
        layers: list[Module] = []
        for in_features, out_features in pairwise(sizes):
            layers += [Linear(in_features, out_features, dtype=dtype, rng=rng), between()]
        super().__init__(*layers[:-1])
