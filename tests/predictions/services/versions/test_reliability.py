"""What a version said beside what came true, bin by bin."""

import pytest

from predictions.services.versions import reliability
from tests.factories import DAY, make_batch, make_match, make_model_version, make_prediction

pytestmark = pytest.mark.django_db


class World:
    """A version and its newest batch."""

    def __init__(self):
        self.version = make_model_version()
        self.batch = make_batch(model_version=self.version)

    def play(self, proba, score=(1, 0), *, days=1, batch=None, **fields):
        start = self.version.trained_until + days * DAY
        match = make_match(start_time_utc=start, score=score)
        return make_prediction(match, proba, batch=batch or self.batch, **fields)

    @property
    def bins(self):
        return reliability.of_version(self.version)


@pytest.fixture
def world():
    return World()


def told(bins):
    return [(round(one.stated, 6), round(one.came_true, 6), one.n) for one in bins]


def test_a_version_that_never_predicted_tells_nothing():
    assert reliability.of_version(make_model_version()) == []


def test_before_its_first_result_it_tells_nothing(world):
    make_prediction(make_match(), batch=world.batch)

    assert world.bins == []


def test_each_probability_of_a_match_is_one(world):
    world.play((0.5, 0.3, 0.2), (2, 1))

    assert told(world.bins) == [(0.2, 0.0, 1), (0.3, 0.0, 1), (0.5, 1.0, 1)]


@pytest.mark.parametrize(
    ("score", "came"), [((2, 1), (0, 0, 1)), ((1, 1), (0, 1, 0)), ((0, 1), (1, 0, 0))]
)
def test_one_outcome_of_three_came_true(world, score, came):
    """Told by the size of the probability: away, draw, home."""
    world.play((0.5, 0.3, 0.2), score)

    assert tuple(one.came_true for one in world.bins) == came


def test_a_bin_tells_the_mean_and_the_share(world):
    world.play((0.62, 0.28, 0.1), (1, 0))
    world.play((0.66, 0.24, 0.1), (0, 1))

    assert told(world.bins) == [(0.1, 0.5, 2), (0.26, 0.0, 2), (0.64, 0.5, 2)]


def test_certainty_is_in_the_last_bin(world):
    world.play((1.0, 0.0, 0.0), (1, 0))
    world.play((0.95, 0.05, 0.0), (1, 0))

    last = world.bins[-1]

    assert (last.stated, last.n) == (pytest.approx(0.975), 2)


def test_what_it_has_learned_from_is_no_proof(world):
    world.play((0.5, 0.3, 0.2), in_sample=True)
    world.play((0.5, 0.3, 0.2), days=0)
    world.play((0.5, 0.3, 0.2), days=-1)

    assert world.bins == []


def test_a_match_that_was_not_played_to_the_end_does_not_count(world):
    match = world.play((0.5, 0.3, 0.2)).match
    type(match).objects.filter(pk=match.pk).update(status="awarded")

    assert world.bins == []


def test_its_newest_batch_counts(world):
    world.play((0.5, 0.3, 0.2))
    later = world.batch.computed_at + DAY
    newest = make_batch(model_version=world.version, computed_at=later)
    world.play((0.9, 0.08, 0.02), batch=newest)

    assert [one.n for one in world.bins] == [2, 1]


def test_another_versions_do_not(world):
    world.play((0.5, 0.3, 0.2), batch=make_batch())

    assert world.bins == []
