"""football-data.org version 4, in the form that it publishes."""

import json
from datetime import UTC, date, datetime

import pytest

from livescores.sources.football_data_org import parser as football_data_org
from livescores.sources.queries import Asked, NotConfigured
from livescores.sources.records import FileRejected, TournamentRecord


def node(**changes):
    """A match of the published form, with changes."""
    return {
        "area": {"id": 2072, "name": "England", "code": "ENG"},
        "competition": {"id": 2021, "name": "Premier League", "code": "PL", "type": "LEAGUE"},
        "season": {"id": 1490, "startDate": "2022-08-05", "endDate": "2023-05-28", "winner": None},
        "id": 416384,
        "utcDate": "2022-08-05T19:00:00Z",
        "status": "FINISHED",
        "matchday": 1,
        "stage": "REGULAR_SEASON",
        "lastUpdated": "2022-08-05T20:58:12Z",
        "homeTeam": {"id": 354, "name": "Crystal Palace FC", "shortName": "Crystal Palace"},
        "awayTeam": {"id": 57, "name": "Arsenal FC", "shortName": "Arsenal"},
        "score": {
            "winner": "AWAY_TEAM",
            "duration": "REGULAR",
            "fullTime": {"home": 0, "away": 2},
            "halfTime": {"home": 0, "away": 1},
        },
        "odds": {"msg": "Activate Odds-Package in User-Panel to retrieve odds."},
        **changes,
    }


def parsed(*nodes):
    document = {"filters": {}, "resultSet": {"count": len(nodes)}, "matches": list(nodes)}
    return football_data_org.parse(json.dumps(document).encode(), "matches.json")


def only(**changes):
    (match,) = parsed(node(**changes)).matches
    return match


def test_it_reads_a_result():
    match = only()

    assert (match.home, match.away, match.counts[:4]) == (
        "Crystal Palace FC",
        "Arsenal FC",
        (0, 2, 0, 1),
    )
    assert (match.external_id, match.home_id, match.away_id) == ("416384", "354", "57")
    assert (match.tournament.region, match.tournament.name, match.season) == (
        "England",
        "Premier League",
        "2022-23",
    )
    assert match.start_time_utc == datetime(2022, 8, 5, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("SCHEDULED", "scheduled"),
        ("TIMED", "scheduled"),
        ("IN_PLAY", "live"),
        ("PAUSED", "live"),
        ("EXTRA_TIME", "live"),
        ("PENALTY_SHOOTOUT", "live"),
        ("FINISHED", "finished"),
        ("SUSPENDED", "abandoned"),
        ("POSTPONED", "postponed"),
        ("CANCELLED", "cancelled"),
        ("AWARDED", "awarded"),
    ],
)
def test_every_status_has_ours(status, ours):
    assert only(status=status).status == ours


@pytest.mark.parametrize(
    ("minute", "ours"), [(67, 67), ("67", 67), ("45+2", 45), (None, None), ("HT", None)]
)
def test_a_live_match_has_score_and_minute(minute, ours):
    match = only(status="IN_PLAY", minute=minute)

    assert (match.counts[:2], match.minute) == ((0, 2), ours)
    assert match.told_at == datetime(2022, 8, 5, 20, 58, 12, tzinfo=UTC)


def test_after_extra_time_the_score_is_that_of_90_minutes():
    score = {
        "duration": "PENALTY_SHOOTOUT",
        "fullTime": {"home": 7, "away": 6},
        "halfTime": {"home": 1, "away": 0},
        "regularTime": {"home": 1, "away": 1},
        "extraTime": {"home": 0, "away": 0},
        "penalties": {"home": 6, "away": 5},
    }

    assert only(score=score).counts[:4] == (1, 1, 1, 0)


def test_without_it_the_match_is_refused():
    score = {"duration": "EXTRA_TIME", "fullTime": {"home": 2, "away": 1}}

    (rejection,) = parsed(node(score=score)).rejections

    assert rejection.reason == "A finished match without its score after 90 minutes."


def test_a_day_without_a_time_is_told_apart():
    midnight = {"utcDate": "2022-08-06T00:00:00Z", "score": {}}

    assert not only(status="SCHEDULED", **midnight).has_kickoff_time
    assert only(status="TIMED", **midnight).has_kickoff_time


