"""``python -m viz``: what it prints and saves, what it refuses, and that the page about it is true."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import autograd.__main__
import viz.__main__
from autograd import Value
from viz import draw_graph, explain, step_through
from viz.__main__ import main
from viz.expression import FUNCTIONS

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
NEURON = ["tanh(w*x + b)", "w=2", "x=-1", "b=0.5"]
MAINS = {"viz": viz.__main__.main, "autograd": autograd.__main__.main}


@pytest.fixture
def neuron():
    w, x, b = Value(2.0, label="w"), Value(-1.0, label="x"), Value(0.5, label="b")
    y = (w * x + b).tanh()
    y.backward()
    return y, w, x, b


def test_it_prints_value_graph_and_every_gradient(neuron, capsys):
    assert main(NEURON) == 0
    y, *leaves = neuron
    parts = ["out = tanh(w*x + b) = -0.905148", draw_graph(y), *[explain(y, leaf) for leaf in leaves]]
    assert capsys.readouterr().out == "\n\n".join(map(str, parts)) + "\n"


def test_wrt_style_and_step(neuron, capsys):
    assert main([*NEURON, "--wrt", "x", "--style", "formula", "--step"]) == 0
    y, _, x, _ = neuron
    _, _, rest = capsys.readouterr().out.partition("out = tanh(v2)")
    rest = rest.partition("\n\n")[2]
    assert rest == f"{explain(y, x, style='formula')}\n\n{step_through(y)}\n"


def test_pictures_and_pages_are_saved(tmp_path, monkeypatch, capsys, neuron):
    monkeypatch.chdir(tmp_path)
    assert main([*NEURON, "--svg", "graph.svg", "--html", "steps.html"]) == 0
    assert capsys.readouterr().out.endswith("\nsaved graph.svg\n\nsaved steps.html\n")
    assert Path("graph.svg").read_text(encoding="utf-8") == draw_graph(neuron[0]).to_svg()
    assert Path("steps.html").read_text(encoding="utf-8") == step_through(neuron[0]).html
    assert main([*NEURON, "--svg", "graph.png"]) == 0
    assert Path("graph.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["-x**2", "-(x)", "- x"])
def test_an_expression_may_begin_with_a_minus(text, capsys):
    assert main([text, "x=-2"]) == 0
    assert capsys.readouterr().out.startswith(f"out = {text} = ")


def test_numbers_may_be_expressions(capsys):
    assert main(["sin(t)", "t=pi/6"]) == 0
    assert "out = sin(t) = 0.5" in capsys.readouterr().out


def test_names_of_ours_are_free_for_the_user(capsys):
    assert main(["out*v1 + +v1", "out=3", "v1=2"]) == 0
    assert "= 8" in capsys.readouterr().out.splitlines()[0]


def test_without_arguments_it_says_how_to_use_it(capsys):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert viz.__main__.EXAMPLE in printed
    assert "--html FILE" in printed


def test_functions_are_listed(capsys):
    assert main(["--functions"]) == 0
    assert capsys.readouterr().out.split() == list(FUNCTIONS)


REFUSED = [
    (["x*y", "x=1"], "none for y", "y=1.5"),
    (["foo(x)", "x=1"], "foo(...)", "floor(...)"),
    (["1/x", "x=0"], "float division by zero", "other numbers"),
    (["sqrt(x)", "x=0"], "through sqrt", "numbers a little beside these"),
    (["log(x)", "x=-1"], "math domain error", "other numbers"),
    (["2x", "x=1"], "at column 1", "2*x for a product"),
    (["2 + 3"], "numbers alone", viz.__main__.EXAMPLE),
    (["x", "x=1", "y=2"], "'y=2'", "x=1.5"),
    (["x", "x=1", "x=2"], "x twice", "x=1.5"),
    (["x", "x"], "'x'", "x=1.5"),
    (["x", "x=z"], "the name z", "x=1.5"),
    (["x", "x="], "invalid syntax", "2*x for a product"),
    (["pi*x", "pi=3", "x=1"], "'pi=3'", "x=1.5"),
    (["x", "x=1", "--wrt", "y"], "'y'", "--wrt x"),
    (["x", "x=1", "--svg", "a.gif"], "'a.gif'", "--svg a.svg"),
    (["x", "x=1", "--html", "a.svg"], "'a.svg'", "--html a.html"),
    (["x", "x=1", "--svg", "nowhere/a.svg"], "No such file or directory", "--svg a.svg"),
    (["x", "x=1", "--html", "nowhere/a.html"], "No such file or directory", "--html a.html"),
]


@pytest.mark.parametrize(("argv", "got", "cure"), REFUSED, ids=lambda x: " ".join(x) if isinstance(x, list) else "")
def test_errors_have_four_parts_and_the_status_is_2(argv, got, cure, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    did, expected, came, *rest = capsys.readouterr().err.splitlines()
    assert did
    assert expected.startswith("  expected: ")
    assert came.startswith("  got:      ")
    assert got in came
    assert rest[0].startswith("  cure:     ")
    assert cure in rest[0]
    assert list(tmp_path.iterdir()) == []


def test_unknown_options_are_refused(capsys):
    with pytest.raises(SystemExit) as raised:
        main(["x", "x=1", "--colour"])
    assert raised.value.code == 2
    assert "--colour" in capsys.readouterr().err


def test_as_a_program_of_its_own_in_a_terminal_without_unicode():
    command = [sys.executable, "-m", "viz", *NEURON]
    done = subprocess.run(
        command, capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"}, cwd=PAGE.parents[1]
    )
    assert b"out = tanh(w*x + b) = -0.905148" in done.stdout
    assert b"?out/?w" in done.stdout


COMMANDS = re.findall(r"```console\n\$ python -m (.*)\n((?s:.*?))```", PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_the_page_shows_what_is_printed(command, shown, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    package, *argv = shlex.split(command)
    MAINS[package](argv)
    printed = capsys.readouterr()
    assert doctest.OutputChecker().check_output(shown, printed.out + printed.err, doctest.ELLIPSIS)


def test_the_page_shows_commands():
    assert len(COMMANDS) >= 4
