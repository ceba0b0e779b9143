"""The pages of the reference: every public name once, from its docstring."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

from autograd import Primitive

from . import rules
from .public import Public, everything


class Page(NamedTuple):
    """A page of the reference.

    Attributes:
        slug: its file.
        title: its heading.
        about: the sentence below it, in reStructuredText.
        homes: it holds what is written in these modules.
    """

    slug: str
    title: str
    about: str
    homes: tuple[str, ...]


PAGES = (
    Page("value", "Value", "A float that remembers. For an introduction see :doc:`/guide`.", ("autograd.value",)),
    Page(
        "tensor", "Tensor", "An array that remembers. Names, arguments and defaults are NumPy's.", ("autograd.tensor",)
    ),
    Page(
        "derivatives",
        "Derivatives",
        "Functions of functions. Which to use when: :doc:`/modes`.",
        (
            "autograd.transforms",
            "autograd.jacobians",
            "autograd.modes",
            "autograd.mapping",
            "autograd.holomorphic",
            "autograd.recompute",
        ),
    ),
    Page(
        "operations",
        "Operations and the graph",
        "See :doc:`/custom-rules` for writing one, :doc:`/reference/rules` for all there are.",
        ("autograd.graph", "autograd.rules", "builtins"),
    ),
    Page(
        "tools",
        "Checking, compiling, exact numbers",
        "See :doc:`/trust`, :doc:`/compile` and :doc:`/exact`.",
        ("autograd.gradcheck", "autograd.changes", "autograd.anomaly", "autograd.compiling", "autograd.exact"),
    ),
    Page(
        "errors",
        "Errors",
        "Each says in four parts what was done, what was expected, what came, and the cure.",
        ("autograd.errors",),
    ),
    Page(
        "numpy",
        "autograd.numpy",
        "NumPy's namespace. Plain ``import numpy as np`` is enough for all but what is on this page, which NumPy does "
        "not ask a Tensor about: use ``import autograd.numpy as np`` for these. Which of NumPy's functions can be "
        "differentiated, ``np.linalg`` and ``np.fft`` included, is in the :doc:`ledger </coverage>`; by which formula, "
        "in the :doc:`table of rules </reference/rules>`.",
        ("autograd.numpy",),
    ),
    Page(
        "scipy",
        "autograd.scipy",
        "SciPy's names; see :doc:`/scipy`. ``ḡ`` is the gradient of the result ``y``.",
        ("autograd.scipy",),
    ),
    Page(
        "hips",
        "HIPS autograd's names",
        "What programs for HIPS autograd call; see :doc:`/hips`.",
        (
            "autograd.differential_operators",
            "autograd.extend",
            "autograd.misc",
            "autograd.test_util",
            "autograd.tracer",
            "autograd.core",
            "autograd.wrap_util",
            "autograd.util",
            "autograd.builtins",
            "autograd.old_rules",
            "autograd.vspaces",
        ),
    ),
    Page(
        "nn-modules",
        "Modules",
        "What layers are made of, and networks of layers.",
        ("nn.module", "nn.parameter", "nn.containers", "nn.perceptron"),
    ),
    Page(
        "nn-layers",
        "Layers",
        "PyTorch's names, arguments, defaults and weight layouts; see :doc:`/nn`.",
        (
            "nn.linear",
            "nn.conv",
            "nn.pooling",
            "nn.norm",
            "nn.embedding",
            "nn.recurrent",
            "nn.attention",
            "nn.transformer",
            "nn.regularisation",
        ),
    ),
    Page(
        "nn-activations",
        "Activations",
        "As layers. As functions they are in :doc:`/reference/nn-functional`.",
        ("nn.activations",),
    ),
    Page(
        "nn-losses",
        "Losses",
        "As modules. As functions they are in :doc:`/reference/nn-functional`; see :doc:`/training`.",
        ("nn.losses",),
    ),
    Page("nn-functional", "nn.functional", "The functions that layers and losses are made of.", ("nn.functional",)),
    Page("nn-optim", "Optimisers", "How a step follows from a gradient; see :doc:`/training`.", ("nn.optim",)),
    Page("nn-schedules", "Schedules", "How the length of a step changes over a training.", ("nn.optim.lr_scheduler",)),
    Page("nn-data", "Data", "See :doc:`/data`.", ("nn.data", "nn.datasets")),
    Page("nn-training", "Fitting and saving", "See :doc:`/data`.", ("nn.training", "nn.saving", "nn.distributed")),
    Page("nn-init", "First weights, and utilities", "PyTorch's names and formulas.", ("nn.init", "nn.utils")),
    Page("nn-models", "Models", "Whole networks under torchvision's names.", ("nn.models",)),
    Page("nn-scalar", "nn.scalar", "micrograd's networks over Values.", ("nn.scalar",)),
    Page(
        "viz-pictures",
        "Pictures",
        "See :doc:`/seeing`.",
        ("viz.view", "viz.picture", "viz.micrograd", "viz.display", "viz.render"),
    ),
    Page(
        "viz-derivations",
        "Derivations",
        "See :doc:`/seeing`.",
        ("viz.derivation", "viz.explanation", "viz.program", "viz.trace_table", "viz.replay"),
    ),
    Page(
        "viz-inside",
        "Stepping, zooming, diagnosing",
        "See :doc:`/stepping` and :doc:`/finding`.",
        ("viz.stepping", "viz.scalars", "viz.heat", "viz.diagnosis", "viz.symptoms", "viz.answers"),
    ),
    Page(
        "viz-training",
        "Views of a training",
        "See :doc:`/finding`.",
        ("viz.curve", "viz.dashboards", "viz.history", "viz.live", "viz.plane", "viz.plots", "viz.trained"),
    ),
)
"""All pages but the table of rules. What is on which is decided by where it is written."""


def page_of(public: Public) -> Page:
    """The page on which a name stands: that of the module that names it, or of the module that it is written in."""

    def fits(module: str) -> list[tuple[int, Page]]:
        return [(len(h), page) for page in PAGES for h in page.homes if f"{module}.".startswith(f"{h}.")]

    found = fits(public.module) or fits(public.home)
    if not found:
        raise LookupError(f"no page of the reference holds {public.path}, written in {public.home}: add it to PAGES")
    return max(found, key=lambda pair: pair[0])[1]


def brief(it: Any) -> str:
    """The first sentence of a docstring, on one line."""
    doc = TABLE_SAID if isinstance(it, dict) else inspect.getdoc(getattr(it, "array", it)) or ""
    return " ".join(doc.split("\n\n")[0].split())


def is_row(it: Any) -> bool:
    """Whether an object is a row of the table."""
    return isinstance(it, Primitive) and it.name in rules.samples()


def directive(public: Public) -> list[str]:
    """A name in full, in reStructuredText."""
    it, path = public.it, public.path
    also = [f"   Also {', '.join(f'``{name}``' for name in public.others)}.", ""] if public.others else []
    if is_row(it):
        return [*row_of_the_table(public), *also]
    if inspect.isclass(it):
        kind = "autoexception" if issubclass(it, BaseException) else "autoclass"
    elif inspect.isfunction(it) or inspect.isbuiltin(it):
        kind = "autofunction"
    else:
        doc = TABLE_SAID if isinstance(it, dict) else (inspect.getdoc(getattr(it, "array", it)) or "")
        return [f".. py:data:: {path}", "", *indented(doc), "", *also]
    return [f".. {kind}:: {path}", "", *also]


TABLE_SAID = """The table of rules: each :class:`Primitive` by its name; all of them are in :doc:`/reference/rules`.

