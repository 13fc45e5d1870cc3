"""Published predictions beside what came of their matches and the closing line."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import Min
from numpy.typing import NDArray

from livescores.void_rule import STATUSES, has_moved
from predictions.modelling.arrays import Floats
from predictions.models import ModelVersion
from predictions.outcomes import FROM_SCORE, SIDES
from predictions.services.features.match_frame import KNOWN_AT
from predictions.services.odds import market_probabilities
from predictions.services.publishing.issuing import ISSUED

LONGEST_SEASON = timedelta(days=400)
AHEAD = timedelta(days=7)
NO_OUTCOME = -1
PROBABILITIES = ["proba_home", "proba_draw", "proba_away"]
CLOSING = ["closing_home", "closing_draw", "closing_away"]
SETTLED = "settled"

# Of several published predictions of a match the one counts that the model could not know the
# answer to, was issued, was published before kick-off, and is the newest. Issued is what was, too,
# out before the match began, which may have been earlier than known.
FORECASTS = f"""
    SELECT DISTINCT ON (b.stage, p.match_id)
           b.stage, p.match_id, s.tournament_id, t.name, r.name,
           m.start_time_utc, m.season_id,
           m.status, {KNOWN_AT} <= extract(epoch FROM %(as_of)s::timestamptz),
           {has_moved("m.start_time_utc", "p.start_time_utc")},
           p.in_sample, u.published_at < m.start_time_utc,
           {ISSUED} AND u.published_at < m.start_time_utc,
           CASE WHEN m.status <> 'finished' THEN {NO_OUTCOME}
                ELSE {FROM_SCORE} END,
           p.proba_home, p.proba_draw, p.proba_away
    FROM livescores_match m
    JOIN livescores_season s ON s.id = m.season_id
    JOIN livescores_tournament t ON t.id = s.tournament_id
    JOIN livescores_region r ON r.id = t.region_id
    JOIN predictions_prediction p ON p.match_id = m.id
    JOIN predictions_batchrun b ON b.id = p.batch_id
    JOIN predictions_publication u ON u.batch_id = b.id
    JOIN predictions_modelversion v ON v.id = b.model_version_id
    WHERE m.start_time_utc > %(since)s AND m.start_time_utc <= %(until)s AND {{which}}
          AND m.same_as_id IS NULL
    ORDER BY b.stage, p.match_id, p.in_sample,
             ({ISSUED} AND u.published_at < m.start_time_utc) DESC,
             u.published_at < m.start_time_utc DESC, u.published_at DESC
"""
ALL = "true"
# What served versions were measured on when they were trained, as they predict it now. Versions
# that did not note where that ended had all results by when they were registered.
HELD_OUT = """
    b.id IN (SELECT batch_id FROM predictions_publicationpointer) AND NOT p.in_sample
    AND m.start_time_utc <= coalesce(v.evaluated_until, v.registered_at)
"""
COLUMNS = [
    "stage",
    "match_id",
    "tournament_id",
    "league",
    "region",
    "kickoff",
    "season_id",
    "status",
    "is_known",
    "has_moved",
    "in_sample",
    "published_before",
    "issued",
    "outcome",
    *PROBABILITIES,
]
OUTCOMES_BEFORE = f"""
    SELECT {", ".join(f"count(*) FILTER (WHERE {FROM_SCORE} = {i})" for i in range(len(SIDES)))}
    FROM livescores_match m WHERE m.status = 'finished' AND m.start_time_utc <= %s
        AND m.same_as_id IS NULL
"""


def published(as_of: datetime) -> pd.DataFrame:
    """One row a stage and match, from the first that a model had not seen to AHEAD after `as_of`.

    At least from a season before `as_of`. `state` is SETTLED or the reason why the match has no
    result to score. `closing_home` to `closing_away` are the closing line's probabilities, NaN
    where there was none.
    """
    return _read(ALL, as_of, until=as_of + AHEAD)


def held_out(as_of: datetime) -> pd.DataFrame:
    """As `published`: what each stage's version, as it serves, was measured on in training."""
    return _read(HELD_OUT, as_of, until=as_of)


def _read(which: str, as_of: datetime, until: datetime) -> pd.DataFrame:
    values = {"since": _first_unseen(as_of), "as_of": as_of, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(FORECASTS.format(which=which), values)
        frame = pd.DataFrame(cursor.fetchall(), columns=COLUMNS)
    frame["kickoff"] = pd.to_datetime(frame["kickoff"], utc=True)
    frame["state"] = _states(frame, as_of)
    frame[CLOSING] = market_probabilities.probabilities(frame["match_id"].to_numpy(np.int64))
    return frame


def _first_unseen(as_of: datetime) -> datetime:
    """Where the first of the published models had ended to learn, or a season ago."""
    published = ModelVersion.objects.filter(batch_runs__publications__isnull=False)
    first: datetime | None = published.aggregate(first=Min("trained_until"))["first"]
    season_ago = as_of - LONGEST_SEASON
    return season_ago if first is None else min(first, season_ago)


def _states(frame: pd.DataFrame, as_of: datetime) -> "NDArray[np.object_]":
    """The void rule: only matches played to the end, near the time foreseen, are scored."""
    status = frame["status"].to_numpy(object)
    is_void = np.isin(status, [str(void) for void in STATUSES])
    conditions: list[Any] = [
        (frame["kickoff"] > as_of).to_numpy(bool),
        is_void,
        frame["has_moved"].to_numpy(bool),
        ~frame["is_known"].to_numpy(bool),
        status != "finished",
        frame["in_sample"].to_numpy(bool),
    ]
    reasons: list[Any] = ["coming", status, "moved", "not_over", "result_missing", "in_sample"]
    return np.select(conditions, reasons, SETTLED)


def frequencies_before(moment: datetime) -> Floats:
    """Shares of home wins, draws and away wins up to `moment`; thirds where nothing was."""
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES_BEFORE, [moment])
        counts = np.array(cursor.fetchone(), dtype=np.float64) + 1
    return np.asarray(counts / counts.sum())
