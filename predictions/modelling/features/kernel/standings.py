"""League tables, and what clubs have at stake in the last weeks of a season."""

import numpy as np

from predictions.modelling.arrays import Floats, Record
from predictions.modelling.features.compiled import compiled
from predictions.modelling.features.kernel.records import DAY, UNKNOWN_SEASON, FixtureRow, Tables

BREAK = 45 * DAY  # a longer pause is one between seasons
CUT_SHORT = 130 * DAY  # after such a pause, no season goes on
USUAL_POINTS = 1.35  # a match: a club's mean where a quarter of all matches is drawn
MOST_CLUBS = 40  # of a competition of more no table is kept
FEWEST_CLUBS = 6
# Places that a table decides: between this one from the top, or from the bottom, and the next.
TITLE, UPPER, LOWER = 1, (2, 7), (2, 4)
POINTS_DEVIATION = 1.3  # of one club in one match
FADING = 8.0  # matches before the end at which what is at stake counts 1/e
CARING = 8.0  # how fast a club that a win can still help ceases to be an idle one
NEARLY_ALL = 0.85  # of a season's matches


@compiled
def is_cup(tables: Tables, league: int) -> bool:
    """Whether what was played last in a league was a cup's season, whose numbers are negative.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=1, leagues=3, pairs=1)
    >>> tables.league["season"] = 0.0, 7.0, -7.0
    >>> is_cup(tables, 1), is_cup(tables, 2)
    (False, True)
    """
    return bool(tables.league[league]["season"] < UNKNOWN_SEASON)


@compiled
def follow_season(tables: Tables, fixture: FixtureRow) -> None:
    """Begin an empty table where a result is the first of a new season.

    A result that says its season is believed, whatever pauses there are. One of another season
    that became known late begins none.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, UNKNOWN_SEASON)
    >>> follow_season(tables, fixture)
    >>> tables.league["opened"]
    array([0.0e+00, 1.7e+09])
    """
    row = tables.league[fixture.league]
    if fixture.season == UNKNOWN_SEASON:
        if seems_over(tables, fixture.league, fixture.kickoff):
            _open_season(tables, fixture)
    elif fixture.season != row["season"] and fixture.kickoff > row["last_played"]:
        _open_season(tables, fixture)


@compiled
def seems_over(tables: Tables, league: int, kickoff: float) -> bool:
    """Whether the season of a league's table has ended by `kickoff`, as far as pauses tell.

    A pause within a season may be as long (winters, a World Cup, a pandemic): then much of it
    is still to be played.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> tables.league["last_played"] = 0.0
    >>> seems_over(tables, 1, 10 * DAY), seems_over(tables, 1, 60 * DAY)
    (False, True)
    """
    row = tables.league[league]
    pause = kickoff - row["last_played"]
    if pause <= BREAK:
        return False
    is_table = FEWEST_CLUBS <= row["n_clubs"] <= MOST_CLUBS
    is_long = pause > CUT_SHORT or not is_table
    return bool(is_long or _typical(tables, league) >= NEARLY_ALL * _length(row))


