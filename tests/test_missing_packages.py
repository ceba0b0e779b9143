"""Packages that are optional, or lost: whatever needs one says which, and the line that installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLOTS, SCIPY = 'pip install "chainrule[plots]"', 'pip install "chainrule[scipy]"'

CASES = [
    ("matplotlib", "viz.plot_loss([1.0])", PLOTS),
    ("matplotlib", "viz.plot_history({'loss': [1.0]})", PLOTS),
    ("matplotlib", "viz.plot_function(np.tanh)", PLOTS),
    ("matplotlib", "viz.plot_boundary(net, X, y)", PLOTS),
    ("matplotlib", "viz.animate_boundary(history, net, X, y, 'a.gif')", PLOTS),
    ("matplotlib", "viz.plot_histograms(history)", PLOTS),
    ("matplotlib", "viz.plot_gradient_flow(history)", PLOTS),
    ("matplotlib", "viz.plot_updates(history)", PLOTS),
    ("scipy", "import autograd.scipy.special", SCIPY),
    ("scipy", "import autograd.scipy.stats", SCIPY),
    ("scipy", "import autograd.scipy.signal", SCIPY),
    ("scipy", "from autograd.scipy.integrate import odeint", SCIPY),
    ("tqdm", "nn.training.progress.Progress(True, 1, 0, 1)", 'pip install "tqdm"'),
    ("safetensors", "nn.save(net, 'a.safetensors')", 'pip install "safetensors"'),
    ("safetensors", "nn.saving.format.from_bytes(b'', 'a.safetensors')", 'pip install "safetensors"'),
    ("graphviz", "viz.draw_dot(Value(1.0)).pipe('svg')", "pip install graphviz"),
]

PROGRAM = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocked())
import numpy as np
import autograd, nn, viz
from autograd import Value
net, X, y = nn.Sequential(nn.Linear(2, 2)), np.eye(2), np.array([0, 1])
optimizer = nn.SGD(net.parameters(), lr=0.1)
history = nn.fit(net, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=1, callbacks=[nn.Snapshots()], progress=False)
try:
    {line}
except autograd.ChainruleError as error:
    print(error)
"""


@pytest.mark.parametrize(("package", "line", "install"), CASES, ids=[line for _, line, _ in CASES])
def test_the_error_names_the_line_that_installs_it(package, line, install, tmp_path):
    program = PROGRAM.format(package=package, line=line)
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=path, cwd=tmp_path)
    assert done.stdout, done.stderr
    did, expected, got, cure = done.stdout.splitlines()
    assert did
    assert expected.startswith("  expected: ")
    assert package in expected.lower()
    assert got == "  got:      none"
    assert cure == f"  cure:     {install}"
