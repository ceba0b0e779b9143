"""Every notebook runs from top to bottom, its stored output is what it prints today, and its solutions solve it."""

import re
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FOLDER = Path(__file__).parent.parent / "notebooks"

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")

CHECK = re.compile(r"^(?:(?:right|mistakes|places) = |def right\(|(?:show\()?check\()", re.MULTILINE)
"""The line of an exercise from which on the answer is checked; what stands before it is the answer."""

SOLUTION = re.compile(r"<summary>Solution</summary>\s*```python\n(.*?)```\s*</details>", re.DOTALL)

SECONDS = 80
"""Of computing, on both of two cores: forty."""


def codes(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell):
    """What a code cell shows, as text."""
    outputs = (o.get("text") or o.get("data", {}).get("text/plain") or o.get("ename") or "" for o in cell.outputs)
    return "\n".join(outputs)


def agree(a, b):
    """Whether two texts are the same but for rounding in the last digits of their numbers."""
    numbers = list(zip(NUMBER.findall(a), NUMBER.findall(b), strict=False))
    return NUMBER.sub("#", a) == NUMBER.sub("#", b) and all(close(x, y) for x, y in numbers)


def close(x, y):
    a, b = (float(s.replace(",", "").rstrip(".")) for s in (x, y))
    return abs(a - b) <= max(1.5 * min(unit(x), unit(y)), 1e-3 * max(abs(a), abs(b)), 1e-12)


def unit(written):
    """What one in the last digit is worth; nothing for whole numbers, which are counted."""
    digits, _, exponent = written.partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals or exponent else 0.0


def exercises(notebook):
    """The exercises, each with its solution: pairs of the index of the cell, and the code to run in its place."""
    found = []
    for i, cell in enumerate(notebook.cells):
        solution = SOLUTION.search(cell.source) if cell.cell_type == "markdown" else None
        if solution is not None:
            exercise = max(k for k in range(i) if notebook.cells[k].cell_type == "code")
            source = notebook.cells[exercise].source
            found.append((exercise, solution[1] + source[CHECK.search(source).start() :]))
    return found


@pytest.mark.filterwarnings("default")
@each_notebook
def test_notebook_runs_and_its_stored_output_is_fresh(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    stored = [shown(cell) for cell in codes(notebook)]
    solved = [nbformat.v4.new_code_cell(source, id=f"solved-{i}") for i, source in exercises(notebook)]
    for (i, _), cell in reversed(list(zip(exercises(notebook), solved, strict=True))):
        notebook.cells.insert(i + 1, cell)
    clock = nbformat.v4.new_code_cell("import time\n\nprint(time.process_time())")
    notebook.cells.append(clock)
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", coalesce_streams=True, resources={"metadata": {"path": tmp_path}}
    ).execute()

    fresh = [cell for cell in codes(notebook) if cell not in (*solved, clock)]
    for before, cell in zip(stored, fresh, strict=True):
        assert agree(before, shown(cell)), f"{cell.source}\n\nstored: {before}\n\ntoday: {shown(cell)}"
    for cell in solved:
        verdicts = [line for line in shown(cell).splitlines() if line[:1] in "✓✗≈○"]
        assert verdicts, cell.source
        assert all(line.startswith("✓") for line in verdicts), f"{cell.source}\n\n{shown(cell)}"
    assert float(shown(clock)) < SECONDS


@each_notebook
def test_notebook_shows_pictures_and_stays_small(path):
    text = path.read_text()
    assert "image/svg+xml" in text or "image/png" in text
    assert len(text) < 600_000


@each_notebook
def test_notebook_says_nothing_that_changes(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert dict(notebook.metadata.language_info) == {"name": "python"}
    for cell in codes(notebook):
        assert not re.search(r"\b0x", shown(cell))
        assert all(output.get("name") != "stderr" for output in cell.outputs), shown(cell)
        assert not cell.metadata


@each_notebook
def test_exercises_have_a_hint_and_a_solution_and_wait_for_an_answer(path):
    notebook = nbformat.read(path, as_version=4)
    asked = [cell for cell in codes(notebook) if "..." in cell.source and CHECK.search(cell.source)]
    assert len(asked) >= 2
    assert asked == [notebook.cells[i] for i, _ in exercises(notebook)]
    assert sum("<summary>Hint</summary>" in cell.source for cell in notebook.cells) >= len(asked)
    for cell in asked:
        assert shown(cell).startswith("○"), cell.source


def test_texts_agree_to_rounding():
    assert agree("the loss is 0.12345", "the loss is 0.12346")
    assert agree("4 of 5: 2.21e-26", "4 of 5: 3.5e-26")
    assert agree("[1.0000000000001, 2]", "[1.0000000000000, 2]")
    assert not agree("the loss is 0.123", "the loss is 0.133")
    assert not agree("4 of 5", "5 of 5")
    assert not agree("a loss of 1.0", "the loss of 1.0")
    assert not agree("1.0 2.0", "1.0")


def test_the_list_of_lessons_names_every_notebook_in_order_and_says_what_one_learns():
    listed = re.findall(r"^- \[(\d+) · .+\]\((.+\.ipynb)\): \w", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert [name for _, name in listed] == [path.name for path in NOTEBOOKS]
    assert [int(number) for number, _ in listed] == [int(path.name[:2]) for path in NOTEBOOKS]
