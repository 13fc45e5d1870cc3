"""What the tables of the state machine hold, and the constants of its rules."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tables(NamedTuple):
    """All that is known of clubs, tournaments, pairs of clubs and the world."""

    team: Floats  # (n_teams, N_TEAM)
    strength: Floats  # (n_teams, n_ratings, N_STRENGTH)
    league: Floats  # (n_tournaments, N_LEAGUE)
    level: Floats  # (n_tournaments, n_ratings, N_LEVEL)
    pair: Floats  # (n_pairs, N_PAIR)
    standing: Floats  # (n_tournaments, most clubs, 3): the table of the season
    world: Floats  # (N_WORLD + n_ratings,), last each rating's home edge of all leagues


class Fixture(NamedTuple):
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


# Columns of Tables.team. Times are seconds since 1970.
LAST, LEAGUE, LAST_IN_LEAGUE, MOVED_FROM, SINCE_MOVE, PLAYED, SEASON_PLAYED = range(7)
ELO, POINTS_FAST, POINTS_SLOW, SURPRISE, SCORED, CONCEDED, SEASON_POINTS = range(7, 14)
EDGE_HOME, EDGE_AWAY, PI_HOME, PI_AWAY, COVERAGE, PRICED, RECENT = range(14, 21)
N_RECENT = 8
N_TEAM = RECENT + N_RECENT
# Columns of Tables.strength; GROUND is what a club's own ground adds to its league's home edge.
ATTACK, DEFENCE, ATTACK_VARIANCE, DEFENCE_VARIANCE, COVARIANCE, GROUND, N_STRENGTH = range(7)
# Columns of Tables.level.
MU, HOME, STANDING, NEW_ATTACK, NEW_DEFENCE, N_LEVEL = range(6)
# Columns of Tables.league; from GOALS_WITH on, running means of goals and of each statistic.
N, HOME_RATE, DRAW_RATE, GOALS, HOME_ELO, MEAN_ELO, OPENED, LAST_PLAYED = range(8)
GOALS_WITH, EACH = 8, 12
# The season of its table and its clubs; of the season before, how many there were, and how often
# each met each, 0 where no season is known.
SEASON, N_CLUBS, CLUBS_BEFORE, ROUNDS = range(16, 20)
N_LEAGUE = 20
N_PAIR = 2
N_WORLD = 1  # and from there on, by rating, the home edge of all leagues

# Columns of Spec.numbers: the parameters of a rating, by their names.
PARAMETERS = (
    "dispersion",
    "correlation",
    "drift",
    "style_drift",
    "spread",
    "style_spread",
    "first_spread",
    "first_style_spread",
    "shrink",
    "style_shrink",
    "level_rate",
    "edge_rate",
    "world_rate",
    "newcomer_rate",
    "move_variance",
    "ground_rate",
)
DISPERSION, CORRELATION, DRIFT, STYLE_DRIFT, SPREAD, STYLE_SPREAD = range(6)
FIRST_SPREAD, FIRST_STYLE_SPREAD, SHRINK, STYLE_SHRINK = range(6, 10)
LEVEL_RATE, EDGE_RATE, WORLD_RATE, NEWCOMER_RATE, MOVE_VARIANCE, GROUND_RATE = range(10, 16)

DAY = 86_400.0
UNKNOWN_SEASON = 0.0
BREAK = 45 * DAY  # a longer pause is one between seasons
CUT_SHORT = 130 * DAY  # after such a pause, no season goes on
MOVE = 30 * DAY  # away from its league for so long, a club has left it
SETTLED = 20.0  # matches until a club no longer counts as new to its league
ESTABLISHED = 150.0  # matches until a league has newcomers at all
FIRST_MOVE = -1.0  # MOVED_FROM of a club that came from nowhere

STANDING_RATE = 0.17
LONGEST_REST = 10.0  # days
USUAL_POINTS = 1.35  # a match
PI_STEP = 0.06
GROUND_KEPT = 0.998  # of a club's own ground, from one match at home to the next
ELO_STEP = 18.0
LONGEST_SCORE = 12
MAX_GOALS = 10.0
GOALS_NOISE = 2.0  # dispersion of goals that stand in for a missing statistic
# Where a match's statistics keep the goals that its prices expected, home before away.
MARKET_GOALS = 14
MOST_RATE = 7.0
LEAST_RATE = 0.05
