"""What closing odds of old matches held of each club beyond what a model saw in it.

A club's effect is learned from the teacher's labels when the model is fitted, never from a price
at the time of the answer; from then on it fades. The numbers below were chosen by effects learned
each July from 2012 to 2022: those of strength and fading that told the next season's best lay at
0.7 to 1.0 and 300 to 900 days, and half-life and prior hardly mattered (`benchmarks/quality.md`).
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features.feature_names import IDENTITY
from predictions.modelling.fitting.explanation import probability_points
from predictions.modelling.fitting.models import Model

HALF_LIFE_DAYS = 120.0  # of a match's say
PRIOR_MATCHES = 3.0  # matches of today that speak for no effect
OLDEST_DAYS = 4 * 365.0
STRENGTH = 0.9
FADING_DAYS = 400.0
# IDENTITY stands last in what the model takes.
N_IDENTITY = len(IDENTITY)
HOME, AWAY, DAY = range(-N_IDENTITY, 0)
FILE = "club_effects.npz"


@dataclass(frozen=True)
class ClubEffects:
    """Effects (k,) in log odds of home against away, of clubs (k,) in ascending order, as of a day.

    Days are counted from 1970.
    """

    clubs: Ints
    effects: Floats
    day: float

    def sides(self, features: Floats) -> Floats:
        """What home and away add to the log odds of matches (n, .) as (n, 2), faded.

        Matches before the day, which it learned from, get the effects of the day.
        """
        age = np.maximum(features[:, DAY] - self.day, 0.0)
        fading = STRENGTH * np.exp(-age / FADING_DAYS)
        return np.stack(
            [fading * self._of(features[:, HOME]), -fading * self._of(features[:, AWAY])], axis=1
        )

    def _of(self, club: Floats) -> Floats:
        """Clubs that the teacher never spoke of have none."""
        if len(self.clubs) == 0:
            return np.zeros(len(club))
        place = np.minimum(np.searchsorted(self.clubs, club), len(self.clubs) - 1)
        return np.where(self.clubs[place] == club, self.effects[place], 0.0)


@dataclass(frozen=True)
class Taught:
    """`model`, which reads all columns but the identity, moved by the effects of both clubs."""

    model: Model
    effects: ClubEffects
    kind = "taught"

    def predict_proba(self, features: Floats) -> Floats:
        rows = np.atleast_2d(features)
        proba = self.model.predict_proba(rows[:, :-N_IDENTITY])
        odds = proba * np.exp(_scores(self.effects.sides(rows)).sum(axis=1))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def explain(self, features: Floats) -> Floats:
        """(n, k, 3); the clubs' effects count from where the model's own shares end."""
        rows = np.atleast_2d(features)
        plain = rows[:, :-N_IDENTITY]
        shares = np.zeros((*rows.shape, 3))
        shares[:, :-N_IDENTITY] = self.model.explain(plain)
        own = np.log(self.model.predict_proba(plain))
        shares[:, [HOME, AWAY]] = probability_points(_scores(self.effects.sides(rows)), own)
        return shares

    def base_rates(self) -> Floats:
        return self.model.base_rates()

    def parameters(self) -> dict[str, Any]:
        return {**self.model.parameters(), "club_effects": len(self.effects.clubs)}

    def to_files(self) -> dict[str, bytes]:
        buffer = io.BytesIO()
        one = self.effects
        np.savez(buffer, allow_pickle=False, clubs=one.clubs, effects=one.effects, day=one.day)
        return {**self.model.to_files(), FILE: buffer.getvalue()}


def effects_from(files: dict[str, bytes]) -> ClubEffects:
    """The effects from the files that `Taught.to_files` gave. Raises KeyError without theirs.

    >>> from predictions.modelling.fitting.logistic import Design, Logistic
    >>> model = Logistic(Design(np.zeros(1), np.ones(1)), np.zeros((1, 3)), np.zeros(3))
    >>> taught = Taught(model, ClubEffects(np.array([7]), np.array([0.2]), 20_000.0))
    >>> effects_from(taught.to_files()).effects
    array([0.2])
    """
    with np.load(io.BytesIO(files[FILE]), allow_pickle=False) as saved:
        return ClubEffects(saved["clubs"], saved["effects"], float(saved["day"]))


def fit_club_effects(features: Floats, teacher: Floats, model: Model) -> ClubEffects:
    """Ridge regression of what the teacher says beyond the model, the newest matches first.

    gap = constant + effect of home - effect of away, a gap being the difference of the two log odds
    of home against away.

    Parameters
    ----------
    features : (n, k + 3), whose last columns are the identity
    teacher : (n, 3), NaN where it says nothing
    model : of the first k columns

    References
    ----------
    Hoerl & Kennard (1970), Technometrics 12(1): ridge regression.

    >>> from predictions.modelling.fitting.logistic import fit_logistic
    >>> from predictions.modelling.fitting.models import Sample
    >>> features, outcome = np.zeros((60, 1)), np.arange(60) % 3
    >>> sample = Sample(("flat",), features, outcome, np.ones(60), np.full((60, 3), np.nan))
    >>> who = np.hstack([features, np.tile([[7.0, 9.0, 20_000], [9.0, 7.0, 20_000]], (30, 1))])
    >>> teacher = np.tile([[0.6, 0.25, 0.15], [0.15, 0.25, 0.6]], (30, 1))
    >>> found = fit_club_effects(who, teacher, fit_logistic(sample))
    >>> found.clubs, found.effects.round(2)
    (array([7, 9]), array([ 0.68, -0.68]))
    """
    newest = float(features[:, DAY].max())
    age = newest - features[:, DAY]
    rows = np.flatnonzero(np.isfinite(teacher).all(axis=1) & (age < OLDEST_DAYS))
    if len(rows) == 0:
        return ClubEffects(np.zeros(0, np.int64), np.zeros(0), newest)
    chosen = features[rows]
    proba = model.predict_proba(chosen[:, :-N_IDENTITY])
    gaps = np.log(teacher[rows, 0] / teacher[rows, 2]) - np.log(proba[:, 0] / proba[:, 2])
    clubs, places = np.unique(chosen[:, [HOME, AWAY]].astype(np.int64), return_inverse=True)
    home, away = places.reshape(-1, 2).T
    effects = _ridge(home, away, gaps, 0.5 ** (age[rows] / HALF_LIFE_DAYS), len(clubs))
    return ClubEffects(clubs, effects, newest)


def _ridge(home: Ints, away: Ints, gaps: Floats, weight: Floats, n: int) -> Floats:
    """Effects (n,) of the clubs in these places; the constant alone is not held back."""
    normal, right = np.zeros((n + 1, n + 1)), np.zeros(n + 1)
    signed = ((home, 1.0), (away, -1.0), (np.full(len(gaps), n), 1.0))
    for one, sign in signed:
        np.add.at(right, one, sign * weight * gaps)
        for other, other_sign in signed:
            np.add.at(normal, (one, other), sign * other_sign * weight)
    normal[np.diag_indices(n + 1)] += np.append(np.full(n, PRIOR_MATCHES), 1e-9)
    return np.asarray(np.linalg.solve(normal, right)[:n], dtype=np.float64)


def _scores(sides: Floats) -> Floats:
    """What both sides (n, 2) add to the three scores: (n, 2, 3), half to home, half from away."""
    return np.asarray(0.5 * sides[:, :, None] * np.array([1.0, 0.0, -1.0]))
