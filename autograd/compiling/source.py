"""How a program is written down: one line for each call, as a person would write it."""

from __future__ import annotations

import inspect
import keyword
import math
import operator
import re
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from .arrays import astype, copy, item, view
from .buffers import FILLS, Plan, takes_out
from .finite import LOUD
from .trace import Call, Variable, variables

INFIX = {
    np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.power: "**", np.matmul: "@", np.remainder: "%",
    np.greater: ">", np.greater_equal: ">=", np.less: "<", np.less_equal: "<=", np.equal: "==", np.not_equal: "!=",
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/", operator.pow: "**",
    operator.mod: "%", operator.floordiv: "//", operator.lt: "<", operator.le: "<=", operator.gt: ">",
    operator.ge: ">=", operator.eq: "==", operator.ne: "!=",
}  # fmt: skip

PREFIX = {np.negative: "-", operator.neg: "-", operator.pos: "+"}

HOMES = (
    ("math", math),
    ("np", np),
    ("np.linalg", np.linalg),
    ("np.fft", np.fft),
    ("np.lib.stride_tricks", np.lib.stride_tricks),
)

BUILTINS = (abs, round, slice, bool, int, float, complex)
"""What a program has of Python's own; no variable takes these names."""

REDUCED: dict[Any, str] = {np.add: "total", np.multiply: "product", np.maximum: "largest", np.minimum: "smallest"}
"""What the results of reductions are called."""

NAMES: dict[Any, str] = {item: "value", operator.getitem: "part", operator.truediv: "divide", operator.sub: "subtract",
                         operator.mul: "multiply", operator.pow: "power"}  # fmt: skip
"""What other results are called, where the name of the function would not do."""

LITERAL = 20
"""Up to how many elements a constant array is written out."""


