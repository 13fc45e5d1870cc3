"""Postgres frozen, killed and locked: what a process holds is served, the rest fails soon."""

import itertools
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest

from tests.running.conftest import Api
from tests.stack import N_THREADS, N_WEB, eventually

pytestmark = [pytest.mark.stack, pytest.mark.fault]

ANSWERED_WITHIN = 5  # seconds, on a busy machine; without limits it would be for ever
KEPT = (
    "/predict/predictions/?limit=5",
    "/predict/cards/?limit=5",
    "/predict/odds/?limit=5",
    "/predict/precomputed/{match_id}",
    "/livescores/?limit=5",
    "/matches/{match_id}",
    "/record",
    "/",
)
PROGRAMS = ("/predict", "/livescores", "/livez")
offsets = itertools.count()
NEEDS_NONE = ("/livez", "/predict/predictions/")


def never_asked():
    """A path that no process can hold an answer to."""
    return f"/predict/odds/?limit=7&offset={next(offsets)}"


def timed(api, path):
    """As a program asks for a list, a person for a page."""
    accept = "*/*" if path.startswith(PROGRAMS) else "text/html"
    began = time.monotonic()
    answer = api.get(path, timeout=ANSWERED_WITHIN, headers={"Accept": accept})
    return answer, time.monotonic() - began


@pytest.fixture
def held(api_of_each, coming):
    """The paths that each process of the web server has answered a moment ago."""
    paths = [path.format(**coming) for path in KEPT]
    for api in api_of_each:
        for path in paths:
            goes_on(api, path)
    return paths


@pytest.fixture
def healed(stack):
    """Afterwards everything is as before, by itself."""
    yield
    stack.await_programs()


def goes_on(api, path):
    answer, seconds = timed(api, path)
    assert answer.status_code == 200, (path, answer.text)
    return answer, seconds


def stale_from(api, paths):
    """What each path is answered with, once the process has found out that the database is away."""
    eventually(lambda: api.get(never_asked(), timeout=ANSWERED_WITHIN).status_code == 503)
    return {path: goes_on(api, path) for path in paths}


def assert_marked(found):
    for path, (answer, _) in found.items():
        assert answer.headers.get("X-Stale") == "true", path
        assert int(answer.headers["Age"]) >= 0


@pytest.mark.usefixtures("healed")
@pytest.mark.parametrize("broken", ["frozen_postgres", "without_postgres"])
def test_what_is_held_goes_on_and_the_rest_fails_soon(stack, api_of_each, held, broken, figure):
    with getattr(stack, broken)():
        for api in api_of_each:
            found = stale_from(api, held)
            assert_marked(found)
            refused, seconds = timed(api, never_asked())
            assert refused.status_code == 503
            assert refused.headers["Retry-After"]
            figure(f"{broken}: what is not held is refused after", seconds)
            for path in NEEDS_NONE:
                goes_on(api, path)

    began = time.monotonic()
    for api in api_of_each:
        eventually(lambda api=api: api.get(never_asked(), timeout=30).status_code == 200)
    figure(f"{broken}: healed after", time.monotonic() - began)
    for api in api_of_each:  # a thread that kept to an old connection may find out only now
        eventually(lambda api=api: "X-Stale" not in api.get(held[0]).headers)


@pytest.mark.usefixtures("healed")
def test_a_request_to_a_frozen_database_is_answered_within_the_limit(stack, api_of_each, figure):
    with stack.frozen_postgres():
        for api in api_of_each:
            refused, seconds = timed(api, never_asked())
            assert refused.status_code == 503
            figure("the first request to a frozen database is refused after", seconds)


@pytest.mark.usefixtures("healed", "held")
def test_an_unknown_key_is_not_let_in(stack, api_of_each):
    with stack.frozen_postgres():
        for api in api_of_each:
            eventually(lambda api=api: api.get(never_asked()).status_code == 503)
            other = Api(stack.url, "sp_0123abcd_" + "A" * 43)
            answer = other.get(KEPT[0])
            assert answer.status_code == 503
            other.close()


@contextmanager
def locked(stack, table):
    with psycopg.connect(stack.database_url) as holder:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


def ask_on(api, path, until, statuses):
    while not until.is_set():
        statuses.append(api.get(path, timeout=30).status_code)
        time.sleep(0.01)


@pytest.mark.usefixtures("healed")
def test_a_locked_table_silences_nothing_else(stack, new_api, api, held, figure):
    """More clients wait for the table than there are threads; probes do not queue behind them."""
    ended, statuses, seconds = threading.Event(), [], []
    askers = [
        threading.Thread(target=ask_on, args=(new_api(), "/livescores/?limit=3", ended, statuses))
        for _ in range(2 * N_WEB * N_THREADS)
    ]
    with locked(stack, "livescores_match"):
        for asker in askers:
            asker.start()
        time.sleep(1)
        for _ in range(20):
            seconds += [goes_on(api, path)[1] for path in NEEDS_NONE]
        ended.set()
    for asker in askers:
        asker.join(30)

    assert 503 in statuses
    seconds.sort()
    figure("beside a locked table probes and lists take at most", seconds[-1])
    assert seconds[len(seconds) // 2] < 1
