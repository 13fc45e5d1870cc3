"""A small world whose every match is told by arithmetic: the same on all machines, for ever.

No random generator makes it, since a new release of one would give another world. Two tiers with
promotion, a third league that begins late, measured and unmeasured matches, prices and none,
neutral grounds, a pause in winter, a result that becomes known weeks late, a season without an id.
"""

from collections.abc import Iterator

import pandas as pd

from predictions.modelling.features.frames import STATISTICS
from predictions.modelling.features.prices import PRICE_COLUMNS

N_CLUBS = 8  # of each league
N_SEASONS = 3
N_MOVING = 2  # promoted and relegated
WINTER = 6  # the round before which a league pauses for seven weeks
START = pd.Timestamp("2018-08-04 14:00", tz="UTC")
NO_PRICES = (None,) * len(PRICE_COLUMNS)
MOST = (7, 5, 24, 20, 9, 8, 12, 10, 3, 3, 5, 5, 2, 2)  # of each statistic, under this


class Lots:
    """Whole numbers by Lehmer's rule (Park & Miller 1988), which fits in any integer."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def under(self, n: int) -> int:
        self.state = self.state * 48_271 % 2_147_483_647
        return self.state % n


def matches() -> pd.DataFrame:
    """Three seasons in order of kick-off, as the machine takes them."""
    lots = Lots(2018)
    tiers = [list(range(1, N_CLUBS + 1)), list(range(N_CLUBS + 1, 2 * N_CLUBS + 1))]
    late_league = list(range(101, 101 + N_CLUBS))
    rows: list[dict[str, object]] = []
    for year in range(N_SEASONS):
        leagues = [*tiers, late_league] if year else tiers
        for number, clubs in enumerate(leagues, start=1):
            rows += season(year, number, clubs, lots)
        down, up = tiers[0][-N_MOVING:], tiers[1][:N_MOVING]
        tiers = [tiers[0][:-N_MOVING] + up, down + tiers[1][N_MOVING:]]
    frame = pd.DataFrame(rows).sort_values("kickoff", kind="stable", ignore_index=True)
    return frame.assign(match_id=range(1, len(frame) + 1)).astype(
        dict.fromkeys((*STATISTICS, *PRICE_COLUMNS), float)
    )


def season(year: int, league: int, clubs: list[int], lots: Lots) -> Iterator[dict[str, object]]:
    """Everybody against everybody, at home and away, a round a week."""
    for number, pairs in enumerate(rounds(clubs)):
        weeks = 52 * year + number + (7 if number >= WINTER else 0)
        for home, away in pairs:
            kickoff = START + pd.Timedelta(weeks=weeks, hours=lots.under(30))
            yield match(kickoff, league, 10 * league + year, home, away, lots)


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
    prices = [(150 + lots.under(400)) / 100 for _ in PRICE_COLUMNS]
    shown = counts if is_measured else [*counts[:2], *[None] * (len(counts) - 2)]
    return {
        "kickoff": kickoff,
        "known_at": kickoff + (pd.Timedelta(days=25) if is_late else pd.Timedelta(hours=2)),
        "region_id": 1 if league < 3 else 2,
        "tournament_id": league,
        # One league's source does not say which season a match is of.
        "season_id": 0 if league == 3 else season_id,
        "home_team_id": home,
        "away_team_id": away,
        "neutral": lots.under(25) == 0,
        **dict(zip(STATISTICS, shown, strict=True)),
        **dict(zip(PRICE_COLUMNS, prices if is_priced else NO_PRICES, strict=True)),
    }
