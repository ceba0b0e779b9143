"""The floors of the house: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ("autograd", "nn", "viz")
FILES = sorted(path for package in HOUSE for path in (ROOT / package).rglob("*.py"))
NAMES = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES}
MODULES = set(NAMES.values())


class Import(NamedTuple):
    """One imported name: the module it comes from, and whether it is imported when the file is."""

    module: str
    name: str
    eager: bool
    line: int


def imports(path: Path) -> Iterator[Import]:
    """Everything that a file imports, with relative names spelled out."""
    tree = ast.parse(path.read_text())
    lazy = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or is_type_checking(node)
        for inner in ast.walk(node)
    }
    package = NAMES[path].split(".") if path.name == "__init__.py" else NAMES[path].split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", node not in lazy, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(module, alias.name, node not in lazy, node.lineno)


def is_type_checking(node: ast.AST) -> bool:
    """``if TYPE_CHECKING:``, whose imports never run."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def target(found: Import) -> str:
    """The module that an import loads: ``from package import module`` loads the module."""
    full = f"{found.module}.{found.name}"
    return full if full in MODULES else found.module


def top(module: str) -> str:
    """The package of a module."""
    return module.split(".")[0]


every_file = pytest.mark.parametrize("path", FILES, ids=NAMES.values())


def test_there_are_files() -> None:
    assert {top(name) for name in MODULES} == set(HOUSE)


@every_file
def test_no_star_imports(path: Path) -> None:
    assert [found.line for found in imports(path) if found.name == "*"] == []


@pytest.mark.parametrize("name", ["graph", "errors", "watching"])
def test_ground_floor_stands_on_the_standard_library(name: str) -> None:
    outside = {
        target(found)
        for found in imports(ROOT / "autograd" / f"{name}.py")
        if top(found.module) not in sys.stdlib_module_names
    }
    assert outside <= {"autograd", "autograd.errors", "autograd.watching"}


RULES = {path: name for path, name in NAMES.items() if name.startswith("autograd.rules")}


@pytest.mark.parametrize("path", RULES, ids=RULES.values())
def test_rules_do_not_know_who_runs_them(path: Path) -> None:
    for found in imports(path):
        allowed = target(found).startswith(("autograd.graph", "autograd.errors", "autograd.rules", "numpy"))
        assert allowed or top(found.module) in sys.stdlib_module_names, f"line {found.line} imports {target(found)}"


FORBIDDEN = {"autograd": {"nn", "viz"}, "nn": {"viz"}, "viz": {"nn"}}


@every_file
def test_no_floor_reaches_up_or_across(path: Path) -> None:
    for found in imports(path):
        assert top(found.module) not in FORBIDDEN[top(NAMES[path])], f"line {found.line} imports {found.module}"


def test_other_peoples_packages_are_lazy_and_have_one_owner() -> None:
    owners: dict[str, set[str]] = {}
    for path in FILES:
        for found in imports(path):
            package = top(found.module)
            if package in sys.stdlib_module_names or package in (*HOUSE, "numpy"):
                continue
            assert not found.eager, (
                f"{NAMES[path]}, line {found.line}: import {package} inside the function that needs it"
            )
            owners.setdefault(package, set()).add(NAMES[path])
    assert {package: files for package, files in owners.items() if len(files) > 1} == {}


def test_no_cycles() -> None:
    needs = {
        NAMES[path]: {target(found) for found in imports(path) if found.eager and target(found) in MODULES}
        - {NAMES[path]}
        for path in FILES
    }
    # a package that only gathers its own modules is not a cycle: its modules name each other, not the package
    while free := {name for name, needed in needs.items() if not needed & needs.keys()}:
        needs = {name: needed for name, needed in needs.items() if name not in free}
    assert needs == {}


HEAVY = ["dask", "graphviz", "matplotlib", "mpi4py", "onnx", "safetensors", "scipy", "sympy", "torch", "tqdm"]


def test_import_is_light() -> None:
    program = f"import sys, autograd, nn, viz; print(*[name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


@pytest.mark.parametrize(("package", "alone"), [("autograd", ["nn", "viz"]), ("nn", ["viz"]), ("viz", ["nn"])])
def test_packages_load_without_each_other(package: str, alone: list[str]) -> None:
    program = f"import sys, {package}; print(*[name for name in {alone} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []
