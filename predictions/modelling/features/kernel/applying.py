"""The second rule of the state machine: what a result changes."""

import numpy as np

from predictions.modelling.arrays import Record
from predictions.modelling.features.compiled import compiled
from predictions.modelling.features.kernel.filtering import SETTLED, update_rating
from predictions.modelling.features.kernel.reading import (
    ESTABLISHED,
    expected_elo,
    expected_pi,
    has_moved,
    is_paused,
)
from predictions.modelling.features.kernel.records import (
    FIRST_MOVE,
    N_COUNTED,
    N_RECENT,
    FixtureRow,
    Tables,
)
from predictions.modelling.features.kernel.standings import (
    follow_season,
    is_cup,
    is_of_this_season,
    note_points,
)
from predictions.modelling.features.ratings import Spec

# A rate is the share of its distance to what a match says by which a running number moves; its
# memory is about 1 / rate matches. Where no source is named, a number was set by judgement in the
# first version of the features: no search of it is on record (`benchmarks/quality.md` says what
# each group of features brings).
POINTS_FAST_RATE, POINTS_SLOW_RATE = 0.25, 0.06  # form over some 4 and 17 matches
SURPRISE_RATE = 0.12  # of points won beyond what Elo expected
GOALS_RATE = 0.1  # of goals scored and conceded
KNOWN_RATE = 0.1  # of how often a club's play was measured, and its matches priced
GROUND_SURPRISE_RATE = 0.05  # of what a club surprises by at home, and away
WORLD_SURPRISE_RATE = 0.004  # of what home sides of all leagues surprise by
PAIR_RATE = 0.1  # of what one club surprises another by, once they have met ten times
MOST_SURPRISING = 3.0  # goals of a margin; more say no more
GOALS_OF_SCORE = 4.0  # goals of a margin by Elo's expected score: a certain win is one by 2
# Elo (1978) in football, after Hvattum & Arntzen (2010), Int. J. of Forecasting 26(3): wins by
# more goals move more.
ELO_STEP = 18.0  # points; by an even match that is won by a goal, half of it
ELO_SCALE = 400.0  # points that make a side ten times as likely to win as to lose
MARGIN_POWER = 0.7  # of the margin's weight, (margin + 1) / 2
HOME_ELO_RATE = 0.3  # points of a league's home edge a match
MEAN_ELO_RATE = 0.01  # of a league's mean
MEAN_PI_RATE = 0.01  # the same
# Constantinou & Fenton (2013): the share is theirs; the step is larger, since goals count less.
PI_STEP = 0.06  # of the gap in (logarithms of) goals
PI_OTHER_GROUND = 0.7  # of what a club learns at one ground, for the other
LEAGUE_RATE, LEAGUE_PRIOR = 0.004, 60.0  # of a league's shares and goals; matches of its start
GOALS_WITH_RATE = 0.004  # of a league's goals per shot, corner, ...
WIN, DRAW = 3.0, 1.0  # points


@compiled
def settle_in(tables: Tables, spec: Spec, team: int, league: int, kickoff: float) -> None:
    """Note season breaks and moves before a club's result counts.

    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> settle_in(tables, SPEC, 1, 1, 1.7e9)
    >>> tables.team["league"], tables.team["elo"]
    (array([0., 1., 0.]), array([1500., 1500., 1500.]))
    """
    row = tables.team[team]
    if row["played"] == 0:
        row["elo"] = expected_elo(tables, team, league)
        row["pi_home"], row["pi_away"] = expected_pi(tables, team, league)
        row["league"], row["moved_from"], row["since_move"] = league, FIRST_MOVE, 0.0
        # In a league that we know no longer than the club, nobody is a newcomer.
        if tables.league[league]["n"] <= ESTABLISHED:
            row["since_move"] = SETTLED
    elif has_moved(tables, row, league, kickoff):
        _move(tables, spec, team, league)
    if is_paused(row, kickoff):
        row["season_played"], row["season_points"] = 0.0, 0.0


