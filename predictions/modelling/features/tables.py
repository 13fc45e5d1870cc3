"""Fresh rows for the tables of the state machine."""

import numpy as np

from predictions.modelling.arrays import Records
from predictions.modelling.features.kernel.records import (
    DEDUCTION,
    LEAGUE,
    LEVEL,
    PAIR,
    STANDING,
    STRENGTH,
    TEAM,
    Tables,
    world_of,
)
from predictions.modelling.features.kernel.standings import MOST_CLUBS, USUAL_POINTS
from predictions.modelling.features.ratings import SPEC

N_RATINGS = len(SPEC.numbers)
LONG_AGO = -1e12  # seconds: no club has played by then
FIRST_ELO = 1500.0  # points; Elo's own choice for a player of whom nothing is known
_PI = 0.115  # of clubs at home; away as far under 0: half of by how much home sides win

# What a league is taken for until its own matches tell: means over all leagues before 2005.
# Per club and match: goals where the statistic exists, then shots, on target, corners, half-time.
_FRESH_LEAGUE = {
    "home_rate": 0.46,
    "draw_rate": 0.27,
    "goals": 2.6,
    "home_elo": 65.0,
    "mean_elo": FIRST_ELO,
    "mean_pi_home": _PI,
    "mean_pi_away": -_PI,
    "last_played": LONG_AGO,
    "goals_with": 1.3,
    "each": (11.5, 5.0, 5.4, 0.58),
}
_GOALS = 1.3  # of a side
_HOME_EDGE = 0.35  # log of goals
_NEWCOMER = -0.05  # log goals that a newcomer's attack and defence are under the league's


def empty_tables() -> Tables:
    """Tables that know nobody: the row of the unknown alone.

    >>> len(empty_tables().team)
    1
    """
    return Tables(
        team=fresh_teams(1),
        strength=np.zeros((1, N_RATINGS), STRENGTH),
        league=fresh_leagues(1),
        level=fresh_levels(1),
        pair=np.zeros(1, PAIR),
        standing=fresh_standings(1),
        world=np.zeros(1, world_of(N_RATINGS)),
        deduction=np.zeros(0, DEDUCTION),
    )


def fresh_teams(n: int) -> Records:
    """Clubs that never played: (n,) of TEAM.

    >>> fresh_teams(2)["elo"]
    array([1500., 1500.])
    """
    team = np.zeros(n, TEAM)
    for moment in ("last", "last_in_league", "recent"):
        team[moment] = LONG_AGO
    team["elo"] = FIRST_ELO
    team["points_fast"] = team["points_slow"] = USUAL_POINTS
    team["scored"] = team["conceded"] = _GOALS
    return team


def fresh_leagues(n: int) -> Records:
    """Leagues without a match: (n,) of LEAGUE.

    >>> fresh_leagues(1)["draw_rate"]
    array([0.27])
    """
    league = np.zeros(n, LEAGUE)
    for name, value in _FRESH_LEAGUE.items():
        league[name] = value
    return league


def fresh_levels(n: int) -> Records:
    """Levels of leagues without a match: (n, n_ratings) of LEVEL.

    >>> fresh_levels(1)["home"][0, :2]
    array([0.35, 0.35])
    """
    level = np.zeros((n, N_RATINGS), LEVEL)
    level["mu"] = np.log(_GOALS)
    level["home"] = _HOME_EDGE
    level["new_attack"] = level["new_defence"] = _NEWCOMER
    return level


def fresh_standings(n: int) -> Records:
    """Empty tables of so many leagues: (n, most clubs) of STANDING.

    >>> fresh_standings(2).shape
    (2, 40)
    """
    return np.zeros((n, MOST_CLUBS), STANDING)


def extended(tables: Tables, *, teams: int, leagues: int, pairs: int) -> Tables:
    """A copy with as many rows as asked for, the new ones fresh.

    >>> len(extended(empty_tables(), teams=3, leagues=2, pairs=1).team)
    3
    """
    new_teams = teams - len(tables.team)
    new_leagues = leagues - len(tables.league)
    new_pairs = pairs - len(tables.pair)
    new_strength = np.zeros((new_teams, N_RATINGS), STRENGTH)
    return Tables(
        team=np.concatenate([tables.team, fresh_teams(new_teams)]),
        strength=np.concatenate([tables.strength, new_strength]),
        league=np.concatenate([tables.league, fresh_leagues(new_leagues)]),
        level=np.concatenate([tables.level, fresh_levels(new_leagues)]),
        pair=np.concatenate([tables.pair, np.zeros(new_pairs, PAIR)]),
        standing=np.concatenate([tables.standing, fresh_standings(new_leagues)]),
        world=tables.world.copy(),
        deduction=tables.deduction.copy(),
    )
