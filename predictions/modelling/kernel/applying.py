"""The second rule of the state machine: what a result changes."""

import numpy as np

from predictions.modelling.compiled import compiled
from predictions.modelling.kernel.columns import (
    ATTACK,
    ATTACK_VARIANCE,
    CONCEDED,
    CORRELATION,
    COVARIANCE,
    COVERAGE,
    DAY,
    DEFENCE,
    DEFENCE_VARIANCE,
    DISPERSION,
    DRAW_RATE,
    DRIFT,
    EACH,
    EDGE_AWAY,
    EDGE_HOME,
    EDGE_RATE,
    ELO,
    ELO_STEP,
    ESTABLISHED,
    FIRST_MOVE,
    FIRST_SPREAD,
    FIRST_STYLE_SPREAD,
    GOALS,
    GOALS_NOISE,
    GOALS_WITH,
    GROUND,
    GROUND_KEPT,
    GROUND_RATE,
    HOME,
    HOME_ELO,
    HOME_RATE,
    LAST,
    LAST_IN_LEAGUE,
    LAST_PLAYED,
    LEAGUE,
    LEVEL_RATE,
    MARKET_GOALS,
    MAX_GOALS,
    MEAN_ELO,
    MOVE_VARIANCE,
    MOVED_FROM,
    MU,
    N_RECENT,
    N_WORLD,
    NEW_ATTACK,
    NEW_DEFENCE,
    NEWCOMER_RATE,
    PI_AWAY,
    PI_HOME,
    PI_STEP,
    PLAYED,
    POINTS_FAST,
    POINTS_SLOW,
    PRICED,
    RECENT,
    SCORED,
    SEASON_PLAYED,
    SEASON_POINTS,
    SETTLED,
    SINCE_MOVE,
    SPREAD,
    STANDING,
    STANDING_RATE,
    STYLE_DRIFT,
    STYLE_SPREAD,
    SURPRISE,
    WORLD_RATE,
    Fixture,
    Floats,
    N,
    Tables,
)
from predictions.modelling.kernel.reading import (
    expected_elo,
    has_moved,
    home_edge,
    is_paused,
    strength,
)
from predictions.modelling.kernel.standings import (
    follow_season,
    is_of_this_season,
    note_points,
)
from predictions.modelling.ratings import Spec

Five = tuple[float, float, float, float, float]


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
    tables: Tables,
    spec: Spec,
    team: int,
    league: int,
    rating: int,
    attack: float,
    defence: float,
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
        level[NEW_ATTACK] += spec.numbers[rating, NEWCOMER_RATE] * attack
        level[NEW_DEFENCE] += spec.numbers[rating, NEWCOMER_RATE] * defence


@compiled
def uncertainty(
    tables: Tables, spec: Spec, team: int, rating: int, kickoff: float
) -> tuple[float, float, float]:
    """Variances of attack and defence, and their covariance, as of `kickoff`."""
    row, state = tables.team[team], tables.strength[team, rating]
    if row[PLAYED] == 0:
        shared, style = spec.numbers[rating, FIRST_SPREAD], spec.numbers[rating, FIRST_STYLE_SPREAD]
        return shared + style, shared + style, shared - style
    attack, defence, both = state[ATTACK_VARIANCE], state[DEFENCE_VARIANCE], state[COVARIANCE]
    shared = 0.25 * (attack + defence) + 0.5 * both
    style = shared - both
    # A result that became known late may be older than the club's last match.
    days = 1e9 if is_paused(row, kickoff) else max(0.0, kickoff - row[LAST]) / DAY
    numbers = spec.numbers[rating]
    shared_grown = max(0.0, min(numbers[DRIFT] * days, numbers[SPREAD] - shared))
    style_grown = max(0.0, min(numbers[STYLE_DRIFT] * days, numbers[STYLE_SPREAD] - style))
    grown = shared_grown + style_grown
    return attack + grown, defence + grown, both + shared_grown - style_grown


