"""A server that takes questions and answers none: after one has waited in vain, others need not.

A process that was stopped or a network that drops packets gives no error. So what one thread has
found out by waiting is told to the others at once, and a thread of its own asks until there is an
answer: no client's request has to find out.
"""

import logging
import threading
import time
from collections.abc import Callable

import psycopg

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.1


class Away(psycopg.OperationalError):
    """The database did not answer in time, now or a moment ago."""


class Silence:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None

    def refuse(self) -> None:
        """Raises Away while the server is silent."""
        since = self._since
        if since is not None:
            seconds = time.monotonic() - since
            raise Away(f"the database has not answered for {seconds:.0f} seconds")

    def begin(self, ask: Callable[[], object]) -> None:
        """From now on; `ask` returns or fails with something else once the server answers."""
        with self._lock:
            if self._since is not None:
                return
            self._since = time.monotonic()
        logger.warning("The database takes questions and does not answer.")
        threading.Thread(target=self._listen, args=(ask,), name="database", daemon=True).start()

    def suspect(self, ask: Callable[[], object]) -> None:
        """Find out, in a thread of its own, and begin if there is no answer."""

        def find_out() -> None:
            try:
                ask()
            except psycopg.errors.ConnectionTimeout:
                self.begin(ask)
            except psycopg.Error:
                logger.debug("The database refuses, so it is not silent.")

        threading.Thread(target=find_out, name="database", daemon=True).start()

    def _listen(self, ask: Callable[[], object]) -> None:
        while True:
            try:
                ask()
                break
            except psycopg.errors.ConnectionTimeout:
                time.sleep(PAUSE_SECONDS)
            except psycopg.Error:  # a server that refuses is not silent: whoever asks is told so
                break
        self._since = None
        logger.info("The database answers again.")
