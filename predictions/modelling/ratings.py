"""Online attack and defence ratings: one line of REGISTRY defines one.

Every rating is on the scale of goals: what it observes of a side is a weighted mean of match
statistics, each turned into goals by its league's own running ratio (so many corners to a
goal). A statistic that a match doesn't have hands its weight to the goals, at their noise.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# In the order of the columns of `Spec.weights`.
EVIDENCE = (
    "goals",
    "shots",
    "shots_on_target",
    "corners",
    "half_time_goals",
    "market_goals",  # that the match's own last prices expected
)


@dataclass(frozen=True)
class Rating:
    """How one pair of attack and defence ratings learns.

    Parameters
    ----------
    name : prefix of the features it yields
    weights : share of each statistic in what is observed; they sum to 1
    drift : growth of a rating's variance per day, in squared log-goals
    dispersion : variance of the observation over its mean (1: Poisson goals)
    shrink : factor on a club's rating at a break between seasons
    """

    name: str
    weights: dict[str, float]
    drift: float
    dispersion: float
    shrink: float = 1.0
    prior: float = 0.05
    break_variance: float = 0.008

    @property
    def is_odds_free(self) -> bool:
        return "market_goals" not in self.weights


class Spec(NamedTuple):
    """The registry as arrays, one row a rating, for compiled code."""

    weights: NDArray[np.float64]
    drift: NDArray[np.float64]
    dispersion: NDArray[np.float64]
    shrink: NDArray[np.float64]
    prior: NDArray[np.float64]
    break_variance: NDArray[np.float64]
    n_odds_free: int  # ratings that never see a price: they come first


COMPOSITE = {"goals": 0.5, "shots": 0.2, "shots_on_target": 0.2, "corners": 0.1}
MARKET_AND_PLAY = {"market_goals": 0.9, "goals": 0.03, "shots": 0.02, "shots_on_target": 0.05}

REGISTRY: tuple[Rating, ...] = (
    Rating("goals", {"goals": 1.0}, drift=2e-5, dispersion=0.9),
    Rating("goals_fast", {"goals": 1.0}, drift=1.2e-4, dispersion=1.0, prior=0.1),
    Rating("composite_slow", COMPOSITE, drift=5e-6, dispersion=0.3, break_variance=0.004),
    Rating("composite", COMPOSITE, drift=2e-5, dispersion=0.3),
    Rating("composite_fast", COMPOSITE, drift=1.2e-4, dispersion=0.3, prior=0.1),
    Rating("on_target", {"shots_on_target": 1.0}, drift=2e-5, dispersion=0.5),
    Rating("shots", {"shots": 1.0}, drift=1e-5, dispersion=0.25),
    Rating("corners", {"corners": 1.0}, drift=1e-5, dispersion=0.6),
    Rating("half_time", {"half_time_goals": 1.0}, drift=2e-5, dispersion=2.0),
    Rating("market", {"market_goals": 1.0}, drift=4e-5, dispersion=0.01),
    Rating("market_fast", {"market_goals": 1.0}, drift=3e-4, dispersion=0.01, prior=0.1),
    Rating("market_play", MARKET_AND_PLAY, drift=1e-4, dispersion=0.02, prior=0.1),
)


def as_spec(ratings: tuple[Rating, ...]) -> Spec:
    """Lay a registry out as arrays of shape (n_ratings,) and (n_ratings, n_evidence)."""
    weights = [[rating.weights.get(name, 0.0) for name in EVIDENCE] for rating in ratings]
    columns = [
        np.array([getattr(rating, name) for rating in ratings], dtype=np.float64)
        for name in Spec._fields[1:-1]
    ]
    n_odds_free = sum(rating.is_odds_free for rating in ratings)
    if not all(rating.is_odds_free for rating in ratings[:n_odds_free]):
        raise ValueError("Ratings that see prices come last.")
    return Spec._make([np.array(weights, dtype=np.float64), *columns, n_odds_free])


SPEC = as_spec(REGISTRY)