@compiled
def _typical(tables: Tables, league: int) -> float:
    """Matches of the median club of a table."""
    n = int(tables.league[league]["n_clubs"])
    return float(np.sort(tables.standing[league, :n]["matches"])[n // 2])


@compiled
def _length(row: Record) -> float:
    """Matches that a club is expected to play in a season: each other club at least twice."""
    clubs = max(row["n_clubs"], row["clubs_before"])
    return float(max(2.0, row["rounds"]) * (clubs - 1.0))


@compiled
def _open_season(tables: Tables, fixture: FixtureRow) -> None:
    """An empty table of a season that is expected to be as long as the last, if not cut short."""
    row = tables.league[fixture.league]
    n = row["n_clubs"]
    if FEWEST_CLUBS <= n <= MOST_CLUBS:
        rounds = _typical(tables, fixture.league) / (n - 1.0)
        row["rounds"] = max(rounds, NEARLY_ALL * row["rounds"])
        row["clubs_before"] = n
    row["opened"], row["season"], row["n_clubs"] = fixture.kickoff, fixture.season, 0.0


@compiled
def is_of_this_season(tables: Tables, fixture: FixtureRow) -> bool:
    """Whether a result belongs in the table: one of an earlier season may become known late.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, UNKNOWN_SEASON)
    >>> is_of_this_season(tables, fixture)
    True
    """
    row = tables.league[fixture.league]
    is_late = fixture.kickoff < row["opened"] - BREAK
    return bool(not is_late and fixture.season == row["season"])


@compiled
def note_points(tables: Tables, league: int, team: int, points: float) -> None:
    """Count a match in a club's row of its league's table, which its first of the season makes.

    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> note_points(tables, 1, 2, 3.0)
    >>> note_points(tables, 1, 2, 1.0)
    >>> tables.standing[1, 0].tolist()
    (2.0, 4.0, 2.0)
    """
    row, table = tables.league[league], tables.standing[league]
    place = _place(tables, league, team)
    if place < 0:
        row["n_clubs"] += 1.0
        if row["n_clubs"] > MOST_CLUBS:
            return
        place = int(row["n_clubs"]) - 1
        table[place]["club"], table[place]["points"], table[place]["matches"] = team, 0.0, 0.0
    table[place]["points"] += points
    table[place]["matches"] += 1.0


@compiled
def _place(tables: Tables, league: int, team: int) -> int:
    """The row of a club in its league's table; -1 where it has none."""
    for place in range(min(MOST_CLUBS, int(tables.league[league]["n_clubs"]))):
        if tables.standing[league, place]["club"] == team:
            return place
    return -1


@compiled
def read_stakes(tables: Tables, fixture: FixtureRow, composite_ratio: float, out: Record) -> None:
    """How far the season's end is near, and what each club has at stake then.

    Writes it for home and away (title, upper and lower places, idleness), then nearness of the
    end (0 to 1), alone and times the balance of play. All are 0 where there is no table, or no
    season before that tells how long one is. Weeks ahead, the table is that of today.

    >>> from predictions.modelling.features.feature_names import FEATURES
    >>> from predictions.modelling.features.tables import empty_tables, extended
    >>> tables = extended(empty_tables(), teams=3, leagues=2, pairs=2)
    >>> fixture = FixtureRow(1, 2, 1, 1, 1.7e9, 0.0, UNKNOWN_SEASON)
    >>> out = np.zeros(1, FEATURES)
    >>> read_stakes(tables, fixture, 0.2, out[0])  # there is no table yet
    >>> out["season_end"]
    array([0.])
    """
    _read_nothing(out["home_stakes"])
    _read_nothing(out["away_stakes"])
    out["season_end"], out["season_end_ratio"] = 0.0, 0.0
    league = fixture.league
    n = int(tables.league[league]["n_clubs"])
    home, away = _place(tables, league, fixture.home), _place(tables, league, fixture.away)
    is_known = FEWEST_CLUBS <= n <= MOST_CLUBS and home >= 0 and away >= 0
    is_known = is_known and tables.league[league]["rounds"] > 0.0 and not is_cup(tables, league)
    if not is_known or seems_over(tables, league, fixture.kickoff):
        return
    played = tables.standing[league, :n]["matches"]
    left = np.maximum(0.0, _length(tables.league[league]) - played)
    points = tables.standing[league, :n]["points"] - _deducted(tables, league, n, fixture.kickoff)
    final = points + USUAL_POINTS * left
    near = np.exp((1.0 - max(1.0, left[home], left[away])) / FADING)
    table = np.sort(final)[::-1]
    _read_club(table, final[home], max(1.0, left[home]), near, out["home_stakes"])
    _read_club(table, final[away], max(1.0, left[away]), near, out["away_stakes"])
    out["season_end"] = near
    out["season_end_ratio"] = near * composite_ratio


@compiled
def _deducted(tables: Tables, league: int, n: int, moment: float) -> Floats:
    """Points that each club of a league's table has lost by decisions known at `moment`: (n,)."""
    taken = np.zeros(n)
    for i in range(len(tables.deduction)):
        one = tables.deduction[i]
        is_of_table = one["league"] == league and one["season"] == tables.league[league]["season"]
        if is_of_table and one["decided"] <= moment:
            place = _place(tables, league, int(one["club"]))
            if place >= 0:
                taken[place] += one["points"]
    return taken


@compiled
def _read_nothing(out: Record) -> None:
    out["title_stake"], out["upper_stake"], out["lower_stake"], out["idle"] = 0.0, 0.0, 0.0, 0.0


@compiled
def _read_club(table: Floats, final: float, left: float, near: float, out: Record) -> None:
    """Title, upper and lower places, and idleness of a club that expects `final` points."""
    n = len(table)
    title, _ = _at_places(table, final, left, TITLE, TITLE)
    upper, most_above = _at_places(table, final, left, UPPER[0], UPPER[1])
    lower, most_below = _at_places(table, final, left, n - LOWER[1], n - LOWER[0])
    out["title_stake"] = near * title
    out["upper_stake"] = near * upper
    out["lower_stake"] = near * lower
    out["idle"] = near * np.exp(-CARING * max(title, most_above, most_below))


@compiled
def _at_places(
    table: Floats, final: float, left: float, first: int, last: int
) -> tuple[float, float]:
    """Mean of what is at stake at the places from `first` to `last`, and the most of it."""
    mean, most = 0.0, 0.0
    for place in range(first, last + 1):
        stake = _at_stake(table, final, left, place)
        mean += stake / (last - first + 1)
        most = max(most, stake)
    return mean, most


@compiled
def _at_stake(table: Floats, final: float, left: float, place: int) -> float:
    """By how much three points change a club's chance of ending among the first `place`.

    The points to come of it and of its rival are taken for normal, of equal mean a match.

    Parameters
    ----------
    table : points that the clubs expect at the end, the most first
    final : those of the club
    left : matches it has to play, at least 1
    """
    if not 1 <= place < len(table):
        return 0.0
    is_among = final >= table[place - 1]
    gap = final - (table[place] if is_among else table[place - 1])
    deviation = POINTS_DEVIATION * np.sqrt(2.0 * left)
    return float(3.0 * np.exp(-0.5 * (gap / deviation) ** 2) / (np.sqrt(2.0 * np.pi) * deviation))
