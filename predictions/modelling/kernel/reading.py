"""The first rule of the state machine: what a fixture's features are."""

import numpy as np

from predictions.modelling.compiled import compiled
from predictions.modelling.kernel.columns import (
    ATTACK,
    BREAK,
    CONCEDED,
    COVERAGE,
    DAY,
    DEFENCE,
    DRAW_RATE,
    EDGE_AWAY,
    EDGE_HOME,
    ELO,
    ESTABLISHED,
    GOALS,
    GROUND,
    HOME,
    HOME_ELO,
    HOME_RATE,
    LAST,
    LAST_IN_LEAGUE,
    LEAGUE,
    LONGEST_REST,
    MEAN_ELO,
    MOVE,
    MU,
    N_RECENT,
    N_WORLD,
    NEW_ATTACK,
    NEW_DEFENCE,
    OPENED,
    PI_AWAY,
    PI_HOME,
    PLAYED,
    POINTS_FAST,
    POINTS_SLOW,
    PRICED,
    RECENT,
    SCORED,
    SEASON_PLAYED,
    SEASON_POINTS,
    SHRINK,
    SINCE_MOVE,
    STANDING,
    STYLE_SHRINK,
    SURPRISE,
    USUAL_POINTS,
    Fixture,
    Floats,
    N,
    Tables,
)
from predictions.modelling.kernel.standings import read_stakes
from predictions.modelling.ratings import Spec


@compiled
def is_paused(team: Floats, kickoff: float) -> bool:
    return bool(team[PLAYED] > 0 and kickoff - team[LAST] > BREAK)


@compiled
def has_moved(team: Floats, league: int, kickoff: float) -> bool:
    elsewhere = team[PLAYED] > 0 and league != int(team[LEAGUE])
    return bool(elsewhere and kickoff - team[LAST_IN_LEAGUE] > MOVE)


@compiled
def strength(
    tables: Tables, spec: Spec, team: int, league: int, rating: int, kickoff: float
) -> tuple[float, float, float]:
    """Attack, defence, and the shift between leagues that is in both, as of `kickoff`."""
    row, level = tables.team[team], tables.level[league, rating]
    if row[PLAYED] == 0:
        known = 1.0 if tables.league[league, N] > ESTABLISHED else 0.0
        return known * level[NEW_ATTACK], known * level[NEW_DEFENCE], 0.0
    own = int(row[LEAGUE])
    shift = 0.5 * (tables.level[own, rating, STANDING] - level[STANDING])
    attack = tables.strength[team, rating, ATTACK]
    defence = tables.strength[team, rating, DEFENCE]
    if is_paused(row, kickoff):
        shared = 0.5 * spec.numbers[rating, SHRINK] * (attack + defence)
        style = 0.5 * spec.numbers[rating, STYLE_SHRINK] * (attack - defence)
        attack, defence = shared + style, shared - style
    return attack + shift, defence + shift, shift


@compiled
def home_edge(
    tables: Tables, home: int, league: int, rating: int, neutral: float
) -> tuple[float, float]:
    """Half the home edge of the league and of all leagues, and what the club's ground adds."""
    edge = tables.level[league, rating, HOME] + tables.world[N_WORLD + rating]
    return 0.5 * edge * (1.0 - neutral), tables.strength[home, rating, GROUND] * (1.0 - neutral)


@compiled
def expected_elo(tables: Tables, team: int, league: int) -> float:
    if tables.team[team, PLAYED] > 0:
        return float(tables.team[team, ELO])
    new = tables.league[league, N] > ESTABLISHED
    return float(tables.league[league, MEAN_ELO] - (60.0 if new else 0.0))


@compiled
def _read_ratings(
    tables: Tables,
    spec: Spec,
    fixture: Fixture,
    ratings: tuple[int, int],
    out: Floats,
) -> int:
    """Per rating: log ratio and log sum of the two goal rates.

    `ratings` are the first, and the one after the last.
    """
    home, away, _, league, kickoff, neutral, _ = fixture
    place = 0
    for rating in range(ratings[0], ratings[1]):
        level = tables.level[league, rating, MU]
        edge, ground = home_edge(tables, home, league, rating, neutral)
        h_att, h_def, _ = strength(tables, spec, home, league, rating, kickoff)
        a_att, a_def, _ = strength(tables, spec, away, league, rating, kickoff)
        log_home = level + edge + ground + h_att - a_def
        log_away = level - edge - ground + a_att - h_def
        out[place] = log_home - log_away
        out[place + 1] = np.log(np.exp(log_home) + np.exp(log_away))
        place += 2
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
    paused = is_paused(row, kickoff) or row[PLAYED] == 0
    moved = has_moved(row, league, kickoff)
    out[0] = row[POINTS_FAST]
    out[1] = row[POINTS_SLOW]
    out[2] = row[SURPRISE]
    out[3] = row[SCORED]
    out[4] = row[CONCEDED]
    out[5] = min(LONGEST_REST, (kickoff - row[LAST]) / DAY)
    out[6] = in_fortnight
    out[7] = in_month
    out[8] = min(300.0, row[PLAYED])
    out[9] = 0.0 if paused else row[SEASON_PLAYED]
    out[10] = 0.0 if moved else min(60.0, row[SINCE_MOVE])
    out[11] = row[COVERAGE]
    out[12] = 0.0 if paused else (row[SEASON_POINTS] / max(1.0, row[SEASON_PLAYED]) - USUAL_POINTS)
    return 13


@compiled
def _read_context(tables: Tables, fixture: Fixture, composite: int, out: Floats) -> int:
    """What the pairing, the league and the calendar bring."""
    home, away, pair, league, kickoff, neutral, _ = fixture
    row = tables.league[league]
    elo = expected_elo(tables, home, league) - expected_elo(tables, away, league)
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
    out[10] = tables.team[home, PI_HOME] - tables.team[away, PI_AWAY]
    out[11] = tables.level[league, composite, MU]
    out[12] = tables.level[league, composite, HOME] + tables.world[N_WORLD + composite]
    return 13


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
    free = spec.n_odds_free
    place = _read_ratings(tables, spec, fixture, (0, free), out)
    place += _read_side(tables, home, league, kickoff, out[place:])
    place += _read_side(tables, away, league, kickoff, out[place:])
    place += _read_context(tables, fixture, spec.composite, out[place:])
    place += read_stakes(tables, fixture, out[2 * spec.composite], out[place:])
    place += _read_ratings(tables, spec, fixture, (free, len(spec.numbers)), out[place:])
    out[place] = tables.team[home, PRICED]
    out[place + 1] = tables.team[away, PRICED]
