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


BLOCK = re.compile(r"(<!-- not run: .+ -->\n\n?)?^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
"""A block of code, and the remark before it that says why it is not run."""


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_program_escapes(page):
    """A block of Python is made of examples, which are run; one that is not says why, on the line before it."""
    for reason, language, code in BLOCK.findall(page.read_text()):
        if language in ("python", "py", "pycon", "python3"):
            assert code.startswith(">>> ") or reason, f"not run:\n{code}"
