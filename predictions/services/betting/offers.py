"""Predictions of decided matches beside each bookmaker's price that could have been taken."""

import io
from typing import Any

import pandas as pd
from django.db import connection

from livescores.void_rule import IS_VOID, has_moved
from predictions.modelling.betting.staking import VOID
from predictions.models import BatchRun
from predictions.outcomes import FROM_SCORE
from predictions.services.odds.closing_line import BEFORE, NEWEST, STOOD_AT

PROBA = ["proba_home", "proba_draw", "proba_away"]
ODDS = ["odd_home", "odd_draw", "odd_away"]
COLUMNS = ["bookmaker", "match", "region", "tournament", "kickoff", "outcome", *PROBA, *ODDS]
# Lines of CSV, many to a row: a driver takes longer for a million rows than for their text.
OFFERS = f"""
    SELECT string_agg(concat_ws(',', {", ".join(COLUMNS)}), E'\\n')
    FROM (
        SELECT DISTINCT ON (p.match_id, o.bookmaker_id)
               o.bookmaker_id AS bookmaker, p.match_id AS match,
               t.region_id AS region, s.tournament_id AS tournament,
               extract(epoch FROM m.start_time_utc)::bigint AS kickoff,
               CASE WHEN {IS_VOID} OR {has_moved("m.start_time_utc", "p.start_time_utc")}
                    THEN {VOID}
                    ELSE {FROM_SCORE} END AS outcome,
               p.proba_home, p.proba_draw, p.proba_away, o.odd_home, o.odd_draw, o.odd_away
        FROM predictions_prediction p
        JOIN livescores_match m ON m.id = p.match_id
        JOIN livescores_season s ON s.id = m.season_id
        JOIN livescores_tournament t ON t.id = s.tournament_id
        JOIN predictions_odds o ON o.match_id = m.id
            AND {BEFORE} AND {STOOD_AT} <= %(as_of)s
        WHERE p.batch_id = %(batch)s AND NOT p.in_sample AND m.start_time_utc > %(trained_until)s
            AND m.same_as_id IS NULL
            AND (m.status = 'finished' OR {IS_VOID})
        ORDER BY p.match_id, o.bookmaker_id, {NEWEST}
    ) offers
    GROUP BY match / 1000
"""


def decided(batch: BatchRun) -> pd.DataFrame:
    """One row a bookmaker and match that is over or void.

    Only matches that the batch's model had not seen, at the last price that stood before kick-off
    and, where the batch was made before that, at its moment.
    """
    values: dict[str, Any] = {
        "batch": batch.pk,
        "as_of": batch.as_of,
        "trained_until": batch.model_version.trained_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, values)
        text = "\n".join([",".join(COLUMNS), *(lines for (lines,) in cursor.fetchall())])
    types = {name: "float64" if name in PROBA + ODDS else "int64" for name in COLUMNS}
    return pd.read_csv(io.BytesIO(f"{text}\n".encode()), engine="pyarrow", dtype=types)
