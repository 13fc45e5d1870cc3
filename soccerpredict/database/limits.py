"""How long this process waits for Postgres.

A web request has somebody waiting, so its statements end after a stated time. Tasks end by
Celery's limits and commands take as long as they need: those wait for a frozen server, and are
told by TCP of one that has gone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from soccerpredict.database.places import Places
from soccerpredict.database.seen import Seen
from soccerpredict.database.silence import Silence

# What the network adds before a server that answers late counts as one that doesn't answer.
NETWORK_SECONDS = 0.2
# Found out about a host that vanished within half a minute, where Linux would take hours.
TCP: dict[str, int] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


@dataclass(frozen=True)
class Limits:
    """Of one process. Seconds; the server keeps the first two, the process watches the server."""

    statement: float
    lock: float
    places: Places
    silence: Silence
    seen: Seen

    @property
    def patience(self) -> float:
        """Seconds after which a server that has not answered a usual statement never will."""
        return self.statement + NETWORK_SECONDS

    @property
    def options(self) -> str:
        """As libpq's parameter `options`."""
        return (
            f"-c statement_timeout={round(self.statement * 1000)} "
            f"-c lock_timeout={round(self.lock * 1000)}"
        )


_limits: Limits | None = None
_own = threading.local()


def current() -> Limits | None:
    """None in a process that waits as long as it takes."""
    return _limits


def missing_for() -> float | None:
    """Seconds since the database answered this process; None while it does, or without limits."""
    return _limits.seen.missing_for if _limits else None


def use(*, statement: float, lock: float, waiting: int) -> None:
    """From now on in this process, for connections that are yet to be made.

    `waiting` is the number of threads that may wait for an answer at once.
    """
    global _limits
    _limits = Limits(statement, lock, Places(waiting), Silence(), Seen())


def of_this_thread(limits: Limits) -> float:
    """Seconds that a statement may take here."""
    found: float = getattr(_own, "statement", limits.statement)
    return found


@contextmanager
def allowing(seconds: float) -> Iterator[None]:
    """This thread waits so long for a statement; the server must be told, too."""
    _own.statement = seconds
    try:
        yield
    finally:
        del _own.statement
