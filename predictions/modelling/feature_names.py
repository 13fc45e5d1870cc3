"""Names of the features, in the order in which `kernel.read_features` writes them."""

from predictions.modelling.ratings import REGISTRY

# Raise it whenever a feature's meaning changes: saved states and models of another version
# are refused.
FEATURE_VERSION = 1

_OF_RATING = ("ratio", "total", "home", "draw")
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
    "red_cards",
    "coverage",
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
)

FEATURE_NAMES: tuple[str, ...] = (
    *(f"{rating.name}_{kind}" for rating in REGISTRY for kind in _OF_RATING),
    *(f"{side}_{kind}" for side in ("home", "away") for kind in _OF_SIDE),
    *_OF_CONTEXT,
)
