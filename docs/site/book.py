"""The book: each test in ``tests/derivations/`` as a chapter, its docstring as text, its body as numbers."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from . import typeset
from .layout import ROOT, home

DERIVATIONS = ROOT / "tests" / "derivations"

ABOUT = """# The book of derivations

How the derivatives come about, on paper: from the product of two numbers to the gradient of a whole network. Each
chapter is a test of this project. Its text is the test's docstring; its numbers are the test's body, and are computed
and compared at every change. So what is written here is true of the engine, to the digits that are given.

"""


def chapters() -> list[Path]:
    """The derivations in reading order."""
    return sorted(DERIVATIONS.glob("test_*.py"))


def title(path: Path) -> str:
    """The first line of a derivation."""
    return _doc(path).partition("\n")[0].rstrip(".")


def _doc(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def text(doc: str) -> Iterator[str]:
    """The paragraphs and formulas of a docstring in Markdown."""
    for part in re.split(r"\n{2,}(?=\S)|(?<=\S)\n{2,}(?=    )", doc):
        if part.startswith("    "):
            for piece in re.split(r"\n{2,}", textwrap.dedent(part)):
                yield f"$$\n{typeset.block(piece)}\n$$"
        else:
            yield re.sub(r"([*_$<\\])", r"\\\1", part)


def in_numbers(path: Path) -> Iterator[str]:
    """The body of a derivation: what it needs, then each of its tests under its name."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    before: list[str] = []
    for part in tree.body[1:]:
        start = min([part.lineno, *(d.lineno for d in getattr(part, "decorator_list", []))])
        code = "\n".join(lines[start - 1 : part.end_lineno])
        if isinstance(part, ast.FunctionDef) and part.name.startswith("test_"):
            if before:
                yield f"```python\n{_joined(before)}\n```"
                before = []
            caption = part.name.removeprefix("test_").replace("_", " ").capitalize()
            yield f"**{caption}.**"
            plain = not part.args.args and not part.decorator_list
            body = "\n".join(lines[part.body[0].lineno - 1 : part.end_lineno])
            yield f"```python\n{textwrap.dedent(body) if plain else code}\n```"
        else:
            before.append(code)


def _joined(parts: list[str]) -> str:
    """Statements below each other, definitions apart."""
    text = "\n".join(part if "\n" not in part else f"\n{part}\n" for part in parts)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def chapter(path: Path) -> str:
    """One derivation in Markdown."""
    doc = _doc(path).partition("\n")[2].strip("\n")
    run = f"*These lines are* `{path.relative_to(ROOT).as_posix()}`*: they run at every change.*"
    return "\n\n".join([f"# {title(path)}", *text(doc), "## In numbers", *in_numbers(path), run]) + "\n"


def pages() -> dict[str, str]:
    """The chapters and the page that lists them."""
    places = {path: home(path.relative_to(ROOT).as_posix()) for path in chapters()}
    contents = "".join(f"1. [{title(path)}]({Path(place).name})\n" for path, place in places.items())
    return {"book/index.md": ABOUT + contents, **{place: chapter(path) for path, place in places.items()}}
