"""psycopg's connection, which waits no longer than this process may."""

import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

from soccerpredict.database import limits
from soccerpredict.database.limits import NETWORK_SECONDS, Limits
from soccerpredict.database.silence import Away

Found = TypeVar("Found")

INTERVAL_SECONDS = 0.1  # psycopg's own, after which it looks for Ctrl-C


class Connection(psycopg.Connection[Any]):
    ask_again: Callable[[], object]  # whether the server answers, by a connection of its own
    outages = 0  # that this process had seen when it was made

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """As psycopg's.

        Raises:
            Away: the server does not answer, or did not a moment ago.
            Busy: enough threads wait for it.
        """
        held = limits.current()
        if held is None:
            return cls._made(conninfo, **kwargs)

        def ask_again() -> None:
            psycopg.connect(conninfo, **kwargs).close()

        held.silence.refuse()
        with held.places.one():
            try:
                made = cls._made(conninfo, **kwargs)
            except psycopg.OperationalError as exc:
                held.seen.missed()
                if isinstance(exc, errors.ConnectionTimeout):
                    held.silence.begin(ask_again)
                raise
        held.seen.answered()
        made.ask_again, made.outages = ask_again, held.seen.outages
        return made

    @classmethod
    def _made(cls, conninfo: str, **kwargs: Any) -> Self:
        """Not by `super()`: what traces queries stands in its place, and makes psycopg's class."""
        made: Any = psycopg.connect(conninfo, **kwargs)
        made.__class__ = cls
        ours: Self = made
        return ours

    @property
    def is_of_before(self) -> bool:
        """Whether the server has been away since: then it may have ended at the other side."""
        held = limits.current()
        return held is not None and self.outages != held.seen.outages

    def wait(
        self, gen: PQGen[Found], interval: float = INTERVAL_SECONDS, timeout: float | None = None
    ) -> Found:
        held = limits.current()
        if held is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        held.silence.refuse()
        with held.places.one():
            return self._wait_within(held, gen, interval)

    def _wait_within(self, held: Limits, gen: PQGen[Found], interval: float) -> Found:
        seconds = limits.of_this_thread(held) + NETWORK_SECONDS
        if seconds > held.patience:
            gen = self._watched(held, gen)
        try:
            found = super().wait(gen, interval, seconds)
        except (errors._WaitTimeout, Away) as exc:
            # What was sent may still be done when the server wakes up: nobody reads it here.
            self.pgconn.finish()
            held.seen.missed()
            held.silence.begin(self.ask_again)
            raise Away("the database did not answer in time") from exc
        except psycopg.OperationalError:
            if self.broken:
                held.seen.missed()
            raise
        held.seen.answered()
        return found

    def _watched(self, held: Limits, gen: PQGen[Found]) -> PQGen[Found]:
        """The same, broken off if the server is found silent while a long statement may run."""
        suspicious_at = time.monotonic() + held.patience
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready:  # psycopg comes by in each interval
                    held.silence.refuse()
                    if time.monotonic() > suspicious_at:
                        suspicious_at = float("inf")
                        held.silence.suspect(self.ask_again)
                wanted = gen.send(ready)
        except StopIteration as done:
            found: Found = done.value
            return found