@compiled
def _step(state: Floats, believed: Five, pull: Five) -> tuple[float, float]:
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
    state[ATTACK], state[DEFENCE] = attack + up, defence + down
    state[ATTACK_VARIANCE] = a - gain_own_a * own_a - gain_other_a * other_a
    state[DEFENCE_VARIANCE] = d - gain_own_d * own_d - gain_other_d * other_d
    state[COVARIANCE] = both - gain_own_a * own_d - gain_other_a * other_d
    return up, down


@compiled
def _update_rating(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    rating: int,
    statistics: Floats,
) -> None:
    """One Kalman step for both attacks and both defences, and the leagues' own levels."""
    home, away, _, league, kickoff, neutral, _ = fixture
    level, row = tables.level[league, rating], tables.league[league]
    edge, ground = home_edge(tables, home, league, rating, neutral)
    h_att, h_def, h_shift = strength(tables, spec, home, league, rating, kickoff)
    a_att, a_def, a_shift = strength(tables, spec, away, league, rating, kickoff)
    h_av, h_dv, h_both = uncertainty(tables, spec, home, rating, kickoff)
    a_av, a_dv, a_both = uncertainty(tables, spec, away, rating, kickoff)
    rate_h = np.exp(level[MU] + edge + ground + h_att - a_def)
    rate_a = np.exp(level[MU] - edge - ground + a_att - h_def)
    weights = spec.weights[rating]
    seen_h, missing = _observe(row, weights, statistics, 0)
    seen_a, _ = _observe(row, weights, statistics, 1)
    noise = spec.numbers[rating, DISPERSION] * (1.0 - missing) + GOALS_NOISE * missing
    of_h = h_av + a_dv + noise / rate_h
    of_a = a_av + h_dv + noise / rate_a
    mixed = spec.numbers[rating, CORRELATION] * noise / np.sqrt(rate_h * rate_a) - h_both - a_both
    scale = 1.0 / (of_h * of_a - mixed * mixed)
    error_h, error_a = seen_h / rate_h - 1.0, seen_a / rate_a - 1.0
    pull = (of_a * scale, of_h * scale, -mixed * scale, error_h, error_a)
    believed_h = (h_att - h_shift, h_def - h_shift, h_av, h_dv, h_both)
    up, down = _step(tables.strength[home, rating], believed_h, pull)
    _learn(tables, spec, home, league, rating, up, down)
    pull = (of_h * scale, of_a * scale, -mixed * scale, error_a, error_h)
    believed_a = (a_att - a_shift, a_def - a_shift, a_av, a_dv, a_both)
    up, down = _step(tables.strength[away, rating], believed_a, pull)
    _learn(tables, spec, away, league, rating, up, down)
    _update_levels(tables, spec, fixture, rating, (rate_h, rate_a), (error_h, error_a))


@compiled
def _update_levels(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    rating: int,
    rates: tuple[float, float],
    errors: tuple[float, float],
) -> None:
    """What the league, all leagues and the home club's ground learn of a match's errors."""
    level, at_home = tables.level[fixture.league, rating], 1.0 - fixture.neutral
    ground = tables.strength[fixture.home, rating]
    ground[GROUND] += at_home * spec.numbers[rating, GROUND_RATE] * (errors[0] - errors[1])
    ground[GROUND] *= 1.0 - at_home * (1.0 - GROUND_KEPT)
    first = 1.0 / (tables.league[fixture.league, N] + 40.0)
    mean = 0.5 * (rates[0] + rates[1])
    home, away = errors[0] * rates[0] / mean, errors[1] * rates[1] / mean
    level[MU] += max(spec.numbers[rating, LEVEL_RATE], first) * 0.5 * (home + away)
    level[HOME] += max(spec.numbers[rating, EDGE_RATE], first) * (home - away) * at_home
    tables.world[N_WORLD + rating] += spec.numbers[rating, WORLD_RATE] * (home - away) * at_home


