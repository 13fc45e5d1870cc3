"""The windows of the quality report: spans of time, and what a model had not seen.

A span ends when the report is made. Where none of its matches is settled, as in summer, or where
the data end in the past, it ends at the newest result instead, and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.services.reports.forecasts import LONGEST_SEASON, SETTLED

DAYS = {"7d": 7, "30d": 30, "90d": 90}
SEASON, HOLDOUT, UNSEEN = "season", "holdout", "unseen"
NAMES = (*DAYS, SEASON, HOLDOUT, UNSEEN)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """Matches of one stage; those after `ends_at` have no result yet."""

    name: str
    rows: pd.DataFrame
    ends_at: datetime
    ends_at_newest_result: bool = False


def of(played: pd.DataFrame, held_out: pd.DataFrame, as_of: datetime) -> Iterator[Window]:
    """Every window of one stage's matches that have kicked off, and those of its hold-out."""
    for name, days in DAYS.items():
        yield recent(played, timedelta(days=days), as_of, name)
    season = recent(played, LONGEST_SEASON, as_of, SEASON)
    yield Window(SEASON, _newest_seasons(season.rows), season.ends_at, season.ends_at_newest_result)
    yield _until_its_last(HOLDOUT, held_out, as_of)
    yield _until_its_last(UNSEEN, played[played["state"] != "in_sample"], as_of)


def recent(played: pd.DataFrame, length: timedelta, as_of: datetime, name: str = "") -> Window:
    """What kicked off in the last `length` before its end."""
    begins_at = as_of - length
    newest = newest_result(played)
    if newest is None or newest > begins_at:
        return Window(name, played[played["kickoff"] > begins_at], as_of)
    return Window(name, played[played["kickoff"] > newest - length], newest, True)


def newest_result(played: pd.DataFrame) -> datetime | None:
    """Kick-off of the newest match that can be scored."""
    settled = played.loc[played["state"] == SETTLED, "kickoff"]
    return None if settled.empty else settled.max().to_pydatetime()


def _newest_seasons(played: pd.DataFrame) -> pd.DataFrame:
    """Of each league the season of its newest match."""
    newest = played.sort_values("kickoff").groupby("tournament_id")["season_id"].last()
    return played[played["season_id"].isin(newest)]


def _until_its_last(name: str, rows: pd.DataFrame, as_of: datetime) -> Window:
    """A window that is no span of time before now."""
    return Window(name, rows, newest_result(rows) or as_of)
