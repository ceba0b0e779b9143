"""The order of the pages: what stands at the side of every page."""

from __future__ import annotations

SECTIONS = {
    "Tutorials": ("tutorials/index",),
    "How to": (
        "how-to/train",
        "how-to/save-and-resume",
        "how-to/debug-a-nan",
        "how-to/freeze",
        "how-to/write-an-operation",
        "how-to/differentiate-numpy-code",
        "how-to/draw-big-graphs",
    ),
    "Guides": (
        "guide",
        "nn",
        "training",
        "data",
        "seeing",
        "stepping",
        "finding",
        "modes",
        "complex",
        "exact",
        "compile",
        "custom-rules",
        "scipy",
        "examples-basics",
        "examples-networks",
        "examples-learning",
    ),
    "Coming from": ("micrograd", "pytorch", "hips", "jax"),
    "Explanation": ("how-it-works", "reading", "book/index", "trust", "performance", "decisions/index"),
    "Reference": ("reference/index", "reference/rules", "coverage", "subgradients"),
    "Project": ("contributing", "changelog"),
}
"""The pages that stand at the side, in order. A document that is named nowhere comes at the end of the guides."""

PACKAGES = {
    "autograd": ("value", "tensor", "derivatives", "operations", "tools", "errors", "numpy", "scipy", "hips"),
    "nn": (
        "nn-modules",
        "nn-layers",
        "nn-activations",
        "nn-losses",
        "nn-functional",
        "nn-optim",
        "nn-schedules",
        "nn-data",
        "nn-training",
        "nn-init",
        "nn-models",
        "nn-scalar",
    ),
    "viz": ("viz-pictures", "viz-derivations", "viz-inside", "viz-training"),
}


def toctree(entries: tuple[str, ...] | list[str], caption: str = "", hidden: bool = True) -> str:
    """A list of pages as MyST writes it."""
    options = [":hidden:"] * hidden + [f":caption: {caption}"] * bool(caption) + [":maxdepth: 1"]
    return "\n".join(["", "```{toctree}", *options, "", *entries, "```", ""])


def others(texts: dict[str, str]) -> list[str]:
    """Documents that no section names yet."""
    named = {page for pages in SECTIONS.values() for page in pages} | {"index"}
    places = (path.removesuffix(".md") for path in texts if path.endswith(".md"))
    return sorted(place for place in places if place not in named and place.count("/") == place.startswith("how-to/"))


def added(texts: dict[str, str]) -> dict[str, str]:
    """The pages with the lists of pages that Sphinx needs, and the lists that are pages themselves."""

    def within(folder: str) -> list[str]:
        return sorted(
            name.partition(".")[0]
            for path in texts
            if path.startswith(f"{folder}/")
            for name in [path.split("/", 1)[1]]
        )

    found = dict(texts)
    found["reference/index.md"] = (
        "# Reference\n\nEvery public name stands on one of these pages, once, from its docstring: formula, shapes, "
        "what it raises, and an example that the tests run.\n"
        + "".join(f"\n## {package}\n{toctree(list(slugs), hidden=False)}" for package, slugs in PACKAGES.items())
    )
    for folder in ("tutorials", "book", "decisions"):
        found[f"{folder}/index.md"] += toctree([name for name in within(folder) if name != "index"])
    for caption, pages in SECTIONS.items():
        new = others(texts) if caption == "Guides" else []
        found["index.md"] += toctree([*pages, *new], caption)
    return found
