"""Where each page of the site comes from, and where the links in it lead.

The pages are written to be read where they lie, on a code host. Here they are laid out anew: the pages of ``docs/`` at
the top, the notebooks as tutorials, the derivations as a book. A link to a program leads to a page that shows it.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HOMES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "docs/README.md": "index.md",
    "docs/decisions/README.md": "decisions/index.md",
    "notebooks": "tutorials/index.md",
    "notebooks/README.md": "tutorials/index.md",
    "tests/derivations": "book/index.md",
}
"""What is not found under its own name on the site."""

LINK = re.compile(r"(?<=\]\()([^)\s#]+)(?=[)#])|(?<=src=\")([^\"]+)(?=\")")
CODE = re.compile(r"(^```.*?^```|``.*?``|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
PROGRAMS = (".py", ".toml", ".yml", ".md", "Makefile", "LICENSE", "CITATION.cff")


def home(path: str) -> str:
    """The place on the site of a file of the repository.

    Example:
        >>> home("docs/guide.md"), home("notebooks/01_chain_rule.ipynb"), home("autograd/graph.py")
        ('guide.md', 'tutorials/01_chain_rule.ipynb', 'source/autograd/graph.py.md')
    """
    if path in HOMES:
        return HOMES[path]
    if path.startswith("docs/") and not path.startswith("docs/site/"):
        return path.removeprefix("docs/")
    if path.startswith("notebooks/"):
        return f"tutorials/{path.removeprefix('notebooks/')}"
    if derivation := re.fullmatch(r"tests/derivations/test_(\w+)\.py", path):
        return f"book/{derivation[1]}.md"
    return f"source/{path}.md"


def relinked(text: str, path: str, seen: Callable[[str], None]) -> str:
    """The text of the file ``path`` with its links as they are on the site; ``seen`` is told where each leads."""

    def moved(match: re.Match[str]) -> str:
        link = match[0]
        if re.match(r"[a-z]+:", link):
            return link
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
        seen(target)
        return posixpath.relpath(home(target), posixpath.dirname(home(path)) or ".")

    parts = CODE.split(text)
    return "".join(part if i % 2 else LINK.sub(moved, part) for i, part in enumerate(parts))


def pages() -> Iterator[Path]:
    """The files that are pages as they are: documents and notebooks."""
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from (ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "notebooks/README.md"))
    yield from sorted((ROOT / "notebooks").glob("*.ipynb"))


def laid_out() -> dict[str, str]:
    """The documents, the notebooks, and the programs they link to, each text by its place on the site."""
    linked: set[str] = set()
    found = {}
    for page in pages():
        path = page.relative_to(ROOT).as_posix()
        text = page.read_text(encoding="utf-8")
        found[home(path)] = (
            _notebook(text, path, linked) if page.suffix == ".ipynb" else relinked(text, path, linked.add)
        )
    shown = {home(path): source_page(path) for path in sorted(linked) if home(path).startswith("source/")}
    return found | shown


def _notebook(text: str, path: str, linked: set[str]) -> str:
    """A notebook with the links in its prose as they are on the site."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = relinked("".join(cell["source"]), path, linked.add)
    return json.dumps(notebook)


def source_page(path: str) -> str:
    """A page that shows a program."""
    if not (ROOT / path).is_file() or not path.endswith(PROGRAMS):
        raise ValueError(f"a page links to {path}, which cannot be shown: link to a file")
    language = "python" if path.endswith(".py") else "text"
    text = (ROOT / path).read_text(encoding="utf-8")
    fence = "`" * 6
    return f"---\norphan: true\n---\n\n# `{path}`\n\n{fence}{{code-block}} {language}\n:linenos:\n\n{text}{fence}\n"


def write(to: Path, texts: dict[str, str]) -> None:
    """Write the texts, and the pictures, into the folder ``to``, and nothing else; leave alone what has not changed."""
    for path, text in texts.items():
        place = to / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")
    for place in to.rglob("*.*"):
        if place.is_file() and place.relative_to(to).as_posix() not in texts:
            place.unlink()
    shutil.copytree(ROOT / "docs" / "pictures", to / "pictures", dirs_exist_ok=True)
