"""A graph as a picture: plain data that says what is to be seen, and nothing of how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from .overlay import Mark, Scale

ROLES = ("leaf", "constant", "result", "output", "folded")


@dataclass(frozen=True)
class Box:
    """A vertex as it is drawn, or several that are folded into one.

    Attributes:
        key: what arrows call it; n1, n2, ... in the order of creation.
        role: ``leaf``, ``constant``, ``result``, ``output`` or ``folded``.
        name: the name.
        operation: the operation that made it, written on its operands; ``""`` if none did.
        data: the number, the numbers, or a summary of them.
        grad: the same for the gradient; a dash if no backward pass has computed it.
        shape: dtype and shape; ``""`` for a number.
        members: what is folded; ``""`` if nothing is.
        terms: the gradient as the sum of what the arrows pass back, ``0.5 - 2``; ``""`` for a single arrow.
        scope: the path of the ``nn`` module in which it was made.
        pale: whether it carries no gradient to what was asked for.
        mark: what an overlay says of it.
    """

    key: str
    role: str
    name: str
    operation: str
    data: str
    grad: str
    shape: str = ""
    members: str = ""
    terms: str = ""
    scope: str = ""
    pale: bool = False
    mark: Mark | None = None


@dataclass(frozen=True)
class Arrow:
    """One use of an operand.

    Attributes:
        tail: the key of the operand.
        head: the key of the result.
        position: the operand's place among the operands.
        derivative: the local derivative: ``∂c/∂a = -3``, or for tensors what the rule makes of the
            gradient ḡ of the result. ``""`` where no gradient flows, and for several uses in one arrow.
        formula: the local derivative in symbols, or in words.
        flows: whether a gradient flows back along it.
        flow: what flows back along it: its share of the gradient of the operand; ``""`` if that is not known.
        weight: the length of that, from 0 for nothing to 1 for the most in the picture, on a logarithmic scale.
        pale: whether it carries no gradient to what was asked for.
    """

    tail: str
    head: str
    position: int
    derivative: str
    formula: str
    flows: bool
    flow: str = ""
    weight: float = 0.0
    pale: bool = False


@dataclass(frozen=True)
class Picture:
    """What is to be seen of a graph.

    Attributes:
        boxes: the vertices, oldest first.
        arrows: the uses of operands, in the order of the results and of their operands.
        direction: ``LR`` or ``TB``.
        total: how many vertices there are, drawn or not.
        gradients: what the gradients are: ``gradient of c``, or ``.grad as it stands``.
        banners: what the reader must know first, such as that something is folded.
        scale: how to read the colours of an overlay.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    direction: str
    total: int
    gradients: str
    banners: tuple[str, ...] = ()
    scale: Scale | None = None
