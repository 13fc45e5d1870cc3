"""A client with a key, a clock that stands at NOON, and nothing remembered from other tests."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from predictions.api import lists
from predictions.services.publishing import published
from soccerpredict.access import cache, counter, leases, services, usage
from soccerpredict.http.output.body_cache import BodyCache
from tests.factories import NOON


@dataclass
class Clock:
    """Stands in for `timezone.now`; stands still until it is moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture(autouse=True)
def _nothing_remembered(redis_client, settings, monkeypatch):
    """No list, key, count or worker of an earlier test; none is looked up twice in one test."""
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(cache, "SECONDS", 3600.0)
    published.forget()
    lists.bodies = BodyCache(most_bytes=64 * lists.MB, largest=8 * lists.MB)
    cache.verified.clear()
    usage._noted.clear()
    leases.forget()
    counter.breaker.succeeded()
    yield
    published.forget()
    cache.verified.clear()
    counter._hang_up()


@pytest.fixture
def key(db):
    """Issue a key and get its text."""

    def issue(client="Acme", **fields):
        return services.issue(client=services.client_named(client), **fields).text

    return issue


@pytest.fixture
def api(key):
    """A client whose key may do everything; an exception becomes an answer, as in production."""
    return Client(raise_request_exception=False, headers={"X-API-Key": key()})


@pytest.fixture
def stranger(db):
    """A client without a key."""
    return Client(raise_request_exception=False)


@pytest.fixture
def watched_queries(monkeypatch):
    """The SQL that the driver sends, whichever layer of ours sends it."""

    @contextmanager
    def watch():
        sent = []
        with monkeypatch.context() as patch:
            for kind in (psycopg.Cursor, psycopg.ServerCursor):
                patch.setattr(kind, "execute", noting(kind.execute, sent))
            yield sent

    return watch


def noting(execute, sent):
    """This `execute`, which tells `sent` of every statement but savepoints."""

    def noted(self, query, *args, **kwargs):
        text = query if isinstance(query, str) else query.decode()
        if not text.startswith(("SAVEPOINT", "RELEASE")):
            sent.append(text)
        return execute(self, query, *args, **kwargs)

    return noted
