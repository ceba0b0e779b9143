"""Work done ahead in threads, and handed out in its order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from itertools import islice
from typing import Any


def in_threads(work: Callable[[Any], Any], jobs: Iterable[Any], workers: int, ahead: int) -> Iterator[Any]:
    """``map(work, jobs)``, by several threads.

    Threads share one interpreter: they help where the work waits, for a disk or in NumPy, and not in plain Python.

    Args:
        work: what to do; it runs in the context of the caller, under its ``no_grad``, say.
        jobs: what to do it to; drawn in order, in the thread of the caller.
        workers: how many threads.
        ahead: how many jobs are begun before they are asked for.

    Yields:
        The results, in the order of the jobs. An error comes in the place of its result.
    """
    from concurrent.futures import ThreadPoolExecutor  # two milliseconds that only workers cost

    pool, coming, begun = ThreadPoolExecutor(workers), iter(jobs), deque[Any]()
    try:
        while True:
            begun.extend(pool.submit(copy_context().run, work, job) for job in islice(coming, ahead - len(begun)))
            if not begun:
                return
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
