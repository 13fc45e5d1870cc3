"""The matches in Postgres as the frame that the maths reads."""

from collections.abc import Collection
from datetime import datetime

import numpy as np
import pandas as pd
from django.db import connection

from livescores.models import DAY_ONLY_LENGTH, USUAL_LENGTH
from predictions.modelling.arrays import Ints
from predictions.modelling.features.frames import DEDUCTION_COLUMNS, STATISTICS
from predictions.services.odds import market_prices
from soccerpredict import postgres

KNOWN_AT = f"""extract(epoch FROM greatest(m.start_time_utc + interval '1 minute', coalesce(
        m.finished_at, m.start_time_utc + CASE WHEN m.has_kickoff_time
            THEN interval '{USUAL_LENGTH.total_seconds()} seconds'
            ELSE interval '{DAY_ONLY_LENGTH.total_seconds()} seconds' END)))::bigint"""
# Column of the frame → SQL; what is unknown stays empty. A result counts only once it is final.
FINAL = "m.status = 'finished'"
COLUMNS = {
    "match_id": "m.id",
    "kickoff": "extract(epoch FROM m.start_time_utc)::bigint",
    "known_at": KNOWN_AT,
    "region_id": "t.region_id",
    "tournament_id": "s.tournament_id",
    "season_id": "m.season_id",
    "home_team_id": "m.home_team_id",
    "away_team_id": "m.away_team_id",
    "neutral": "m.neutral_venue::int",
    "is_cup": "t.is_cup::int",
}
SELECT = ", ".join(
    [f"{sql} AS {name}" for name, sql in COLUMNS.items()]
    + [f"CASE WHEN {FINAL} THEN m.{name} END AS {name}" for name in STATISTICS]
)
MATCHES = f"""
    SELECT {SELECT}
    FROM livescores_match m
    JOIN livescores_season s ON s.id = m.season_id
    JOIN livescores_tournament t ON t.id = s.tournament_id
    WHERE m.same_as_id IS NULL AND (%(since)s::timestamptz IS NULL OR m.start_time_utc >= %(since)s)
      AND m.id <> ALL(%(without)s::bigint[])
    ORDER BY m.start_time_utc, m.id
"""

DEDUCTIONS = """
    SELECT extract(epoch FROM d.decided_at)::bigint, s.tournament_id, d.season_id, d.team_id,
           d.points
    FROM livescores_pointsdeduction d JOIN livescores_season s ON s.id = d.season_id
    ORDER BY d.decided_at, d.id
"""


def matches(*, since: datetime | None = None, without: Collection[int] = ()) -> pd.DataFrame:
    """All matches that kick off at `since` or later, in order of kick-off and id; some left out.

    Times are UTC; statistics are float64, NaN where unknown or not final. With the market's prices.
    """
    asked = {"since": since, "without": list(without)}
    frame = postgres.frame_of(MATCHES, asked, dtype=dict.fromkeys(STATISTICS, "float64"))
    for name in ("kickoff", "known_at"):
        frame[name] = pd.to_datetime(frame[name], unit="s", utc=True)
    for name in ("neutral", "is_cup"):
        frame[name] = frame[name] == 1
    return frame.join(market_prices.prices(since=since), on="match_id")


def deductions() -> Ints:
    """Points that were taken from clubs: (n, 5), as the walk counts them."""
    with connection.cursor() as cursor:
        cursor.execute(DEDUCTIONS)
        rows = cursor.fetchall()
    return np.array(rows, np.int64).reshape(-1, len(DEDUCTION_COLUMNS))


def match_ids() -> Ints:
    """The ids of all matches, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(array_agg(id), '{}') FROM livescores_match WHERE same_as_id IS NULL"
        )
        return np.array(cursor.fetchone()[0], dtype=np.int64)
