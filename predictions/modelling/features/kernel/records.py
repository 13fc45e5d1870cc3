"""What the tables of the state machine hold, by name, which costs compiled code nothing.

All fields are float64, so that a table is a plain array as well (`plain`) and is saved as one.
Times are seconds since 1970 UTC.
"""

from typing import NamedTuple

import numpy as np

from predictions.modelling.arrays import Floats, Records

N_RECENT = 8  # matches whose kick-offs a club's row keeps
N_COUNTED = 4  # statistics that tell of goals: shots, on target, corners, half-time goals


def _fields(*names: str) -> list[tuple[str, str]]:
    return [(name, "f8") for name in names]


TEAM = np.dtype(
    [
        *_fields("last", "league", "last_in_league", "moved_from", "since_move"),
        *_fields("played", "season_played", "elo", "points_fast", "points_slow", "surprise"),
        *_fields("scored", "conceded", "season_points", "edge_home", "edge_away"),
        *_fields("pi_home", "pi_away", "coverage", "priced"),
        ("recent", "f8", (N_RECENT,)),  # kick-offs of its last matches, the newest first
    ]
)
# Of a club in a rating, in log goals; `ground` is what its own adds to its league's home edge.
STRENGTH = np.dtype(
    _fields("attack", "defence", "attack_variance", "defence_variance", "covariance", "ground")
)
# Of a league in a rating: log goals a side, home edge, standing among leagues, newcomers' level.
LEVEL = np.dtype(_fields("mu", "home", "standing", "new_attack", "new_defence"))
LEAGUE = np.dtype(
    [
        *_fields("n", "home_rate", "draw_rate", "goals", "home_elo", "mean_elo"),
        *_fields("mean_pi_home", "mean_pi_away"),
        *_fields("opened", "last_played"),
        # Running means a side: of goals where a statistic exists, and of that statistic.
        ("goals_with", "f8", (N_COUNTED,)),
        ("each", "f8", (N_COUNTED,)),
        # The season of its table and its clubs; of the season before, how many there were, and
        # how often each met each, 0 where no season is known.
        *_fields("season", "n_clubs", "clubs_before", "rounds"),
    ]
)
# Of two clubs: by how many goals the one of the lower row surprises the other, and how often met.
PAIR = np.dtype(_fields("surprise", "meetings"))
# A club's row in the tables, its points and matches this season.
STANDING = np.dtype(_fields("club", "points", "matches"))
# Points that a club of a league's season loses by a decision, and when that was known.
DEDUCTION = np.dtype(_fields("decided", "league", "season", "club", "points"))
# What is known of a match's play, home before away.
STATISTICS = np.dtype(
    [
        ("goals", "f8", (2,)),
        ("counted", "f8", (N_COUNTED, 2)),
        ("cards", "f8", (2, 2)),  # yellow and red
        ("market_goals", "f8", (2,)),  # that its last prices before kick-off expected
    ]
)
# Of a match to read or to apply: rows of the tables, kick-off, id of the season.
FIXTURE = np.dtype(
    [(name, "i8") for name in ("home", "away", "pair", "league", "kickoff", "season")]
    + [("neutral", "f8")]
)


def world_of(n_ratings: int) -> np.dtype[np.void]:
    """Of all leagues: by how many goals home sides surprise, and each rating's home edge.

    >>> world_of(13).itemsize // 8
    14
    """
    return np.dtype([("surprise", "f8"), ("home_edge", "f8", (n_ratings,))])


class Tables(NamedTuple):
    """All that is known of clubs, tournaments, pairs of clubs and the world."""

    team: Records  # (n_teams,) of TEAM
    strength: Records  # (n_teams, n_ratings) of STRENGTH
    league: Records  # (n_tournaments,) of LEAGUE
    level: Records  # (n_tournaments, n_ratings) of LEVEL
    pair: Records  # (n_pairs,) of PAIR
    standing: Records  # (n_tournaments, most clubs) of STANDING: the table of the season
    world: Records  # (1,) of `world_of`
    deduction: Records  # (n,) of DEDUCTION; one counts from its decision on


class FixtureRow(NamedTuple):
    """One fixture, clubs and league by their rows; kick-off in seconds, neutral 0 or 1.

    The season counts where a result is applied; to read, a fixture needs none.
    """

    home: int
    away: int
    pair: int
    league: int
    kickoff: float
    neutral: float
    season: float  # its id, UNKNOWN_SEASON where it is not known


DAY = 86_400.0  # seconds
UNKNOWN_SEASON = 0.0
FIRST_MOVE = -1.0  # `moved_from` of a club that came from nowhere


def plain(table: Records) -> Floats:
    """The same memory as float64, one column a number: (..., n_numbers).

    >>> plain(np.zeros((4, 2), LEVEL)).shape
    (4, 2, 5)
    """
    width = table.dtype.itemsize // 8
    return np.ascontiguousarray(table).view(np.float64).reshape(*table.shape, width)


def records(table: Floats, dtype: np.dtype[np.void]) -> Records:
    """The memory of (..., n_numbers) as records (...): the way back from `plain`.

    Raises
    ------
    ValueError
        If the table has not as many columns as the records have numbers.

    >>> records(np.array([[0.5, 3.0]]), PAIR)["meetings"]
    array([3.])
    """
    if table.shape[-1] * 8 != dtype.itemsize:
        raise ValueError(f"{table.shape[-1]} columns are no records of {dtype.itemsize // 8}.")
    return np.ascontiguousarray(table).view(dtype)[..., 0]
