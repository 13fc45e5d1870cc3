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
    world: Floats  # (N_WORLD,)


class Fixture(NamedTuple):
    """One fixture, clubs and league by their rows; kick-off in seconds, neutral 0 or 1."""

    home: int
    away: int
    pair: int
    league: int
    kickoff: float
    neutral: float


# Columns of Tables.team. Times are seconds since 1970.
LAST, LEAGUE, LAST_IN_LEAGUE, MOVED_FROM, SINCE_MOVE, PLAYED, SEASON_PLAYED = range(7)
ELO, POINTS_FAST, POINTS_SLOW, SURPRISE, SCORED, CONCEDED = range(7, 13)
EDGE_HOME, EDGE_AWAY, COVERAGE, REDS, PRICED, RECENT = range(13, 19)
N_RECENT = 8
N_TEAM = RECENT + N_RECENT
# Columns of Tables.strength.
ATTACK, DEFENCE, ATTACK_VARIANCE, DEFENCE_VARIANCE, N_STRENGTH = range(5)
# Columns of Tables.level.
MU, HOME, STANDING, NEW_ATTACK, NEW_DEFENCE, N_LEVEL = range(6)
# Columns of Tables.league; from GOALS_WITH on, running means of goals and of each statistic.
N, HOME_RATE, DRAW_RATE, GOALS, HOME_ELO, MEAN_ELO, OPENED, LAST_PLAYED = range(8)
GOALS_WITH, EACH = 8, 12
N_LEAGUE = 16
N_PAIR = 2
N_WORLD = 2

DAY = 86_400.0
BREAK = 45 * DAY  # a longer pause is one between seasons
MOVE = 30 * DAY  # away from its league for so long, a club has left it
SETTLED = 20.0  # matches until a club no longer counts as new to its league
ESTABLISHED = 150.0  # matches until a league has newcomers at all
FIRST_MOVE = -1.0  # MOVED_FROM of a club that came from nowhere

STANDING_RATE = 0.08
NEWCOMER_RATE = 0.10
MOVE_VARIANCE = 0.02
LEAGUE_RATE = 0.002
ELO_STEP = 18.0
LONGEST_SCORE = 12
MAX_GOALS = 7.0
GOALS_NOISE = 1.0  # dispersion of goals that stand in for a missing statistic
# Where a match's statistics keep the goals that its prices expected, home before away.
MARKET_GOALS = 14
MOST_RATE = 7.0
LEAST_RATE = 0.05
