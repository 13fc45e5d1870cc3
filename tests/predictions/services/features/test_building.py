"""Features from Postgres: no look-ahead, and a build that goes on equals one from the start."""

from datetime import timedelta

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from livescores.models import Match, PointsDeduction
from predictions.modelling.features.feature_names import FEATURE_NAMES
from predictions.services.features import building, feature_store
from soccerpredict.errors import InvalidInput
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_match,
    make_odds,
    make_season,
    make_team,
    make_tournament,
)
from tests.predictions.pipeline import change_manifest, wait_for_other_transactions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("var_dir")]

LENGTH = timedelta(hours=2, minutes=15)


class League:
    """Four clubs; two rounds are played, one match is under way, two are to come.

    The newest result is that of `last`, known at its kick-off plus LENGTH: the state's moment.
    """

    def __init__(self):
        self.season = make_season()
        region = self.season.tournament.region
        self.clubs = [make_team(region=region) for _ in range(4)]
        self.first = self.play(0, 1, NOON - 9 * DAY, (2, 0))
        self.second = self.play(2, 3, NOON - 9 * DAY, (1, 1))
        self.third = self.play(1, 2, NOON - 5 * DAY, (0, 3))
        self.late = self.play(3, 0, NOON - 4 * HOUR)  # over, but nobody has said how it ended
        self.last = self.play(2, 0, NOON - 3 * HOUR, (2, 1))
        self.under_way = self.play(3, 1, NOON - HOUR)
        self.next = self.play(0, 2, NOON + 3 * DAY)
        self.next_but_one = self.play(1, 3, NOON + 4 * DAY)

    def play(self, home, away, kickoff, score=None, **fields):
        teams = {"home_team": self.clubs[home], "away_team": self.clubs[away]}
        return make_match(
            season=self.season, start_time_utc=kickoff, score=score, **teams, **fields
        )


@pytest.fixture
def league():
    return League()


def end(match, home, away, **fields):
    changed = {"status": "finished", "home_score": home, "away_score": away, **fields}
    change(match, **changed)


def change(match, **fields):
    Match.objects.filter(pk=match.pk).update(**fields)


def build(**how):
    wait_for_other_transactions()
    return building.build(**how)


def row(match, built=None):
    found = built.features if built else feature_store.current()
    return found.features[found.row_of[match.pk]]


def test_the_first_build_walks_all_matches(league):
    built = build()

    assert (built.walked, built.continued) == (8, False)
    assert list(built.features.index["outcome"]) == [0, 1, 2, -1, 0, -1, -1, -1]


def test_a_changed_result_leaves_earlier_matches_as_they_were(league):
    before = build(full=True)
    end(league.third, 3, 0)

    after = build(full=True)

    for match in (league.first, league.second, league.third):
        assert_array_equal(row(match, before), row(match, after))
    assert not np.array_equal(row(league.last, before), row(league.last, after))


def test_a_match_sees_no_result_of_a_match_still_under_way(league):
    unknown = row(league.under_way, build(full=True))
    end(league.last, 0, 5, finished_at=NOON)

    assert_array_equal(unknown, row(league.under_way, build(full=True)))


def new_match_day(league):
    league.play(0, 3, NOON + 6 * DAY)


def played_on(league):
    end(league.next, 1, 0)
    end(league.next_but_one, 2, 2)


def new_clubs(league):
    clubs = [make_team(region=league.season.tournament.region) for _ in range(2)]
    make_match(
        season=make_season(),
        home_team=clubs[0],
        away_team=clubs[1],
        start_time_utc=NOON + 2 * DAY,
    )


GOES_ON = {
    "nothing": lambda league: None,
    "new match day": new_match_day,
    "results of later matches": played_on,
    "new clubs and a new season": new_clubs,
    "a result of the match under way": lambda league: end(league.under_way, 1, 2),
    "its final whistle": lambda league: end(league.under_way, 1, 2, finished_at=NOON + HOUR),
    "it is broken off": lambda league: change(league.under_way, status="abandoned"),
    "a fixture moves": lambda league: change(league.next, start_time_utc=NOON + 9 * DAY),
    "a fixture is taken away": lambda league: league.next.delete(),
}


@pytest.mark.parametrize("news", GOES_ON.values(), ids=GOES_ON)
def test_it_goes_on_from_the_last_build(league, news):
    build()
    news(league)

    continued, full = build(), build(full=True)

    assert (continued.continued, full.continued) == (True, False)
    assert continued.features.manifest["digest"] == full.features.manifest["digest"]
    assert continued.features.version == full.features.version
    assert continued.features.index.equals(full.features.index)


def another_tournament(league):
    league.season.tournament = make_tournament(region=league.season.tournament.region)
    league.season.save()


def swapped(league):
    """One match less and one more: their number stays the same."""
    league.first.delete()
    league.play(0, 2, NOON - 2 * HOUR)


