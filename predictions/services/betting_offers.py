"""Predictions of decided matches beside each bookmaker's price that could have been taken."""

import io

import pandas as pd
from django.db import connection

from livescores.void_rule import IS_VOID, has_moved
from predictions.modelling.staking import VOID
from predictions.models import BatchRun
from predictions.services.closing_line import BEFORE, NEWEST, STOOD_AT

PROBA = ["proba_home", "proba_draw", "proba_away"]
ODDS = ["odd_home", "odd_draw", "odd_away"]
OFFERS = f"""
    COPY (
        SELECT DISTINCT ON (p.match_id, o.bookmaker_id)
               o.bookmaker_id AS bookmaker, p.match_id AS match,
               t.region_id AS region, s.tournament_id AS tournament,
               extract(epoch FROM m.start_time_utc)::bigint AS kickoff,
               CASE WHEN {IS_VOID} OR {has_moved("m.start_time_utc", "p.start_time_utc")}
                    THEN {VOID}
                    WHEN m.home_score > m.away_score THEN 0
                    WHEN m.home_score = m.away_score THEN 1 ELSE 2 END AS outcome,
               p.proba_home, p.proba_draw, p.proba_away, o.odd_home, o.odd_draw, o.odd_away
        FROM predictions_prediction p
        JOIN livescores_match m ON m.id = p.match_id
        JOIN livescores_season s ON s.id = m.season_id
        JOIN livescores_tournament t ON t.id = s.tournament_id
        JOIN predictions_odds o ON o.match_id = m.id
            AND {BEFORE} AND {STOOD_AT} <= %(as_of)s
        WHERE p.batch_id = %(batch)s AND NOT p.in_sample AND m.start_time_utc > %(trained_until)s
            AND (m.status = 'finished' OR {IS_VOID})
        ORDER BY p.match_id, o.bookmaker_id, {NEWEST}
    ) TO STDOUT (FORMAT csv, HEADER)
"""


def decided(batch: BatchRun) -> pd.DataFrame:
    """One row a bookmaker and match that is over or void, in that order of matches.

    Only matches that the batch's model had not seen, at the last price that stood before kick-off
    and, where the batch was made before that, at its moment.
    """
    values = {
        "batch": batch.pk,
        "as_of": batch.as_of,
        "trained_until": batch.model_version.trained_until,
    }
    text = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(OFFERS, values) as copy:
        for chunk in copy:
            text.write(chunk)
    text.seek(0)
    return pd.read_csv(text, engine="pyarrow", dtype=dict.fromkeys(PROBA + ODDS, "float64"))
