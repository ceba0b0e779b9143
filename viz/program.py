"""The recorded backward pass as a program: one line of NumPy for each operation, forward and backward."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd import TABLE
from autograd.graph import Each, Jointly, Node, Primitive
from autograd.rules import BY_FUNCTION, elementwise

from .derivation import Document, markdown
from .label import visible
from .latex import partial, typewritten
from .replay import Replay
from .symbol import EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, NOT_EQUAL, OR, Symbol, is_number

INFIX = {
    elementwise.add: "+", elementwise.subtract: "-", elementwise.multiply: "*", elementwise.divide: "/",
    elementwise.power: "**", elementwise.remainder: "%", TABLE["matmul"]: "@",
}  # fmt: skip

RELATIONS = {LESS: "<", LESS_EQUAL: "<=", GREATER: ">", GREATER_EQUAL: ">=", EQUAL: "==", NOT_EQUAL: "!="}

POSITIONAL = {"reshape": ("shape",), "broadcast_to": ("shape",), "transpose": ("axes",)}
"""Attributes that NumPy's function takes by position."""

JOINED = {TABLE["concatenate"], TABLE["stack"]}
"""Rows of many operands, which NumPy's function takes in one list."""

FUNCTIONS = {
    row: f"np.{getattr(function, '__name__', '')}"
    for function, row in BY_FUNCTION.items()
    if getattr(np, getattr(function, "__name__", ""), None) is function and isinstance(row.rules, tuple)
}
"""The rows that are called by the name of NumPy's function."""


@dataclass(frozen=True)
class Program(Document):
    """A program that computes a gradient: ``str`` is its source, which can be run.

    Attributes:
        output: the name of what was differentiated.
        wrt: the name of what it was differentiated by.
        source: the function, in Python.
        inputs: what it is called with, by argument.
        value: the gradient.
        replay: computes the forward pass anew.
    """

    output: str
    wrt: str
    source: str
    inputs: Mapping[str, Any]
    value: Any
    replay: Replay | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.source

    def run(self, **changed: Any) -> tuple[Any, Any]:
        """Run the program on its inputs, some of them changed.

        Returns:
            The output and the gradient.
        """
        names: dict[str, Any] = {}
        exec(self.source, names)
        result: tuple[Any, Any] = names["gradient"](**{**self.inputs, **changed})
        return result

    def to_markdown(self) -> str:
        """The program in Markdown."""
        left, _ = partial(self.output, self.wrt)
        return f"### {markdown(left)}\n\n```python\n{self.source}```\n"

    def to_latex(self) -> str:
        """The program in typewriter letters, one line below the other."""
        rows = (rf"&{typewritten(line.replace('    ', '  '))}" for line in self.source.splitlines())
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _texts(self) -> Any:
        return {".py": lambda: self.source, **super()._texts()}


def program(
    output: Node,
    gradient: Any,
    names: Mapping[int, str],
    output_name: str,
    wrt_name: str,
    literals: Mapping[int, str] | None = None,
) -> tuple[str, dict[str, Any]]:
    """The source of a program that computes ``output`` and ``gradient``, and the inputs that it is called with.

    Args:
        output: the result, a node or a symbol.
        gradient: its gradient, a node, a symbol or a number.
        names: what nodes and arrays are called, by ``id``.
        output_name: the name of the result.
        wrt_name: the name of what it is differentiated by.
        literals: nodes that are written as numbers, by ``id``.
    """
    return _Program(names, literals or {}).write(output, gradient, output_name, wrt_name)


def _package(op: Primitive) -> str:
    """The package whose import brings the row of ``op``."""
    rules = op.rules
    rule = rules.rule if isinstance(rules, (Each, Jointly)) else next(filter(None, rules))
    parts = rule.__module__.split(".")
    return ".".join(parts[: 2 if parts[:2] == ["autograd", "scipy"] else 1])


