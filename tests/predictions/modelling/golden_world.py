"""A world whose every match is told by arithmetic: the same on all machines, for ever.

No random generator makes it, since a new release of one would give another world. Two tiers with
promotion, a third league that begins late, measured and unmeasured matches, prices and none,
neutral grounds, a pause in winter, a result that becomes known weeks late, a season without an id.

After its first seasons so much more comes as some rules need to be seen: clubs that never played
before (in one season of the third league a crowd of them), routs, cups in winter, matches at all
distances of days, and in the third league, which meets four times a season then, pauses of all
lengths and seasons that are cut short.
"""

from collections.abc import Iterator

import pandas as pd

from predictions.modelling.features.frames import STATISTICS
from predictions.modelling.features.prices import PRICE_COLUMNS

N_CLUBS = 8  # of each league
N_SEASONS = 3
N_LATER = 11  # seasons: with them, the oldest clubs have played 300 matches
N_MOVING = 2  # promoted and relegated
WINTER = 6  # the round before which a league pauses for seven weeks
START = pd.Timestamp("2018-08-04 14:00", tz="UTC")
ROUTS_FROM = START + pd.Timedelta(weeks=52 * N_SEASONS)
NO_PRICES = (None,) * len(PRICE_COLUMNS)
CUP = 4
# Of each later season of the third league, in turn: the round before a pause, and its weeks. The
# pauses of 126 and 136 days lie on both sides of the longest within a season.
PAUSES = ((23, 7), (25, 7), (22, 9), (12, 5), (10, 17), (24, 6), (9, 19), (26, 9))
LAST_ROUND = 20  # of a season with so long a pause: the rest is never played
LONG_PAUSE = 15  # weeks
MOST = (7, 5, 24, 20, 9, 8, 12, 10, 3, 3, 5, 5, 2, 2)  # of each statistic, under this


class Lots:
    """Whole numbers by Lehmer's rule (Park & Miller 1988), which fits in any integer."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def under(self, n: int) -> int:
        self.state = self.state * 48_271 % 2_147_483_647
        return self.state % n


def matches(n_later: int = N_LATER) -> pd.DataFrame:
    """Three seasons and later ones in order of kick-off, as the machine takes them."""
    lots = Lots(2018)
    tiers = [list(range(1, N_CLUBS + 1)), list(range(N_CLUBS + 1, 2 * N_CLUBS + 1))]
    late_league = list(range(101, 101 + N_CLUBS))
    rows: list[dict[str, object]] = []
    for year in range(N_SEASONS + n_later):
        leagues = [*tiers, late_league] if year else tiers
        for number, clubs in enumerate(leagues, start=1):
            rows += season(year, number, clubs, lots)
        if year >= N_SEASONS:
            rows += cup(year, tiers[0] + tiers[1], lots)
        down, up = tiers[0][-N_MOVING:], tiers[1][:N_MOVING]
        tiers = [tiers[0][:-N_MOVING] + up, down + tiers[1][N_MOVING:]]
        if year >= N_SEASONS - 1:  # one club of each folds, and a new one takes its place
            for place, tier in enumerate(tiers):
                tier[4] = 200 + 20 * place + year
    frame = pd.DataFrame(rows).sort_values("kickoff", kind="stable", ignore_index=True)
    return frame.assign(match_id=range(1, len(frame) + 1)).astype(
        dict.fromkeys((*STATISTICS, *PRICE_COLUMNS), float)
    )


def season(year: int, league: int, clubs: list[int], lots: Lots) -> Iterator[dict[str, object]]:
    """Everybody against everybody, at home and away, a round a week; later twice in one league."""
    is_later = year >= N_SEASONS
    is_long = is_later and league == 3
    start, pause = PAUSES[year % len(PAUSES)] if is_long else (WINTER, 7)
    calendar = rounds(clubs) * (2 if is_long else 1)
    if pause > LONG_PAUSE:
        calendar = calendar[:LAST_ROUND]
    for number, pairs in enumerate(calendar):
        weeks = 52 * year + number + (pause if number >= start else 0)
        for home, away in pairs:
            kickoff = START + pd.Timedelta(weeks=weeks, hours=lots.under(130 if is_later else 30))
            if is_long and year == N_SEASONS and lots.under(3) == 0:
                away = 1000 + lots.state % 100_000  # which nobody has seen, nor will again
            yield match(kickoff, league, 10 * league + year, home, away, lots)


def cup(year: int, clubs: list[int], lots: Lots) -> Iterator[dict[str, object]]:
    """A round in the middle of the winter's pause, some four weeks after the leagues' last."""
    for home, away in zip(clubs[: len(clubs) // 2], clubs[len(clubs) // 2 :], strict=True):
        kickoff = START + pd.Timedelta(weeks=52 * year + WINTER + 3, hours=lots.under(240))
        yield match(kickoff, CUP, 1000 + year, home, away, lots)


def rounds(clubs: list[int]) -> list[list[tuple[int, int]]]:
    """By the circle method."""
    order, first = list(clubs), []
    for _ in range(len(clubs) - 1):
        first.append(list(zip(order[: N_CLUBS // 2], reversed(order[N_CLUBS // 2 :]), strict=True)))
        order = [order[0], order[-1], *order[1:-1]]
    return first + [[pair[::-1] for pair in pairs] for pairs in first]


def match(
    kickoff: pd.Timestamp, league: int, season_id: int, home: int, away: int, lots: Lots
) -> dict[str, object]:
    is_measured, is_priced, is_late = lots.under(4) > 0, lots.under(3) > 0, lots.under(40) == 0
    counts = [lots.under(most) for most in MOST]
    if kickoff > ROUTS_FROM and lots.under(20) == 0:
        counts[lots.under(2)] += 7
    prices = [(150 + lots.under(400)) / 100 for _ in PRICE_COLUMNS]
    shown = counts if is_measured else [*counts[:2], *[None] * (len(counts) - 2)]
    return {
        "kickoff": kickoff,
        "known_at": kickoff + (pd.Timedelta(days=25) if is_late else pd.Timedelta(hours=2)),
        "region_id": 2 if league == 3 else 1,
        "tournament_id": league,
        # One league's source does not say which season a match is of.
        "season_id": 0 if league == 3 else season_id,
        "home_team_id": home,
        "away_team_id": away,
        "neutral": lots.under(25) == 0,
        **dict(zip(STATISTICS, shown, strict=True)),
        **dict(zip(PRICE_COLUMNS, prices if is_priced else NO_PRICES, strict=True)),
    }
