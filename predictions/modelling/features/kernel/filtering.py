"""How a result moves the ratings: an extended Kalman filter on log goal rates.

After Rue & Salvesen (2000), The Statistician 49(3), with every step in closed form: a match tells
of four numbers (two attacks, two defences) by two (what was seen of each side).
"""

import numpy as np

from predictions.modelling.arrays import Record
from predictions.modelling.features.compiled import compiled
from predictions.modelling.features.kernel.reading import (
    ESTABLISHED,
    home_edge,
    is_paused,
    strength,
)
from predictions.modelling.features.kernel.records import (
    DAY,
    N_COUNTED,
    FixtureRow,
    Tables,
)
from predictions.modelling.features.kernel.standings import is_cup
from predictions.modelling.features.ratings import Spec

Five = tuple[float, float, float, float, float]

# The ratings' own numbers stand in `modelling.ratings`, with how they were chosen; these hold for
# all of them. Where no source is named, a number was set by judgement and not searched for.
STANDING_RATE = 0.17  # log goals of a league's standing by one of an arrival's surprise in strength
GROUND_KEPT = 0.998  # of a club's own ground, from one match at home to the next
MAX_GOALS = 10.0  # of a side in a match: a rout says no more
GOALS_NOISE = 2.0  # dispersion of goals that stand in for a missing statistic
SETTLED = 20.0  # matches until a club no longer counts as new to its league
MATURE = ESTABLISHED + 400.0  # matches of a league from which its newcomers tell what such are like
LEVEL_PRIOR = 40.0  # matches that a league's first level counts as
FOR_EVER = 1e9  # days: a pause between seasons lets all doubt come back


@compiled
def observed(league: Record, weights: Record, statistics: Record, side: int) -> tuple[float, float]:
    """What a rating saw of a side, in goals, and how much of its other evidence was missing (0-1).

    Each statistic counts as the goals that it comes with in its league.

    >>> from predictions.modelling.features.kernel.records import STATISTICS
    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> seen = np.zeros(1, STATISTICS)
    >>> seen["goals"], seen["counted"], seen["market_goals"] = (2, 1), np.nan, np.nan
    >>> observed(tables.league[1], SPEC.weights[0], seen[0], 0)  # by the rating of goals
    (2.0, 0.0)
    """
    goals = min(MAX_GOALS, statistics["goals"][side])
    seen, missing = weights["goals"] * goals, 0.0
    for k in range(N_COUNTED):
        weight, value = weights["counted"][k], statistics["counted"][k, side]
        if weight == 0.0:
            continue
        if np.isnan(value):
            seen += weight * goals
            missing += weight
        else:
            seen += weight * value * league["goals_with"][k] / league["each"][k]
    if weights["market_goals"] > 0.0:
        expected = statistics["market_goals"][side]
        if np.isnan(expected):
            seen += weights["market_goals"] * goals
            missing += weights["market_goals"]
        else:
            seen += weights["market_goals"] * expected
    # A rating of goals alone has no other evidence: 0 over nearly nothing is 0.
    return seen, missing / max(1e-9, 1.0 - weights["goals"])


@compiled
def uncertainty(
    tables: Tables, spec: Spec, team: int, rating: int, kickoff: float
) -> tuple[float, float, float]:
    """Variances of attack and defence, and their covariance, as of `kickoff`; squared log goals.

    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> uncertainty(tables, SPEC, 1, 0, 1.7e9)  # of a club that never played
    (0.031, 0.031, 0.025)
    """
    row, state, numbers = tables.team[team], tables.strength[team, rating], spec.numbers[rating]
    if row["played"] == 0:
        shared, style = numbers["first_spread"], numbers["first_style_spread"]
        return shared + style, shared + style, shared - style
    attack, defence = state["attack_variance"], state["defence_variance"]
    both = state["covariance"]
    shared = 0.25 * (attack + defence) + 0.5 * both
    style = shared - both
    # A result that became known late may be older than the club's last match.
    days = FOR_EVER if is_paused(row, kickoff) else max(0.0, kickoff - row["last"]) / DAY
    shared_grown = max(0.0, min(numbers["drift"] * days, numbers["spread"] - shared))
    style_grown = max(0.0, min(numbers["style_drift"] * days, numbers["style_spread"] - style))
    grown = shared_grown + style_grown
    return attack + grown, defence + grown, both + shared_grown - style_grown


