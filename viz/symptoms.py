"""What can be wrong with a network, and the numbers from which on it is called so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from . import text
from .flow import length
from .gradients import plain
from .layers import Part

FAR = 6.0
"""So many deviations of its layer: one in a billion normal numbers is so far below 0, and the deviation may be known
from a few units only."""

FEW = 8
"""Of fewer examples a unit may well be 0 for all."""

FLAT = 0.05
"""An activation counts as saturated where its slope is below this part of its steepest: beyond 2.18 for tanh, beyond
4.36 for the sigmoid. Of what has deviation 1, as Xavier's weights give it, 3 % lie there."""

SATURATED = 0.5
"""The part of a layer that must be saturated: most of what comes back stops there."""

VANISHING = 1e-4
"""A layer whose gradient is a smaller part of the last layer's. Learning rates in use lie between 1e-4 and 1e-1
(Bengio 2012, *Practical recommendations for gradient-based training of deep architectures*): no single one suits
both layers then."""

EXPLODING = 1e3
"""Likewise for a layer whose gradient is so many times the last one's; and for a weight whose gradient is so many
times the weight itself: a step with the learning rate 1e-3 puts another in its place."""


class Finding(NamedTuple):
    """Something that is wrong.

    Attributes:
        where: the layer, or the operation.
        what: what is wrong with it, in words with numbers.
        cure: what to do about it.
        kind: ``dead``, ``saturated``, ``vanishing``, ``exploding``, ``closed`` or ``not finite``.
        mark: the same in few words, for a picture.
        key: the name of the node.
    """

    where: str
    what: str
    cure: str
    kind: str
    mark: str
    key: str


CURES = {
    "dead": "a smaller learning rate; biases at 0 and nn.init.kaiming_normal_ weights; or LeakyReLU, GELU, which let "
    "some gradient through everywhere",
    "saturated": "smaller weights, nn.init.xavier_uniform_; inputs of mean 0 and deviation 1; "
    "a normalisation before it",
    "vanishing": "nn.init.kaiming_normal_ for ReLU, nn.init.xavier_uniform_ for tanh; ReLU in place of sigmoid; "
    "normalisation, or x + f(x) around layers",
    "exploding": "smaller weights, as nn.init makes them; targets and inputs of deviation 1; normalisation; "
    "nn.fit(..., clip_grad_norm=1.0)",
    "closed": "look for what is dead after it, for detach() and for no_grad()",
}


# Activations.


def units(x: Any, channels: int) -> Any:
    """One column for each unit; the examples, and all places of a channel, below each other."""
    x = np.asarray(x, np.float64)
    return np.moveaxis(x, channels, -1).reshape(-1, x.shape[channels]) if x.ndim > 1 else x[None]


def dead(part: Part) -> Any:
    """For each unit of a rectifier whether it is 0 for all examples."""
    return (units(part.before, part.channels) <= 0).all(axis=0)


def dead_units(part: Part) -> Finding | None:
    """More than half of a layer, or units that are far below 0.

    With random weights what comes into the units is as often below 0 as above. In a deep network all examples become
    alike (Poole et al. 2016), and then half of the units may be dead by chance: more than three deviations beyond
    that have another reason, and so has a unit that is dead and usually :data:`FAR` below 0.
    """
    x = units(part.before, part.channels)
    if not np.isfinite(x).all() or not x.size:
        return None
    none = dead(part)
    count, examples, width = int(none.sum()), x.shape[0], x.shape[1]
    spread = math.sqrt(np.mean(x[x > 0] ** 2)) if count < width else 0.0  # of half a normal distribution
    found = int((none & (np.median(x, axis=0) < -FAR * spread)).sum())
    if count == width > 2 or count > width / 2 + 1.5 * math.sqrt(width):
        found = count
    if not found or (examples < FEW and count < width):
        return None
    what = f"{found:,} of {text.plural(width, 'unit')} are 0 for all {text.plural(examples, 'example')}: "
    what += "no gradient comes back through them, so they stay as they are"
    return _finding(part, what, "dead", f"{found:,} of {width:,} units dead")


def flat(part: Part) -> float:
    """The part of an activation where its slope is below 5 % of the steepest."""
    y, x = np.asarray(part.vertex.data, np.float64), np.asarray(part.before, np.float64)
    assert part.vertex.node is not None
    assert part.vertex.node.op is not None
    name = part.vertex.node.op.name
    slope = 1 - y * y if name == "tanh" else 1 / (1 + x * x) if name == "arctan" else 4 * y * (1 - y)
    return float((slope < FLAT).mean()) if slope.size else 0.0