class _Program:
    """The lines of one program, and the name of everything in it."""

    def __init__(self, names: Mapping[int, str], literals: Mapping[int, str]) -> None:
        self.given = names
        self.called = dict(literals)
        self.taken = {"np", "TABLE", "gradient"}
        self.inputs: dict[str, Any] = {}
        self.table = False
        self.packages: set[str] = set()
        """Where the rows come from that are neither NumPy's nor the engine's."""
        self.count = 0

    def write(self, output: Node, gradient: Any, output_name: str, wrt_name: str) -> tuple[str, dict[str, Any]]:
        nodes = _in_order([x for x in (output, gradient) if isinstance(x, Node)])
        forward = {id(node) for node in _in_order([output])}
        lines: list[tuple[bool, str]] = []
        for node in nodes:
            if not node.inputs and id(node) not in self.called and not (isinstance(node, Symbol) and is_literal(node)):
                self._input(node, node._data)
        for node in nodes:
            if node.inputs:
                line = self._operation(node)
                lines.append((id(node) in forward, f"    {self._name(node, id(node) in forward)} = {line}"))
        result = f"    return {self._operand(output)}, {self._operand(gradient)}"
        derivative = visible(partial(output_name, wrt_name)[0])  # a line break would end the comment
        body = [f"    # forward: {visible(output_name)}", *(line for is_forward, line in lines if is_forward)]
        body += [f"    # backward: {derivative}", *(line for f, line in lines if not f), result]
        rows = ["from autograd import TABLE", *(f"import {package}" for package in sorted(self.packages))]
        head = ["import numpy as np", *(rows if self.table else []), "", ""]
        return "\n".join([*head, f"def gradient({', '.join(self.inputs)}):", *body, ""]), self.inputs

    def _free(self, wanted: str) -> str:
        """A name that Python accepts and that nothing else has."""
        plain = wanted.isidentifier() and unicodedata.normalize("NFKC", wanted) == wanted  # as Python reads it
        name = wanted if plain else re.sub(r"[^A-Za-z0-9_]", "_", wanted)
        name = f"_{name}" if not name or name[0].isdigit() or keyword.iskeyword(name) else name
        free, k = name, 2
        while free in self.taken:
            free, k = f"{name}_{k}", k + 1
        self.taken.add(free)
        return free

    def _input(self, x: Any, data: Any) -> str:
        """An argument of the program."""
        if id(x) not in self.called:
            own = x.name if isinstance(x, Symbol) else getattr(x, "__name__", "")
            called = re.sub(r"[^\w]+", "_", own).strip("_")
            self.called[id(x)] = self._free(self.given.get(id(x), called or "constant"))
            self.inputs[self.called[id(x)]] = data
        return self.called[id(x)]

    def _name(self, node: Node, forward: bool) -> str:
        if id(node) not in self.called:
            if id(node) not in self.given:
                self.count += 1
            name = self.given.get(id(node), f"{'v' if forward else 'g'}{self.count}")
            self.called[id(node)] = self._free(name)
        return self.called[id(node)]

    def _operand(self, x: Any) -> str:
        if isinstance(x, Symbol) and is_literal(x):
            size = np.shape(x._data)
            return f"{x.name}.0" if not size else f"np.full({size}, {x.name}.0)"
        if isinstance(x, Node) or np.ndim(x):
            return self.called.get(id(x)) or self._input(x, getattr(x, "_data", x))
        return repr(x.item() if isinstance(x, (np.generic, np.ndarray)) else x)

    def _operation(self, node: Node) -> str:
        op = node.op
        assert op is not None
        operands = [self._operand(x) for x in node.inputs]
        plain = [f"({x})" if x.startswith("-") else x for x in operands]
        if op in INFIX and not node.attrs:
            return f"{plain[0]} {INFIX[op]} {plain[1]}"
        if op in RELATIONS:
            return f"1.0 * ({plain[0]} {RELATIONS[op]} {plain[1]})"
        if op is OR:
            return f"1.0 * (({plain[0]} != 0) | ({plain[1]} != 0))"
        if op is elementwise.negative:
            return f"-{plain[0]}"
        if op.name == "getitem":
            return f"{operands[0]}[{self._index(node.attrs['index'])}]"
        return self._call(op, operands, node.attrs)

    def _call(self, op: Primitive, operands: Sequence[str], attrs: Mapping[str, Any]) -> str:
        first = [f"{self._value(attrs[key])}" for key in POSITIONAL.get(op.name, ()) if key in attrs]
        rest = [
            f"{key}={self._value(value)}"
            for key, value in attrs.items()
            if key not in POSITIONAL.get(op.name, ()) and not (value is None or (key, value) == ("order", "C"))
        ]
        if op in FUNCTIONS and op.name != "astype":
            return f"{FUNCTIONS[op]}({', '.join([*operands, *first, *rest])})"
        if op in JOINED:
            return f"np.{op.name}([{', '.join(operands)}], axis={attrs.get('axis', 0)})"
        self.table = True
        self.packages |= {_package(op)} - {"autograd", "viz"}
        named = [f"{key}={self._value(value)}" for key, value in attrs.items()]
        return f'TABLE["{op.name}"]({", ".join([*operands, *named])})'

    def _value(self, x: Any) -> str:
        """An attribute; a large array, or a function of the user's, becomes an argument of the program."""
        if isinstance(x, np.ndarray) and x.ndim == 0:
            x = x[()]
        if isinstance(x, np.ndarray):
            return f"np.array({x.tolist()!r}, dtype=np.{x.dtype})" if x.size <= 20 else self._input(x, x)
        if isinstance(x, (tuple, list)):
            inside = ", ".join(self._value(part) for part in x)
            return f"[{inside}]" if isinstance(x, list) else f"({inside},)" if len(x) == 1 else f"({inside})"
        if isinstance(x, np.generic):
            return repr(x.item())
        if callable(x) and not isinstance(x, type):
            return self._input(x, x)
        return "np." + np.dtype(x).name if isinstance(x, type) else repr(x)

    def _index(self, where: Any) -> str:
        if isinstance(where, tuple):
            return ", ".join(self._index(part) for part in where) or "()"
        if isinstance(where, slice):
            start, stop = ("" if end is None else str(end) for end in (where.start, where.stop))
            return f"{start}:{stop}" + ("" if where.step is None else f":{where.step}")
        return "..." if where is Ellipsis else self._value(where)


def is_literal(x: Symbol) -> bool:
    """Whether a symbol is a number that is called by it: the seed of the backward pass."""
    return x.op is None and x.name in ("0", "1")


def _in_order(roots: Sequence[Node]) -> list[Node]:
    """What leads to ``roots``, oldest first; a number is no node."""
    stack, seen = list(roots), {id(x): x for x in roots}
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Node) and id(x) not in seen and not is_number(x):
                seen[id(x)] = x
                stack.append(x)
    return sorted(seen.values(), key=lambda node: node.order)