@compiled
def update_rating(
    tables: Tables, spec: Spec, fixture: FixtureRow, rating: int, statistics: Record
) -> None:
    """One Kalman step for both attacks and both defences, and the leagues' own levels.

    >>> from predictions.modelling.features.kernel.records import STATISTICS
    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, 0.0)
    >>> seen = np.zeros(1, STATISTICS)
    >>> seen["goals"], seen["counted"], seen["market_goals"] = (2, 1), np.nan, np.nan
    >>> update_rating(tables, SPEC, fixture, 0, seen[0])
    >>> tables.strength["attack"][1:, 0].round(3)
    array([ 0.016, -0.014])
    """
    home, away, _, league, kickoff, neutral, _ = fixture
    level, row = tables.level[league, rating], tables.league[league]
    numbers, weights = spec.numbers[rating], spec.weights[rating]
    edge, ground = home_edge(tables, home, league, rating, neutral)
    h_att, h_def, h_shift = strength(tables, spec, home, league, rating, kickoff)
    a_att, a_def, a_shift = strength(tables, spec, away, league, rating, kickoff)
    h_av, h_dv, h_both = uncertainty(tables, spec, home, rating, kickoff)
    a_av, a_dv, a_both = uncertainty(tables, spec, away, rating, kickoff)
    rate_h = np.exp(level["mu"] + edge + ground + h_att - a_def)
    rate_a = np.exp(level["mu"] - edge - ground + a_att - h_def)
    seen_h, missing = observed(row, weights, statistics, 0)
    seen_a, _ = observed(row, weights, statistics, 1)
    noise = numbers["dispersion"] * (1.0 - missing) + GOALS_NOISE * missing
    # Covariance of the two relative errors, seen / rate - 1: of the strengths, and of the play.
    of_h = h_av + a_dv + noise / rate_h
    of_a = a_av + h_dv + noise / rate_a
    mixed = numbers["correlation"] * noise / np.sqrt(rate_h * rate_a) - h_both - a_both
    scale = 1.0 / (of_h * of_a - mixed * mixed)
    error_h, error_a = seen_h / rate_h - 1.0, seen_a / rate_a - 1.0
    # The shift between leagues is not the club's: its state is kept without.
    pull = (of_a * scale, of_h * scale, -mixed * scale, error_h, error_a)
    believed_h = (h_att - h_shift, h_def - h_shift, h_av, h_dv, h_both)
    up, down = _step(tables.strength[home, rating], believed_h, pull)
    apart = _own_league(tables, home) != _own_league(tables, away)
    learn_origin(tables, spec, home, league, rating, up, down)
    learn_standing(tables, home, league, rating, up + down, apart)
    pull = (of_h * scale, of_a * scale, -mixed * scale, error_a, error_h)
    believed_a = (a_att - a_shift, a_def - a_shift, a_av, a_dv, a_both)
    up, down = _step(tables.strength[away, rating], believed_a, pull)
    learn_origin(tables, spec, away, league, rating, up, down)
    learn_standing(tables, away, league, rating, up + down, apart)
    _update_levels(tables, spec, fixture, rating, (rate_h, rate_a), (error_h, error_a))