def saturated(part: Part) -> Finding | None:
    """Most of an activation that others follow is at its ends. That of a sure classifier, at the end, may be."""
    share = flat(part)
    if part.last or share <= SATURATED:
        return None
    what = f"{share:.0%} of its numbers are where it is flat: the slope is below {FLAT:.0%} of its steepest"
    return _finding(part, what, "saturated", f"{share:.0%} saturated")


# Gradients.


def norms(layers: Sequence[Part]) -> dict[str, float]:
    """The length of the gradient of each layer's result, where a backward pass has computed one."""
    return {p.vertex.name: length(p.gradient) for p in layers if p.gradient is not None}


def flow(layers: Sequence[Part]) -> Iterator[Finding]:
    """Layers to which much less, or much more, flows back than to the last one."""
    found = norms(layers)
    known = [p for p in layers if p.vertex.name in found]
    last = found[known[-1].vertex.name] if known else 0.0
    if not (0 < last < math.inf):
        return
    ratios = {p.vertex.name: found[p.vertex.name] / last for p in known}
    for kind, ill in (
        ("closed", [p for p in known if ratios[p.vertex.name] == 0]),
        ("vanishing", [p for p in known if 0 < ratios[p.vertex.name] < VANISHING]),
        ("exploding", [p for p in known if EXPLODING < ratios[p.vertex.name] < math.inf]),
    ):
        if ill:
            yield _flowing(kind, ill, known[-1], ratios)


def _flowing(kind: str, ill: Sequence[Part], last: Part, ratios: Mapping[str, float]) -> Finding:
    """One finding for all layers that have the same."""
    worst = ill[0]
    others = f" (and {text.plural(len(ill) - 1, 'layer')} after it)" if len(ill) > 1 else ""
    ratio = text.number(ratios[worst.vertex.name], ".2g")
    what = {
        "closed": f"no gradient at all comes back to it{others}, although {last.name} has one",
        "vanishing": f"its gradient{others} is {ratio} of that of {last.name}: it learns next to nothing",
        "exploding": f"its gradient{others} is {ratio} times that of {last.name}: a step throws it far away",
    }[kind]
    return _finding(worst, what, kind, f"gradient {'0' if kind == 'closed' else f'{ratio} of the last'}")


def _finding(part: Part, what: str, kind: str, mark: str) -> Finding:
    return Finding(part.name, what, CURES[kind], kind, mark, part.vertex.name)


# Parameters.


def of_parameters(parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """What weights and their gradients tell without a graph."""
    some = any(p.grad is not None for p in parameters.values())
    for name, p in parameters.items():
        data, gradient = plain(p), plain(p.grad)
        for what, x in (("weights", data), ("the gradient", gradient)):
            if x is not None and not np.isfinite(x).all():
                bad = int(np.count_nonzero(~np.isfinite(x)))
                cure = "go back to the last good weights; a smaller learning rate; nn.fit(..., clip_grad_norm=1.0)"
                words = f"{bad:,} of {text.size(x):,} numbers in {what} are NaN or infinite"
                yield Finding(name, words, cure, "not finite", "NaN or infinite", name)
        if some and (gradient is None or not np.any(gradient)):
            words = "no gradient came back to it, although others have one"
            yield Finding(name, words, CURES["closed"], "closed", "no gradient", name)
        ratio = step_size(p)
        if ratio is not None and EXPLODING < ratio < math.inf:
            words = f"its gradient is {text.number(ratio, '.2g')} times as long as itself"
            yield Finding(name, words, CURES["exploding"], "exploding", "gradient explodes", name)
    yield from _parameter_flow({name: r for name, p in parameters.items() if (r := step_size(p)) is not None})


def step_size(parameter: Any) -> float | None:
    """How long the gradient of a matrix is beside the matrix; ``None`` for vectors and without a gradient."""
    size = length(parameter.data)
    if parameter.grad is None or np.ndim(parameter.data) < 2 or not size:
        return None
    return length(plain(parameter.grad)) / size


def _parameter_flow(ratios: Mapping[str, float]) -> Iterator[Finding]:
    names = list(ratios)
    last = ratios[names[-1]] if names else 0.0
    ill = [name for name in names if 0 < ratios[name] < VANISHING * last < math.inf]
    if ill:
        share = text.number(ratios[ill[0]] / last, ".2g")
        others = f" (and {text.plural(len(ill) - 1, 'matrix').replace('matrixs', 'matrices')} after it)"
        words = f"its gradient{others if len(ill) > 1 else ''}, beside its length, is {share} of that of {names[-1]}"
        yield Finding(ill[0], words, CURES["vanishing"], "vanishing", f"gradient {share} of the last", ill[0])
