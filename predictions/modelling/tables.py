"""Fresh rows for the tables of the state machine."""

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.kernel import columns
from predictions.modelling.kernel.columns import Tables
from predictions.modelling.kernel.standings import MOST_CLUBS, N_STANDING
from predictions.modelling.ratings import SPEC

N_RATINGS = len(SPEC.numbers)
LONG_AGO = -1e12  # seconds: no club has played by then

# What a league is taken for until its own matches tell: means over all leagues before 2005.
# Per club and match: goals where the statistic exists, then shots, on target, corners, half-time.
_FRESH_LEAGUE = {
    columns.HOME_RATE: 0.46,
    columns.DRAW_RATE: 0.27,
    columns.GOALS: 2.6,
    columns.HOME_ELO: 65.0,
    columns.MEAN_ELO: 1500.0,
    columns.LAST_PLAYED: LONG_AGO,
}
_GOALS_WITH = 1.3
_EACH = (11.5, 5.0, 5.4, 0.58)


def empty_tables() -> Tables:
    """Tables that know nobody: the row of the unknown alone."""
    return Tables(
        team=fresh_teams(1),
        strength=np.zeros((1, N_RATINGS, columns.N_STRENGTH)),
        league=fresh_leagues(1),
        level=fresh_levels(1),
        pair=np.zeros((1, columns.N_PAIR)),
        standing=fresh_standings(1),
        world=np.zeros(columns.N_WORLD + N_RATINGS),
    )


def fresh_teams(n: int) -> NDArray[np.float64]:
    team = np.zeros((n, columns.N_TEAM))
    team[:, [columns.LAST, columns.LAST_IN_LEAGUE]] = LONG_AGO
    team[:, columns.RECENT :] = LONG_AGO
    team[:, columns.ELO] = 1500.0
    team[:, [columns.POINTS_FAST, columns.POINTS_SLOW]] = 1.35
    team[:, [columns.SCORED, columns.CONCEDED]] = _GOALS_WITH
    return team


def fresh_leagues(n: int) -> NDArray[np.float64]:
    league = np.zeros((n, columns.N_LEAGUE))
    for column, value in _FRESH_LEAGUE.items():
        league[:, column] = value
    league[:, columns.GOALS_WITH : columns.EACH] = _GOALS_WITH
    league[:, columns.EACH : columns.SEASON] = _EACH
    return league


def fresh_levels(n: int) -> NDArray[np.float64]:
    level = np.zeros((n, N_RATINGS, columns.N_LEVEL))
    level[..., columns.MU] = np.log(_GOALS_WITH)
    level[..., columns.HOME] = 0.35
    level[..., columns.NEW_ATTACK] = -0.05
    level[..., columns.NEW_DEFENCE] = -0.05
    return level


def fresh_standings(n: int) -> NDArray[np.float64]:
    return np.zeros((n, MOST_CLUBS, N_STANDING))


def extended(tables: Tables, *, teams: int, leagues: int, pairs: int) -> Tables:
    """A copy with as many rows as asked for, the new ones fresh."""
    new_teams = teams - len(tables.team)
    new_leagues = leagues - len(tables.league)
    new_pairs = pairs - len(tables.pair)
    return Tables(
        team=np.concatenate([tables.team, fresh_teams(new_teams)]),
        strength=np.concatenate(
            [tables.strength, np.zeros((new_teams, N_RATINGS, columns.N_STRENGTH))]
        ),
        league=np.concatenate([tables.league, fresh_leagues(new_leagues)]),
        level=np.concatenate([tables.level, fresh_levels(new_leagues)]),
        pair=np.concatenate([tables.pair, np.zeros((new_pairs, columns.N_PAIR))]),
        standing=np.concatenate([tables.standing, fresh_standings(new_leagues)]),
        world=tables.world.copy(),
    )
