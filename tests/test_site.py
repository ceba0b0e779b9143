"""The pages of the site: every public name once, every derivation, every page at its place, formulas as in a book."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from importlib import import_module

import pytest

pytest.importorskip("scipy", reason="SciPy is not installed: its names are in the reference")

from docs.site import __main__ as site
from docs.site import book, layout, navigation, public, reference, typeset

DIRECTIVE = re.compile(r"^\.\. (?:auto(?:class|exception|function)|py:(?:data|function)):: ([\w.]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def texts():
    return site.texts()


def entries(texts):
    """The names that the reference describes."""
    return [name for path, text in texts.items() if path.startswith("reference/") for name in DIRECTIVE.findall(text)]


def found(path):
    """The object of a whole name."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("package", ["autograd", "nn", "nn.functional", "nn.optim", "nn.optim.lr_scheduler", "viz"])
def test_every_public_name_is_in_the_reference_exactly_once(package, texts):
    module = import_module(package)
    described = Counter(id(found(path)) for path in entries(texts))
    for name in module.__all__:
        it = getattr(module, name)
        if not inspect.ismodule(it):
            assert described[id(it)] == 1, f"{package}.{name}"


def test_no_name_is_described_twice(texts):
    assert [name for name, count in Counter(entries(texts)).items() if count > 1] == []


def test_every_entry_says_something(texts):
    for path in entries(texts):
        it = found(path)
        assert isinstance(it, dict) or inspect.getdoc(it), path


def test_other_names_of_an_object_are_told(texts):
    assert "Also ``nn.cross_entropy``." in texts["reference/nn-functional.rst"]


def test_a_name_without_a_page_is_an_error():
    with pytest.raises(LookupError, match=r"no page of the reference holds somewhere\.f, written in elsewhere"):
        reference.page_of(public.Public("somewhere", "f", type("f", (), {"__module__": "elsewhere"})))


def test_every_row_of_the_table_is_on_the_page_of_rules(texts):
    from autograd import TABLE

    rows = re.findall(r"^   \* - ``(\w+)``", texts["reference/rules.rst"], re.MULTILINE)
    assert rows == sorted(TABLE)
    tanh = texts["reference/rules.rst"].partition("``tanh``\n")[2].split("* -")[0]
    assert "ḡ * (1 - y * y)" in tanh


def test_every_derivation_is_a_chapter(texts):
    chapters = [path for path in texts if path.startswith("book/") and path != "book/index.md"]
    assert len(chapters) == len(book.chapters()) >= 19
    product = texts["book/01_product_rule.md"]
    assert product.startswith("# The product rule\n")
    assert r"\frac{\partial y}{\partial a} &= b" in product.replace(" &=", " &= ").replace("=  ", "= ")
    assert "**Product of two numbers.**" in product
    assert "assert a.grad == -3.0  # b" in product
    assert "def test_" not in product


@pytest.mark.parametrize("path", book.chapters(), ids=lambda path: path.stem)
def test_a_chapter_holds_the_whole_derivation(path):
    chapter = book.chapter(path)
    for line in path.read_text(encoding="utf-8").rpartition('"""')[2].splitlines():
        if not line.lstrip().startswith(("def test_", '"""')):
            assert line.strip() in chapter


@pytest.mark.parametrize(
    ("typed", "tex"),
    [
        ("∂L/∂zₖ = pₖ − tₖ", r"\frac{\partial L}{\partial z_{k}} = p_{k} - t_{k}"),
        ("dy/dx = 4 sin 2", r"\frac{dy}{dx} = 4 \sin  2"),
        ("∂²y/∂a∂b = 6ab²", r"\frac{\partial ^{2}y}{\partial a \partial b} = 6ab^{2}"),
        ("m = 1/n Σⱼ xⱼ", r"m = \tfrac{1}{n} \sum _{j} x_{j}"),
        ("|w| = √20 ≈ 4.47", r"|w| = \sqrt{20} \approx  4.47"),
        ("1 if xᵢ = y", r"1 \text{ if } x_{i} = y"),
        ("G Bᵀ", r"G B^{\top}"),
        ("the chain rule", r"\text{ the chain rule }"),
    ],
)
def test_formulas_as_in_a_book(typed, tex):
    assert typeset.column(typed) == tex


