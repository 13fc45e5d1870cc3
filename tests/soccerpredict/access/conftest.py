from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from soccerpredict.access import cache, counter, leases, services, usage


@pytest.fixture(autouse=True)
def _nothing_remembered(redis_client):
    """No key, use or count of an earlier test; Redis counts as reachable."""
    cache.verified.clear()
    usage._noted.clear()
    usage._counts.clear()
    usage._counts_due = 0.0
    leases.forget()
    counter.breaker.succeeded()
    yield
    counter._hang_up()


@pytest.fixture
def api(settings):
    settings.ROOT_URLCONF = "tests.soccerpredict.access.urls"
    return Client(raise_request_exception=False)


@pytest.fixture
def ask(api):
    """Get a toy route with a key's text in the header."""

    def ask(text, path="/predict/read", **headers):
        return api.get(path, headers={"X-API-Key": text, **headers})

    return ask


@pytest.fixture
def issue(db):
    """Issue a key to the client named Acme, or to `client`."""

    def issue(client=None, **fields):
        return services.issue(client=client or services.client_named("Acme"), **fields)

    return issue


class Clock:
    """Stands in for the `time` module and for Django's `timezone` where we read them."""

    def __init__(self):
        self._passed = 0.0
        self._start = timezone.now()

    def monotonic(self):
        return 1000.0 + self._passed

    def now(self):
        return self._start + timedelta(seconds=self._passed)

    def pass_seconds(self, seconds):
        self._passed += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (cache, counter, leases, usage):
        monkeypatch.setattr(module, "time", clock)
    for module in (cache, services, usage):
        monkeypatch.setattr(module, "timezone", clock)
    return clock