def test_calendar_years_are_one_season():
    season = {"startDate": "2022-04-10", "endDate": "2022-11-13"}

    assert only(season=season).season == "2022"


def test_competitions_that_we_do_not_know_are_left_out():
    result = parsed(node(competition={"code": "XYZ"}), node())

    assert (result.rows, len(result.matches), result.rejections) == (2, 1, [])


@pytest.mark.parametrize(
    ("code", "region", "name"),
    [
        ("CL", "Europe", "UEFA Champions League"),
        ("EC", "International", "European Championship"),
        ("WC", "International", "FIFA World Cup"),
    ],
)
def test_cups_and_internationals_are_read(code, region, name):
    match = only(competition={"code": code})

    assert match.tournament == TournamentRecord(region, name, is_cup=True)


def test_a_cup_s_pair_that_is_not_drawn_yet_is_left_out():
    undrawn = node(competition={"code": "CL"}, awayTeam={"id": None, "name": None})

    assert (parsed(undrawn).matches, parsed(undrawn).rejections) == ([], [])


WORLD_CUP = {
    "competition": {"code": "WC"},
    "season": {"startDate": "2022-11-20", "endDate": "2022-12-18"},
}


@pytest.mark.parametrize(
    ("changes", "is_neutral"),
    [
        ({"competition": {"code": "CL"}, "stage": "FINAL"}, True),
        ({"competition": {"code": "CL"}, "stage": "SEMI_FINALS"}, None),
        ({"competition": {"code": "ELC"}, "stage": "FINAL"}, True),
        ({"stage": "FINAL"}, None),
        (WORLD_CUP, True),
        ({**WORLD_CUP, "homeTeam": {"id": 8030, "name": "Qatar"}}, False),
    ],
)
def test_finals_and_final_tournaments_are_on_foreign_ground(changes, is_neutral):
    assert only(**changes).neutral_venue is is_neutral


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "ASLEEP"}, "Unknown status 'ASLEEP'."),
        ({"homeTeam": {"id": None, "name": None}}, "homeTeam is not known yet."),
        ({"awayTeam": {"id": 354, "name": "Crystal Palace FC"}}, "Crystal Palace FC plays itself."),
        ({"score": {"fullTime": {"home": -1, "away": 2}}}, "-1-2 is not a score."),
    ],
)
def test_a_match_that_is_none_is_refused_with_its_number(changes, why):
    result = parsed(node(), node(**changes))

    assert [(r.line, r.reason) for r in result.rejections] == [(2, why)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"<html>", "is a web page, not JSON"),
        (b'{"message": "You reached your request limit."}', r"Field matches: Field required\."),
        (b'{"matches": {}}', r"Field matches: Input should be a valid list|array"),
        (b'{"matches": [', "This is not JSON"),
        (b"[" * 10_000, "This is not JSON"),
        (json.dumps({"matches": [node(id="x")]}).encode(), r"Field matches\.0\.id: "),
        (json.dumps({"matches": [node(utcDate="soon")]}).encode(), r"Field matches\.0\.utcDate: "),
        (json.dumps({"matches": [node(score=3)]}).encode(), r"Field matches\.0\.score: "),
    ],
)
def test_another_form_is_refused_with_the_field(content, why):
    with pytest.raises(FileRejected, match=why):
        football_data_org.parse(content, "matches.json")


def asked(**changes):
    return Asked(url="https://api.example", today=date(2026, 3, 14), token="s3cret", **changes)


def test_it_asks_for_the_days_around_today():
    (page,) = football_data_org.pages(asked())

    assert page.url == "https://api.example/v4/matches?dateFrom=2026-03-12&dateTo=2026-03-21"
    assert page.headers == {"X-Auth-Token": "s3cret"}


def test_it_asks_for_seasons_by_league():
    (page,) = football_data_org.pages(asked(season="2024-25", leagues=("PL",)))

    assert page.url == "https://api.example/v4/competitions/PL/matches?season=2024"


def test_without_a_token_it_says_what_to_set():
    with pytest.raises(NotConfigured, match="set FOOTBALL_DATA_ORG_TOKEN"):
        football_data_org.pages(Asked(url="https://api.example", today=date(2026, 3, 14)))
