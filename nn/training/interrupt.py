"""Ctrl-C between two batches instead of in the middle of a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Interrupt:
    """Whether Ctrl-C was pressed.

    Attributes:
        asked: whether it was.
    """

    asked: bool = False

    def check(self) -> None:
        """Stop here, if it was pressed.

        Raises:
            KeyboardInterrupt: it was.
        """
        if self.asked:
            raise KeyboardInterrupt


@contextmanager
def held_back() -> Iterator[Interrupt]:
    """While it lasts, the first Ctrl-C is noted only; the second has its usual effect.

    Other handlers than Python's own are left alone, and so is every thread but the main one, which has none.
    """
    import signal
    import threading

    interrupt = Interrupt()
    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def note(number: int, frame: Any) -> None:
        interrupt.asked = True
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, usual)
