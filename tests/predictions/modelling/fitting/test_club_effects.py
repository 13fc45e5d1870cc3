"""Club effects, against a market that is known to hold more of some clubs than a model does."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from predictions.modelling.fitting.club_effects import (
    FADING_DAYS,
    STRENGTH,
    ClubEffects,
    Taught,
    effects_from,
    fit_club_effects,
)

TODAY = 20_000.0
EVEN = np.array([0.4, 0.3, 0.3])


@dataclass(frozen=True)
class Always:
    """A model that says the same of every match and reads a column."""

    kind = "always"

    def predict_proba(self, features):
        return np.tile(EVEN, (len(features), 1))

    def explain(self, features):
        return np.zeros((*features.shape, 3))

    def base_rates(self):
        return EVEN

    def to_files(self):
        return {}

    def parameters(self):
        return {}


def matches(n, *, days=100, clubs=8, seed=0):
    """Features of matches of the last days: a column to read, both clubs and the day."""
    rng = np.random.default_rng(seed)
    sides = np.array([rng.choice(clubs, 2, replace=False) + 10 for _ in range(n)], dtype=float)
    day = np.sort(TODAY - rng.integers(0, days, n)).astype(float)
    return np.column_stack([rng.normal(size=n), sides, np.append(day[:-1], TODAY)])


def market(features, worth):
    """What prices say (n, 3) that add each club's worth (id → log odds) to `EVEN`."""
    shift = np.array([worth.get(int(h), 0.0) - worth.get(int(a), 0.0) for _, h, a, _ in features])
    odds = EVEN * np.exp(0.5 * np.stack([shift, 0 * shift, -shift], axis=1))
    return odds / odds.sum(axis=1, keepdims=True)


def test_it_finds_what_the_market_holds_of_a_club():
    features = matches(4000)
    effects = fit_club_effects(features, market(features, {12: 0.5, 15: -0.3}), Always())

    found = dict(zip(effects.clubs.tolist(), effects.effects, strict=True))

    # Only differences are seen: the mean of all clubs is taken for nought.
    assert found[12] - found[10] == pytest.approx(0.5, abs=0.01)
    assert found[15] - found[10] == pytest.approx(-0.3, abs=0.01)
    assert effects.day == TODAY


def test_few_matches_say_little():
    features = matches(4)
    worth = {12: 0.5}
    effects = fit_club_effects(features, market(features, worth), Always())

    assert np.abs(effects.effects).max(initial=0.0) < 0.25


def test_a_market_of_years_ago_says_little_beside_one_of_today():
    old, new = matches(4000, seed=1), matches(1000, seed=2)
    old[:, -1] -= 800
    both = np.vstack([old, new])
    said = np.vstack([market(old, {12: 0.5}), market(new, {12: -0.2})])

    effects = fit_club_effects(both, said, Always())

    found = dict(zip(effects.clubs.tolist(), effects.effects, strict=True))
    assert found[12] - found[10] == pytest.approx(-0.2, abs=0.05)


def test_without_a_teacher_there_are_none():
    features = matches(50)

    effects = fit_club_effects(features, np.full((50, 3), np.nan), Always())

    assert len(effects.clubs) == 0
    assert_allclose(Taught(Always(), effects).predict_proba(features), np.tile(EVEN, (50, 1)))


def taught(home=0.4, away=-0.2):
    return Taught(Always(), ClubEffects(np.array([11, 14]), np.array([home, away]), TODAY))


@pytest.mark.parametrize("days", [0.0, 200.0])
def test_an_effect_moves_the_odds_of_home_against_away_and_fades(days):
    row = np.array([[0.0, 11.0, 14.0, TODAY + days]])

    home, draw, away = taught().predict_proba(row)[0]

    shift = STRENGTH * np.exp(-days / FADING_DAYS) * 0.6
    assert np.log(home / away) - np.log(0.4 / 0.3) == pytest.approx(shift)
    assert np.log(home / draw) - np.log(0.4 / 0.3) == pytest.approx(shift / 2)
    assert home + draw + away == pytest.approx(1.0)


def test_clubs_that_the_teacher_never_spoke_of_change_nothing():
    rows = np.array([[0.0, 1.0, 99.0, TODAY], [0.0, 12.0, 13.0, TODAY]])

    assert_allclose(taught().predict_proba(rows), np.tile(EVEN, (2, 1)))


def test_shares_add_up_to_the_distance_from_the_base():
    rows = np.array([[0.3, 11.0, 14.0, TODAY + 50], [0.1, 14.0, 99.0, TODAY]])
    model = taught()

    shares = model.explain(rows)

    assert_allclose(model.base_rates() + shares.sum(axis=1), model.predict_proba(rows), atol=1e-9)
    assert (shares[:, -1] == 0).all()
    assert shares[0, -3, 0] > 0
    assert shares[0, -2, 0] > 0  # a visitor that is weaker than it seemed


def test_its_file_gives_the_same_answers():
    model = taught()
    rows = matches(20, clubs=6)

    again = Taught(Always(), effects_from(model.to_files()))

    assert_array_equal(again.predict_proba(rows), model.predict_proba(rows))
    assert model.parameters() == {"club_effects": 2}
