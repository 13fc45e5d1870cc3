"""One published prediction, by one indexed query."""

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import Cursor

from predictions.outcomes import LABELS, predicted_class
from predictions.services.publishing.prediction_rows import BatchFacts
from soccerpredict.errors import NotFound

SELECT = """
    SELECT h.name, a.name, p.start_time_utc, p.proba_home, p.proba_draw, p.proba_away, p.in_sample
    FROM predictions_prediction p
    JOIN livescores_match m ON m.id = p.match_id
    JOIN livescores_team h ON h.id = m.home_team_id
    JOIN livescores_team a ON a.id = m.away_team_id
    WHERE p.batch_id = %s AND p.match_id = %s
"""


def of_match(facts: BatchFacts, match_id: int, *, now: datetime) -> dict[str, Any]:
    """The prediction of a match in a batch.

    Raises:
        NotFound: the batch has none.
    """
    found = _found(facts.batch_id, match_id)
    if found is None:
        raise NotFound(f"There is no prediction for match {match_id}.")
    home_name, away_name, start, home, draw, away, in_sample = found
    likeliest = predicted_class(home, draw, away)
    return {
        "match_id": match_id,
        "proba_home": home,
        "proba_draw": draw,
        "proba_away": away,
        "predicted_class": likeliest,
        "predicted_label": LABELS[likeliest],
        "home_team_name": home_name,
        "away_team_name": away_name,
        "model_stage": facts.stage,
        "model_run_id": facts.run_id,
        "is_future": start > now,
        "start_time_utc": start,
        "predictions_computed_at": facts.computed_at,
        "in_sample": in_sample,
    }


def _found(batch_id: str, match_id: int) -> tuple[Any, ...] | None:
    """By a prepared statement: planning the joins takes longer than running them."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(SELECT, [batch_id, match_id], prepare=True).fetchone()
