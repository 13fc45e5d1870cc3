"""Questions to a dependency that may be frozen: nobody waits for the answer beyond a limit."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import Error as DatabaseError
from django.db import connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
GIVEN_UP_SECONDS = 10.0  # a question without an answer for so long is put again
# In a busy process an answer may be late, which is no reason to send its requests elsewhere: so
# long one of lately stands for it. A frozen server is found out by then.
LATE_SECONDS = 1.5
LATELY_SECONDS = 15.0

Question = Callable[[], bool]


@contextmanager
def short_lived_connection() -> Iterator[None]:
    """Django's connections belong to threads, and an attempt's thread ends."""
    try:
        yield
    finally:
        connection.close()


class Attempt:
    """One question, asked in a thread of its own: a frozen server holds only that."""

    def __init__(self, name: str, question: Question, before: "Attempt | None" = None) -> None:
        self._started = time.monotonic()
        self._answered = threading.Event()
        self._available = False
        self._was_available = before is not None and before.stands
        # A daemon, so that it does not keep the process from ending either.
        threading.Thread(target=self._ask, args=(name, question), daemon=True).start()

    @property
    def is_current(self) -> bool:
        limit = FRESH_SECONDS if self._answered.is_set() else GIVEN_UP_SECONDS
        return self.age < limit

    @property
    def age(self) -> float:
        return time.monotonic() - self._started

    @property
    def stands(self) -> bool:
        """Whether it was answered well, and lately."""
        return self._available and self.age < LATELY_SECONDS

    def wait(self, seconds: float) -> bool:
        """Whether the dependency has answered so soon after it was asked, and well."""
        self._answered.wait(max(0.0, seconds - self.age))
        return self._available

    def wait_or_trust(self, seconds: float) -> bool:
        """The same, or where the answer is only late, whether the one before was well."""
        is_well = self.wait(seconds)
        is_late = not self._answered.is_set() and self.age < LATE_SECONDS
        return is_well or (is_late and self._was_available)

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
                self._newest = Attempt(self.name, self._question, self._newest)
            return self._newest

    def forget(self) -> None:
        self._newest = None


def ask(*probes: Probe, within: float) -> Mapping[str, bool]:
    """Each dependency's state, all asked at the same time; one that is only late may be well."""
    attempts = {probe.name: probe.attempt() for probe in probes}
    return {name: attempt.wait_or_trust(within) for name, attempt in attempts.items()}
