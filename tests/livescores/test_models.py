"""What the database refuses to store of what is played, and which matches count when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from livescores.models import ImportRejection, ImportReport, Match, TeamAlias
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

pytestmark = pytest.mark.django_db

LENGTH = timedelta(hours=2, minutes=15)


def refused(rule):
    return pytest.raises(IntegrityError, match=rule)


def test_a_team_does_not_play_itself():
    team = make_team()

    with refused("match_team_does_not_play_itself"):
        make_match(home_team=team, away_team=team)


def test_two_teams_kick_off_once_at_a_moment():
    match = make_match()

    with refused("match_once_per_kick_off"):
        make_match(season=match.season, home_team=match.home_team, away_team=match.away_team)


def test_the_return_match_may_be_at_any_time():
    match = make_match()
    make_match(home_team=match.away_team, away_team=match.home_team)

    assert Match.objects.count() == 2


@pytest.mark.parametrize("half", [{"home_score": 1}, {"away_score": 0}])
def test_half_a_score_is_refused(half):
    with refused("match_score_is_whole"):
        make_match(status="live", **half)


def test_a_finished_match_has_a_score():
    with refused("match_finished_has_score"):
        make_match(status="finished")


def test_a_match_cannot_end_twice():
    """There is one row for a match, so a second result takes the place of the first."""
    match = make_match(score=(1, 0))

    with refused("match_once_per_kick_off"):
        make_match(
            season=match.season,
            home_team=match.home_team,
            away_team=match.away_team,
            score=(0, 1),
        )


@pytest.mark.parametrize("status", ["", "over", "FINISHED"])
def test_an_unknown_status_is_refused(status):
    with refused("match_status_known"):
        make_match(status=status)


@pytest.mark.parametrize("field", ["home_shots", "away_red_cards", "home_half_time_score"])
def test_a_negative_count_is_refused(field):
    with refused(f"{field}_check"):
        make_match(**{field: -1})


def test_a_negative_score_is_refused():
    with refused("score_check"):
        make_match(score=(-1, 0))


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda region: make_region(name=region.name), "name"),
        (lambda region: [make_team(region=region, name="A") for _ in "ab"], "team_once"),
        (
            lambda region: [make_tournament(region=region, name="A") for _ in "ab"],
            "tournament_once",
        ),
        (
            lambda region: [make_season(tournament=t) for t in 2 * [make_tournament()]],
            "season_once",
        ),
    ],
    ids=["region", "team", "tournament", "season"],
)
def test_a_name_stands_once(make, rule):
    with refused(rule):
        make(make_region())


def test_a_source_calls_one_team_by_a_name():
    team = make_team()
    TeamAlias.objects.create(team=team, region=team.region, source="x", name="The Blues")

    with refused("alias_once"):
        TeamAlias.objects.create(
            team=make_team(region=team.region), region=team.region, source="x", name="The Blues"
        )


def test_what_has_matches_cannot_be_deleted():
    match = make_match()

    for row in (match.season, match.home_team, match.away_team):
        with pytest.raises(ProtectedError):
            row.delete()


KNOWN = [
    ({}, LENGTH),
    ({"has_kickoff_time": False}, 18 * HOUR),
    ({"finished_at": NOON + 5 * HOUR}, 5 * HOUR),
]


@pytest.mark.parametrize(("fields", "after"), KNOWN)
def test_a_result_counts_from_the_end_of_the_match(fields, after):
    match = make_match(score=(1, 0), **fields)
    second = timedelta(seconds=1)

    assert list(Match.objects.as_of(NOON + after)) == [match]
    assert not Match.objects.as_of(NOON + after - second).exists()


@pytest.mark.parametrize("status", ["live", "abandoned", "awarded"])
def test_a_score_that_is_not_final_never_counts(status):
    make_match(status=status, home_score=1, away_score=0)

    assert not Match.objects.as_of(NOON + 400 * DAY).exists()
    assert not Match.objects.settled().exists()


def test_matches_come_in_order_of_kick_off_and_id():
    later, first, second = (make_match(start_time_utc=NOON + n * DAY) for n in (1, 0, 0))

    assert list(Match.objects.in_order()) == [first, second, later]


def test_names_cost_no_further_query(django_assert_num_queries):
    make_match()

    with django_assert_num_queries(1):
        (match,) = Match.objects.with_names()
        assert f"{match}, {match.season.tournament.region}"


def test_rows_name_themselves():
    match = make_match()
    report = ImportReport.objects.create(source="x", started_at=NOON)
    rejection = ImportRejection.objects.create(
        report=report, what="row", file="E0.csv", line=3, reason="No date."
    )

    assert str(match) == f"{match.home_team} v {match.away_team}, 2026-03-14"
    assert str(report) == "x, 2026-03-14 12:00"
    assert str(rejection) == "E0.csv:3 No date."
