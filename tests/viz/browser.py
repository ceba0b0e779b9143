"""A headless Chromium, if there is one: what a page measures of itself."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")

OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--window-size=1600,1200",
]  # fmt: skip


def measured(body: str, script: str, *, dark: bool = False) -> Any:
    """What ``script`` returns on a page with this body, as JSON."""
    assert CHROMIUM is not None
    page = (
        f'<!doctype html><meta charset="utf-8"><body>{body}<pre id="found"></pre>'
        f"<script>document.getElementById('found').textContent = JSON.stringify((() => {{{script}}})())</script>"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        path.write_text(page, encoding="utf-8")
        options = [*OPTIONS, f"--user-data-dir={folder}/user", *(["--blink-settings=preferredColorScheme=0"] * dark)]
        done = subprocess.run(
            [CHROMIUM, *options, "--dump-dom", path.as_uri()], capture_output=True, timeout=120, check=True
        )
    found = re.search(r'<pre id="found">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found
    return json.loads(html.unescape(found[1]))


def inline(svg: str) -> str:
    """The SVG as it stands within a page."""
    return svg[svg.index("<svg") :]
