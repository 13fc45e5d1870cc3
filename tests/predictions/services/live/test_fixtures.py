"""What is asked of a live prediction: known teams, leagues and matches, or a word on each."""

from datetime import UTC, datetime

import pytest

from predictions.services.live import fixtures
from soccerpredict.errors import InvalidInput, NotFound
from tests.factories import make_match, make_team, make_tournament

pytestmark = pytest.mark.django_db

KICK_OFF = datetime(2027, 1, 16, 15, tzinfo=UTC)
NOBODY = 2**31 - 1


@pytest.fixture
def match():
    return make_match()


def body(match, **fields):
    """As a request's body leaves its serializer."""
    return {
        "home_team_id": match.home_team_id,
        "away_team_id": match.away_team_id,
        "match_datetime_utc": KICK_OFF,
        "stage": "champion",
        "neutral_venue": False,
        **fields,
    }


def refused(*bodies, array=False):
    with pytest.raises(InvalidInput) as told:
        fixtures.checked(bodies, array=array)
    return [(error["loc"], error["msg"]) for error in told.value.errors]


def test_what_travels_to_a_worker(match):
    league = make_tournament()

    (found,) = fixtures.checked(
        [body(match, tournament_id=league.pk, neutral_venue=True)], array=False
    )

    assert found == {
        "home_team_id": match.home_team_id,
        "away_team_id": match.away_team_id,
        "kickoff": 1_800_111_600,
        "stage": "champion",
        "tournament_id": league.pk,
        "neutral_venue": True,
    }


def test_a_league_need_not_be_named(match):
    (found,) = fixtures.checked([body(match)], array=False)

    assert found["tournament_id"] is None


@pytest.mark.parametrize("side", ["home_team_id", "away_team_id"])
def test_an_unknown_team_is_named(match, side):
    assert refused(body(match, **{side: NOBODY})) == [
        (["body", side], f"There is no team {NOBODY}.")
    ]


def test_an_unknown_league_is_named(match):
    assert refused(body(match, tournament_id=NOBODY)) == [
        (["body", "tournament_id"], f"There is no tournament {NOBODY}.")
    ]


def test_all_that_is_wrong_is_told_by_its_place(match):
    right = body(match)
    wrong = body(match, home_team_id=NOBODY, tournament_id=NOBODY)

    told = refused(right, wrong, body(match, away_team_id=NOBODY), array=True)

    assert [where for where, _ in told] == [
        ["body", 1, "home_team_id"],
        ["body", 1, "tournament_id"],
        ["body", 2, "away_team_id"],
    ]


def test_a_match_goes_with_its_teams(match):
    assert fixtures.checked([body(match, match_id=match.pk)], array=False)


def test_a_match_of_other_teams_is_refused(match):
    other = body(match, match_id=match.pk, home_team_id=make_team().pk)
    turned = body(
        match,
        match_id=match.pk,
        home_team_id=match.away_team_id,
        away_team_id=match.home_team_id,
    )

    for wrong in (other, turned):
        assert refused(wrong) == [(["body", "match_id"], f"Match {match.pk} has other teams.")]


def test_a_match_that_does_not_exist_is_not_found(match):
    with pytest.raises(NotFound, match=f"no match {NOBODY}"):
        fixtures.checked([body(match, match_id=NOBODY)], array=False)


@pytest.mark.parametrize("n", [1, 50])
def test_many_are_checked_by_as_few_queries(match, n, django_assert_num_queries):
    league = make_tournament()
    asked = [body(match, match_id=match.pk, tournament_id=league.pk)] * n

    with django_assert_num_queries(3):
        fixtures.checked(asked, array=True)
