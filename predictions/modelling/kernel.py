"""The two rules of the state machine, compiled: read a fixture's features, apply a result.

Everything that is compiled lives in this one module (see `compiled`). Row 0 of every table
stands for 'unknown' (club, tournament, pair of clubs): it is read like any other and never
written, so that a fixture between strangers needs no rule of its own.

Source of the ratings: an extended Kalman filter on log goal rates, after Rue & Salvesen
(2000), The Statistician 49(3), with every step in closed form.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.compiled import compiled
from predictions.modelling.ratings import Spec

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
EDGE_HOME, EDGE_AWAY, COVERAGE, REDS, RECENT = range(13, 18)
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


@compiled
def outcome_probabilities(home: float, away: float) -> tuple[float, float, float]:
    """Home, draw and away from two independent Poisson means (the Skellam sums)."""
    p_away = np.exp(-away)
    below = 0.0
    p_home = np.exp(-home)
    above = 1.0
    draw, win, loss = 0.0, 0.0, 0.0
    for goals in range(LONGEST_SCORE):
        draw += p_home * p_away
        win += p_home * below
        loss += p_home * (1.0 - below - p_away)
        below += p_away
        above -= p_home
        p_home *= home / (goals + 1)
        p_away *= away / (goals + 1)
    win += above  # a side that scores even more has won
    total = win + draw + loss
    return win / total, draw / total, loss / total


@compiled
def _paused(team: Floats, kickoff: float) -> bool:
    return bool(team[PLAYED] > 0 and kickoff - team[LAST] > BREAK)


@compiled
def _moved(team: Floats, league: int, kickoff: float) -> bool:
    elsewhere = team[PLAYED] > 0 and league != int(team[LEAGUE])
    return bool(elsewhere and kickoff - team[LAST_IN_LEAGUE] > MOVE)


@compiled
def _strength(
    tables: Tables, spec: Spec, team: int, league: int, rating: int, kickoff: float
) -> tuple[float, float, float, float, float]:
    """Attack, defence, their variances and the shift between leagues, as of `kickoff`."""
    row, level = tables.team[team], tables.level[league, rating]
    prior = spec.prior[rating]
    if row[PLAYED] == 0:
        known = 1.0 if tables.league[league, N] > ESTABLISHED else 0.0
        return known * level[NEW_ATTACK], known * level[NEW_DEFENCE], prior, prior, 0.0
    own = int(row[LEAGUE])
    shift = 0.5 * (tables.level[own, rating, STANDING] - level[STANDING])
    state = tables.strength[team, rating]
    # A result that became known late may be older than the club's last match.
    grown = spec.drift[rating] * max(0.0, kickoff - row[LAST]) / DAY
    keep = 1.0
    if _paused(row, kickoff):
        keep = spec.shrink[rating]
        grown += spec.break_variance[rating]
    attack = keep * state[ATTACK] + shift
    defence = keep * state[DEFENCE] + shift
    attack_variance = min(prior, state[ATTACK_VARIANCE] + grown)
    return attack, defence, attack_variance, min(prior, state[DEFENCE_VARIANCE] + grown), shift


@compiled
def _elo(tables: Tables, team: int, league: int) -> float:
    if tables.team[team, PLAYED] > 0:
        return float(tables.team[team, ELO])
    new = tables.league[league, N] > ESTABLISHED
    return float(tables.league[league, MEAN_ELO] - (60.0 if new else 0.0))


@compiled
def _read_ratings(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    out: Floats,
) -> int:
    """Per rating: log ratio and log sum of the two goal rates, chance of home and of draw."""
    home, away, _, league, kickoff, neutral = fixture
    place = 0
    for rating in range(len(spec.drift)):
        level = tables.level[league, rating]
        edge = 0.5 * level[HOME] * (1.0 - neutral)
        h_att, h_def, _, _, _ = _strength(tables, spec, home, league, rating, kickoff)
        a_att, a_def, _, _, _ = _strength(tables, spec, away, league, rating, kickoff)
        log_home = level[MU] + edge + h_att - a_def
        log_away = level[MU] - edge + a_att - h_def
        goals_home, goals_away = np.exp(log_home), np.exp(log_away)
        win, draw, _ = outcome_probabilities(goals_home, goals_away)
        out[place] = log_home - log_away
        out[place + 1] = np.log(goals_home + goals_away)
        out[place + 2] = win
        out[place + 3] = draw
        place += 4
    return place


@compiled
def _read_side(tables: Tables, team: int, league: int, kickoff: float, out: Floats) -> int:
    """What one club brings: form, rest, congestion, experience."""
    row = tables.team[team]
    in_fortnight, in_month = 0.0, 0.0
    for recent in range(N_RECENT):
        days = (kickoff - row[RECENT + recent]) / DAY
        in_fortnight += 1.0 if days <= 14 else 0.0
        in_month += 1.0 if days <= 30 else 0.0
    paused = _paused(row, kickoff) or row[PLAYED] == 0
    moved = _moved(row, league, kickoff)
    out[0] = row[POINTS_FAST]
    out[1] = row[POINTS_SLOW]
    out[2] = row[SURPRISE]
    out[3] = row[SCORED]
    out[4] = row[CONCEDED]
    out[5] = min(21.0, (kickoff - row[LAST]) / DAY)
    out[6] = in_fortnight
    out[7] = in_month
    out[8] = min(300.0, row[PLAYED])
    out[9] = 0.0 if paused else row[SEASON_PLAYED]
    out[10] = 0.0 if moved else min(60.0, row[SINCE_MOVE])
    out[11] = row[REDS]
    out[12] = row[COVERAGE]
    return 13


@compiled
def _read_context(tables: Tables, fixture: Fixture, out: Floats) -> int:
    """What the pairing, the league and the calendar bring."""
    home, away, pair, league, kickoff, neutral = fixture
    row = tables.league[league]
    elo = _elo(tables, home, league) - _elo(tables, away, league)
    meetings = tables.pair[pair, 1]
    sign = 1.0 if home < away else -1.0
    out[0] = elo + row[HOME_ELO] * (1.0 - neutral)
    out[1] = tables.team[home, EDGE_HOME] - tables.team[away, EDGE_AWAY]
    out[2] = sign * tables.pair[pair, 0] * meetings / (meetings + 4.0)
    out[3] = min(20.0, meetings)
    out[4] = row[HOME_RATE]
    out[5] = row[DRAW_RATE]
    out[6] = row[GOALS]
    out[7] = tables.world[0]
    out[8] = neutral
    out[9] = min(330.0, (kickoff - row[OPENED]) / DAY)
    return 10


@compiled
def read_features(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    out: Floats,
) -> None:
    """Write the features of a fixture, as of its kick-off, into `out`."""
    home, away, league = fixture.home, fixture.away, fixture.league
    kickoff = fixture.kickoff
    place = _read_ratings(tables, spec, fixture, out)
    place += _read_side(tables, home, league, kickoff, out[place:])
    place += _read_side(tables, away, league, kickoff, out[place:])
    _read_context(tables, fixture, out[place:])


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
    h_att, h_def, h_av, h_dv, h_shift = _strength(tables, spec, home, league, rating, kickoff)
    a_att, a_def, a_av, a_dv, a_shift = _strength(tables, spec, away, league, rating, kickoff)
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
        row[ELO] = _elo(tables, team, league)
        row[LEAGUE], row[MOVED_FROM], row[SINCE_MOVE] = league, FIRST_MOVE, 0.0
        if tables.league[league, N] <= ESTABLISHED:
            row[SINCE_MOVE] = SETTLED
    elif _moved(row, league, kickoff):
        origin = int(row[LEAGUE])
        for rating in range(n_ratings):
            gap = tables.level[origin, rating, STANDING] - tables.level[league, rating, STANDING]
            tables.strength[team, rating, ATTACK] += 0.5 * gap
            tables.strength[team, rating, DEFENCE] += 0.5 * gap
            tables.strength[team, rating, ATTACK_VARIANCE] += MOVE_VARIANCE
            tables.strength[team, rating, DEFENCE_VARIANCE] += MOVE_VARIANCE
        row[MOVED_FROM], row[LEAGUE], row[SINCE_MOVE] = origin, league, 0.0
    if _paused(row, kickoff):
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
    """Goals for and against, cards and how much of the play was measured."""
    row[SCORED] += 0.1 * (statistics[side] - row[SCORED])
    row[CONCEDED] += 0.1 * (statistics[1 - side] - row[CONCEDED])
    measured = 0.0 if np.isnan(statistics[2 + side]) else 1.0
    row[COVERAGE] += 0.1 * (measured - row[COVERAGE])
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


@compiled
def _fixture(row: Ints, neutral: bool) -> Fixture:
    return Fixture(row[0], row[1], row[2], row[3], float(row[4]), 1.0 if neutral else 0.0)


@compiled
def run(
    tables: Tables,
    spec: Spec,
    fixtures: Ints,
    neutral: NDArray[np.bool_],
    known_at: Ints,
    statistics: Floats,
    updates: Ints,
    out: Floats,
) -> None:
    """Read every fixture at its kick-off, having applied exactly the results known by then.

    Parameters
    ----------
    fixtures : (n, 5) home, away, pair, league (rows of the tables), kick-off; by kick-off
    updates : (n_results,) rows of `fixtures` that have a result, by the moment it was known
    out : (n, n_features), written; with no rows, results are only applied
    """
    done = 0
    for i in range(len(out)):
        while done < len(updates) and known_at[updates[done]] <= fixtures[i, 4]:
            _apply_row(tables, spec, fixtures, neutral, statistics, updates[done])
            done += 1
        read_features(tables, spec, _fixture(fixtures[i], neutral[i]), out[i])
    while done < len(updates):
        _apply_row(tables, spec, fixtures, neutral, statistics, updates[done])
        done += 1


@compiled
def _apply_row(
    tables: Tables,
    spec: Spec,
    fixtures: Ints,
    neutral: NDArray[np.bool_],
    statistics: Floats,
    i: int,
) -> None:
    apply_result(tables, spec, _fixture(fixtures[i], neutral[i]), statistics[i])