@compiled
def _settle_in(tables: Tables, spec: Spec, team: int, league: int, kickoff: float) -> None:
    """Note season breaks and moves before a club's result counts."""
    row = tables.team[team]
    if row[PLAYED] == 0:
        row[ELO] = expected_elo(tables, team, league)
        row[LEAGUE], row[MOVED_FROM], row[SINCE_MOVE] = league, FIRST_MOVE, 0.0
        if tables.league[league, N] <= ESTABLISHED:
            row[SINCE_MOVE] = SETTLED
    elif has_moved(row, league, kickoff):
        origin = int(row[LEAGUE])
        for rating in range(len(spec.numbers)):
            gap = tables.level[origin, rating, STANDING] - tables.level[league, rating, STANDING]
            tables.strength[team, rating, ATTACK] += 0.5 * gap
            tables.strength[team, rating, DEFENCE] += 0.5 * gap
            grown = spec.numbers[rating, MOVE_VARIANCE]
            tables.strength[team, rating, ATTACK_VARIANCE] += grown
            tables.strength[team, rating, DEFENCE_VARIANCE] += grown
            tables.strength[team, rating, COVARIANCE] += 0.5 * grown
        row[MOVED_FROM], row[LEAGUE], row[SINCE_MOVE] = origin, league, 0.0
    if is_paused(row, kickoff):
        row[SEASON_PLAYED], row[SEASON_POINTS] = 0.0, 0.0


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
    row[SEASON_POINTS] += points


@compiled
def _note_play(row: Floats, statistics: Floats, side: int) -> None:
    """Goals for and against, and how much of the play was measured and priced."""
    row[SCORED] += 0.1 * (statistics[side] - row[SCORED])
    row[CONCEDED] += 0.1 * (statistics[1 - side] - row[CONCEDED])
    measured = 0.0 if np.isnan(statistics[2 + side]) else 1.0
    row[COVERAGE] += 0.1 * (measured - row[COVERAGE])
    priced = 0.0 if np.isnan(statistics[MARKET_GOALS]) else 1.0
    row[PRICED] += 0.1 * (priced - row[PRICED])


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
def _update_pi(tables: Tables, home: int, away: int, margin: float) -> None:
    """Two ratings a club, at home and away, in goals to come; a surprise moves the other, too.

    Constantinou & Fenton (2013), J. Quant. Analysis in Sports 9(1), with wins by many goals
    counted by their logarithm and one step for both grounds.
    """
    gap = tables.team[home, PI_HOME] - tables.team[away, PI_AWAY]
    wanted = (1.0 if margin > 0 else -1.0) * np.log1p(abs(margin))
    step = PI_STEP * (wanted - gap)
    tables.team[home, PI_HOME] += step
    tables.team[home, PI_AWAY] += 0.7 * step
    tables.team[away, PI_AWAY] -= step
    tables.team[away, PI_HOME] -= 0.7 * step


@compiled
def _note_league(tables: Tables, league: int, kickoff: float, statistics: Floats) -> None:
    """A league's running rates of results, goals and goals per shot, corner, ..."""
    row = tables.league[league]
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
    home, away, pair, league, kickoff, neutral, _ = fixture
    _settle_in(tables, spec, home, league, kickoff)
    _settle_in(tables, spec, away, league, kickoff)
    follow_season(tables, fixture)
    margin = statistics[0] - statistics[1]
    expected = _update_elo(tables, home, away, league, neutral, margin)
    for rating in range(len(spec.numbers)):
        _update_rating(tables, spec, fixture, rating, statistics)
    _update_pi(tables, home, away, margin)
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
    if is_of_this_season(tables, fixture):
        note_points(tables, league, home, points)
        note_points(tables, league, away, other)
    _note_side(tables, home, league, kickoff, points, expected)
    _note_side(tables, away, league, kickoff, other, 1.0 - expected)
    _note_play(tables.team[home], statistics, 0)
    _note_play(tables.team[away], statistics, 1)
    _note_league(tables, league, kickoff, statistics)
