"""The first rule of the state machine: what a fixture's features are."""

import numpy as np

from predictions.modelling.arrays import Floats, Record
from predictions.modelling.features.compiled import compiled
from predictions.modelling.features.kernel.records import DAY, N_RECENT, FixtureRow, Tables
from predictions.modelling.features.kernel.standings import (
    BREAK,
    USUAL_POINTS,
    is_cup,
    read_stakes,
)
from predictions.modelling.features.ratings import Spec

# Where no source is named, a number was set by judgement in the first version of the features: no
# search of it is on record. The caps keep a rare value from pulling a linear model along.
MOVE = 30 * DAY  # away from its league for so long, a club has left it
ESTABLISHED = 150.0  # matches until a league has newcomers at all
NEWCOMER_ELO = 60.0  # points by which a newcomer is taken to be under its league's mean
NEWCOMER_PI = 0.15  # of a pi-rating, the same
LONGEST_REST = 10.0  # days; more rest than this says no more
FORTNIGHT, MONTH = 14.0, 30.0  # days over which a club's matches are counted
MOST_PLAYED = 300.0  # matches of a club that count as experience
MOST_IN_LEAGUE = 60.0  # matches of a club in its league that count
MOST_MEETINGS = 20.0  # matches between two clubs that count
MEETINGS_PRIOR = 4.0  # matches without a surprise that what two clubs' meetings say is mixed with
LONGEST_SEASON = 330.0  # days since a season began that count


@compiled
def is_paused(team: Record, kickoff: float) -> bool:
    """Whether a club's pause before `kickoff` is one between seasons.

    >>> from predictions.modelling.features.tables import fresh_teams
    >>> club = fresh_teams(1)[0]
    >>> club["played"], club["last"] = 1, 0.0
    >>> is_paused(club, 40 * DAY), is_paused(club, 50 * DAY)
    (False, True)
    """
    return bool(team["played"] > 0 and kickoff - team["last"] > BREAK)


@compiled
def has_moved(tables: Tables, team: Record, league: int, kickoff: float) -> bool:
    """Whether a club has left the league of its last matches for this one.

    A cup is no club's league, unless it plays in no other that we know. A competition between two
    matches of its own league is no move either: only a club that has not played there for weeks
    has left it.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=2, leagues=3, pairs=1)
    >>> club = tables.team[1]
    >>> club["played"], club["league"], club["last_in_league"] = 1, 1, 0.0
    >>> has_moved(tables, club, 2, 20 * DAY), has_moved(tables, club, 2, 40 * DAY)
    (False, True)
    """
    own = int(team["league"])
    if team["played"] == 0 or league == own or is_cup(tables, league):
        return False
    return bool(is_cup(tables, own) or kickoff - team["last_in_league"] > MOVE)


@compiled
def strength(
    tables: Tables, spec: Spec, team: int, league: int, rating: int, kickoff: float
) -> tuple[float, float, float]:
    """Attack, defence, and the shift between leagues that is in both, as of `kickoff`.

    All in log goals against an average side of `league`.

    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> strength(tables, SPEC, 1, 1, 0, 1.7e9)  # in a league that nobody knows yet
    (-0.0, -0.0, 0.0)
    """
    row, level = tables.team[team], tables.level[league, rating]
    if row["played"] == 0:
        known = 1.0 if tables.league[league]["n"] > ESTABLISHED else 0.0
        return known * level["new_attack"], known * level["new_defence"], 0.0
    own = int(row["league"])
    # A stronger league scores more and concedes less there: half of the gap goes to each.
    shift = 0.5 * (tables.level[own, rating]["standing"] - level["standing"])
    attack = tables.strength[team, rating]["attack"]
    defence = tables.strength[team, rating]["defence"]
    if is_paused(row, kickoff):
        numbers = spec.numbers[rating]
        # What attack and defence share is the club's strength, the rest its style: over a summer
        # squads change more than levels, so style is forgotten sooner.
        shared = 0.5 * numbers["shrink"] * (attack + defence)
        style = 0.5 * numbers["style_shrink"] * (attack - defence)
        attack, defence = shared + style, shared - style
    return attack + shift, defence + shift, shift


@compiled
def home_edge(
    tables: Tables, home: int, league: int, rating: int, neutral: float
) -> tuple[float, float]:
    """Half the home edge of the league and of all leagues, and what the club's ground adds.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> home_edge(tables, 1, 1, 0, 0.0), home_edge(tables, 1, 1, 0, 1.0)
    ((0.175, 0.0), (0.0, 0.0))
    """
    edge = tables.level[league, rating]["home"] + tables.world[0]["home_edge"][rating]
    return 0.5 * edge * (1.0 - neutral), tables.strength[home, rating]["ground"] * (1.0 - neutral)


@compiled
def expected_elo(tables: Tables, team: int, league: int) -> float:
    """A club's Elo; of one that never played, what newcomers to its league have.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> tables.league["n"] = 200
    >>> expected_elo(tables, 1, 1)
    1440.0
    """
    if tables.team[team]["played"] > 0:
        return float(tables.team[team]["elo"])
    new = tables.league[league]["n"] > ESTABLISHED
    return float(tables.league[league]["mean_elo"] - (NEWCOMER_ELO if new else 0.0))