def taken_back(league):
    change(league.last, status="scheduled", home_score=None, away_score=None)


STARTS_ANEW = {
    "an old result is corrected": lambda league: end(league.first, 0, 2),
    "the newest result is corrected": lambda league: end(league.last, 0, 2),
    "the newest result is taken back": taken_back,
    "the newest result is known later": lambda league: change(league.last, finished_at=NOON),
    "an earlier result of the same day comes late": lambda league: end(league.late, 4, 0),
    "an old match is deleted": lambda league: league.second.delete(),
    "an old match is another one": swapped,
    "an old match has moved": lambda league: change(league.third, start_time_utc=NOON - 6 * DAY),
    "the match under way has moved": lambda league: change(
        league.under_way, start_time_utc=NOON - 2 * HOUR
    ),
    "the match under way is of others": lambda league: change(
        league.under_way, home_team=league.clubs[2]
    ),
    "a fixture has moved before the moment": lambda league: change(
        league.next, start_time_utc=NOON - 2 * HOUR
    ),
    "the season is of another tournament": another_tournament,
}


@pytest.mark.parametrize("news", STARTS_ANEW.values(), ids=STARTS_ANEW)
def test_it_walks_all_matches_when_an_earlier_one_changed(league, news):
    build()
    news(league)

    built, full = build(), build(full=True)

    assert not built.continued
    assert built.features.manifest["digest"] == full.features.manifest["digest"]
    assert built.features.index.equals(full.features.index)


def test_a_past_season_of_another_tournament_is_walked_anew(league):
    past = make_match(score=(1, 0), start_time_utc=NOON - 90 * DAY)
    build()
    past.season.tournament = make_tournament()
    past.season.save()

    assert not build().continued


def test_each_of_many_steps_equals_a_whole_walk(league):
    for day in range(3):
        build()
        end(league.play(day, day + 1, NOON + day * DAY), day, 1)

    continued, full = build(), build(full=True)

    assert continued.continued
    assert continued.features.version == full.features.version
    assert continued.features.manifest["n_results"] == 7


@pytest.mark.parametrize(
    "facts",
    [
        {"database": "another/1"},
        {"built_at": (NOON - 1000 * DAY).isoformat()},
    ],
    ids=["another database", "long ago"],
)
def test_it_trusts_no_row_numbers_from_elsewhere(league, facts):
    build()
    change_manifest(**facts)

    assert not build().continued


def test_fixtures_without_any_result_are_built_again(league):
    Match.objects.update(status="scheduled", home_score=None, away_score=None)

    builds = [build(), build()]

    assert [built.features.manifest["n_results"] for built in builds] == [0, 0]
    assert builds[0].features.version == builds[1].features.version


def test_a_result_that_no_fixture_shows_makes_a_new_version():
    match = make_match()
    unplayed = build()
    end(match, 1, 0)

    played = build()

    assert played.features.manifest["digest"] == unplayed.features.manifest["digest"]
    assert played.features.version != unplayed.features.version


@pytest.mark.parametrize("status", ["live", "abandoned", "awarded", "cancelled", "postponed"])
def test_only_a_final_score_is_a_result(league, status):
    change(league.last, status=status)

    built = build()

    assert built.features.index["outcome"].iloc[4] == feature_store.NO_OUTCOME


def test_no_match_at_all_is_said_so():
    with pytest.raises(InvalidInput, match="There are no matches: run import_matches"):
        building.build()


def test_a_price_that_comes_late_for_a_match_that_was_read_is_not_missed(league):
    before = build()
    make_odds(league.third, (2.0, 3.0, 4.0))

    built = build()

    assert not built.continued
    place = FEATURE_NAMES.index("pre_match_home")
    assert np.isnan(row(league.third, before)[place])
    assert np.isfinite(row(league.third, built)[place])


def test_prices_of_coming_matches_are_read_going_on(league):
    before = build()
    make_odds(league.next, (2.0, 3.0, 4.0))

    built = build()

    assert built.continued
    place = FEATURE_NAMES.index("pre_match_home")
    assert np.isnan(row(league.next, before)[place])
    assert np.isfinite(row(league.next, built)[place])
    assert_array_equal(built.features.features, build(full=True).features.features)


def test_points_that_were_deducted_have_all_walked_anew(league):
    build()
    deduction = PointsDeduction.objects.create(
        season=league.season,
        team=league.clubs[0],
        points=3,
        decided_at=NOON - 4 * DAY,
        reason="Licence.",
    )

    built = build()

    assert not built.continued
    assert built.features.state().tables.deduction["points"].tolist() == [3.0]
    assert build().continued
    deduction.delete()
    assert not build().continued


def test_one_row_of_two_that_are_one_match_is_read(league):
    build()
    Match.objects.filter(pk=league.next.pk).update(same_as=league.next_but_one.pk)

    built = build()

    assert league.next.pk not in built.features.index["match_id"].tolist()