>>> from autograd import TABLE
>>> TABLE["tanh"].rules[0](1.0, 0.5, None)  # g = 1, y = 0.5
0.75"""


def indented(text: str) -> list[str]:
    """The lines of a text, three spaces in."""
    return [f"   {line}".rstrip() for line in text.splitlines()]


def row_of_the_table(public: Public) -> list[str]:
    """An operation that is a row: what it computes, and its derivative as its rule says it."""
    op: Primitive = public.it
    given = rules.samples()[op.name]
    computes, formulas = rules.entry(op, given)
    arguments = ", ".join(name for name, _ in formulas)
    lines = [
        f".. py:function:: {public.path}({arguments})",
        "",
        f"   The row ``{op.name}`` of the table: ``y = {computes}``.",
        "",
    ]
    for name, formula in formulas:
        lines += [
            f"   | gradient of ``{name}``: "
            + (f"``{formula}``" if formula else f"by program, see ``{rules.place(op)[0]}``")
        ]
    sample = next(s for s in given if all(rules.np.size(x) for x in s.inputs if rules.is_array(x)))
    inputs = ", ".join(shown(x) for x in sample.inputs)
    attributes = "".join(f", {k}={v!r}" for k, v in sample.attrs.items())
    with rules.np.printoptions(precision=6):
        value = op(*[rules.np.round(x, 2) if rules.is_array(x) else x for x in sample.inputs], **sample.attrs)
    lines += ["", f"   >>> from {public.module} import {public.name}", f"   >>> {public.name}({inputs}{attributes})"]
    return [*lines, *indented(short(value)), ""]


def shown(x: Any) -> str:
    """An input as it is typed."""
    if not rules.is_array(x):
        return repr(x)
    return f"np.array({rules.np.round(x, 2).tolist()})" if x.ndim else repr(float(rules.np.round(x, 2)))


def short(value: Any) -> str:
    """A result as it is printed, with six digits."""
    with rules.np.printoptions(precision=6):
        return f"{float(value):.6g}" if rules.np.ndim(value) == 0 and not rules.np.iscomplexobj(value) else repr(value)


def pages() -> dict[str, str]:
    """Every page of the reference by its file, in reStructuredText."""
    everyone = everything()
    found = {f"reference/{page.slug}.rst": _page(page, [p for p in everyone if page_of(p) is page]) for page in PAGES}
    return {**found, "reference/rules.rst": rules.page()}


def _page(page: Page, publics: list[Public]) -> str:
    """One page: a table of its names, and each of them in full."""
    lines = [page.title, "=" * len(page.title), "", page.about, ""]
    if len(publics) > 1:
        lines += [".. list-table::", "   :widths: 32 68", "   :class: names", ""]
        for public in publics:
            what = f"y = {rules.entry(public.it, rules.samples()[public.it.name])[0]}" if is_row(public.it) else ""
            lines += [
                f"   * - :obj:`{public.name} <{public.path}>`",
                f"     - {f'``{what}``' if what else brief(public.it) or '–'}",
            ]
    lines += [""]
    for public in publics:
        lines += directive(public)
    return "\n".join(lines) + "\n"
