"""Names of the features, in the order in which the state machine writes them."""

import numpy as np

from predictions.modelling.arrays import Ints
from predictions.modelling.features.ratings import REGISTRY

# Raise it whenever a feature's meaning changes: saved states and models of another version
# are refused.
FEATURE_VERSION = 6

_OF_RATING = ("ratio", "total")
_N_ODDS_FREE = sum(rating.is_odds_free for rating in REGISTRY)


def _numbers(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, "f8") for name in names])


_SIDE = _numbers(
    "points_fast",
    "points_slow",
    "surprise",
    "scored",
    "conceded",
    "rest_days",
    "matches_14_days",
    "matches_30_days",
    "played",
    "season_played",
    "played_in_league",
    "coverage",
    "season_points",
)
_CONTEXT = _numbers(
    "elo_difference",
    "ground_edge",
    "head_to_head",
    "meetings",
    "league_home_rate",
    "league_draw_rate",
    "league_goals",
    "world_home_edge",
    "neutral",
    "season_days",
    "pi_difference",
    "league_level",
    "league_home_edge",
)
# What is at stake when the season nears its end.
_STAKES = _numbers("title_stake", "upper_stake", "lower_stake", "idle")
# One row of features by name: what the state machine writes, and with it their order.
FEATURES = np.dtype(
    [
        ("ratings", "f8", (_N_ODDS_FREE, len(_OF_RATING))),
        ("home", _SIDE),
        ("away", _SIDE),
        ("context", _CONTEXT),
        ("home_stakes", _STAKES),
        ("away_stakes", _STAKES),
        ("season_end", "f8"),
        ("season_end_ratio", "f8"),
        ("past_odds", "f8", (len(REGISTRY) - _N_ODDS_FREE, len(_OF_RATING))),
        ("home_priced", "f8"),
        ("away_priced", "f8"),
        ("own_prices", "f8", (4,)),
        ("identity", "f8", (3,)),
    ]
)


def _of_ratings(*, is_odds_free: bool) -> tuple[str, ...]:
    chosen = [rating for rating in REGISTRY if rating.is_odds_free == is_odds_free]
    return tuple(f"{rating.name}_{kind}" for rating in chosen for kind in _OF_RATING)


def _of_sides(kinds: np.dtype[np.void]) -> tuple[str, ...]:
    return tuple(f"{side}_{kind}" for side in ("home", "away") for kind in kinds.names or ())


# From results and match statistics alone.
ODDS_FREE: tuple[str, ...] = (
    *_of_ratings(is_odds_free=True),
    *_of_sides(_SIDE),
    *(_CONTEXT.names or ()),
    *_of_sides(_STAKES),
    "season_end",
    "season_end_ratio",
)
# From the prices of earlier matches, too.
PAST_ODDS = (*_of_ratings(is_odds_free=False), "home_priced", "away_priced")
# From the match's own prices, as log odds against the draw; NaN where there are none.
PRE_MATCH = ("pre_match_home", "pre_match_away")
CLOSING = ("closing_home", "closing_away")
# Who plays whom, by id, and when, in days since 1970: nothing to learn a slope of.
IDENTITY = ("home_club", "away_club", "kickoff_day")

FEATURE_NAMES: tuple[str, ...] = (*ODDS_FREE, *PAST_ODDS, *PRE_MATCH, *CLOSING, *IDENTITY)
OWN_PRICES = slice(len(ODDS_FREE) + len(PAST_ODDS), len(FEATURE_NAMES) - len(IDENTITY))
WHO_AND_WHEN = slice(OWN_PRICES.stop, len(FEATURE_NAMES))


def places_of(names: tuple[str, ...]) -> Ints:
    """Where features of these names stand: (n,).

    Raises
    ------
    ValueError
        If there is no feature of a name.

    >>> FEATURE_NAMES[places_of(("elo_difference",))[0]]
    'elo_difference'
    """
    return np.array([FEATURE_NAMES.index(name) for name in names], dtype=np.int64)