def test_lines_are_aligned_at_their_relations():
    assert typeset.block("a = 1\nb   = 2") == "\\begin{aligned}\na &= 1 \\\\\nb &= 2\n\\end{aligned}"


def test_columns_stand_beside_each_other():
    assert typeset.block("u = x²        v = 2") == r"u = x^{2} \qquad v = 2"


def test_every_document_and_notebook_is_a_page(texts):
    for page in layout.pages():
        assert layout.home(page.relative_to(layout.ROOT).as_posix()) in texts


def test_every_page_named_at_the_side_is_there(texts):
    stems = {path.rsplit(".", 1)[0] for path in texts}
    assert [page for pages in navigation.SECTIONS.values() for page in pages if page not in stems] == []
    assert {f"reference/{slug}" for slugs in navigation.PACKAGES.values() for slug in slugs} <= stems


def test_a_document_that_is_named_nowhere_is_a_guide():
    texts = {"guide.md": "", "new.md": "", "how-to/new.md": "", "source/x.py.md": "", "index.md": "", "book/1.md": ""}
    assert navigation.others(texts) == ["how-to/new", "new"]


def test_links_are_moved_with_the_pages():
    seen = []
    derivation = "../tests/derivations/test_01_product_rule.py#L3"
    text = f"[a](../README.md) [b]({derivation}) `[c](x.md)` [d](https://e.org) [f](guide.md#g)"
    assert layout.relinked(text, "docs/nn.md", seen.append) == (
        "[a](index.md) [b](book/01_product_rule.md#L3) `[c](x.md)` [d](https://e.org) [f](guide.md#g)"
    )
    assert seen == ["README.md", "tests/derivations/test_01_product_rule.py", "docs/guide.md"]


def test_a_link_to_what_cannot_be_shown_is_an_error():
    with pytest.raises(ValueError, match="a page links to tests, which cannot be shown"):
        layout.source_page("tests")


def test_the_front_page_says_what_the_engine_says():
    from examples.pictures import front
    from viz import draw_graph, explain

    page = (layout.ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    y = front()
    w = y.inputs[0].inputs[0].inputs[0]
    for number in re.findall(r"= (-?\d\.\d+) \\\\", page):
        assert number in str(explain(y, w))
    assert (layout.ROOT / "docs" / "pictures" / "front.svg").read_text(encoding="utf-8") == draw_graph(
        y, legend=False
    ).to_svg()


def test_pages_that_are_gone_are_removed(tmp_path):
    layout.write(tmp_path, {"a.md": "a", "b/c.md": "c"})
    layout.write(tmp_path, {"a.md": "a"})
    assert not (tmp_path / "b" / "c.md").exists()
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == "a"


@pytest.fixture(params=["KaTeX", "MathML"])
def formulas(request, monkeypatch):
    """What typesets formulas, with and without KaTeX."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed (make docs)")
    from docs.site import formulas

    if request.param == "MathML":
        monkeypatch.setattr(formulas, "has_katex", lambda: False)
    elif not formulas.has_katex():
        pytest.skip("KaTeX is not installed (make katex)")
    yield formulas
    formulas.close()


def test_a_formula_is_typeset(formulas):
    assert "<math" in formulas.typeset(r"\frac{\partial y}{\partial x_{i}} = 2", display=True)


def test_what_is_no_formula_is_an_error(formulas):
    from docutils.utils.math import MathError

    with pytest.raises(MathError):
        formulas.typeset(r"\nosuchcommand{x}", display=False)


def test_every_formula_of_the_book_is_typeset(formulas, texts):
    found = [
        formula
        for path, text in texts.items()
        if path.startswith("book/") or path == "index.md"
        for formula in re.findall(r"^\$\$\n(.*?)\n\$\$$", text, re.DOTALL | re.MULTILINE)
    ]
    assert len(found) > 60
    for formula in found:
        assert formulas.typeset(formula, display=True)