@compiled
def expected_pi(tables: Tables, team: int, league: int) -> tuple[float, float]:
    """A club's pi-ratings at home and away; of one that never played, what newcomers have.

    Those of a league's clubs are not around 0: at home they are above it, away below, and a first
    division's are above those of the second.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> tables.league["n"], tables.league["mean_pi_home"], tables.league["mean_pi_away"] = 200, 1, 0
    >>> expected_pi(tables, 1, 1)
    (0.85, -0.15)
    """
    row, level = tables.team[team], tables.league[league]
    if row["played"] > 0:
        return row["pi_home"], row["pi_away"]
    under = NEWCOMER_PI if level["n"] > ESTABLISHED else 0.0
    return level["mean_pi_home"] - under, level["mean_pi_away"] - under


@compiled
def _read_rating(tables: Tables, spec: Spec, fixture: FixtureRow, rating: int, out: Floats) -> None:
    """Log ratio and log sum of the two goal rates that a rating expects."""
    home, away, _, league, kickoff, neutral, _ = fixture
    level = tables.level[league, rating]["mu"]
    edge, ground = home_edge(tables, home, league, rating, neutral)
    h_att, h_def, _ = strength(tables, spec, home, league, rating, kickoff)
    a_att, a_def, _ = strength(tables, spec, away, league, rating, kickoff)
    log_home = level + edge + ground + h_att - a_def
    log_away = level - edge - ground + a_att - h_def
    out[0] = log_home - log_away
    out[1] = np.log(np.exp(log_home) + np.exp(log_away))


@compiled
def _read_side(tables: Tables, team: int, league: int, kickoff: float, out: Record) -> None:
    """What one club brings: form, rest, congestion, experience."""
    row = tables.team[team]
    in_fortnight, in_month = 0.0, 0.0
    for recent in range(N_RECENT):
        days = (kickoff - row["recent"][recent]) / DAY
        in_fortnight += 1.0 if days <= FORTNIGHT else 0.0
        in_month += 1.0 if days <= MONTH else 0.0
    # The row keeps last season's counts until the club's next result: a fixture must not see them.
    paused = is_paused(row, kickoff) or row["played"] == 0
    moved = has_moved(tables, row, league, kickoff)
    a_match = row["season_points"] / max(1.0, row["season_played"])
    out["points_fast"] = row["points_fast"]
    out["points_slow"] = row["points_slow"]
    out["surprise"] = row["surprise"]
    out["scored"] = row["scored"]
    out["conceded"] = row["conceded"]
    out["rest_days"] = min(LONGEST_REST, (kickoff - row["last"]) / DAY)
    out["matches_14_days"] = in_fortnight
    out["matches_30_days"] = in_month
    out["played"] = min(MOST_PLAYED, row["played"])
    out["season_played"] = 0.0 if paused else row["season_played"]
    out["played_in_league"] = 0.0 if moved else min(MOST_IN_LEAGUE, row["since_move"])
    out["coverage"] = row["coverage"]
    out["season_points"] = 0.0 if paused else a_match - USUAL_POINTS


@compiled
def _read_context(tables: Tables, fixture: FixtureRow, composite: int, out: Record) -> None:
    """What the pairing, the league and the calendar bring."""
    home, away, pair, league, kickoff, neutral, _ = fixture
    row, level, met = tables.league[league], tables.level[league, composite], tables.pair[pair]
    elo = expected_elo(tables, home, league) - expected_elo(tables, away, league)
    # A pair's surprise is kept from the side of the club with the lower row.
    sign = 1.0 if home < away else -1.0
    meetings = met["meetings"]
    out["elo_difference"] = elo + row["home_elo"] * (1.0 - neutral)
    out["ground_edge"] = tables.team[home]["edge_home"] - tables.team[away]["edge_away"]
    out["head_to_head"] = sign * met["surprise"] * meetings / (meetings + MEETINGS_PRIOR)
    out["meetings"] = min(MOST_MEETINGS, meetings)
    out["league_home_rate"] = row["home_rate"]
    out["league_draw_rate"] = row["draw_rate"]
    out["league_goals"] = row["goals"]
    out["world_home_edge"] = tables.world[0]["surprise"]
    out["neutral"] = neutral
    out["season_days"] = min(LONGEST_SEASON, (kickoff - row["opened"]) / DAY)
    out["pi_difference"] = (
        expected_pi(tables, home, league)[0] - expected_pi(tables, away, league)[1]
    )
    out["league_level"] = level["mu"]
    out["league_home_edge"] = level["home"] + tables.world[0]["home_edge"][composite]


@compiled
def read_features(tables: Tables, spec: Spec, fixture: FixtureRow, out: Record) -> None:
    """Write the features of a fixture, as of its kick-off, into a record of FEATURES.

    A fixture's own prices and its identity are not of the state: the caller writes them.

    >>> from predictions.modelling.features.feature_names import FEATURES
    >>> from predictions.modelling.features.ratings import SPEC
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, 0.0)
    >>> out = np.zeros(1, FEATURES)
    >>> read_features(tables, SPEC, fixture, out[0])
    >>> out["context"]["elo_difference"], out["home"]["rest_days"]
    (array([65.]), array([10.]))
    """
    home, away, league, kickoff = fixture.home, fixture.away, fixture.league, fixture.kickoff
    free, composite = spec.n_odds_free, spec.composite
    for rating in range(free):
        _read_rating(tables, spec, fixture, rating, out["ratings"][rating])
    for rating in range(free, len(spec.numbers)):
        _read_rating(tables, spec, fixture, rating, out["past_odds"][rating - free])
    _read_side(tables, home, league, kickoff, out["home"])
    _read_side(tables, away, league, kickoff, out["away"])
    _read_context(tables, fixture, composite, out["context"])
    read_stakes(tables, fixture, out["ratings"][composite, 0], out)
    out["home_priced"] = tables.team[home]["priced"]
    out["away_priced"] = tables.team[away]["priced"]
