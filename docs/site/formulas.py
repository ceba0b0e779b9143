"""Formulas, typeset while the site is built, so that a page needs no program and no network to show them.

KaTeX does it if ``make katex`` has fetched it and node is there: then a formula that cannot be typeset is a warning,
and so stops a strict build. Else docutils writes MathML, which browsers typeset; it knows less, and what it does not
know is shown as it was typed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
KATEX = Path(__file__).resolve().parents[2] / ".katex" / "node_modules" / "katex"
PROGRAM = """
const katex = require(process.argv[1]);
require('readline').createInterface({input: process.stdin}).on('line', line => {
    const {tex, display} = JSON.parse(line);
    let answer;
    try { answer = {html: katex.renderToString(tex, {displayMode: display, throwOnError: true, strict: 'ignore'})}; }
    catch (error) { answer = {error: String(error)}; }
    console.log(JSON.stringify(answer));
});
"""
_typesetters: dict[int, subprocess.Popen[str]] = {}
"""A running KaTeX for each process that writes pages."""


def has_katex() -> bool:
    """Whether KaTeX can be run."""
    return KATEX.exists() and shutil.which("node") is not None


def typeset(tex: str, display: bool) -> str:
    """A formula as HTML or MathML.

    Raises:
        MathError: it is not a formula.
    """
    if not has_katex():
        return str(tex2mathml(tex, as_block=display))
    katex = _typesetters.get(os.getpid())
    if katex is None:
        command = ["node", "-e", PROGRAM, str(KATEX)]
        katex = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        _typesetters[os.getpid()] = katex
    assert katex.stdin is not None
    assert katex.stdout is not None
    katex.stdin.write(json.dumps({"tex": tex, "display": display}) + "\n")
    katex.stdin.flush()
    answer = json.loads(katex.stdout.readline())
    if "error" in answer:
        raise MathError(answer["error"])
    return str(answer["html"])


def close() -> None:
    """End the KaTeX of this process."""
    if katex := _typesetters.pop(os.getpid(), None):
        katex.communicate()


def _written(node: nodes.Element, display: bool) -> str:
    try:
        return typeset(node.astext(), display)
    except MathError as error:
        tell = logger.warning if has_katex() else logger.info
        tell("a formula cannot be typeset: %s\n%s", error, node.astext(), location=node)
        return f"<code>{node.astext()}</code>"


def inline(writer: Any, node: nodes.math) -> NoReturn:
    """Write a formula within a line."""
    writer.body.append(f'<span class="formula">{_written(node, display=False)}</span>')
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> NoReturn:
    """Write a formula on a line of its own."""
    writer.body.append(f'<div class="formula">{_written(node, display=True)}</div>')
    raise nodes.SkipNode


def bring_fonts(app: Sphinx, error: Exception | None) -> None:
    """Copy KaTeX's style sheet and fonts beside the pages."""
    close()
    if error is None and has_katex():
        to = Path(app.outdir) / "_static" / "katex"
        shutil.copytree(
            KATEX / "dist" / "fonts", to / "fonts", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.ttf", "*.woff")
        )
        shutil.copy(KATEX / "dist" / "katex.min.css", to / "katex.min.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_html_math_renderer("typeset", (inline, None), (block, None))
    app.connect("build-finished", bring_fonts)
    if has_katex():
        app.add_css_file("katex/katex.min.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
