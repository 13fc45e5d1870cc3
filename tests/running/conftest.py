from typing import Any

import pytest
import requests
from django.db import connection

from tests import stack_world
from tests.stack import N_WEB, eventually

GATE = 4711  # of Postgres's advisory locks
HOLD_AT_GATE = f"""
    CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END $$;
    CREATE TRIGGER gate BEFORE UPDATE ON predictions_predictionjob
        FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION wait_at_gate();
"""
WAITING = f"""
    FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted
      AND datname = current_database()
"""


class Api(requests.Session):
    """A client that keeps its connection; paths instead of URLs, and a key."""

    def __init__(self, url, key):
        super().__init__()
        self.base = url
        self.headers["X-API-Key"] = key

    def request(self, method: Any, path: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        kwargs.setdefault("timeout", 20)
        return super().request(method, self.base + path, **kwargs)

    def process(self):
        return self.get("/healthcheck/").json()["worker_pid"]


class Gate:
    """Where workers wait with a job that is done but not yet written down."""

    def __init__(self):
        self._execute(f"SELECT pg_advisory_lock({GATE})")

    def has_waiting(self):
        return self._execute(f"SELECT count(*) {WAITING}") > 0

    def lose_waiting(self):
        """As if their words had never reached Postgres."""
        self._execute(f"SELECT count(pg_terminate_backend(pid)) {WAITING}")
        eventually(lambda: not self.has_waiting())

    def open(self):
        self._execute("SELECT pg_advisory_unlock_all()")

    def _execute(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]


@pytest.fixture
def in_stack(stack, django_db_blocker):
    """The test's own Django on the stack's database and files."""
    with django_db_blocker.unblock(), stack_world.inside(stack):
        yield stack


@pytest.fixture(scope="session")
def key(stack, django_db_blocker):
    with django_db_blocker.unblock(), stack_world.inside(stack):
        return stack_world.issue_key("tests")


@pytest.fixture
def new_api(stack, key):
    """Makes clients, each with a connection of its own."""
    made = []

    def make():
        made.append(Api(stack.url, key))
        return made[-1]

    yield make
    for api in made:
        api.close()


@pytest.fixture
def api(new_api):
    """A client of the running web server: `api.get("/predict/…")`."""
    return new_api()


@pytest.fixture
def api_of_each(new_api):
    """One client for each of the web server's processes."""
    found = {}
    for _ in range(100):
        api = new_api()
        found.setdefault(api.process(), api)
        if len(found) == N_WEB:
            return list(found.values())
    raise AssertionError("One of the processes takes no connection.")


@pytest.fixture
def gate(in_stack):
    """Closed: no job ends before the test opens it."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD_AT_GATE)
    gate = Gate()
    yield gate
    gate.open()
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION wait_at_gate CASCADE")


@pytest.fixture
def coming(api):
    """A published prediction of a match that has not kicked off."""
    return api.get("/predict/predictions/?future_only=true&limit=1").json()[0]


@pytest.fixture
def fixture_body(api, coming):
    """The body that asks for the coming match."""
    [match] = played(api, f"?date={coming['startTimeUtc'][:10]}", coming["match_id"])
    return body_of(match)


def played(api, query, *ids):
    rows = api.get(f"/livescores/{query}").json()
    return [row for row in rows if not ids or row["id"] in ids]


def body_of(match, **more):
    """What to post for a match of `/livescores/`."""
    return {
        "home_team_id": match["homeTeamId"],
        "away_team_id": match["awayTeamId"],
        "tournament_id": match["tournamentId"],
        "match_datetime_utc": match["startTimeUtc"],
        **more,
    }
