"""Questions to a dependency that may be frozen: nobody waits for the answer beyond a limit."""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import Error as DatabaseError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
GIVEN_UP_SECONDS = 10.0  # a question without an answer for so long is put again

Question = Callable[[], bool]


class Attempt:
    """One question, asked in a thread of its own: a frozen server holds only that."""

    def __init__(self, name: str, question: Question) -> None:
        self._started = time.monotonic()
        self._answered = threading.Event()
        self._available = False
        # A daemon, so that it does not keep the process from ending either.
        threading.Thread(target=self._ask, args=(name, question), daemon=True).start()

    @property
    def is_current(self) -> bool:
        limit = FRESH_SECONDS if self._answered.is_set() else GIVEN_UP_SECONDS
        return time.monotonic() - self._started < limit

    def wait(self, seconds: float) -> bool:
        """Whether the dependency has answered so soon after it was asked, and well."""
        self._answered.wait(max(0.0, self._started + seconds - time.monotonic()))
        return self._available

    def _ask(self, name: str, question: Question) -> None:
        try:
            self._available = question()
        except (DatabaseError, RedisError) as exc:
            logger.warning("The %s is away: %s", name, type(exc).__name__)
        finally:
            self._answered.set()


class Probe:
    """A question whose answer all requests of a moment share."""

    def __init__(self, name: str, question: Question) -> None:
        self.name = name
        self._question = question
        self._lock = threading.Lock()
        self._newest: Attempt | None = None

    def attempt(self) -> Attempt:
        with self._lock:
            if self._newest is None or not self._newest.is_current:
                self._newest = Attempt(self.name, self._question)
            return self._newest

    def forget(self) -> None:
        self._newest = None


def ask(*probes: Probe, within: float) -> Mapping[str, bool]:
    """Each dependency's state, all asked at the same time."""
    attempts = {probe.name: probe.attempt() for probe in probes}
    return {name: attempt.wait(within) for name, attempt in attempts.items()}