@compiled
def _move(tables: Tables, spec: Spec, team: int, league: int) -> None:
    """Carry the gap between two leagues over into a club's strength, which is less certain then."""
    row = tables.team[team]
    origin = int(row["league"])
    for rating in range(len(spec.numbers)):
        here, there = tables.level[league, rating], tables.level[origin, rating]
        club, grown = tables.strength[team, rating], spec.numbers[rating]["move_variance"]
        gap = there["standing"] - here["standing"]
        club["attack"] += 0.5 * gap
        club["defence"] += 0.5 * gap
        club["attack_variance"] += grown
        club["defence_variance"] += grown
        # More of the doubt is in the strength that both share than in style.
        club["covariance"] += 0.5 * grown
    came_from = FIRST_MOVE if is_cup(tables, origin) else float(origin)
    row["moved_from"], row["league"], row["since_move"] = came_from, league, 0.0


@compiled
def _note_side(
    tables: Tables, team: int, league: int, kickoff: float, points: float, expected: float
) -> None:
    """Form, calendar and experience after a result."""
    row = tables.team[team]
    row["points_fast"] += POINTS_FAST_RATE * (points - row["points_fast"])
    row["points_slow"] += POINTS_SLOW_RATE * (points - row["points_slow"])
    row["surprise"] += SURPRISE_RATE * (points / WIN - expected - row["surprise"])
    for place in range(N_RECENT - 1, 0, -1):
        row["recent"][place] = row["recent"][place - 1]
    row["recent"][0] = kickoff
    # A result that became known late does not turn the clock back.
    row["last"] = max(row["last"], kickoff)
    if int(row["league"]) == league:
        row["last_in_league"] = max(row["last_in_league"], kickoff)
        row["since_move"] += 1.0
    row["played"] += 1.0
    row["season_played"] += 1.0
    row["season_points"] += points


@compiled
def _note_play(row: Record, statistics: Record, side: int) -> None:
    """Goals for and against, and how much of the play was measured and priced."""
    row["scored"] += GOALS_RATE * (statistics["goals"][side] - row["scored"])
    row["conceded"] += GOALS_RATE * (statistics["goals"][1 - side] - row["conceded"])
    measured = 0.0 if np.isnan(statistics["counted"][0, side]) else 1.0
    row["coverage"] += KNOWN_RATE * (measured - row["coverage"])
    priced = 0.0 if np.isnan(statistics["market_goals"][0]) else 1.0
    row["priced"] += KNOWN_RATE * (priced - row["priced"])


@compiled
def _update_elo(
    tables: Tables, home: int, away: int, league: int, neutral: float, margin: float
) -> float:
    """Elo with margin of victory; answers what the home side was expected to score (0 to 1)."""
    row, h, a = tables.league[league], tables.team[home], tables.team[away]
    gap = h["elo"] - a["elo"] + row["home_elo"] * (1.0 - neutral)
    expected = 1.0 / (1.0 + 10.0 ** (-gap / ELO_SCALE))
    score = 0.5 if margin == 0 else (1.0 if margin > 0 else 0.0)
    is_close = abs(margin) <= 1
    weight = 1.0 if is_close else (abs(margin) + 1.0) ** MARGIN_POWER / 2.0**MARGIN_POWER
    step = ELO_STEP * weight * (score - expected)
    h["elo"] += step
    a["elo"] -= step
    row["home_elo"] += HOME_ELO_RATE * (score - expected) * (1.0 - neutral)
    middle = 0.5 * (h["elo"] + a["elo"])
    row["mean_elo"] += MEAN_ELO_RATE * (middle - row["mean_elo"])
    return float(expected)


@compiled
def _update_pi(tables: Tables, home: int, away: int, league: int, margin: float) -> None:
    """Two ratings a club, at home and away, in goals to come; a surprise moves the other, too.

    Constantinou & Fenton (2013), J. Quant. Analysis in Sports 9(1), with wins by many goals
    counted by their logarithm and one step for both grounds.
    """
    row, h, a = tables.league[league], tables.team[home], tables.team[away]
    gap = h["pi_home"] - a["pi_away"]
    wanted = (1.0 if margin > 0 else -1.0) * np.log1p(abs(margin))
    step = PI_STEP * (wanted - gap)
    h["pi_home"] += step
    h["pi_away"] += PI_OTHER_GROUND * step
    a["pi_away"] -= step
    a["pi_home"] -= PI_OTHER_GROUND * step
    row["mean_pi_home"] += MEAN_PI_RATE * (h["pi_home"] - row["mean_pi_home"])
    row["mean_pi_away"] += MEAN_PI_RATE * (a["pi_away"] - row["mean_pi_away"])


