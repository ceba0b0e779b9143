"""Where chance comes from: a generator, a seed, or the one generator of ``nn``."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from ..check import check_whole


def own_generator(did: str, generator: Any, seed: Any) -> np.random.Generator | None:
    """The generator that was given, or one from the seed; ``None`` where there is neither.

    Raises:
        ArgumentError: both were given, or something that is no generator or no seed.
    """
    if generator is None and seed is None:
        return None
    if generator is not None and seed is not None:
        raise errors.bad_argument(f"{did}: chance", "a generator or a seed", "both", "seed=0")
    if seed is not None:
        check_whole(did, "seed", seed, least=0, usual=0)
        return np.random.default_rng(seed)
    if not isinstance(generator, np.random.Generator):
        given = f"{type(generator).__name__}: {errors.brief(generator)}"
        raise errors.bad_argument(f"{did}: generator", "a generator of NumPy's", given, "seed=0")
    return generator
