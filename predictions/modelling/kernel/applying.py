"""The second rule of the state machine: what a result changes."""

import numpy as np

from predictions.modelling.compiled import compiled
from predictions.modelling.kernel.columns import (
    ATTACK,
    ATTACK_VARIANCE,
    BREAK,
    CONCEDED,
    COVERAGE,
    DEFENCE,
    DEFENCE_VARIANCE,
    DRAW_RATE,
    EACH,
    EDGE_AWAY,
    EDGE_HOME,
    ELO,
    ELO_STEP,
    ESTABLISHED,
    FIRST_MOVE,
    GOALS,
    GOALS_NOISE,
    GOALS_WITH,
    HOME,
    HOME_ELO,
    HOME_RATE,
    LAST,
    LAST_IN_LEAGUE,
    LAST_PLAYED,
    LEAGUE,
    LEAGUE_RATE,
    MARKET_GOALS,
    MAX_GOALS,
    MEAN_ELO,
    MOVE_VARIANCE,
    MOVED_FROM,
    MU,
    N_RECENT,
    NEW_ATTACK,
    NEW_DEFENCE,
    NEWCOMER_RATE,
    OPENED,
    PLAYED,
    POINTS_FAST,
    POINTS_SLOW,
    PRICED,
    RECENT,
    REDS,
    SCORED,
    SEASON_PLAYED,
    SETTLED,
    SINCE_MOVE,
    STANDING,
    STANDING_RATE,
    SURPRISE,
    Fixture,
    Floats,
    N,
    Tables,
)
from predictions.modelling.kernel.reading import expected_elo, has_moved, is_paused, strength
from predictions.modelling.ratings import Spec


@compiled
def _observe(league: Floats, weights: Floats, statistics: Floats, side: int) -> tuple[float, float]:
    """What a rating saw of a side, in goals, and how much of its other evidence was missing."""
    goals = min(MAX_GOALS, statistics[side])
    seen, missing = weights[0] * goals, 0.0
    for k in range(4):
        value = statistics[2 + 2 * k + side]
        if weights[k + 1] == 0.0:
            continue
        if np.isnan(value):
            seen += weights[k + 1] * goals
            missing += weights[k + 1]
        else:
            seen += weights[k + 1] * value * league[GOALS_WITH + k] / league[EACH + k]
    if weights[5] > 0.0:
        expected = statistics[MARKET_GOALS + side]
        if np.isnan(expected):
            seen += weights[5] * goals
            missing += weights[5]
        else:
            seen += weights[5] * expected
    return seen, missing / max(1e-9, 1.0 - weights[0])


@compiled
def _learn(
    tables: Tables, team: int, league: int, rating: int, attack: float, defence: float
) -> None:
    """Credit a newcomer's change to where it came from: a league's standing, or its entry level."""
    row = tables.team[team]
    if row[SINCE_MOVE] >= SETTLED:
        return
    level = tables.level[league, rating]
    origin = int(row[MOVED_FROM])
    if origin > 0:
        step = STANDING_RATE * (attack + defence)
        tables.level[origin, rating, STANDING] += 0.5 * step
        level[STANDING] -= 0.5 * step
    elif tables.league[league, N] > ESTABLISHED + 400.0:
        level[NEW_ATTACK] += NEWCOMER_RATE * attack
        level[NEW_DEFENCE] += NEWCOMER_RATE * defence


