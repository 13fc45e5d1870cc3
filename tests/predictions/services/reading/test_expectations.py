"""Points won beside points expected, by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.services.publishing import publication
from predictions.services.reading import expectations
from predictions.services.reading.expectations import last_results, origin, totals
from tests.factories import DAY, make_batch, make_match, make_prediction, make_team

pytestmark = pytest.mark.django_db

PROBA = (0.5, 0.3, 0.2)


class World:
    """A club, and a batch that predicts its matches."""

    def __init__(self):
        self.club, self.now = make_team(), timezone.now()
        self.batch = make_batch(computed_at=self.now)

    def play(self, ago, score, *, away=False, proba=PROBA, **fields):
        """A match so many days ago; `score` is home before away."""
        side = {"away_team" if away else "home_team": self.club}
        start = self.now - ago * DAY
        match = make_match(start_time_utc=start, score=score, **side)
        return make_prediction(match, proba, batch=self.batch, **fields).match

    @property
    def results(self):
        return last_results(self.club.pk, publication.facts_of(self.batch))


@pytest.fixture
def world():
    return World()


def test_a_club_without_results_has_none(world):
    assert world.results == []
    assert totals([]) == (0, 0)


@pytest.mark.parametrize(
    ("score", "letter", "points"), [((2, 1), "W", 3), ((0, 0), "D", 1), ((0, 4), "L", 0)]
)
def test_at_home(world, score, letter, points):
    world.play(1, score)

    (found,) = world.results

    assert (found.letter, found.points) == (letter, points)
    assert found.expected == pytest.approx(3 * 0.5 + 0.3)
    assert found.surplus == pytest.approx(points - 1.8)


@pytest.mark.parametrize(
    ("score", "letter", "points"), [((2, 1), "L", 0), ((0, 0), "D", 1), ((0, 4), "W", 3)]
)
def test_away(world, score, letter, points):
    world.play(1, score, away=True)

    (found,) = world.results

    assert (found.letter, found.points) == (letter, points)
    assert found.expected == pytest.approx(3 * 0.2 + 0.3)


def test_the_newest_come_first_whatever_the_ground(world):
    third = world.play(9, (1, 0))
    first = world.play(1, (1, 0), away=True)
    second = world.play(4, (1, 0))

    assert [one.match for one in world.results] == [first, second, third]


def test_what_the_model_has_learned_from_is_left_out(world):
    world.play(9, (1, 0), in_sample=True)

    assert world.results == []


def test_so_is_what_was_not_played_to_the_end(world):
    match = world.play(2, (1, 0))
    type(match).objects.filter(pk=match.pk).update(status="abandoned")

    assert world.results == []


def test_so_are_matches_of_others_and_of_other_batches(world):
    make_prediction(make_match(score=(1, 0)), batch=world.batch)
    make_prediction(make_match(score=(1, 0), home_team=world.club))

    assert world.results == []


def test_no_more_than_so_many_are_told(world, monkeypatch):
    monkeypatch.setattr(expectations, "N_RESULTS", 3)
    for ago in range(1, 5):
        world.play(ago, (1, 0))
        world.play(ago + 0.5, (1, 0), away=True)

    found = world.results

    assert [round((world.now - one.match.start_time_utc) / DAY, 1) for one in found] == [1, 1.5, 2]


def test_totals_add_up(world):
    world.play(1, (1, 0))
    world.play(2, (1, 0), away=True)
    world.play(3, (1, 1))

    points, expected = totals(world.results)

    assert points == 3 + 0 + 1
    assert expected == pytest.approx(1.8 + 0.9 + 1.8)


def test_what_was_computed_before_kick_off_was_said(world):
    world.play(1, (1, 0))
    match = make_match(home_team=world.club, score=(1, 0), start_time_utc=world.now + DAY)
    make_prediction(match, PROBA, batch=world.batch)

    found = origin(world.results)

    assert (found.n_issued, found.n_retrospective) == (1, 1)


def test_the_moment_of_kick_off_is_too_late(world):
    at = world.play(0, (1, 0))
    just_before = world.play(-timedelta(microseconds=1) / DAY, (1, 0))

    said = {one.match: one.is_issued for one in world.results}

    assert said == {at: False, just_before: True}
