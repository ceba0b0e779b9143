"""Drives a page in headless Chromium over its debugging pipe: keys, clicks, what it shows, and what it asks for."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .browser import CHROMIUM, OPTIONS

KEYS = {
    "ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35, "Enter": 13, "Tab": 9, "Escape": 27, " ": 32, "/": 191,
    "ArrowDown": 40, "?": 191, "+": 187, "-": 189, "0": 48,
}  # fmt: skip
TEXT = {" ": " ", "Enter": "\r", "/": "/", "?": "?", "+": "+", "-": "-", "0": "0"}


class Page:
    """One page of a running browser."""

    def __init__(self, pipe_in: int, pipe_out: int) -> None:
        self.write, self.read = pipe_in, pipe_out
        self.count = 0
        self.rest = b""
        self.session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def send(self, method: str, **params: Any) -> Any:
        """A command, and its answer."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self.count:
            self._note(answer)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self.rest:
            got = os.read(self.read, 1 << 20)
            assert got, "the browser is gone"
            self.rest += got
        one, _, self.rest = self.rest.partition(b"\0")
        return json.loads(one)

    def _note(self, event: Any) -> None:
        method, params = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])

    def open(self, path: Path, *, dark: bool = False, calm: bool = True, scripts: bool = True) -> None:
        """Open a file, and wait until it has loaded."""
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"},
        ]
        self.send("Emulation.setEmulatedMedia", features=features)
        self.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.requests.clear()
        self.complaints.clear()
        self.send("Page.navigate", url=path.as_uri())
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, script: str, seconds: float = 20) -> None:
        """Until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)

    @contextmanager
    def frames(self) -> Iterator[list[Frame]]:
        """The frames of the page, by their titles."""
        whole, self.session = self.session, None
        try:
            targets = [t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "iframe"]
            found = []
            for target in targets:
                self.session = None
                self.session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)[
                    "sessionId"
                ]
                for domain in ("Runtime", "Log"):  # which also tell what was said before
                    self.send(f"{domain}.enable")
                found.append((self.run("document.title"), Frame(self, self.session)))
            yield [frame for _, frame in sorted(found, key=lambda one: one[0])]
        finally:
            self.session = whole

    def press(self, key: str, shift: bool = False) -> None:
        """A key, down and up."""
        written = {"key": key, "windowsVirtualKeyCode": KEYS.get(key, ord(key[0])), "modifiers": 8 * shift}
        word = TEXT.get(key, key if len(key) == 1 else "")
        self.send("Input.dispatchKeyEvent", type="keyDown", **written, **({"text": word} if word else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", **written)

    def middle(self, selector: str) -> tuple[float, float]:
        """Where the middle of an element is."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = self.run(f"(() => {{ const b = {box}; return [b.x + b.width / 2, b.y + b.height / 2]; }})()")
        return x, y

    def click(self, selector: str) -> None:
        """A click of the mouse on the middle of an element."""
        self.click_at(*self.middle(selector))

    def click_at(self, x: float, y: float) -> None:
        """A click of the mouse at a place in the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def drag(self, start: tuple[float, float], by: tuple[float, float]) -> None:
        """The mouse pressed, moved and released."""
        (x, y), (dx, dy) = start, by
        self.send("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
        for k in range(1, 5):
            at = {"x": x + dx * k / 4, "y": y + dy * k / 4}
            self.send("Input.dispatchMouseEvent", type="mouseMoved", button="left", buttons=1, **at)
        self.send("Input.dispatchMouseEvent", type="mouseReleased", x=x + dx, y=y + dy, button="left", clickCount=1)

    def size(self, width: int, height: int) -> None:
        """The size of the window."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, path: Path) -> None:
        """What is to be seen, as PNG."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))


class Frame:
    """A frame within a page."""

    def __init__(self, page: Page, session: str) -> None:
        self.page, self.session = page, session

    def run(self, script: str) -> Any:
        """The value of an expression in the frame."""
        with self._here():
            return self.page.run(script)

    def wait(self, script: str, seconds: float = 20) -> None:
        """Until an expression is true in the frame."""
        with self._here():
            self.page.wait(script, seconds)

    @contextmanager
    def _here(self) -> Iterator[None]:
        before, self.page.session = self.page.session, self.session
        try:
            yield
        finally:
            self.page.session = before


@contextmanager
def browser() -> Iterator[Page]:
    """A browser with one empty page."""
    assert CHROMIUM is not None
    to_browser, from_browser = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # the browser reads commands from descriptor 3 and writes to 4
        shell = f'exec "$0" "$@" 3<&{to_browser[0]} 4>&{from_browser[1]}'
        command = [
            "bash",
            "-c",
            shell,
            CHROMIUM,
            *OPTIONS,
            "--remote-debugging-pipe",
            f"--user-data-dir={folder}",
            "about:blank",
        ]
        process = subprocess.Popen(
            command, pass_fds=(to_browser[0], from_browser[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_browser[0])
        os.close(from_browser[1])
        page = Page(to_browser[1], from_browser[0])
        try:
            targets = page.send("Target.getTargets")["targetInfos"]
            target = next(t["targetId"] for t in targets if t["type"] == "page")
            page.session = page.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Network", "Runtime", "Log"):
                page.send(f"{domain}.enable")
            yield page
        finally:
            os.close(to_browser[1])
            os.close(from_browser[0])
            process.terminate()
            process.wait(timeout=20)