@compiled
def _update_rating(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    rating: int,
    statistics: Floats,
) -> None:
    """One Kalman step for both attacks and both defences, and the league's own level."""
    home, away, _, league, kickoff, neutral = fixture
    level, row = tables.level[league, rating], tables.league[league]
    weights = spec.weights[rating]
    edge = 0.5 * level[HOME] * (1.0 - neutral)
    h_att, h_def, h_av, h_dv, h_shift = strength(tables, spec, home, league, rating, kickoff)
    a_att, a_def, a_av, a_dv, a_shift = strength(tables, spec, away, league, rating, kickoff)
    rate_h = np.exp(level[MU] + edge + h_att - a_def)
    rate_a = np.exp(level[MU] - edge + a_att - h_def)
    seen_h, missing = _observe(row, weights, statistics, 0)
    seen_a, _ = _observe(row, weights, statistics, 1)
    noise = spec.dispersion[rating] * (1.0 - missing) + GOALS_NOISE * missing
    error_h, error_a = seen_h - rate_h, seen_a - rate_a
    gain_h = 1.0 / (rate_h * (h_av + a_dv) + noise)
    gain_a = 1.0 / (rate_a * (a_av + h_dv) + noise)
    changes = (
        (home, h_att - h_shift, h_def - h_shift, h_av, h_dv, gain_h, error_h, gain_a, error_a),
        (away, a_att - a_shift, a_def - a_shift, a_av, a_dv, gain_a, error_a, gain_h, error_h),
    )
    rates = ((rate_h, rate_a), (rate_a, rate_h))
    for side in range(2):
        team, att, dfc, av, dv, own_gain, own_error, other_gain, other_error = changes[side]
        up, down = av * own_gain * own_error, -dv * other_gain * other_error
        state = tables.strength[team, rating]
        state[ATTACK] = att + up
        state[DEFENCE] = dfc + down
        state[ATTACK_VARIANCE] = av * (1.0 - av * own_gain * rates[side][0])
        state[DEFENCE_VARIANCE] = dv * (1.0 - dv * other_gain * rates[side][1])
        _learn(tables, team, league, rating, up, down)
    step = max(LEAGUE_RATE, 1.0 / (row[N] + 40.0))
    mean = 0.5 * (rate_h + rate_a)
    level[MU] += step * 0.5 * (error_h + error_a) / mean
    level[HOME] += step * (error_h - error_a) / mean * (1.0 - neutral)


@compiled
def _settle_in(tables: Tables, team: int, league: int, kickoff: float, n_ratings: int) -> None:
    """Note season breaks and moves before a club's result counts."""
    row = tables.team[team]
    if row[PLAYED] == 0:
        row[ELO] = expected_elo(tables, team, league)
        row[LEAGUE], row[MOVED_FROM], row[SINCE_MOVE] = league, FIRST_MOVE, 0.0
        if tables.league[league, N] <= ESTABLISHED:
            row[SINCE_MOVE] = SETTLED
    elif has_moved(row, league, kickoff):
        origin = int(row[LEAGUE])
        for rating in range(n_ratings):
            gap = tables.level[origin, rating, STANDING] - tables.level[league, rating, STANDING]
            tables.strength[team, rating, ATTACK] += 0.5 * gap
            tables.strength[team, rating, DEFENCE] += 0.5 * gap
            tables.strength[team, rating, ATTACK_VARIANCE] += MOVE_VARIANCE
            tables.strength[team, rating, DEFENCE_VARIANCE] += MOVE_VARIANCE
        row[MOVED_FROM], row[LEAGUE], row[SINCE_MOVE] = origin, league, 0.0
    if is_paused(row, kickoff):
        row[SEASON_PLAYED] = 0.0


@compiled
def _note_side(
    tables: Tables, team: int, league: int, kickoff: float, points: float, expected: float
) -> None:
    """Form, calendar and experience after a result."""
    row = tables.team[team]
    row[POINTS_FAST] += 0.25 * (points - row[POINTS_FAST])
    row[POINTS_SLOW] += 0.06 * (points - row[POINTS_SLOW])
    row[SURPRISE] += 0.12 * (points / 3.0 - expected - row[SURPRISE])
    for place in range(N_RECENT - 1, 0, -1):
        row[RECENT + place] = row[RECENT + place - 1]
    row[RECENT] = kickoff
    row[LAST] = max(row[LAST], kickoff)
    if int(row[LEAGUE]) == league:
        row[LAST_IN_LEAGUE] = max(row[LAST_IN_LEAGUE], kickoff)
        row[SINCE_MOVE] += 1.0
    row[PLAYED] += 1.0
    row[SEASON_PLAYED] += 1.0


@compiled
def _note_play(row: Floats, statistics: Floats, side: int) -> None:
    """Goals for and against, cards and how much of the play was measured and priced."""
    row[SCORED] += 0.1 * (statistics[side] - row[SCORED])
    row[CONCEDED] += 0.1 * (statistics[1 - side] - row[CONCEDED])
    measured = 0.0 if np.isnan(statistics[2 + side]) else 1.0
    row[COVERAGE] += 0.1 * (measured - row[COVERAGE])
    priced = 0.0 if np.isnan(statistics[MARKET_GOALS]) else 1.0
    row[PRICED] += 0.1 * (priced - row[PRICED])
    reds = statistics[12 + side]
    if not np.isnan(reds):
        row[REDS] += 0.05 * (reds - row[REDS])


