import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from livescores.models import PointsDeduction
from livescores.services import standings
from livescores.services.standings import of_results
from tests.factories import DAY, NOON, make_match, make_season, make_team, make_tournament

RESULTS = [
    (1, "Ajax", 2, "PSV", 2, 0),
    (2, "PSV", 3, "Twente", 1, 1),
    (3, "Twente", 1, "Ajax", 3, 1),
]


def test_three_points_for_a_win_and_one_for_a_draw():
    lines = {line.team: line for line in of_results(RESULTS)}

    assert (lines["Twente"].won, lines["Twente"].drawn, lines["Twente"].points) == (1, 1, 4)
    assert (lines["Ajax"].won, lines["Ajax"].lost, lines["Ajax"].points) == (1, 1, 3)
    assert (lines["PSV"].played, lines["PSV"].points) == (2, 1)


def test_the_leader_stands_first():
    assert [line.team for line in of_results(RESULTS)] == ["Twente", "Ajax", "PSV"]


@pytest.mark.parametrize(
    ("first", "second", "leader"),
    [
        ((2, 0), (1, 0), "A"),  # goal difference
        ((1, 0), (2, 1), "C"),  # then goals
        ((1, 0), (1, 0), "A"),  # then the name
    ],
)
def test_of_equal_points_goals_decide(first, second, leader):
    lines = of_results([(1, "A", 2, "B", *first), (3, "C", 4, "D", *second)])

    assert lines[0].team == leader


def test_form_is_of_the_last_six_results():
    scores = [(1, 0)] * 2 + [(0, 0)] * 3 + [(0, 1)] * 3

    line = next(x for x in of_results((1, "A", 2, "B", *s) for s in scores) if x.team == "A")

    assert line.form == ["D", "D", "D", "L", "L", "L"]


@pytest.mark.django_db
def test_only_matches_of_the_season_played_to_the_end_count():
    season = make_season()
    home, away = make_team(name="Ajax"), make_team(name="PSV")
    teams = {"home_team": home, "away_team": away}
    make_match(season=season, score=(1, 0), **teams)
    make_match(season=season, start_time_utc=NOON + DAY, **teams)
    make_match(start_time_utc=NOON + 2 * DAY, score=(5, 0), **teams)
    make_match(
        season=season,
        start_time_utc=NOON + 3 * DAY,
        status="awarded",
        home_score=3,
        away_score=0,
        **teams,
    )

    leader, last = standings.table(season)

    assert (leader.team, leader.scored, leader.points) == ("Ajax", 1, 3)
    assert (last.conceded, last.difference) == (1, -1)


@pytest.mark.django_db
def test_a_cup_has_no_table():
    match = make_match(season=make_season(tournament=make_tournament(is_cup=True)), score=(2, 0))

    assert standings.table(match.season) == []


@pytest.fixture
def rivals():
    season = make_season()
    home, away = make_team(name="Ajax"), make_team(name="PSV")
    make_match(season=season, score=(1, 0), home_team=home, away_team=away)
    return season, home, away


def deduct(season, team, points, decided_at=NOON):
    return PointsDeduction.objects.create(
        season=season, team=team, points=points, decided_at=decided_at, reason="Licence."
    )


@pytest.mark.django_db
def test_points_that_were_taken_are_off_the_table(rivals):
    season, home, _ = rivals
    deduct(season, home, 6)
    deduct(season, home, -1)
    deduct(make_season(), home, 9)

    leader, last = standings.table(season)

    assert [(one.team, one.points, one.deducted) for one in (leader, last)] == [
        ("PSV", 0, 0),
        ("Ajax", -2, 5),
    ]


@pytest.mark.django_db
def test_what_is_decided_later_is_not_off_yet(rivals):
    season, home, _ = rivals
    deduct(season, home, 6, timezone.now() + DAY)

    assert standings.table(season)[0].points == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"decided_at": timezone.now() + DAY}, "decided_at"),
        ({"points": 0}, "__all__"),
        ({"team": None}, "team"),
    ],
)
def test_a_deduction_that_cannot_be_is_refused_at_its_field(rivals, change, field):
    season, home, _ = rivals
    given = {"season": season, "team": home, "points": 3, "decided_at": NOON, "reason": "x"}
    given |= {name: make_team() if value is None else value for name, value in change.items()}

    with pytest.raises(ValidationError) as raised:
        PointsDeduction(**given).full_clean()

    assert list(raised.value.message_dict) == [field]
