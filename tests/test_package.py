"""What people install: the wheel and the source distribution, each in an environment of its own."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import autograd

ROOT = Path(__file__).parents[1]
HOUSE = ("autograd", "nn", "viz")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STAYS = (".ci/", ".github/", ".gitignore")
"""What is tracked and not shipped: it serves the place where the project is kept."""

NO_INDEX = ("No matching distribution found", "connection", "Could not fetch")
"""How pip says that there is no package index within reach."""

pytest.importorskip("pip", reason="the environment has no pip")


def run(*command: object, cwd: Path | None = None) -> str:
    """What a program prints; the checkout is not on its path."""
    clean = {name: x for name, x in os.environ.items() if not name.startswith("PYTHON")} | {"PYTHONUTF8": "1"}
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env=clean, cwd=cwd, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def pip(*arguments: object) -> None:
    """Run pip of this environment, for whichever environment is named."""
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution, built from the checkout."""
    folder = tmp_path_factory.mktemp("package")
    try:
        pip("install", "--quiet", "--target", folder / "tools", "hatchling>=1.25")
    except RuntimeError as error:
        if any(words in str(error) for words in NO_INDEX):
            pytest.skip(f"no package index can be reached: {str(error).splitlines()[-1]}")
        raise
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(
        build, check=True, cwd=ROOT, capture_output=True, env=os.environ | {"PYTHONPATH": str(folder / "tools")}
    )
    return folder


def shipped(package: str) -> set[str]:
    """The files of a package in the checkout."""
    found = [path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(ROOT).as_posix() for path in found}


def test_the_wheel_holds_the_three_packages_with_their_data(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        licenses = [name.partition("/licenses/")[2] for name in wheel.namelist() if "/licenses/" in name]
    assert names == set.union(*map(shipped, HOUSE))
    assert {"nn/datasets/digits.npz", "nn/datasets/iris.csv", "viz/page/step.html", "viz/page/dashboard.js"} <= names
    assert {f"{package}/py.typed" for package in HOUSE} <= names
    assert sorted(licenses) == sorted(PROJECT["license-files"])


def test_the_source_distribution_holds_all_that_the_tests_need(built: Path) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout: what is tracked is not known")
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()} - {"PKG-INFO"}
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split(
        "\n"
    )
    wanted = {name for name in tracked if name and not name.startswith(STAYS) and (ROOT / name).exists()}
    assert wanted - names == set(), "add them to [tool.hatch.build.targets.sdist] in pyproject.toml"


TRY = """
import numpy as np
import autograd, nn, viz
from autograd import Value

assert "site-packages" in autograd.__file__, autograd.__file__
x = Value(3.0, label="x")
y = x * x + x
y.backward()
assert x.grad == 7.0
assert "<svg" in viz.draw_graph(y).to_svg()
assert "<svg" in viz.step_through(y).html
assert "= 7" in str(viz.explain(y, x))
nn.manual_seed(0)
X, labels = nn.datasets.load_digits()
model = nn.MLP(64, 16, 10)
optimizer = nn.SGD(model.parameters(), lr=0.5)
losses = []
for step in range(20):
    loss = nn.cross_entropy(model(X.reshape(len(X), -1)), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
assert losses[-1] < 0.8 * losses[0], losses
nn.save(model, "model.safetensors")
nn.load("model.safetensors", nn.MLP(64, 16, 10))
try:
    viz.plot_loss(losses)
except autograd.ChainruleError as error:
    print(error)
"""


def test_both_work_where_nothing_else_is_installed(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = ["--python", python, "install", "--quiet", "--no-compile"]
    pip(*install, next(built.glob("*.whl")))
    check_installed(python, tmp_path)
    pip("--python", python, "uninstall", "--quiet", "--yes", PROJECT["name"])
    pip(*install, next(built.glob("*.tar.gz")))
    check_installed(python, tmp_path)


def check_installed(python: Path, folder: Path) -> None:
    """It draws, explains and trains, and all its files are there."""
    assert 'cure:     pip install "chainrule[plots]"' in run(python, "-W", "error", "-c", TRY, cwd=folder)
    assert "out = tanh(w*x) = -0.964028" in run(python, "-m", "viz", "tanh(w*x)", "w=2", "x=-1", cwd=folder)
    about = run(python, "-m", "autograd", cwd=folder)
    assert about.startswith(f"chainrule {autograd.__version__} in {folder}")
    assert "plots: matplotlib –" in about
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", where).strip())
    assert [name for package in HOUSE for name in shipped(package) if not (site / name).is_file()] == []


def test_extras_are_what_the_project_says(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        text = wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA"))).decode()
    told = Parser().parsestr(text)
    requirements = [Requirement(line) for line in told.get_all("Requires-Dist", [])]
    assert {r.name for r in requirements if r.marker is None} == {
        Requirement(line).name for line in PROJECT["dependencies"]
    }
    assert set(told.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    for extra in PROJECT["optional-dependencies"]:
        brings = {r.name for r in requirements if r.marker and r.marker.evaluate({"extra": extra})}
        assert brings == set(asked_by(extra))
    assert told["Requires-Python"] == PROJECT["requires-python"]


def asked_by(extra: str) -> Iterator[str]:
    """The packages of an extra, with those of the extras that it names."""
    for requirement in map(Requirement, PROJECT["optional-dependencies"][extra]):
        if requirement.name == PROJECT["name"]:
            for other in requirement.extras:
                yield from asked_by(other)
        else:
            yield requirement.name


COMES_ALONG = {"IPython": "ipykernel", "cupy": "cupy-cuda12x"}
"""What is imported under another name than that of the package which brings it."""


def test_every_package_that_is_imported_is_asked_for() -> None:
    asked = {Requirement(line).name for line in PROJECT["dependencies"]}
    asked |= {name for extra in PROJECT["optional-dependencies"] if extra != "dev" for name in asked_by(extra)}
    files = [path for folder in (*HOUSE, "examples") for path in (ROOT / folder).rglob("*.py")]
    found = {name for path in files for name in imported(path)} - {*HOUSE, "", "examples", *sys.stdlib_module_names}
    assert {"matplotlib", "scipy", "safetensors", "tqdm", "graphviz", "xgboost", "IPython"} <= found
    assert {COMES_ALONG.get(name, name) for name in found} - asked == set()


def imported(path: Path) -> Iterator[str]:
    """The top packages that a file imports, by statement or by ``import_module``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]
            case ast.Call(func=ast.Name(id="import_module"), args=[name, *_]):
                start = name.values[0] if isinstance(name, ast.JoinedStr) else name
                yield str(start.value).split(".")[0] if isinstance(start, ast.Constant) else ""
