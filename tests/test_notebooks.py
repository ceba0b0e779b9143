"""Every notebook runs from top to bottom, and its stored output is what it prints today."""

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def shown(notebook):
    """What each code cell shows, as text."""
    return [
        [
            output.get("text") or output.get("data", {}).get("text/plain") or output.get("ename")
            for output in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_its_stored_output_is_fresh(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    stored = shown(notebook)
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    assert shown(notebook) == stored


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_shows_pictures_and_stays_small(path):
    text = path.read_text()
    assert "image/svg+xml" in text
    assert len(text) < 600_000
