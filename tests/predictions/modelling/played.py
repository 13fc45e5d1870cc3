"""Matches made up for the tests of the feature machine."""

from itertools import permutations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from predictions.modelling.features.frames import STATISTICS
from predictions.modelling.features.prices import LINES, PRICE_COLUMNS
from predictions.outcomes import SIDES

START = pd.Timestamp("2024-03-02 12:00", tz="UTC")
SHOWN = STATISTICS[2:8]  # shots, shots on target and corners

CLUBS = tuple(range(1, 6))
# Hours after START: one day, the days after, another season, and the one after that.
KICKOFFS = (0, 2, 12, 24, 36, 60, 24 * 50, 24 * 50 + 12, 24 * 400)
# Hours until a result is known: at once, within the day, after months.
DELAYS = (1, 2, 12, 24 * 100)


def match(match_id, hours, home, away, goals=None, **more):
    """One row of the frame of matches; its result is known two hours after kick-off."""
    home_score, away_score = goals or (None, None)
    return {
        "match_id": match_id,
        "kickoff": START + pd.Timedelta(hours=hours),
        "known_at": START + pd.Timedelta(hours=hours + more.pop("delay", 2)),
        "region_id": 1,
        "tournament_id": 1,
        "home_team_id": home,
        "away_team_id": away,
        "neutral": False,
        **dict.fromkeys(STATISTICS),
        "home_score": home_score,
        "away_score": away_score,
        **more,
    }


def frame(*rows):
    """Rows of `match` as the frame that the machine takes."""
    matches = pd.DataFrame(rows).sort_values(["kickoff", "match_id"], ignore_index=True)
    return matches.astype(dict.fromkeys(STATISTICS, float))


def without_results(matches, which):
    """The same matches, those of `which` as if nothing was known of how they went."""
    unknown = matches.copy()
    unknown.loc[which, list(STATISTICS)] = np.nan
    return unknown


def priced(matches, *, seed=0):
    """The same matches with prices of a market that errs a little."""
    rng = np.random.default_rng(seed)
    for line in LINES:
        proba = rng.dirichlet((9, 6, 5), len(matches))
        for side, chance in zip(SIDES, proba.T, strict=True):
            matches = matches.assign(**{f"price_{line}_{side}": 0.95 / chance})
    return matches


def without_prices(matches, which=slice(None)):
    """The same matches, those of `which` as if nobody had priced them."""
    unknown = matches.copy()
    unknown.loc[which, list(PRICE_COLUMNS)] = np.nan
    return unknown


def seconds(time):
    """Whole seconds since 1970 UTC, as the machine counts."""
    return int(time.timestamp())


def season(n_matches, *, seed=0):
    """Matches of twelve clubs of two leagues, three kick-offs a day, half of them measured."""
    rng = np.random.default_rng(seed)
    rows = []
    for match_id in range(n_matches):
        league = int(rng.integers(1, 3))
        home, away = (int(club) for club in rng.choice(6, 2, replace=False) + 6 * league)
        shown = rng.poisson((12, 10, 5, 4, 6, 5)) if rng.random() < 0.5 else (None,) * 6
        goals = tuple(int(n) for n in rng.poisson((1.5, 1.1)))
        more = dict(zip(SHOWN, shown, strict=True))
        rows.append(match(match_id, match_id // 3 * 8, home, away, goals, **more))
        rows[-1]["tournament_id"] = league
    return frame(*rows)


def _rows():
    shown = st.none() | st.tuples(*(st.integers(0, 20) for _ in SHOWN))
    return st.builds(
        _row,
        hours=st.sampled_from(KICKOFFS),
        clubs=st.sampled_from(tuple(permutations(CLUBS, 2))),
        league=st.integers(1, 2),
        goals=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
        delay=st.sampled_from(DELAYS),
        neutral=st.booleans(),
        shown=shown,
    )


def _row(*, hours, clubs, league, goals, delay, neutral, shown):
    more = dict(zip(SHOWN, shown, strict=True)) if shown and goals else {}
    more |= {"tournament_id": league, "neutral": neutral}
    home, away = clubs
    return match(0, hours, home, away, goals, delay=delay, **more)


def calendars():
    """Any frames of a few matches between a few clubs, many at the same moment."""
    rows = st.lists(_rows(), min_size=1, max_size=14)
    return rows.map(lambda rows: frame(*({**row, "match_id": i} for i, row in enumerate(rows))))