@compiled
def _update_elo(
    tables: Tables, home: int, away: int, league: int, neutral: float, margin: float
) -> float:
    """Elo with margin of victory; answers what the home side was expected to score (0 to 1)."""
    row = tables.league[league]
    gap = tables.team[home, ELO] - tables.team[away, ELO] + row[HOME_ELO] * (1.0 - neutral)
    expected = 1.0 / (1.0 + 10.0 ** (-gap / 400.0))
    score = 0.5 if margin == 0 else (1.0 if margin > 0 else 0.0)
    weight = 1.0 if abs(margin) <= 1 else (abs(margin) + 1.0) ** 0.7 / 2.0**0.7
    step = ELO_STEP * weight * (score - expected)
    tables.team[home, ELO] += step
    tables.team[away, ELO] -= step
    row[HOME_ELO] += 0.3 * (score - expected) * (1.0 - neutral)
    middle = 0.5 * (tables.team[home, ELO] + tables.team[away, ELO])
    row[MEAN_ELO] += 0.01 * (middle - row[MEAN_ELO])
    return float(expected)


@compiled
def _note_league(tables: Tables, league: int, kickoff: float, statistics: Floats) -> None:
    """A league's running rates of results, goals and goals per shot, corner, ..."""
    row = tables.league[league]
    if kickoff - row[LAST_PLAYED] > BREAK:
        row[OPENED] = kickoff
    row[LAST_PLAYED] = max(row[LAST_PLAYED], kickoff)
    home, away = statistics[0], statistics[1]
    step = max(0.004, 1.0 / (row[N] + 60.0))
    row[HOME_RATE] += step * ((1.0 if home > away else 0.0) - row[HOME_RATE])
    row[DRAW_RATE] += step * ((1.0 if home == away else 0.0) - row[DRAW_RATE])
    row[GOALS] += step * (home + away - row[GOALS])
    for k in range(4):
        value = 0.5 * (statistics[2 + 2 * k] + statistics[3 + 2 * k])
        if not np.isnan(value):
            row[GOALS_WITH + k] += 0.004 * (0.5 * (home + away) - row[GOALS_WITH + k])
            row[EACH + k] += 0.004 * (value - row[EACH + k])
    row[N] += 1.0


@compiled
def apply_result(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    statistics: Floats,
) -> None:
    """Let a result and its match statistics change what is known."""
    home, away, pair, league, kickoff, neutral = fixture
    _settle_in(tables, home, league, kickoff, len(spec.drift))
    _settle_in(tables, away, league, kickoff, len(spec.drift))
    margin = statistics[0] - statistics[1]
    expected = _update_elo(tables, home, away, league, neutral, margin)
    for rating in range(len(spec.drift)):
        _update_rating(tables, spec, fixture, rating, statistics)
    surprise = max(-3.0, min(3.0, margin)) - 4.0 * (expected - 0.5)
    tables.team[home, EDGE_HOME] += 0.05 * (surprise - tables.team[home, EDGE_HOME])
    tables.team[away, EDGE_AWAY] += 0.05 * (-surprise - tables.team[away, EDGE_AWAY])
    tables.world[0] += 0.004 * (surprise - tables.world[0])
    if pair > 0:
        sign = 1.0 if home < away else -1.0
        tables.pair[pair, 1] += 1.0
        rate = max(0.1, 1.0 / tables.pair[pair, 1])
        tables.pair[pair, 0] += rate * (sign * surprise - tables.pair[pair, 0])
    points = 3.0 if margin > 0 else (1.0 if margin == 0 else 0.0)
    other = 3.0 if margin < 0 else (1.0 if margin == 0 else 0.0)
    _note_side(tables, home, league, kickoff, points, expected)
    _note_side(tables, away, league, kickoff, other, 1.0 - expected)
    _note_play(tables.team[home], statistics, 0)
    _note_play(tables.team[away], statistics, 1)
    _note_league(tables, league, kickoff, statistics)
