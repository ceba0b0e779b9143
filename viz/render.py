"""DOT to SVG and PNG: the one file that knows Graphviz.

The renderer is an executable: the one in the package ``graphviz-pure``, which pip installs with us, or
else ``dot`` on the PATH. The DOT program goes in on one end and the picture comes out on the other;
nothing is written to disk and nothing global is changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from autograd.errors import ChainruleError, message

from .colours import themed

INSTALL = "pip install graphviz-pure"
PURE_FORMATS = frozenset({"svg", "png", "jpg", "jpeg", "dot", "gv", "json", "plain", "xdot"})
"""What graphviz-pure writes; for anything else ``dot`` is needed."""

SOURCES = frozenset({"dot", "gv"})
"""Formats that ``save`` writes as the DOT source, without a layout."""

TIMEOUT = 20.0
"""Seconds after which a layout is given up."""


SMALL_PNG = 96
"""Dots an inch of the PNG in a notebook: it is a way out, and stays in the notebook's file."""

FEW = 150
"""A ``Digraph`` of up to so many statements, nodes and edges, is shown as PNG too."""


class RenderError(ChainruleError, RuntimeError):
    """A picture could not be drawn: no renderer, or one that failed."""


def renderers(format: str = "svg") -> list[str]:
    """The executables that can write ``format``, the best first."""
    found = [_pure() if format in PURE_FORMATS else None, shutil.which("dot")]
    return [executable for executable in found if executable]


@cache
def _pure() -> str | None:
    """The executable that the package ``graphviz-pure`` brought along."""
    from importlib import metadata  # here, since it takes long to import and is rarely needed

    try:
        files = metadata.files("graphviz-pure") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if path.stem == "graphviz-pure" and path.suffix in ("", ".exe") and path.exists():
            return str(path.resolve())
    return shutil.which("graphviz-pure", path=sysconfig.get_path("scripts")) or shutil.which("graphviz-pure")


class SlowError(RenderError):
    """A layout that took longer than anybody waits."""


def render(
    dot: str,
    format: str = "svg",
    *,
    engine: str = "dot",
    timeout: float | None = None,
    theme: str = "auto",
    dpi: int = 144,
) -> bytes:
    """The DOT program ``dot`` as a picture.

    Args:
        dot: the program.
        format: ``svg``, ``png``, ``dot``, ``json``; ``pdf`` and others if ``dot`` is on the PATH.
        engine: the layout algorithm.
        timeout: seconds after which to give up, all renderers together; 20 if not given.
        theme: ``auto`` puts the colours for dark pages into an SVG.
        dpi: dots an inch of a PNG; 144 keep small letters sharp.

    Returns:
        The bytes of the picture.

    Raises:
        SlowError: the layout took too long.
        RenderError: there is no renderer for the format, or none that managed.
    """
    failures = []
    timeout = TIMEOUT if timeout is None else timeout
    end = monotonic() + timeout
    for executable in renderers(format):
        command = [
            executable,
            f"-K{engine}",
            f"-T{format}",
            *([f"-Gdpi={dpi}"] if format in ("png", "jpg", "jpeg") else []),
        ]
        try:
            left = max(end - monotonic(), 0.1)
            done = subprocess.run(command, input=dot.encode(), capture_output=True, timeout=left, check=False)
        except subprocess.TimeoutExpired:
            raise SlowError(_slow(format, f"{Path(executable).name} took longer than {timeout:g} s")) from None
        except OSError as error:
            failures.append(f"{Path(executable).name}: {error}")
            continue
        if done.returncode == 0 and done.stdout:
            return themed(done.stdout.decode(), theme).encode() if format == "svg" else done.stdout
        failures.append(f"{Path(executable).name}: {done.stderr.decode(errors='replace').strip()[:300]}")
    raise RenderError(_why(format, failures))


def _slow(format: str, got: str) -> str:
    cure = "draw_graph(root, max_nodes=150) folds a large graph"
    return message(f"drawing a picture as {format}", "a picture from the renderer", got, cure)


