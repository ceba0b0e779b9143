"""Graphs to look at, and how to read a drawn one back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import numpy as np

from autograd import Tensor, Value

SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Drawn:
    """What an SVG shows: the words of each node by its key, and of each edge as (tail, head, words)."""

    nodes: dict[str, list[str]]
    edges: list[tuple[str, str, str]]
    words: str


def read(svg: str) -> Drawn:
    """Read a drawn graph."""
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    nodes, edges = {}, []
    for group in root.iter(f"{SVG}g"):
        kind = group.get("class", "").split()[:1]
        title = group.findtext(f"{SVG}title", "")
        words = [_visible(t) for t in group.iter(f"{SVG}text")]
        if kind == ["node"]:
            nodes[title] = words
        elif kind == ["edge"]:
            tail, head = title.split("->")
            edges.append((tail, head, " ".join(words).strip()))
    return Drawn(nodes, edges, " ".join(_visible(t) for t in root.iter(f"{SVG}text")))


def _visible(element: ET.Element) -> str:
    """The words of an element, without what only makes room."""
    return "".join(element.itertext()).replace("\xa0", " ").replace("\N{WORD JOINER}", "")


def named(x, name):
    """``x`` with a name."""
    x.label = name
    return x


def neuron():
    """micrograd's tanh neuron."""
    x1, x2 = Value(2.0, label="x1"), Value(0.5, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.75, label="b")
    n = named(x1 * w1 + x2 * w2 + b, "n")
    return named(n.tanh(), "o"), {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": b, "n": n}


def diamond():
    """One leaf, two ways to the result."""
    a = Value(3.0, label="a")
    b, c = named(a * 2, "b"), named(a.sin(), "c")
    return named(b * c, "d"), a


def network():
    """A layer and a loss on Tensors, with a constant input."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 3))
    w, b = Tensor(rng.normal(size=(3, 2)), name="W"), Tensor(np.zeros(2), name="b")
    h = np.tanh(x @ w + b)
    return np.mean(h**2), {"x": x, "W": w, "b": b, "h": h}
