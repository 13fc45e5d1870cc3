"""`GET /scores`: a calendar, and the matches of a day, a month or a year."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_match,
    make_region,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def played(home="Ajax", away="PSV", **fields):
    return make_match(home_team=make_team(name=home), away_team=make_team(name=away), **fields)


def clubs(response):
    """Home teams in their order."""
    page = content_of(response).decode()
    return re.findall(r'<span class="club[^"]*">([^<]*)</span>', page)[::2]


def test_it_shows_todays_matches_with_status_and_score(visitor):
    played("Ajax", "PSV", start_time_utc=NOON - 3 * HOUR, score=(2, 1))
    played("Feyenoord", "Twente", start_time_utc=NOON + HOUR)
    played("Utrecht", "Heerenveen", status="postponed")

    text = text_of(visitor.get("/scores"))

    assert "Today, Saturday 14 March 2026" in text
    assert "FT Ajax 2 PSV 1" in text
    assert "13:00 Feyenoord Twente" in text
    assert "Postponed Utrecht Heerenveen" in text


def test_a_match_that_nobody_has_confirmed_for_hours_is_unknown(visitor):
    played(start_time_utc=NOON - 11 * HOUR, status="live", minute=90, home_score=1, away_score=0)

    text = text_of(visitor.get("/scores"))

    assert "Unknown Ajax 1 PSV 0" in text
    assert "Live 90" not in text


def test_the_side_that_is_ahead_stands_out(visitor):
    played("Ajax", "PSV", score=(1, 2))

    assert '<span class="club won">PSV</span>' in content_of(visitor.get("/scores")).decode()


def test_a_match_of_an_unknown_time_has_none(visitor):
    played(has_kickoff_time=False)

    assert "12:00" not in text_of(visitor.get("/scores"))


def test_without_matches_today_it_shows_the_last_day_that_had_some(visitor):
    played("Older", start_time_utc=NOON - 9 * DAY, score=(0, 0))
    played("Newer", start_time_utc=NOON - 2 * DAY, score=(0, 0))
    played("Later", start_time_utc=NOON + DAY)

    response = visitor.get("/scores")

    assert clubs(response) == ["Newer"]
    assert "Thursday 12 March 2026" in text_of(response)


def test_the_last_day_is_that_of_the_league_that_was_asked_for(visitor):
    season = make_season()
    played("Rare", start_time_utc=NOON - 90 * DAY, season=season, score=(0, 0))
    played("Daily", score=(0, 0))

    assert clubs(visitor.get(f"/scores?tournament_id={season.tournament_id}")) == ["Rare"]


def test_matches_stand_under_their_league_by_region_and_tier(visitor):
    region = make_region(name="Austria")
    second = make_season(tournament=make_tournament(region=region, name="Second", tier=2))
    first = make_season(tournament=make_tournament(region=region, name="First", tier=1))
    other = make_season(tournament=make_tournament(region=make_region(name="Wales"), name="Cup"))
    for season in (other, second, first):
        played(season=season)

    text = text_of(visitor.get("/scores"))

    assert re.findall(r"(First|Second|Cup) (?:Austria|Wales) 12:00", text) == [
        "First",
        "Second",
        "Cup",
    ]


def test_it_shows_a_day_a_month_and_a_year(visitor):
    for month, day in ((1, 31), (2, 1), (2, 28), (3, 1)):
        start = datetime(2026, month, day, 15, tzinfo=NOON.tzinfo)
        played(f"{month}/{day}", start_time_utc=start)

    queries = ("date=2026-02-28", "year=2026&month=2", "year=2026")
    shown = [clubs(visitor.get(f"/scores?{query}")) for query in queries]

    assert shown == [["2/28"], ["2/1", "2/28"], ["1/31", "2/1", "2/28", "3/1"]]


def test_the_calendar_counts_the_matches_of_each_day(visitor):
    played(), played(), played(start_time_utc=NOON + 2 * DAY)

    page = content_of(visitor.get("/scores")).decode()

    assert 'aria-label="14 March, 2 matches"' in page
    assert 'aria-label="16 March, 1 match"' in page
    assert 'href="?date=2026-03-16"' in page


def test_the_calendar_of_a_year_counts_by_month(visitor):
    played(), played(start_time_utc=NOON + 40 * DAY)

    page = content_of(visitor.get("/scores?year=2026")).decode()

    assert "Mar<small>1</small>" in page
    assert "Apr<small>1</small>" in page
    assert "<span>Jan</span>" in page


def test_links_to_other_days_keep_the_filters(visitor):
    league = make_season().tournament_id

    page = content_of(visitor.get(f"/scores?tournament_id={league}&date=2026-03-01")).decode()

    assert f"?tournament_id={league}&amp;date=2026-02-28" in page
    assert f"?tournament_id={league}&amp;year=2026&amp;month=2" in page


def test_many_matches_come_a_page_at_a_time(visitor):
    season, home, away = make_season(), make_team(), make_team()
    for n in range(201):
        start = NOON - timedelta(minutes=n)
        make_match(season=season, home_team=home, away_team=away, start_time_utc=start)

    first = visitor.get("/scores?date=2026-03-14")
    link = re.search(r'rel="next" href="(\?[^"]*offset[^"]+)"', content_of(first).decode())[1]

    assert len(clubs(first)) == 200
    assert len(clubs(visitor.get("/scores" + link.replace("&amp;", "&")))) == 1


def test_a_day_without_matches_says_so(visitor):
    assert "No match" in text_of(visitor.get("/scores?date=2026-03-01"))


@pytest.mark.parametrize(
    ("query", "polls"),
    [
        ("date=2026-03-14", True),
        ("date=2026-03-13", True),  # a match may go on past midnight
        ("date=2026-03-12", False),
        ("date=2026-03-15", False),
        ("year=2026&month=3", True),
        ("year=2025", False),
    ],
)
def test_it_asks_again_only_for_days_on_which_something_may_happen(visitor, query, polls):
    page = content_of(visitor.get(f"/scores?{query}")).decode()

    assert ("hx-trigger" in page.partition("<main")[2]) is polls


def test_the_board_asks_with_the_tag_of_what_it_shows(visitor):
    match = played()
    board = content_of(visitor.get("/scores/board")).decode()
    tags = re.search(r'hx-headers=\'{"If-None-Match": (".*")}\'', board)[1].replace("\\", "")[1:-1]

    unchanged = visitor.get("/scores/board", headers={"If-None-Match": tags})
    match.home_score, match.away_score, match.status, match.minute = 1, 0, "live", 7
    match.save()
    changed = visitor.get("/scores/board", headers={"If-None-Match": tags})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert "Live 7′ Ajax 1 PSV 0" in text_of(changed)


def test_the_board_is_the_one_of_the_page(visitor):
    played(score=(3, 0))

    page, board = (content_of(visitor.get(path)).decode() for path in ("/scores", "/scores/board"))

    assert board.strip() in page


@pytest.mark.parametrize("path", ["/scores", "/scores/", "/scores/board", "/scores/board/"])
def test_every_spelling_answers(visitor, path):
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("month=3", "month"),
        ("year=0", "year"),
        ("year=2026&month=13", "month"),
        ("date=2026-02-28&year=2026", "date"),
        ("status=over", "status"),
        ("limit=5", "limit"),
        ("format=csv", "format"),
        ("team_id=-1", "team_id"),
    ],
)
@pytest.mark.parametrize("path", ["/scores", "/scores/board"])
def test_a_wrong_field_is_named(visitor, path, query, field):
    response = visitor.get(f"{path}?{query}")

    assert response.status_code == 422
    assert f"<code>{field}</code>" in content_of(response).decode()


def test_it_takes_few_queries_however_many_matches(visitor, django_assert_num_queries):
    for _ in range(12):
        played()

    with django_assert_num_queries(5):
        visitor.get("/scores")


@pytest.mark.parametrize("day", ["2026-02-30", "0002-03-14"])
def test_a_wrong_day_is_told_beside_its_field_and_the_list_stays(visitor, day):
    played()

    response = visitor.get(f"/scores?date={day}&status=scheduled")

    page = content_of(response).decode()
    assert (response.status_code, clubs(response)) == (422, ["Ajax"])
    assert f'value="{day}" aria-invalid="true" aria-describedby="day-fault"' in page
    assert re.search('<p class="wrong" id="day-fault" role="alert">Write a ', page)
    assert 'hx-get="/scores/board?status=scheduled"' in page


def test_the_board_asks_again_for_what_it_shows(visitor):
    played()
    page = content_of(visitor.get("/scores?date=2026-02-30")).decode()

    board = visitor.get(re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&"))

    assert (board.status_code, clubs(board)) == (200, ["Ajax"])
