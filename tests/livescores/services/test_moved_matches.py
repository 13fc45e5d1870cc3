"""A match that is played on another day than was told stays one, however often the pair meets."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from livescores.models import Match, MatchLink
from livescores.sources.records import MatchRecord, TournamentRecord, scores
from tests.livescores.services.linked_records import store

pytestmark = pytest.mark.django_db

LEAGUE = TournamentRecord("Scotland", "Premiership", "SC0", 1)


def row(line, month, day, score=None, **changes):
    told = MatchRecord(
        line=line,
        tournament=LEAGUE,
        season="2025-26",
        home="Glenmore",
        away="Strathy",
        start_time_utc=datetime(2025, month, day, 15, tzinfo=UTC),
        has_kickoff_time=True,
        status="finished" if score else "scheduled",
        counts=scores(score),
    )
    return told._replace(**changes)


LIST = [row(1, 8, 9)]
SEASON = [row(1, 8, 13, (2, 0)), row(2, 10, 18, (1, 1)), row(3, 12, 27, (0, 3))]
PLAYED = [(8, 13, 2, "finished"), (10, 18, 1, "finished"), (12, 27, 0, "finished")]


def played():
    rows = Match.objects.order_by("start_time_utc")
    return [
        (one.start_time_utc.month, one.start_time_utc.day, one.home_score, one.status)
        for one in rows
    ]


@pytest.mark.parametrize("n_meetings", [1, 2, 3])
@pytest.mark.parametrize("is_reversed", [False, True], ids=["list-first", "season-first"])
def test_a_match_that_was_put_off_is_the_nearest_that_was_played(n_meetings, is_reversed):
    imports = [LIST, SEASON[:n_meetings]]

    for told in reversed(imports) if is_reversed else imports:
        assert store("football-data", told).twice == []

    assert played() == PLAYED[:n_meetings]
    assert store("football-data", SEASON[:n_meetings]).unchanged == n_meetings


def test_it_keeps_its_number_and_with_it_its_prices():
    ids = store("football-data", LIST).ids

    assert store("football-data", SEASON).ids[1] == ids[1]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_order_of_the_rows_does_not_matter(order):
    store("football-data", LIST)

    store("football-data", [SEASON[place] for place in order])

    assert played() == PLAYED


def test_two_that_moved_are_each_their_nearest():
    ids = store("football-data", [row(1, 8, 9), row(2, 10, 4)]).ids

    assert store("football-data", SEASON[:2]).ids == ids
    assert played() == PLAYED[:2]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_match_that_was_brought_forward_is_one(is_reversed):
    imports = [[row(1, 8, 16)], SEASON]

    for told in reversed(imports) if is_reversed else imports:
        store("football-data", told)

    assert played() == PLAYED


def test_a_meeting_that_is_still_to_come_is_no_earlier_one():
    store("football-data", SEASON[:2])

    store("football-data", [row(1, 12, 27, start_time_utc=datetime(2125, 12, 27, tzinfo=UTC))])

    assert [status for *_, status in played()] == ["finished", "finished", "scheduled"]


def test_an_old_list_does_not_move_a_match_back(settings):
    settings.FIXTURE_SILENT_DAYS = 3
    coming = row(1, 8, 9, start_time_utc=datetime(2125, 8, 9, tzinfo=UTC))
    store("football-data", [coming])

    store("football-data", LIST)

    match = Match.objects.get()
    assert (match.start_time_utc.year, match.status) == (2125, "scheduled")


def test_a_number_of_the_source_finds_a_match_on_whatever_day():
    """Both meetings are put off past each other."""
    first = row(1, 8, 9, external_id="101"), row(2, 10, 4, external_id="102")
    ids = store("football-data-org", first).ids

    moved = row(1, 12, 20, (1, 0), external_id="101"), row(2, 11, 1, (2, 2), external_id="102")
    assert store("football-data-org", moved).ids == ids
    assert played() == [(11, 1, 2, "finished"), (12, 20, 1, "finished")]
    assert MatchLink.objects.count() == 2


def test_a_number_yields_to_a_match_that_stands_on_its_new_day():
    store("football-data-org", [row(1, 8, 9, external_id="101")])
    Match.objects.update(status="cancelled")  # another source's row is no move of it
    store("football-data", [row(1, 8, 13, (2, 0))])

    stored = store("football-data-org", [row(1, 8, 13, (2, 0), external_id="101")])

    assert Match.objects.get(pk=stored.ids[1]).source == "football-data"
    assert [status for *_, status in played()] == ["cancelled", "finished"]


@pytest.mark.parametrize(("before", "after"), [("2025", "2025-26"), ("2025-26", "2025")])
def test_a_league_that_changes_its_calendar_keeps_its_matches(before, after):
    ids = store("football-data", [row(1, 8, 9, season=before), *of_season(before)]).ids

    again = [row(1, 8, 13, (2, 0), season=after), *of_season(after)]
    assert store("football-data", again).ids == ids
    assert {one.season.name for one in Match.objects.all()} == {after}


def of_season(name):
    return [one._replace(season=name) for one in SEASON[1:]]


def test_the_next_season_is_another_one():
    store("football-data", [row(1, 5, 2, season="2024-25")])

    store("football-data", [row(1, 8, 2, (1, 0))])

    assert played() == [(5, 2, None, "scheduled"), (8, 2, 1, "finished")]


def test_a_half_year_between_two_calendars_is_another_meeting():
    store("football-data", [row(1, 2, 1, season="2025")])

    store("football-data", [row(1, 9, 20, (1, 0), season="2025-26")])

    assert Match.objects.count() == 2
