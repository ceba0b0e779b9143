"""Every example in the README and in docs/ is run, and must print what it says."""

import doctest
import re
from pathlib import Path

import pytest

from autograd import TABLE
from autograd.rules import BY_FUNCTION

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(autouse=True)
def table_as_before():
    """A page may add rows to the table; they go with it."""
    before = [(rows, dict(rows)) for rows in (TABLE, BY_FUNCTION)]
    yield
    for rows, those in before:
        rows.clear()
        rows.update(those)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_print_what_the_page_says(page, monkeypatch, tmp_path):
    if page.stem == "scipy":
        pytest.importorskip("scipy", reason="SciPy is not installed")
    monkeypatch.chdir(tmp_path)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, _ = doctest.testfile(str(page), module_relative=False, optionflags=flags)
    assert not failed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)|<img src=\"([^\"]+)\"", prose):
        link = target[0] or target[1]
        assert link.startswith(("http", "mailto")) or (page.parent / link).exists(), link
