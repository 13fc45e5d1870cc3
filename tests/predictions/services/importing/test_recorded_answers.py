"""Sources end to end, on answers as their providers' documentation has them, of invented clubs."""

import json
from collections.abc import Iterator

import pytest

from livescores.models import ImportReport, Match
from tests import provider
from tests.livescores.sources.api_football.test_parser import answer, goals
from tests.livescores.sources.api_football.test_parser import node as fixture
from tests.livescores.sources.openligadb.test_parser import END, HALF
from tests.livescores.sources.openligadb.test_parser import node as played
from tests.predictions.commands import failed, run
from tests.provider import Provider, content

pytestmark = pytest.mark.django_db

SEASON = ("import_matches", "api-football", "--season", "2025-26")


@pytest.fixture
def web(settings) -> Iterator[Provider]:
    with provider.running() as server:
        settings.SOURCES = {
            "api-football": {"url": server.url, "token": "s3cret"},
            "openligadb": {"url": server.url},
        }
        settings.FETCH_PAGE_SECONDS = 20
        yield server


def test_api_football_brings_a_league_and_a_cup(web):
    cup = fixture("PEN", 120, 2, "Final", goals=goals(1, 1), score={"fulltime": goals(1, 1)})
    cup["fixture"]["id"] = 2
    cup["fixture"]["date"] = "2026-05-30T19:00:00+00:00"
    web.on("/fixtures", content(answer(fixture())), content(answer(cup)))

    assert "2 rows read: 2 inserted" in run(*SEASON, "--league", "39", "--league", "2")

    league, final = Match.objects.order_by("start_time_utc")
    assert (league.home_team, league.away_team) == (final.home_team, final.away_team)
    assert (final.home_score, final.away_score, final.neutral_venue) == (1, 1, True)
    assert web.seen[0][1]["x-apisports-key"] == "s3cret"


def test_a_day_of_leagues_that_we_do_not_know_is_no_failure(web):
    web.on("/fixtures", content(answer(fixture(league=999))))

    assert "1 rows read: 0 inserted" in run(*SEASON, "--league", "39")


def test_a_used_up_plan_that_answers_200_is_asked_for_nothing_more(web):
    used_up = {"requests": "You have reached the request limit for the day, Go to https://x"}
    web.on("/fixtures", content(answer(errors=used_up)))

    text = failed(*SEASON, "--league", "39", "--league", "2")

    assert text.endswith("for 2 of 2 pages: API-Football answered 200: the quota is used up.")
    assert len(web.seen) == 1
    reasons = ImportReport.objects.get().rejections.order_by("pk").values_list("reason", flat=True)
    assert reasons[1].endswith("was not asked again: its quota is used up.")


def test_a_league_outside_the_plan_leaves_the_others(web):
    outside = {"plan": "Free plans do not have access to this season, try from 2021 to 2023."}
    web.on("/fixtures", content(answer(errors=outside)), content(answer(fixture())))

    text = failed(*SEASON, "--league", "2", "--league", "39")

    assert text.endswith("our plan does not include league-2-2025.")
    assert Match.objects.get().home_team.name == "Aldmoor"


def test_openligadb_s_match_is_over_once_its_result_is_there(web):
    flagged, told = (content(json.dumps([played(*results)])) for results in ((HALF,), (HALF, END)))
    web.on("/getmatchdata/bl1/2025", flagged, told)
    words = ("import_matches", "openligadb", "--season", "2025-26", "--league", "bl1")

    run(*words)
    assert (Match.objects.get().status, Match.objects.get().home_score) == ("live", None)

    run(*words)
    match = Match.objects.get()
    assert (match.status, match.home_score, match.home_half_time_score) == ("finished", 2, 1)
