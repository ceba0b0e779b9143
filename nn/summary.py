"""The table of a network: its parts with their sizes and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import no_grad


def summary(module: Any, inputs: tuple[Any, ...]) -> str:
    """The table of :meth:`Module.summary`."""
    shapes: dict[int, str] = {}

    def note(part: Any, args: Any, output: Any) -> None:
        shapes[id(part)] = _shapes(output)

    handles = [part.register_forward_hook(note) for part in module.modules()] if inputs else []
    modes = [(part, part.training) for part in module.modules()]
    try:
        with no_grad():
            if inputs:
                module.eval()(*inputs)
    finally:
        for handle in handles:
            handle.remove()
        for part, mode in modes:
            part.training = mode
    count = [(path, part, sum(p.size for p in part.parameters())) for path, part in module.named_modules()]
    lines = [(path, type(part).__name__, f"{n:,}", shapes.get(id(part), "")) for path, part, n in count]
    table = [("path", "layer", "parameters", "output" if inputs else ""), *lines]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    to_train = sum(p.size for p in module.parameters() if p.requires_grad)
    return "\n".join([*text, "", f"{count[0][2]:,} parameters, {to_train:,} to train"])


def _shapes(output: Any) -> str:
    """The shape of an output, or of each of several."""
    if isinstance(output, (tuple, list)):
        return ", ".join(map(_shapes, output))
    return "" if output is None else str(np.shape(output))