def _why(format: str, failures: list[str]) -> str:
    did = f"drawing a picture as {format}"
    if failures:
        cure = "view.save('graph.dot') to look at the DOT"
        return message(did, "a picture from the renderer", "; ".join(failures), cure)
    if format in PURE_FORMATS:
        return message(did, "graphviz-pure, or dot on the PATH", "neither", INSTALL)
    cure = "save it as .svg or .png, or install Graphviz from https://graphviz.org/download"
    return message(did, f"dot on the PATH, which alone can write {format}", "no dot", cure)


def shown(draw: Callable[[], str], small: str, words: str) -> dict[str, Any]:
    """What a notebook is handed: SVG, PNG where it is small, and words; only words where nothing can be drawn.

    Args:
        draw: makes the SVG.
        small: the DOT program of a small picture, or ``""``.
        words: the text.
    """
    try:
        picture: dict[str, Any] = {"image/svg+xml": draw()}
        if small:
            picture["image/png"] = render(small, "png", dpi=SMALL_PNG)
        return {**picture, "text/plain": words}
    except Exception as error:  # a notebook must show something, whatever is wrong
        return {"text/plain": f"{words}\n\n(no picture: {' '.join(str(error).split())})"}


def digraph(body: list[str], format: str, words: str) -> Any:
    """A ``graphviz.Digraph`` with these statements, which needs no ``dot``.

    Args:
        body: the statements.
        format: what ``render`` writes.
        words: what a notebook shows beside the picture, and without a renderer instead of it.

    Raises:
        RenderError: the package ``graphviz`` is not installed.
    """
    try:
        graphviz = import_module("graphviz")
    except ImportError as error:
        raise RenderError(message("draw_dot(...)", "the package graphviz", "none", "pip install graphviz")) from error
    made = _digraph_class(graphviz)(name="chainrule", format=format, body=[f"{line}\n" for line in body])
    made.words = words
    return made


@cache
def _digraph_class(graphviz: Any) -> Any:
    class Digraph(graphviz.Digraph):  # type: ignore[misc]  # the base is only known when it is imported
        """A ``graphviz.Digraph`` whose ``pipe``, ``render`` and ``save`` go through our renderer."""

        words = ""

        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
            """What a notebook shows: the picture, or in words what is missing. It never raises."""
            return shown(lambda: self.pipe("svg").decode(), self.source if len(self.body) <= FEW else "", self.words)

        def save(self, filename: Any = None, directory: Any = None, **options: Any) -> str:
            """Save what the suffix says, such as ``.svg`` or ``.png``; the DOT source if it names no picture."""
            format = Path(filename or self.filename).suffix[1:].lower()
            if format in SOURCES or format not in graphviz.FORMATS:
                return str(super().save(filename, directory=directory, **options))
            path = Path(directory or self.directory or "", filename or self.filename)
            drawn = self.pipe(format)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn)
            return str(path)

        def pipe(
            self,
            format: str | None = None,
            *args: Any,
            engine: str | None = None,
            encoding: str | None = None,
            **_: Any,
        ) -> Any:
            """The picture as bytes, or as a string if ``encoding`` is given."""
            drawn = render(self.source, format or self.format, engine=engine or self.engine)
            return drawn.decode(encoding) if encoding else drawn

        def render(
            self, filename: Any = None, directory: Any = None, view: bool = False, cleanup: bool = False,
            format: str | None = None, *args: Any, outfile: Any = None, engine: str | None = None, **_: Any,
        ) -> str:  # fmt: skip
            """Save the DOT source and beside it the picture; return the picture's path."""
            if outfile is not None:
                format = format or Path(outfile).suffix[1:]
                filename = filename or Path(outfile).with_suffix(".gv")
            source = Path(super().save(filename, directory=directory))
            format = format or self.format
            path = Path(outfile) if outfile is not None else source.with_name(f"{source.name}.{format}")
            path.write_bytes(self.pipe(format, engine=engine))
            if cleanup:
                source.unlink()
            if view:
                graphviz.view(str(path))
            return str(path)

    return Digraph
