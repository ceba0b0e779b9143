"""The LaTeX of derivations, typeset by KaTeX: no error anywhere, and nothing KaTeX has to guess."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value

from .graphs import diamond, named, network, neuron
from .test_draw import HOSTILE
from .test_formats import EVIL

ROOT = Path(__file__).parents[2]
KATEX = Path(os.environ.get("CHAINRULE_KATEX", ROOT / ".katex")) / "node_modules" / "katex"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not KATEX.exists(), reason="KaTeX is not installed (make katex)"
)

PROGRAM = """
const katex = require(process.argv[1]);
const found = [];
for (const tex of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    try {
        katex.renderToString(tex, {displayMode: true, throwOnError: true, strict: 'error', trust: false});
        found.push('');
    } catch (error) { found.push(String(error)); }
}
console.log(JSON.stringify(found));
"""


def errors(formulas):
    """What KaTeX says against each formula; ``""`` if nothing."""
    done = subprocess.run(
        ["node", "-e", PROGRAM, str(KATEX)], input=json.dumps(formulas), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def derivations():
    """Derivations of every style, of numbers and arrays, small and large."""
    o, leaves = neuron()
    loss, given = network()
    z = Tensor(np.arange(6.0).reshape(2, 3), name="z_1")
    ce = named(nn.cross_entropy(z, np.array([0, 2])), "L")
    x = y = Value(0.5, label="x")
    for _ in range(60):
        y = y * 0.5 + y.tanh() * 0.4
    dead = Value(-1.0, label="π")
    pairs = [
        (diamond()[0], None, {}), (o, leaves["w1"], {}), (loss, given["W"], {"names": given}), (ce, z, {}), (y, x, {}),
        (named(dead.relu() * 3 + abs(dead), "y_relu"), dead, {}),
    ]  # fmt: skip
    pairs[0] = (*diamond(), {})
    for output, wrt, options in pairs:
        for style in ("sum", "paths", "table", "formula", "program"):
            index = (0, 1) if np.ndim(wrt.data) and style == "sum" else None
            yield viz.explain(output, wrt, style=style, index=index, **options)


def formulas(derivation):
    """All LaTeX of a derivation: by itself, and between the dollars of its Markdown."""
    markdown = re.sub(r"\\\$", "", derivation.to_markdown())
    markdown = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    blocks = re.findall(r"\$\$(.*?)\$\$", markdown, re.DOTALL)
    spans = re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", re.sub(r"\$\$.*?\$\$", "", markdown, flags=re.DOTALL))
    return [derivation.to_latex(), *blocks, *spans]


def test_every_style_is_typeset():
    written = [formula for derivation in derivations() for formula in formulas(derivation)]
    assert len(written) > 100
    assert [(e, f) for e, f in zip(errors(written), written, strict=True) if e] == []


def test_hostile_names_are_typeset():
    written = []
    for name in [*HOSTILE, *EVIL]:
        if name.isascii():  # letters of other scripts are the font's business
            a = Value(2.0, label=name)
            for style in ("sum", "paths", "table", "program"):
                written.append(viz.explain((a * a).tanh(), a, style=style).to_latex())
    assert [(e, f) for e, f in zip(errors(written), written, strict=True) if e] == []


def test_the_checker_finds_errors():
    assert errors([r"\frac{1}{2}", r"\frac{1}{", r"\nosuchmacro"])[0] == ""
    assert all(errors([r"\frac{1}{", r"\nosuchmacro", "x_1_2"]))
