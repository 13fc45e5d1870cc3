"""Every source beside every way in which its provider can fail, as the scheduler would meet it.

The job ends in its time limit with one sentence that names the source, the database is as it was,
and the other sources' jobs go on.
"""

import gzip
import time
from typing import NamedTuple

import pytest
from celery import Task
from django.apps import apps

from livescores.models import Match
from predictions import tasks
from soccerpredict.jobs.heartbeats import heartbeats
from soccerpredict.jobs.models import JobRun
from tests import provider
from tests.factories import make_match
from tests.provider import Reaction, content

pytestmark = pytest.mark.django_db

PAGE_SECONDS, SECONDS = 0.5, 3
# What a run takes beside its time limit: reading what came by then, and this machine's moods.
BESIDE = 4


class Fetched(NamedTuple):
    """A source as the timetable has it, and what follows the address of its server."""

    task: Task
    kwargs: dict[str, object]
    url: str = ""


SOURCES = {
    "football-data": Fetched(tasks.fetch_matches, {"source": "football-data"}),
    "openfootball": Fetched(tasks.fetch_matches, {"source": "openfootball"}),
    "whoscored": Fetched(tasks.fetch_matches, {"source": "whoscored"}, "/records.jsonl"),
    "football-data-org": Fetched(tasks.fetch_matches, {"source": "football-data-org"}),
    "api-football": Fetched(tasks.fetch_matches, {"source": "api-football"}),
    "openligadb": Fetched(tasks.fetch_matches, {"source": "openligadb"}),
    "fonbet": Fetched(tasks.fetch_odds, {"source": "fonbet"}, "/line/{version}"),
    "the-odds-api": Fetched(tasks.fetch_odds, {"source": "the-odds-api"}),
}
SCORES = Fetched(tasks.fetch_scores, {"source": "the-odds-api", "leagues": ["soccer_epl"]})
RECORD = (
    b'{"matchId": 1, "tournamentName": "Serie A", "regionName": "Italy", "homeId": 1, "awayId": 2,'
    b'"homeName": "Roma", "awayName": "Lazio", "status": 1, "startTimeUtc": "2026-05-01T18:00:00Z"}'
)
OTHER_FORM = b'{"standings": [{"team": {"id": 57, "name": "Arsenal"}, "points": 3}]}'


def announced(handler: provider.Handler) -> None:
    """50 MB, said beforehand."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(50 * 2**20))
    handler.end_headers()
    handler.wfile.write(b"0" * 2**16)
    handler.close_connection = True


def bomb(handler: provider.Handler) -> None:
    """A gzip file of a few kB that unpacks to 80 MB."""
    provider.zipped(b"0" * 80 * 2**20)(handler)


FAILURES: dict[str, Reaction] = {
    "hangs": provider.hang,
    "drips": provider.drip,
    "drips-headers": provider.drip_headers,
    "50-MB": provider.flood(50),
    "50-MB-announced": announced,
    "unpacks-to-80-MB": bomb,
    "html": content("<!DOCTYPE html><html><body>We'll be back soon.</body></html>"),
    "gzip-cut-off": content(gzip.compress(RECORD * 99)[:-20], Content_Encoding="gzip"),
    "gzip-file-cut-off": content(gzip.compress(RECORD * 99)[:-20]),
    "connection-cut-off": provider.cut_off(RECORD * 99),
    "reset": provider.reset,
    "other-form": content(OTHER_FORM),
    "another-json": content(b"[1, 2, 3]"),
    "empty": content(b""),
    "not-utf-8": content(OTHER_FORM.replace(b"Arsenal", b"\xff\xfe\xe9\x80")),
    "401": content(b"{}", 401),
    "404": content(b"{}", 404),
    "429": content(b"{}", 429),
    "429-for-an-hour": content(b"{}", 429, Retry_After="3600"),
    "500": content(b"{}", 500),
}


@pytest.fixture
def broken(settings):
    """The server that every source but one asks; the other one's is well."""
    with provider.running() as server, provider.running() as well:
        well.otherwise = content(RECORD)
        settings.SOURCES = {
            name: {"url": server.url + one.url, "token": "s3cret"} for name, one in SOURCES.items()
        }
        settings.FETCH_PAGE_SECONDS, settings.FETCH_SECONDS = PAGE_SECONDS, SECONDS
        yield server, well


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the data; of imports there is a report, whatever comes of them."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for app in ("livescores", "predictions")
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in ("ImportReport", "ImportRejection")
    }


def run(fetched: Fetched) -> JobRun:
    """As a worker runs it."""
    fetched.task.apply(kwargs=fetched.kwargs)
    return JobRun.objects.get(task=fetched.task.name, kwargs=fetched.kwargs)


def check_failure(name: str, fetched: Fetched) -> None:
    make_match()
    before, began = everything(), time.monotonic()

    job = run(fetched)

    assert time.monotonic() - began < SECONDS + BESIDE
    assert job.result.startswith(f"Fetching {name} failed")
    assert "not asked again" not in job.result  # that is no reason
    assert (job.state, job.failures) == ("failed", 1)
    assert job.result.count("\n") == 0
    assert "s3cret" not in job.result
    assert everything() == before
    (beat,) = [beat for beat in heartbeats() if beat.job == job]
    assert beat.is_failed
    assert beat.result == job.result


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("source", SOURCES)
def test_a_provider_that_fails_costs_a_sentence(broken, source, failure):
    broken[0].otherwise = FAILURES[failure]

    check_failure(source, SOURCES[source])


@pytest.mark.parametrize("failure", FAILURES)
def test_so_do_live_scores(broken, failure):
    broken[0].otherwise = FAILURES[failure]

    check_failure("the-odds-api", SCORES)


@pytest.mark.parametrize("source", [name for name in SOURCES if name != "whoscored"])
def test_the_jobs_of_the_others_go_on(broken, settings, source):
    server, well = broken
    server.otherwise = provider.hang
    settings.SOURCES = {**settings.SOURCES, "whoscored": {"url": well.url}}

    states = [run(SOURCES[name]).state for name in (source, "whoscored", source)]

    assert states == ["failed", "done", "failed"]
    assert Match.objects.get().home_team.name == "Roma"
    assert JobRun.objects.get(kwargs__source=source).failures == 2


def test_a_provider_that_recovers_is_a_done_job(broken):
    server, _ = broken
    server.on("/records.jsonl", *[content(b"", 500)] * 8, content(RECORD))
    states = []
    while states[-1:] != ["done"] and len(states) < 9:
        states.append(run(SOURCES["whoscored"]).state)

    assert (states[0], states[-1]) == ("failed", "done")
    assert JobRun.objects.get().failures == 0
