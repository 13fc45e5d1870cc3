"""Which threads may wait for the database at once, so that the others go on with what needs none.

On a locked table all of a web server's threads would soon wait, the one that answers `/livez` too.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

PATIENCE_SECONDS = 0.05  # in a crowd of quick statements a place is free by then
STUCK_SECONDS = 0.25  # a statement that takes so long makes no place soon


class Busy(psycopg.OperationalError):
    """As many threads wait for the database as may."""


class Places:
    def __init__(self, n: int) -> None:
        self._free = threading.BoundedSemaphore(n)
        self._since: dict[int, float] = {}  # of each thread that has a place

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            Busy: none is free, nor will be in a moment.
        """
        if not (self._free.acquire(blocking=False) or self._comes_free()):
            raise Busy("too many requests wait for the database")
        me = threading.get_ident()
        self._since[me] = time.monotonic()
        try:
            yield
        finally:
            del self._since[me]
            self._free.release()

    def _comes_free(self) -> bool:
        oldest = min(self._since.copy().values(), default=time.monotonic())
        if time.monotonic() - oldest > STUCK_SECONDS:
            return False
        return self._free.acquire(timeout=PATIENCE_SECONDS)
