"""Facts gathered from a server that may be slow or frozen: a scrape never waits long for them."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import Error as DatabaseError
from prometheus_client.core import GaugeMetricFamily, Metric
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

FRESH_SECONDS = 5.0
WAIT_SECONDS = 1.0
GIVEN_UP_SECONDS = 30.0

Metrics = Sequence[Metric]


class Snapshot:
    """The newest facts of one server; at most one thread at a time gathers newer ones.

    Each web process has its own. Where there are counters among the facts, `fresh_seconds` is 0:
    they are of the moment or left out, since scrapes of two processes with older and newer ones in
    turn would see them go back.
    """

    def __init__(
        self, name: str, gather: Callable[[], Metrics], *, fresh_seconds: float = FRESH_SECONDS
    ) -> None:
        self.name = name
        self._gather = gather
        self._fresh_seconds = fresh_seconds
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._found: Metrics = ()
        self._is_up = False
        self._started = float("-inf")
        self._done: threading.Event | None = None

    def metrics(self, deadline: float) -> list[Metric]:
        """What is known by then, and whether the server answered."""
        done = self.begin()
        answered = done.wait(max(0.0, deadline - time.monotonic()))
        told = f"Whether the {self.name} answered in time."
        is_up = self._is_up and answered
        up = GaugeMetricFamily(f"{self.name}_up", told, is_up)
        return [up, *self._found] if is_up or self._fresh_seconds else [up]

    def begin(self) -> threading.Event:
        """Start to gather, unless somebody does or what is known is fresh."""
        with self._lock:
            age = time.monotonic() - self._started
            is_over = self._done is not None and self._done.is_set()
            if self._done is None or age > (self._fresh_seconds if is_over else GIVEN_UP_SECONDS):
                self._started, self._done = time.monotonic(), threading.Event()
                threading.Thread(target=self._run, args=(self._done,), daemon=True).start()
            return self._done

    def _run(self, done: threading.Event) -> None:
        is_up = False
        try:
            self._found, is_up = self._gather(), True
        except (DatabaseError, RedisError) as exc:
            logger.warning("No metrics of the %s: %s", self.name, type(exc).__name__)
        finally:
            self._is_up = is_up
            done.set()
