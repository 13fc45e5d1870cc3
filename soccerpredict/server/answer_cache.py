"""Answers that a request of the very same bytes gets again, while what they tell still holds.

The big lists are asked for far more often than they change. A view allows its answer to be given
again by `allow`; the web server keeps it under a digest of the request as it came. Whoever gets it
again has shown a key that is checked and counted each time, and each answer has an id, a log line
and metrics of its own. What is saved is the way through Django.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings

from soccerpredict.observability.log_context import Facts

if TYPE_CHECKING:  # the web server loads this before it loads Django
    from rest_framework.request import Request

ENVIRON = "soccerpredict.terms"
SECONDS = 60.0  # an answer that was not made anew for so long is forgotten
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Terms:
    """How an answer may be given again: while `holds`, and counted each time with its seconds."""

    route: str
    holds: Callable[[], bool]
    count: Callable[[float], None]


def allow(request: Request, *, holds: Callable[[], bool], count: Callable[[float], None]) -> None:
    """The answer to this request may be given again; `holds` is asked often and must not wait.

    It must depend on nothing but the request's own bytes and what `holds` looks at. A trace would
    lack what is answered without Django: with traces on, nothing is.
    """
    match = request.resolver_match
    if match is not None and not settings.TRACES_URL:
        request.META[ENVIRON] = Terms(match.route, holds, count)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent, but for the headers that differ each time, and to whom."""

    status: int
    head: bytes
    body: bytes
    terms: Terms
    key: bytes  # the name of the API key in access.cache
    scopes: frozenset[str]
    facts: Facts

    @property
    def size(self) -> int:
        return len(self.head) + len(self.body)


def name_of(client: str, came: bytes) -> bytes | None:
    """A digest of who asks and what came, if that is one whole request without a body."""
    if not came.startswith(b"GET ") or came.find(END_OF_HEAD) != len(came) - len(END_OF_HEAD):
        return None
    return hashlib.blake2b(client.encode() + b"\0" + came, digest_size=16).digest()


class Memory:
    """The newest answers, bounded by bytes and by age."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[bytes, tuple[float, Answer]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, name: bytes) -> Answer | None:
        entry = self._answers.get(name)  # without the lock, which every request would wait for
        if entry is None or time.monotonic() - entry[0] > SECONDS:
            return None
        return entry[1] if entry[1].terms.holds() else None

    def put(self, name: bytes, answer: Answer) -> None:
        now = time.monotonic()
        with self._lock:
            if name in self._answers:
                self._drop(name)  # and not replaced in its place: the order is that of age
            self._answers[name] = now, answer
            self._bytes += answer.size
            while self._bytes > self._most or self._oldest() < now - SECONDS:
                self._drop(next(iter(self._answers)))

    def _oldest(self) -> float:
        return next(iter(self._answers.values()))[0] if self._answers else float("inf")

    def _drop(self, name: bytes) -> None:
        _, answer = self._answers.pop(name)
        self._bytes -= answer.size
