"""Lay the pages of the site out for Sphinx: ``python -m docs.site docs-out/source``, which ``make docs`` does."""

import sys
from pathlib import Path

from . import book, layout, navigation, reference


def texts() -> dict[str, str]:
    """Every page by its place on the site."""
    found = {**layout.laid_out(), **reference.pages(), **book.pages()}
    return navigation.added(found)


if __name__ == "__main__":
    layout.write(Path(sys.argv[1]), texts())