@compiled
def _step(state: Record, believed: Five, pull: Five) -> tuple[float, float]:
    """One Kalman step of one club; answers by how much its attack and defence moved.

    `believed` are attack, defence, their variances and covariance before; `pull` is the inverse
    covariance of the two errors (own goals, the opponent's) as 0, 1 and 2 (mixed), then the
    errors over their rates.
    """
    attack, defence, a, d, both = believed
    # How the club's attack and defence go along with the two errors.
    own_a, other_a, own_d, other_d = a, -both, both, -d
    gain_own_a = own_a * pull[0] + other_a * pull[2]
    gain_other_a = own_a * pull[2] + other_a * pull[1]
    gain_own_d = own_d * pull[0] + other_d * pull[2]
    gain_other_d = own_d * pull[2] + other_d * pull[1]
    up = gain_own_a * pull[3] + gain_other_a * pull[4]
    down = gain_own_d * pull[3] + gain_other_d * pull[4]
    state["attack"], state["defence"] = attack + up, defence + down
    state["attack_variance"] = a - gain_own_a * own_a - gain_other_a * other_a
    state["defence_variance"] = d - gain_own_d * own_d - gain_other_d * other_d
    state["covariance"] = both - gain_own_a * own_d - gain_other_a * other_d
    return up, down


@compiled
def learn_origin(
    tables: Tables, spec: Spec, team: int, league: int, rating: int, attack: float, defence: float
) -> None:
    """Credit a newcomer's change to where it came from: a league's standing, or its entry level.

    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> tables.team["moved_from"], tables.team["league"] = 0, 1
    >>> tables.league["n"] = 1000
    >>> learn_origin(tables, SPEC, 1, 1, 0, 0.1, 0.0)  # of no league before
    >>> tables.level["new_attack"][:, 0]
    array([-0.05 , -0.031])
    """
    row = tables.team[team]
    if row["since_move"] >= SETTLED or is_cup(tables, league):
        return
    level = tables.level[league, rating]
    origin = int(row["moved_from"])
    if origin > 0:
        # What one league gains the other loses, so that standings stay around 0.
        step = STANDING_RATE * (attack + defence)
        tables.level[origin, rating]["standing"] += 0.5 * step
        level["standing"] -= 0.5 * step
    elif tables.league[league]["n"] > MATURE:
        rate = spec.numbers[rating]["newcomer_rate"]
        level["new_attack"] += rate * attack
        level["new_defence"] += rate * defence


@compiled
def _own_league(tables: Tables, team: int) -> int:
    return int(tables.team[team]["league"])


@compiled
def learn_standing(
    tables: Tables, team: int, league: int, rating: int, change: float, apart: bool
) -> None:
    """Credit a change to a club's own league, where a cup brings clubs of two leagues together.

    A club that plays in no league that we know stands for all such in the cup. What one league
    gains the other loses, about: standings stay around 0.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=2, leagues=3, pairs=1)
    >>> tables.league["season"] = 0.0, 7.0, -7.0
    >>> tables.team["league"], tables.team["played"] = 1, 9
    >>> learn_standing(tables, 1, 2, 0, 0.1, True)
    >>> tables.level["standing"][:, 0]
    array([0.    , 0.0085, 0.    ])
    """
    if apart and is_cup(tables, league):
        own = _own_league(tables, team)
        tables.level[own, rating]["standing"] += 0.5 * STANDING_RATE * change


@compiled
def _update_levels(
    tables: Tables,
    spec: Spec,
    fixture: FixtureRow,
    rating: int,
    rates: tuple[float, float],
    errors: tuple[float, float],
) -> None:
    """What the league, all leagues and the home club's ground learn of a match's errors."""
    level, at_home = tables.level[fixture.league, rating], 1.0 - fixture.neutral
    numbers, ground = spec.numbers[rating], tables.strength[fixture.home, rating]
    ground["ground"] += at_home * numbers["ground_rate"] * (errors[0] - errors[1])
    ground["ground"] *= 1.0 - at_home * (1.0 - GROUND_KEPT)
    # A league's first matches teach it as a mean does, the later ones at the rating's rate.
    first = 1.0 / (tables.league[fixture.league]["n"] + LEVEL_PRIOR)
    mean = 0.5 * (rates[0] + rates[1])
    home, away = errors[0] * rates[0] / mean, errors[1] * rates[1] / mean
    level["mu"] += max(numbers["level_rate"], first) * 0.5 * (home + away)
    level["home"] += max(numbers["edge_rate"], first) * (home - away) * at_home
    learned = numbers["world_rate"] * (home - away) * at_home
    tables.world[0]["home_edge"][rating] += learned