class Writer:
    """The lines of one program.

    Args:
        calls: what it does.
        plan: where results lie.
        known: what is the same in every run.
        changing: the storages that are written into after they were made.
        outside: the storages that were there before.
    """

    def __init__(
        self,
        calls: Sequence[Call],
        plan: Plan,
        known: Mapping[Variable, Any],
        changing: set[int],
        outside: set[int],
    ) -> None:
        self.calls, self.plan, self.known, self.changing, self.outside = calls, plan, known, changing, outside
        self.undone = False
        """Whether something was written that has to be undone where the run goes another way from here on."""
        self.names: dict[Variable, str] = {}
        self.taken = {"np", "math", "cmath", "scipy", "prepare", *(x.__name__ for x in BUILTINS)}
        self.fixed: dict[str, Any] = {}
        self.setup: list[str] = []
        self.helpers: dict[str, str] = {}
        self.imports: set[str] = set()
        self.still: set[Variable] = set()
        """What lies at the same place in every run: views of it can be taken once."""
        self.literals: dict[str, str] = {}
        """The names of constant arrays by how they are made."""

    # Names.

    def free(self, wanted: str) -> str:
        """A name that Python accepts and nothing else has."""
        name = re.sub(r"\W+", "_", wanted, flags=re.ASCII).strip("_") or "x"
        name = re.sub(r"^(grad_)?(\d+)_(.+)$", r"\1\3_\2", name)  # the layer "0.weight"
        name = f"_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name
        free, k = name, 2
        while free in self.taken:
            free, k = f"{name}_{k}", k + 1
        self.taken.add(free)
        return free

    def bind(self, variable: Variable, wanted: str) -> str:
        """Give a variable its name."""
        self.names[variable] = self.free(wanted)
        return self.names[variable]

    def hold(self, variable: Variable, wanted: str) -> None:
        """Make something that stays the same an argument of ``prepare``."""
        self.fixed[self.bind(variable, wanted)] = variable.data
        if type(variable.data) is np.ndarray:
            self.still.add(variable)

    def hint(self, y: Variable) -> str:
        """What a variable may be called."""
        return f"grad_{self.names.get(y.hint, 'x')}" if isinstance(y.hint, Variable) else y.hint

    def name(self, y: Variable, call: Call) -> str:
        """The name of a result."""
        if y not in self.names:
            self.bind(y, self.hint(y) or self.unnamed(call))
        return self.names[y]

    def unnamed(self, call: Call) -> str:
        """A name for what neither the user nor a row of the table names: the step of a weight, or what is computed."""
        if call.phase == "update":
            for x in call.inputs:
                if (known := self.names.get(x, "")).startswith(("grad_", "step_")):
                    return f"step_{known[5:]}"
        if turns(call):
            return f"{self.operand(call.args[0])}_T"
        owner = getattr(call.function, "__self__", None)
        if isinstance(owner, np.ufunc):
            return REDUCED.get(owner, owner.__name__)
        return str(NAMES.get(call.function) or getattr(call.function, "__name__", "x"))

    # Operands.

    def operand(self, x: Any) -> str:
        """An argument of a call."""
        if isinstance(x, Variable):
            if x in self.known and x not in self.names:
                return self.constant(self.known[x], x)
            return self.names[x]
        if isinstance(x, (list, tuple)):
            inside = ", ".join(map(self.operand, x))
            return f"[{inside}]" if isinstance(x, list) else f"({inside},)" if len(x) == 1 else f"({inside})"
        if isinstance(x, slice):
            return f"slice({', '.join(map(self.operand, (x.start, x.stop, x.step)))})"
        if isinstance(x, np.dtype):
            return f"np.{x.name}" if hasattr(np, x.name) else f"np.dtype({x.str!r})"
        if isinstance(x, type):
            return f"np.{np.dtype(x).name}" if issubclass(x, np.generic) else x.__name__
        if isinstance(x, np.generic):
            return self.number(x)
        if isinstance(x, float) and not np.isfinite(x):
            return f"float('{x}')"
        if callable(x) or isinstance(x, np.ndarray):
            return self.object(x)
        return "..." if x is Ellipsis else repr(x)

    def number(self, x: Any) -> str:
        """A number of NumPy's."""
        if x.dtype.kind == "b":
            return f"np.bool_({bool(x)})"
        plain = x.item()
        text = repr(plain) if np.all(np.isfinite(plain)) else f"'{plain}'"
        return f"np.{x.dtype.name}({text})"

    def literal(self, variable: Variable) -> bool:
        """Write a captured array out, if it can never change."""
        x = variable.data
        if not isinstance(x, np.ndarray) or x.base is not None or variable.storage in self.changing:
            return False
        return (name := self.constant(x, variable)) in self.taken and name not in self.fixed

    def constant(self, x: Any, variable: Variable) -> str:
        """An array that is the same in every run: made once."""
        if not isinstance(x, np.ndarray):
            return self.operand(x)
        if not x.ndim and not isinstance(variable.data, np.generic):
            text = f"np.array({x.item()!r}, {self.operand(x.dtype)})"
        elif x.size and np.all(x == x.flat[0]) and np.isfinite(x.flat[0]):
            text = f"np.full({x.shape!r}, {x.flat[0].item()!r}, {self.operand(x.dtype)})"
        elif x.ndim == 1 and x.dtype == np.intp and np.array_equal(x, np.arange(x.size)):
            text = f"np.arange({x.size})"
        elif x.size <= LITERAL and np.all(np.isfinite(x)):
            text = f"np.array({x.tolist()!r}, {self.operand(x.dtype)}).reshape({x.shape!r})"
        else:
            self.hold(variable, self.hint(variable) or "constant")
            return self.names[variable]
        self.still.add(variable)
        if variable.storage not in self.changing and text in self.literals:
            self.names[variable] = self.literals[text]
            return self.literals[text]
        kind = "rows" if text.startswith("np.arange") else "ones" if _is_ones(x) else "constant"
        name = self.bind(variable, self.hint(variable) or kind)
        self.setup.append(f"{name} = {text}")
        self.literals[text] = name
        return name

    def object(self, x: Any) -> str:
        """A function or an object, as an argument of ``prepare``."""
        for name, other in self.fixed.items():
            if other is x:
                return name
        name = self.free(getattr(x, "__name__", "constant"))
        self.fixed[name] = x
        return name

    def function(self, f: Any) -> str:
        """How a function is called."""
        owner: Any = getattr(f, "__self__", None)
        if isinstance(owner, np.ufunc):
            return f"{self.function(owner)}.{f.__name__}"
        name: str = getattr(f, "__name__", "")
        for home, module in HOMES:
            if vars(module).get(name) is f:
                if home == "math":
                    self.imports.add(home)
                return f"{home}.{name}"
        if f in BUILTINS:
            return name
        special = sys.modules.get("scipy.special")
        if isinstance(f, np.ufunc) and special is not None and vars(special).get(name) is f:
            self.imports.add("scipy.special")
            return f"scipy.special.{name}"
        return self.object(f)

    # Lines.

    def arguments(self, call: Call) -> list[str]:
        """The arguments of a call, those by name last."""
        named = [f"{k}={self.operand(x)}" for k, x in call.kwargs.items()]
        return [*map(self.operand, call.args), *named]

    def expression(self, call: Call) -> str:
        """A call whose result is new."""
        f, args = call.function, call.args
        if f is operator.getitem:
            return f"{self.operand(args[0])}[{self.index(args[1])}]"
        if f in INFIX and not call.kwargs:
            a, b = (f"({x})" if x.startswith("-") else x for x in map(self.operand, args))
            return f"{a} {INFIX[f]} {b}"
        if f in PREFIX and not call.kwargs:
            return f"{PREFIX[f]}{self.operand(args[0])}"
        if f is operator.abs:
            return f"abs({self.operand(args[0])})"
        if f in (copy, astype, view, item):
            return f"{self.operand(args[0])}.{f.__name__}({', '.join(map(self.operand, args[1:]))})"
        if turns(call):
            return f"{self.operand(args[0])}.T"
        if f is np.reshape and call.kwargs.get("order", "C") == "C" and len(args) == 2:
            return f"{self.operand(args[0])}.reshape({self.operand(args[1])})"
        return f"{self.function(f)}({', '.join(self.arguments(call))})"

    def index(self, where: Any) -> str:
        """What stands between brackets."""
        if isinstance(where, tuple):
            return ", ".join(map(self.index, where)) + ("," if len(where) == 1 else "") if where else "()"
        if isinstance(where, slice):
            ends = ["" if end is None else self.operand(end) for end in (where.start, where.stop, where.step)]
            return f"{ends[0]}:{ends[1]}" + (f":{ends[2]}" if ends[2] else "")
        return "None" if where is None else self.operand(where)

    def into(self, call: Call, out: str) -> str:
        """A call that writes into ``out``."""
        f = call.function
        if f in FILLS:
            value = call.args[1] if f is np.full else FILLS[f]
            return "" if value is None else f"{out}.fill({self.operand(value)})"
        if f is copy:
            return f"np.copyto({out}, {self.operand(call.args[0])})"
        if f is astype:
            return f"np.copyto({out}, {self.operand(call.args[0])}, casting='unsafe')"
        return f"{self.function(f)}({', '.join([*self.arguments(call), f'out={out}'])})"

    def writing(self, call: Call) -> str:
        """A call that writes into something that was there before."""
        if call.function is operator.setitem:
            target, where, value = call.args
            return f"{self.operand(target)}[{self.index(where)}] = {self.operand(value)}"
        if call.result is None:
            return f"{self.function(call.function)}({', '.join(self.arguments(call))})"
        return (
            f"{self.function(call.function)}({', '.join([*self.arguments(call), f'out={self.operand(call.result)}'])})"
        )

    def guard(self, call: Call) -> str:
        """A line that gives up where the run would have gone another way."""
        check, found, x = call.kwargs["function"], call.kwargs["found"], self.operand(call.args[0])
        if isinstance(check, partial):
            text = f"round({x}, {check.keywords['ndigits']})"
        elif check is bool:
            text = x
        elif check in (int, float):
            text = f"{check.__name__}({x})"
        elif check is operator.index:
            text = x
        else:
            self.helpers[check.__name__] = inspect.getsource(check)
            text = f"{check.__name__}({x})"
        way = "undo()" if self.undone else "None"
        if isinstance(found, bool):
            return f"if {'not ' if found else ''}{text}: return {way}  # as it was recorded"
        return f"if {text} != {self.operand(found)}: return {way}  # as it was recorded"

    def undoing(self) -> list[str]:
        """Lines that keep what is written before the last choice, and a function that puts it back."""
        choices = [i for i, call in enumerate(self.calls) if call.function == "guard"]
        before = self.calls[: choices[-1]] if choices else ()
        changed = {x.storage for call in before if call.writes is not None for x in variables(call.writes)}
        arrays = [x for x in self.names if x.storage in changed & self.outside and x not in self.plan.homes]
        if not arrays:
            return []
        kept = {self.names[x]: self.free(f"{self.names[x]}_before") for x in arrays}
        return [
            *[f"{copy} = {name}.copy()" for name, copy in kept.items()],
            "def undo():",
            *[f"    np.copyto({name}, {copy})" for name, copy in kept.items()],
        ]

    def is_view(self, call: Call) -> bool:
        """Whether a call only looks at something that stays in its place."""
        y = call.result
        static = isinstance(y, Variable) and type(y.data) is np.ndarray and call.writes is None
        inputs = call.inputs
        return static and len(inputs) == 1 and y.storage == inputs[0].storage and inputs[0] in self.still

    def buffer(self, y: Variable, call: Call) -> str:
        """The name of the buffer of a result; its line, once."""
        number = self.plan.homes[y]
        first = self.plan.first[number]
        name = self.name(y, call)
        self.still.add(y)
        if y is not first:
            self.setup.append(f"{name} = {self.names[first]}  # which is no longer needed")
            return name
        shape, dtype, order = self.plan.buffers[number]
        if order == tuple(range(len(shape))):
            self.setup.append(f"{name} = np.empty({shape!r}, {self.operand(dtype)})")
        elif order == tuple(reversed(range(len(shape)))):
            self.setup.append(f"{name} = np.empty({shape[::-1]!r}, {self.operand(dtype)}).T")
        else:
            lengths, back = tuple(shape[axis] for axis in order), tuple(int(i) for i in np.argsort(order))
            self.setup.append(f"{name} = np.empty({lengths!r}, {self.operand(dtype)}).transpose({back!r})")
        return name

    def lines(self) -> list[str]:
        """The body of the program."""
        body = self.undoing()
        phase, pad = "", ""
        for _, group in groupby(self.calls, lambda call: (call.phase, call.quiet)):
            calls = list(group)
            quiet = calls[0].quiet and any(call.function in LOUD for call in calls)
            pad = "    " if quiet else ""
            lines = [pad + line for line in map(self.line, calls) if line]
            if lines and calls[0].phase != phase and any(call.function is not item for call in calls):
                phase = calls[0].phase
                body.append(f"# {phase}")
            body += ['with np.errstate(all="ignore"):', *lines] if lines and quiet else lines
        return body

    def line(self, call: Call) -> str:
        """One line; none for what is done before."""
        if call.function == "guard":
            return self.guard(call)
        if call.writes is not None:
            self.undone = self.undone or any(x.storage in self.outside for x in variables(call.writes))
            return self.writing(call)
        y = call.result
        if isinstance(y, Variable):
            if y in self.known:
                return ""
            if self.is_view(call):
                text = self.expression(call)
                self.setup.append(f"{self.name(y, call)} = {text}")
                self.still.add(y)
                return ""
            if y in self.plan.homes and takes_out(call):
                operands = self.arguments(call)  # constants come first
                del operands
                return self.into(call, self.buffer(y, call))
            text = self.expression(call)
            return f"{self.name(y, call)} = {text}"
        text = self.expression(call)
        parts = [self.name(part, call) for part in variables(y)]
        return f"{', '.join(parts)} = {text}"


