"""What people pass beside Tensors: plain arrays, lists, and labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

from autograd import Tensor, errors

Function = TypeVar("Function", bound=Callable[..., Any])


def of_arrays(function: Function) -> Function:
    """A function of an array that takes lists and other libraries' tensors too; what is no array is an error.

    Only where the function fails is its input looked at.
    """

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except errors.ChainruleError:
            raise
        except (TypeError, ValueError, AttributeError, IndexError):
            if not args or _is_array(args[0]):
                raise
            return function(_numbers(args[0]), *args[1:], **kwargs)

    return cast(Function, checked)


def _is_array(x: Any) -> bool:
    """Whether ``x`` speaks NumPy, and is of numbers."""
    return hasattr(x, "__array_ufunc__") and (not hasattr(x, "dtype") or x.dtype.kind not in "bO")


def _numbers(x: Any) -> Any:
    """An array of what can be calculated with, or an error."""
    try:
        array = np.asarray(x)
    except (TypeError, ValueError) as error:
        raise errors.not_an_array(x, str(error)) from error
    if array.dtype.kind not in "biufc":
        raise errors.not_an_array(x, f"dtype {array.dtype}")
    return array.astype(float) if array.dtype.kind == "b" else array


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
    return x if hasattr(x, "astype") else np.asarray(x)


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
