"""What the scheduler starts, hour after hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livescores.models import ImportReport, Match
from predictions import tasks
from predictions.services import scheduled
from predictions.services.importing import simulated_world
from predictions.services.scheduled import FetchingFailed
from soccerpredict.jobs.models import JobRun
from soccerpredict.jobs.runs import NothingToDo
from tests import provider
from tests.factories import make_match, make_region
from tests.predictions.pipeline import NOW, shrink_leagues
from tests.provider import content

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    """A small world of seed 7, as far as it was played on a day long past."""
    shrink_leagues(monkeypatch)
    simulated_world.simulate(seed=7, now=NOW)
    ImportReport.objects.update(started_at=NOW)


@pytest.mark.usefixtures("world")
def test_a_world_goes_on_from_its_own_seed():
    clubs = set(Match.objects.values_list("home_team__name", flat=True))

    scheduled.go_on_with_the_simulated_world()

    assert set(Match.objects.values_list("home_team__name", flat=True)) == clubs
    assert ImportReport.objects.filter(part="seed 7").count() == 2


@pytest.mark.usefixtures("world")
def test_a_world_is_not_simulated_again_without_need():
    scheduled.go_on_with_the_simulated_world()

    with pytest.raises(NothingToDo, match="No match of the simulated world has ended"):
        scheduled.go_on_with_the_simulated_world()


@pytest.mark.usefixtures("world")
def test_a_world_goes_on_for_new_prices_after_hours():
    scheduled.go_on_with_the_simulated_world()
    ImportReport.objects.update(started_at=timezone.now() - timedelta(hours=7))

    assert scheduled.go_on_with_the_simulated_world().startswith("Simulated world 7: 0 matches")


def test_real_data_have_no_simulated_hours():
    make_region(is_simulated=False)

    with pytest.raises(NothingToDo, match="There is no simulated world here"):
        scheduled.go_on_with_the_simulated_world()


def test_a_source_without_an_address_is_not_fetched(settings):
    settings.SOURCES = {"whoscored": {"url": ""}}

    with pytest.raises(NothingToDo, match="set WHOSCORED_URL"):
        scheduled.fetch_matches("whoscored")


def test_a_provider_that_fails_is_a_failed_job(settings):
    with provider.running() as web:
        settings.SOURCES = {"whoscored": {"url": web.on("/records.jsonl", content("<html>"))}}

        with pytest.raises(FetchingFailed):
            tasks.fetch_matches.apply(kwargs={"source": "whoscored"}).get()

    job = JobRun.objects.get()
    assert (job.state, job.result) == (
        "failed",
        "Fetching whoscored failed: The file is a web page, not JSON.",
    )
    assert Match.objects.count() == 0


def test_a_provider_that_answers_is_a_done_job(settings):
    record = (
        b'{"matchId": 1, "tournamentName": "Serie A", "regionName": "Italy", "homeId": 1,'
        b'"awayId": 2, "homeName": "Roma", "awayName": "Lazio", "status": 1,'
        b'"startTimeUtc": "2026-05-01T18:00:00Z"}'
    )
    with provider.running() as web:
        settings.SOURCES = {"whoscored": {"url": web.on("/records.jsonl", content(record))}}
        tasks.fetch_matches.apply(kwargs={"source": "whoscored"})

    assert JobRun.objects.get().result == "1 matches inserted, 0 updated, 0 prices inserted."


def test_fixtures_whose_result_never_came_are_unknown_after_days(settings):
    settings.FIXTURE_SILENT_DAYS = 7
    make_match(status="scheduled", start_time_utc=timezone.now() - timedelta(days=8))

    assert scheduled.close_silent_matches() == (
        "0 live matches that no source confirmed are unknown now, "
        "and 1 fixtures whose result never came."
    )
    with pytest.raises(NothingToDo, match="none is overdue"):
        scheduled.close_silent_matches()
