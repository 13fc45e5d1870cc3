"""Published predictions beside what came of their matches and the closing line."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection
from numpy.typing import NDArray

from livescores.void_rule import STATUSES, has_moved
from predictions.services import market_line
from predictions.services.match_frame import KNOWN_AT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONGEST_SEASON = timedelta(days=400)
AHEAD = timedelta(days=7)
NO_OUTCOME = -1
PROBABILITIES = ["proba_home", "proba_draw", "proba_away"]
CLOSING = ["closing_home", "closing_draw", "closing_away"]
SETTLED = "settled"

# Of several published predictions of a match the one counts that the model could not know the
# answer to, was published before kick-off, and is the newest.
FORECASTS = f"""
    WITH current_season AS (
        SELECT DISTINCT ON (s.tournament_id) s.id
        FROM livescores_match m
        JOIN livescores_season s ON s.id = m.season_id
        WHERE m.start_time_utc > %(since)s AND m.start_time_utc <= %(as_of)s
        ORDER BY s.tournament_id, m.start_time_utc DESC
    )
    SELECT DISTINCT ON (b.stage, p.match_id)
           b.stage, p.match_id, s.tournament_id, t.name, r.name,
           m.start_time_utc, m.season_id IN (SELECT id FROM current_season),
           m.status, {KNOWN_AT} <= extract(epoch FROM %(as_of)s::timestamptz),
           {has_moved("m.start_time_utc", "p.start_time_utc")},
           p.in_sample, u.published_at < m.start_time_utc,
           CASE WHEN m.status <> 'finished' THEN {NO_OUTCOME}
                WHEN m.home_score > m.away_score THEN 0
                WHEN m.home_score = m.away_score THEN 1 ELSE 2 END,
           p.proba_home, p.proba_draw, p.proba_away
    FROM livescores_match m
    JOIN livescores_season s ON s.id = m.season_id
    JOIN livescores_tournament t ON t.id = s.tournament_id
    JOIN livescores_region r ON r.id = t.region_id
    JOIN predictions_prediction p ON p.match_id = m.id
    JOIN predictions_batchrun b ON b.id = p.batch_id
    JOIN predictions_publication u ON u.batch_id = b.id
    WHERE m.start_time_utc > %(since)s AND m.start_time_utc <= %(until)s
    ORDER BY b.stage, p.match_id, p.in_sample, u.published_at < m.start_time_utc DESC,
             u.published_at DESC
"""
COLUMNS = [
    "stage",
    "match_id",
    "tournament_id",
    "league",
    "region",
    "kickoff",
    "in_season",
    "status",
    "is_known",
    "has_moved",
    "in_sample",
    "published_before",
    "outcome",
    *PROBABILITIES,
]
OUTCOMES_BEFORE = """
    SELECT count(*) FILTER (WHERE m.home_score > m.away_score),
           count(*) FILTER (WHERE m.home_score = m.away_score),
           count(*) FILTER (WHERE m.home_score < m.away_score)
    FROM livescores_match m WHERE m.status = 'finished' AND m.start_time_utc <= %s
"""


def published(as_of: datetime) -> pd.DataFrame:
    """One row a stage and match, from a season before `as_of` to AHEAD after it.

    `state` is SETTLED or the reason why the match has no result to score. `closing_home` to
    `closing_away` are the closing line's probabilities, NaN where there was none.
    """
    values = {
        "since": as_of - LONGEST_SEASON,
        "as_of": as_of,
        "until": as_of + AHEAD,
    }
    with connection.cursor() as cursor:
        cursor.execute(FORECASTS, values)
        frame = pd.DataFrame(cursor.fetchall(), columns=COLUMNS)
    frame["state"] = _states(frame, as_of)
    frame[CLOSING] = market_line.probabilities(frame["match_id"].to_numpy(np.int64))
    return frame


def _states(frame: pd.DataFrame, as_of: datetime) -> "NDArray[np.object_]":
    """The void rule: only matches played to the end, near the time foreseen, are scored."""
    status = frame["status"].to_numpy(object)
    is_void = np.isin(status, [str(void) for void in STATUSES])
    kickoff = pd.to_datetime(frame["kickoff"], utc=True)
    conditions: list[Any] = [
        (kickoff > as_of).to_numpy(bool),
        is_void,
        frame["has_moved"].to_numpy(bool),
        ~frame["is_known"].to_numpy(bool),
        status != "finished",
        frame["in_sample"].to_numpy(bool),
    ]
    reasons: list[Any] = ["coming", status, "moved", "not_over", "result_missing", "in_sample"]
    return np.select(conditions, reasons, SETTLED)


def frequencies_before(as_of: datetime) -> Floats:
    """Shares of home wins, draws and away wins before all windows; thirds where nothing was."""
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES_BEFORE, [as_of - LONGEST_SEASON])
        counts = np.array(cursor.fetchone(), dtype=np.float64) + 1
    return np.asarray(counts / counts.sum())