@compiled
def _note_surprise(tables: Tables, fixture: FixtureRow, surprise: float) -> None:
    """By how many goals the home side surprised, for both grounds, the pair and the world."""
    h, a = tables.team[fixture.home], tables.team[fixture.away]
    h["edge_home"] += GROUND_SURPRISE_RATE * (surprise - h["edge_home"])
    a["edge_away"] += GROUND_SURPRISE_RATE * (-surprise - a["edge_away"])
    world = tables.world[0]
    world["surprise"] += WORLD_SURPRISE_RATE * (surprise - world["surprise"])
    if fixture.pair > 0:  # row 0 stands for all pairs that never met
        sign = 1.0 if fixture.home < fixture.away else -1.0
        met = tables.pair[fixture.pair]
        met["meetings"] += 1.0
        rate = max(PAIR_RATE, 1.0 / met["meetings"])
        met["surprise"] += rate * (sign * surprise - met["surprise"])


@compiled
def _note_league(tables: Tables, league: int, kickoff: float, statistics: Record) -> None:
    """A league's running rates of results, goals and goals per shot, corner, ..."""
    row = tables.league[league]
    row["last_played"] = max(row["last_played"], kickoff)
    home, away = statistics["goals"][0], statistics["goals"][1]
    step = max(LEAGUE_RATE, 1.0 / (row["n"] + LEAGUE_PRIOR))
    row["home_rate"] += step * ((1.0 if home > away else 0.0) - row["home_rate"])
    row["draw_rate"] += step * ((1.0 if home == away else 0.0) - row["draw_rate"])
    row["goals"] += step * (home + away - row["goals"])
    for k in range(N_COUNTED):
        value = 0.5 * (statistics["counted"][k, 0] + statistics["counted"][k, 1])
        if not np.isnan(value):
            with_it, each = row["goals_with"], row["each"]
            with_it[k] += GOALS_WITH_RATE * (0.5 * (home + away) - with_it[k])
            each[k] += GOALS_WITH_RATE * (value - each[k])
    row["n"] += 1.0


@compiled
def _points(margin: float) -> float:
    return WIN if margin > 0 else (DRAW if margin == 0 else 0.0)


@compiled
def apply_result(tables: Tables, spec: Spec, fixture: FixtureRow, statistics: Record) -> None:
    """Let a result and its match statistics change what is known.

    References
    ----------
    Hvattum & Arntzen (2010), Int. J. of Forecasting 26(3), of Elo; Constantinou & Fenton (2013),
    J. Quant. Analysis in Sports 9(1), of pi-ratings. Those of goals are `filtering`'s.

    >>> from predictions.modelling.features.kernel.records import STATISTICS
    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, 0.0)
    >>> seen = np.zeros(1, STATISTICS)
    >>> seen["goals"], seen["counted"], seen["market_goals"] = (2, 1), np.nan, np.nan
    >>> apply_result(tables, SPEC, fixture, seen[0])
    >>> tables.team["elo"].round(1), tables.team["season_points"]
    (array([1500. , 1507.3, 1492.7]), array([0., 3., 0.]))
    """
    home, away, _, league, kickoff, neutral, _ = fixture
    follow_season(tables, fixture)
    settle_in(tables, spec, home, league, kickoff)
    settle_in(tables, spec, away, league, kickoff)
    margin = statistics["goals"][0] - statistics["goals"][1]
    expected = _update_elo(tables, home, away, league, neutral, margin)
    for rating in range(len(spec.numbers)):
        update_rating(tables, spec, fixture, rating, statistics)
    _update_pi(tables, home, away, league, margin)
    seen = max(-MOST_SURPRISING, min(MOST_SURPRISING, margin))
    _note_surprise(tables, fixture, seen - GOALS_OF_SCORE * (expected - 0.5))
    points, other = _points(margin), _points(-margin)
    if is_of_this_season(tables, fixture):
        note_points(tables, league, home, points)
        note_points(tables, league, away, other)
    _note_side(tables, home, league, kickoff, points, expected)
    _note_side(tables, away, league, kickoff, other, 1.0 - expected)
    _note_play(tables.team[home], statistics, 0)
    _note_play(tables.team[away], statistics, 1)
    _note_league(tables, league, kickoff, statistics)
