"""What people pass beside Tensors: plain arrays, lists, and labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, errors


def as_constant(x: Any, dtype: Any) -> Any:
    """A Tensor as it is; anything else as an array of ``dtype``, so that a float32 network stays float32."""
    if isinstance(x, Tensor):
        return x
    if hasattr(x, "astype") and x.dtype == dtype:
        return x
    try:
        return x.astype(dtype) if hasattr(x, "astype") else np.asarray(x, dtype)
    except errors.ChainruleError:
        raise
    except (TypeError, ValueError) as error:
        raise errors.not_an_array(x, str(error)) from error


def plain(x: Any) -> Any:
    """What a Tensor holds; lists as arrays."""
    x = x.data if isinstance(x, Tensor) else x
    return x if hasattr(x, "dtype") else np.asarray(x)


def as_labels(name: str, labels: Any) -> Any:
    """Labels as an array of whole numbers, or an error."""
    labels = plain(labels)
    if labels.dtype.kind not in "biu":
        cure = "labels.astype(int)"
        raise errors.bad_argument(f"{name}: the labels", "whole numbers, one for each class", str(labels.dtype), cure)
    return labels.astype(np.intp)


def are_in_range(places: Any, num_classes: int) -> bool:
    """Whether all labels are from 0 to ``num_classes`` - 1."""
    every = getattr(places, "whole", places)  # the labels of all examples, inside vmap
    return not every.size or bool(every.view(np.uintp).max() < num_classes)  # a negative number becomes a huge one


def out_of_range(name: str, places: Any, num_classes: int) -> errors.ArgumentError:
    """A label that is no class."""
    every = getattr(places, "whole", places)
    return errors.bad_argument(
        f"{name}: the labels of {num_classes} classes",
        f"whole numbers from 0 to {num_classes - 1}",
        f"labels from {every.min()} to {every.max()}",
        "labels - labels.min() if they start at 1, or as many scores as there are classes",
    )