def turns(call: Call) -> bool:
    """Whether a call reverses the axes."""
    if call.function is np.swapaxes:
        a, b = [*call.args, *call.kwargs.values()][1:]
        return call.args[0].data.ndim == 2 and (a - b) % 2 == 1
    return call.function is np.transpose and len(call.args) == 1 and not call.kwargs


def _is_ones(x: Any) -> bool:
    return bool(np.all(x == 1))


def written_out(writer: Writer, name: str, given: Sequence[str], results: Sequence[Any], about: str) -> str:
    """The whole source."""
    body = writer.lines()
    returned = ", ".join(map(writer.operand, results))
    inner = [f"def {name}({', '.join(given)}):", *(f"    {line}" for line in body)]
    inner.append(f"    return ({returned}{',' if len(results) == 1 else ''})")
    imports = [f"import {package}" for package in sorted(writer.imports)]
    helpers = [line for text in writer.helpers.values() for line in ["", "", *text.rstrip().splitlines()]]
    if helpers:
        imports.insert(0, "import cmath")
    head = [f'"""{about}"""', "", *imports[:1], "import numpy as np", *imports[1:], *helpers, "", ""]
    if not writer.setup and not writer.fixed:
        return "\n".join([*head, *inner, ""])
    made = [f"    {line}" for line in writer.setup]
    nested = [f"    {line}" for line in inner]
    opening = f"def prepare({', '.join(writer.fixed)}):"
    return "\n".join([*head, opening, *made, *([""] if made else []), *nested, "", f"    return {name}", ""])
