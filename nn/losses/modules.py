"""Losses as modules: the functions of this package with their arguments kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..inputs import plain
from ..module import Module
from ..parameter import Buffer
from . import classes, distances, numbers, probabilities
from .reduction import REDUCTIONS, unknown_reduction


class _Loss(Module):
    """A loss with a way to join the losses of the examples."""

    _reductions: tuple[str, ...] = REDUCTIONS

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in self._reductions:
            raise unknown_reduction(type(self).__name__, reduction)
        self.reduction = reduction


def _kept(weight: Any) -> Any:
    """Weights as a buffer, saved with the network and not trained; a Tensor that is trained stays what it is."""
    return weight if weight is None or getattr(weight, "requires_grad", False) else Buffer(plain(weight))


class MSELoss(_Loss):
    """``(input - target)**2``, averaged; see :func:`nn.functional.mse_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(MSELoss()(np.array([1.0, 3.0]), [1.0, 1.0]))
        2.0
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return numbers.mse_loss(input, target, reduction=self.reduction)


class L1Loss(_Loss):
    """``|input - target|``, averaged; see :func:`nn.functional.l1_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(L1Loss()(np.array([1.0, 3.0]), [1.0, 1.0]))
        1.0
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return numbers.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """Squares near 0, distances outside; see :func:`nn.functional.smooth_l1_loss`.

    Args:
        beta: where the straight part begins.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(SmoothL1Loss()(np.array([1.5, 3.0]), [1.0, 1.0]))
        0.8125
    """

    def __init__(self, *, beta: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.beta = beta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return numbers.smooth_l1_loss(input, target, beta=self.beta, reduction=self.reduction)


class HuberLoss(_Loss):
    """Squares near 0, ``delta`` times distances outside; see :func:`nn.functional.huber_loss`.

    Args:
        delta: where the straight part begins.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(HuberLoss(delta=2.0)(np.array([1.5, 4.0]), [1.0, 1.0]))
        2.0625
    """

    def __init__(self, *, delta: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.delta = delta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return numbers.huber_loss(input, target, delta=self.delta, reduction=self.reduction)


class CrossEntropyLoss(_Loss):
    """``-log(softmax(input)[target])``; see :func:`nn.functional.cross_entropy`.

    Args:
        weight: how much each class counts, of shape (C,).
        ignore_index: the label of what does not count.
        label_smoothing: the share of the probability that is spread evenly.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> round(float(CrossEntropyLoss()(np.zeros((3, 2)), [0, 1, 1])), 6)
        0.693147
    """

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, label_smoothing: float = 0.0, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.weight = _kept(weight)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return classes.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            reduction=self.reduction,
        )


class NLLLoss(_Loss):
    """``-input[target]``; see :func:`nn.functional.nll_loss`.

    Args:
        weight: how much each class counts, of shape (C,).
        ignore_index: the label of what does not count.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> round(float(NLLLoss()(np.log([[0.25, 0.75]]), [0])), 6)
        1.386294
    """

    def __init__(self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = _kept(weight)
        self.ignore_index = ignore_index

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return classes.nll_loss(
            input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction
        )


class MultiMarginLoss(_Loss):
    """The hinge loss of classes; see :func:`nn.functional.multi_margin_loss`.

    Args:
        p: 1 or 2.
        margin: how far the right class has to be in front.
        weight: how much each class counts, of shape (C,).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(MultiMarginLoss()(np.array([[0.0, 0.5, 2.0]]), [1]))
        1.0
    """

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.p = p
        self.margin = margin
        self.weight = _kept(weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return classes.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class BCELoss(_Loss):
    """The cross-entropy of yes and no, from probabilities; see :func:`nn.functional.binary_cross_entropy`.

    Args:
        weight: how much each element counts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> round(float(BCELoss()(np.array([0.5, 1.0]), [1, 1])), 6)
        0.346574
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = _kept(weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return probabilities.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """The cross-entropy of yes and no, from scores; see :func:`nn.functional.binary_cross_entropy_with_logits`.

    Args:
        weight: how much each element counts.
        pos_weight: how much a yes counts.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(BCEWithLogitsLoss()(np.array([-1000.0]), [1]))
        1000.0
    """

    def __init__(self, weight: Any = None, *, pos_weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = _kept(weight)
        self.pos_weight = _kept(pos_weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return probabilities.binary_cross_entropy_with_logits(
            input, target, weight=self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class KLDivLoss(_Loss):
    """Kullback and Leibler's divergence; see :func:`nn.functional.kl_div`.

    Args:
        log_target: whether targets are logarithms too.
        reduction: ``"mean"``, ``"batchmean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(KLDivLoss(reduction="batchmean")(np.log([[0.5, 0.5]]), [[0.5, 0.5]]))
        0.0
    """

    _reductions = (*REDUCTIONS, "batchmean")

    def __init__(self, *, log_target: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.log_target = log_target

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return probabilities.kl_div(input, target, log_target=self.log_target, reduction=self.reduction)


class PoissonNLLLoss(_Loss):
    """How unlikely counts are; see :func:`nn.functional.poisson_nll_loss`.

    Args:
        log_input: whether inputs are the logarithms of expected counts.
        full: whether Stirling's terms are added.
        eps: keeps the logarithm finite.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(PoissonNLLLoss()(np.array([0.0]), [2.0]))
        1.0
    """

    def __init__(
        self, log_input: bool = True, full: bool = False, *, eps: float = 1e-8, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return probabilities.poisson_nll_loss(
            input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class GaussianNLLLoss(_Loss):
    """How unlikely numbers are, given means and variances; see :func:`nn.functional.gaussian_nll_loss`.

    Args:
        full: whether ``log(2 pi) / 2`` is added.
        eps: what smaller variances are taken for.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(GaussianNLLLoss()(np.array([1.0, 3.0]), [1.0, 1.0], np.ones(2)))
        1.0
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Any, target: Any, var: Any) -> Any:
        """The loss."""
        return probabilities.gaussian_nll_loss(
            input, target, var, full=self.full, eps=self.eps, reduction=self.reduction
        )


class HingeEmbeddingLoss(_Loss):
    """Distances that should be small, or large; see :func:`nn.functional.hinge_embedding_loss`.

    Args:
        margin: how far apart is far enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(HingeEmbeddingLoss()(np.array([0.25, 0.25]), [1, -1]))
        0.5
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return distances.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class MarginRankingLoss(_Loss):
    """Which of two scores should be larger; see :func:`nn.functional.margin_ranking_loss`.

    Args:
        margin: how much larger the larger has to be.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(MarginRankingLoss()(np.array([1.0]), np.array([3.0]), [1]))
        2.0
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Any:
        """The loss."""
        return distances.margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class SoftMarginLoss(_Loss):
    """The logistic loss of labels 1 and -1; see :func:`nn.functional.soft_margin_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(SoftMarginLoss()(np.array([1000.0]), [-1]))
        1000.0
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return distances.soft_margin_loss(input, target, reduction=self.reduction)


class CosineEmbeddingLoss(_Loss):
    """Vectors that should have the same direction, or not; see :func:`nn.functional.cosine_embedding_loss`.

    Args:
        margin: the cosine up to which vectors are different enough.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(CosineEmbeddingLoss()(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), [1]))
        1.0
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Any:
        """The loss."""
        return distances.cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class TripletMarginLoss(_Loss):
    """Like nearer than unlike; see :func:`nn.functional.triplet_margin_loss`.

    Args:
        margin: how much farther the unlike has to be.
        p: which norm distances are.
        eps: added to every difference.
        swap: whether the unlike may be compared with the like.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(TripletMarginLoss(eps=0)(np.zeros((1, 2)), np.array([[3.0, 4.0]]), np.array([[0.0, 2.0]])))
        4.0
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, *, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction)
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Any:
        """The loss."""
        return distances.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(_Loss):
    """Like nearer than unlike, by any distance; see :func:`nn.functional.triplet_margin_with_distance_loss`.

    Args:
        distance_function: a distance for each triplet; that of :class:`TripletMarginLoss` if not given.
        margin: how much farther the unlike has to be.
        swap: whether the unlike may be compared with the like.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import numpy as np
        >>> largest = TripletMarginWithDistanceLoss(distance_function=lambda a, b: np.abs(a - b).max(axis=-1))
        >>> float(largest(np.zeros((1, 2)), np.array([[3.0, 4.0]]), np.array([[0.0, 2.0]])))
        3.0
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[Any, Any], Any] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        super().__init__(reduction)
        self.distance_function = distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Any:
        """The loss."""
        return distances.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
