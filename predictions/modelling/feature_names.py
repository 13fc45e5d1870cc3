"""Names of the features, in the order in which the state machine writes them."""

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.ratings import REGISTRY

# Raise it whenever a feature's meaning changes: saved states and models of another version
# are refused.
FEATURE_VERSION = 5

_OF_RATING = ("ratio", "total")
_OF_SIDE = (
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
_OF_CONTEXT = (
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
_OF_STAKES = ("title_stake", "upper_stake", "lower_stake", "idle")
_OF_END = ("season_end", "season_end_ratio")

_OF_RATINGS = {
    is_odds_free: tuple(
        f"{rating.name}_{kind}"
        for rating in REGISTRY
        if rating.is_odds_free == is_odds_free
        for kind in _OF_RATING
    )
    for is_odds_free in (True, False)
}

# From results and match statistics alone.
ODDS_FREE: tuple[str, ...] = (
    *_OF_RATINGS[True],
    *(f"{side}_{kind}" for side in ("home", "away") for kind in _OF_SIDE),
    *_OF_CONTEXT,
    *(f"{side}_{kind}" for side in ("home", "away") for kind in _OF_STAKES),
    *_OF_END,
)
# From the prices of earlier matches, too.
PAST_ODDS = (*_OF_RATINGS[False], "home_priced", "away_priced")
# From the match's own prices, as log odds against the draw; NaN where there are none.
PRE_MATCH = ("pre_match_home", "pre_match_away")
CLOSING = ("closing_home", "closing_away")
# Who plays whom, by id, and when, in days since 1970: nothing to learn a slope of.
IDENTITY = ("home_club", "away_club", "kickoff_day")

FEATURE_NAMES: tuple[str, ...] = (*ODDS_FREE, *PAST_ODDS, *PRE_MATCH, *CLOSING, *IDENTITY)
OWN_PRICES = slice(len(ODDS_FREE) + len(PAST_ODDS), len(FEATURE_NAMES) - len(IDENTITY))
WHO_AND_WHEN = slice(OWN_PRICES.stop, len(FEATURE_NAMES))


def places_of(names: tuple[str, ...]) -> NDArray[np.int64]:
    """Where features of these names stand."""
    return np.array([FEATURE_NAMES.index(name) for name in names], dtype=np.int64)
