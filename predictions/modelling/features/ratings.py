"""Online attack and defence ratings: one line of REGISTRY defines one.

Every rating is on the scale of goals: what it observes of a side is a weighted mean of match
statistics, each turned into goals by its league's own running ratio (so many corners to a
goal). A statistic that a match doesn't have hands its weight to the goals, at their noise.

A club's attack and defence rise and fall together: their variance is that of its strength, which
both share, and of its style, by which one gains what the other loses. The numbers were chosen by
log-loss on the results of the seasons to 2020-21 (`benchmarks/quality.md`); the market's too.
"""

from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from predictions.modelling.arrays import Records
from predictions.modelling.features.kernel.records import N_COUNTED, records

# What a rating can see of a side, in the order of WEIGHTS.
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
    """How one pair of attack and defence ratings learns; variances in squared log-goals.

    Parameters
    ----------
    name : prefix of the features it yields
    weights : share of each statistic in what is observed; they sum to 1
    dispersion : variance of the observation over its mean (1: Poisson goals)
    correlation : of the errors in what is observed of the two sides
    drift, style_drift : growth of the variance of a club's strength and style per day
    spread, style_spread : the variance to which they grow, and which they have after a summer
    first_spread, first_style_spread : of a club that was never seen
    shrink, style_shrink : factor on a club's strength and style at a break between seasons
    level_rate, edge_rate, world_rate : what a league's level, its home edge and the home edge of
        all leagues learn from a match
    newcomer_rate : what a league learns from one about newcomers
    move_variance : what a move to another league adds to the variance
    ground_rate : what a club's own ground learns from a match
    """

    name: str
    weights: dict[str, float]
    dispersion: float
    correlation: float = 0.0
    drift: float = 2.6e-5
    style_drift: float = 2.4e-6
    spread: float = 0.0096
    style_spread: float = 0.00086
    first_spread: float = 0.037
    first_style_spread: float = 0.0078
    shrink: float = 0.98
    style_shrink: float = 0.5
    level_rate: float = 0.0006
    edge_rate: float = 0.00125
    world_rate: float = 0.00015
    newcomer_rate: float = 0.16
    move_variance: float = 0.006
    ground_rate: float = 0.001

    @property
    def is_odds_free(self) -> bool:
        """Whether it never sees a price."""
        return "market_goals" not in self.weights

    def hastened(self, name: str, factor: float) -> "Rating":
        """One that forgets so many times as fast; it is as much the less certain of a club."""
        return replace(
            self,
            name=name,
            drift=self.drift * factor,
            style_drift=self.style_drift * factor,
            spread=self.spread * factor**0.5,
            style_spread=self.style_spread * factor**0.5,
        )


PARAMETERS = tuple(one.name for one in fields(Rating) if one.name not in ("name", "weights"))
NUMBERS = np.dtype([(name, "f8") for name in PARAMETERS])
WEIGHTS = np.dtype([("goals", "f8"), ("counted", "f8", (N_COUNTED,)), ("market_goals", "f8")])


class Spec(NamedTuple):
    """The registry as arrays, one row a rating, for compiled code.

    They are two and no more: every array that is handed on costs time in each call.
    """

    weights: Records  # (n_ratings,) of WEIGHTS
    numbers: Records  # (n_ratings,) of NUMBERS
    n_odds_free: int  # ratings that never see a price: they come first
    composite: int  # the place of the rating by which leagues are told apart


GOALS = Rating(
    "goals",
    {"goals": 1.0},
    dispersion=1.0,
    correlation=0.175,
    drift=1.0e-5,
    style_drift=6.2e-6,
    spread=0.0116,
    style_spread=0.0029,
    first_spread=0.028,
    first_style_spread=0.003,
    shrink=0.995,
    level_rate=0.0005,
    edge_rate=0.0006,
    world_rate=0.0003,
    newcomer_rate=0.19,
    move_variance=0.01,
)
COMPOSITE = Rating(
    "composite",
    {
        "goals": 0.343,
        "shots": 0.262,
        "shots_on_target": 0.141,
        "corners": 0.207,
        "half_time_goals": 0.047,
    },
    dispersion=0.3,
    correlation=-0.225,
)
MARKET = Rating(
    "market",
    {"market_goals": 0.9, "goals": 0.03, "shots": 0.02, "shots_on_target": 0.05},
    dispersion=0.02,
    correlation=0.725,
    drift=1.0e-4,
    style_drift=3.9e-5,
    spread=0.03,
    style_spread=0.0015,
    first_style_spread=0.003,
    shrink=0.78,
    level_rate=0.0032,
    edge_rate=0.0082,
    world_rate=0.0033,
    newcomer_rate=0.024,
    move_variance=0.02,
    ground_rate=0.0025,
)


def _of_play(name: str, weights: dict[str, float], dispersion: float) -> Rating:
    return replace(COMPOSITE, name=name, weights=weights, dispersion=dispersion)


PRESSURE = _of_play("pressure", {"shots": 0.45, "shots_on_target": 0.25, "corners": 0.3}, 0.3)

REGISTRY: tuple[Rating, ...] = (
    GOALS,
    GOALS.hastened("goals_fast", 5.0),
    COMPOSITE,
    COMPOSITE.hastened("composite_fast", 4.0),
    PRESSURE,
    replace(PRESSURE.hastened("pressure_fast", 5.0), shrink=0.9),
    _of_play("on_target", {"shots_on_target": 1.0}, 0.5),
    _of_play("shots", {"shots": 1.0}, 0.25),
    _of_play("corners", {"corners": 1.0}, 0.6),
    _of_play("half_time", {"half_time_goals": 1.0}, 2.0),
    MARKET,
    MARKET.hastened("market_fast", 4.0),
    MARKET.hastened("market_slow", 0.2),
)


def as_spec(ratings: tuple[Rating, ...]) -> Spec:
    """Lay a registry out as arrays.

    Raises
    ------
    ValueError
        If a rating that sees prices stands before one that does not.

    >>> as_spec((GOALS, MARKET)).n_odds_free
    1
    """
    weights = [[rating.weights.get(name, 0.0) for name in EVIDENCE] for rating in ratings]
    numbers = [[getattr(rating, name) for name in PARAMETERS] for rating in ratings]
    n_odds_free = sum(rating.is_odds_free for rating in ratings)
    if not all(rating.is_odds_free for rating in ratings[:n_odds_free]):
        raise ValueError("Ratings that see prices come last.")
    composite = max([i for i, one in enumerate(ratings) if one.name == COMPOSITE.name], default=0)
    return Spec(
        records(np.array(weights), WEIGHTS),
        records(np.array(numbers, dtype=np.float64), NUMBERS),
        n_odds_free,
        composite,
    )


SPEC = as_spec(REGISTRY)
