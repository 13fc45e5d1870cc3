"""How far a piece of work is, told to whoever follows it: a terminal, a log, the page of a start.

Services tell; commands say who listens. Where nobody does, telling costs nothing.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import NamedTuple, Protocol, Self, TextIO, TypeVar

Piece = TypeVar("Piece")
EVERY_SECONDS = 10.0  # a line about something that goes on
SHORT_SECONDS = 2.0  # a command that takes no longer says nothing but its result


class Told(NamedTuple):
    """What is being done, and which piece of how many it is; 0 of 0 where there are no pieces."""

    what: str
    number: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.what} ({self.number} of {self.of})" if self.of else self.what


class Follower(Protocol):
    def __call__(self, told: Told, /) -> None: ...


_followers: list[Follower] = []


def tell(what: str, number: int = 0, of: int = 0) -> None:
    for follower in _followers:
        follower(Told(what, number, of))


def each(pieces: Sequence[Piece], what: str) -> Iterator[Piece]:
    """The pieces one after the other, telling which one is taken."""
    for number, piece in enumerate(pieces, start=1):
        tell(what, number, len(pieces))
        yield piece


def labelled(names: Sequence[str]) -> Iterator[str]:
    """The names of different pieces, telling each when it is taken."""
    for number, name in enumerate(names, start=1):
        tell(name, number, len(names))
        yield name


def is_followed() -> bool:
    return bool(_followers)


@contextmanager
def followed_by(follower: Follower) -> Iterator[None]:
    _followers.append(follower)
    try:
        yield
    finally:
        _followers.remove(follower)


@contextmanager
def shown(*, bars: bool = False) -> Iterator[None]:
    """By lines on the standard error, unless somebody follows already.

    `bars`: the work draws bars of its own on a terminal, so that lines are for logs only.
    """
    if is_followed() or (bars and sys.stderr.isatty()):
        yield
        return
    with Lines(after=SHORT_SECONDS) as lines, followed_by(lines):
        yield


class Lines:
    """A line at each new thing, and now and then while one goes on, told of or not.

    Nothing is said in the first seconds of work, if there are any `after` which lines begin.
    """

    def __init__(
        self, stream: TextIO | None = None, *, every: float = EVERY_SECONDS, after: float = 0.0
    ) -> None:
        self._stream = stream
        self._every = every
        self._from = time.monotonic() + after
        self._told: Told | None = None
        self._began = self._written = time.monotonic()
        self._lock = Lock()
        self._ended = Event()
        self._clock = Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._clock.join()

    def __call__(self, told: Told) -> None:
        with self._lock:
            is_new = self._told is None or told.what != self._told.what
            self._told = told
            if is_new:
                self._began = time.monotonic()
                if self._began >= self._from:
                    self._write(str(told))

    def rest(self) -> None:
        """Nothing goes on until the next thing is told."""
        with self._lock:
            self._told = None

    def _tick(self) -> None:
        while not self._ended.wait(self._every / 10):
            with self._lock:
                now = time.monotonic()
                if self._told and now - self._written >= self._every:
                    self._write(f"{self._told}, for {now - self._began:.0f} s")

    def _write(self, text: str) -> None:
        self._written = time.monotonic()
        stream = self._stream or sys.stderr
        stream.write(f"  {text}\n")
        stream.flush()
