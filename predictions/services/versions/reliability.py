"""What a version said beside what came true, on matches that it had not learned from."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from predictions.models import BatchRun, ModelVersion

N_BINS = 10

SELECT = """
    WITH said AS (
        SELECT p.proba_home, p.proba_draw, p.proba_away, m.home_score - m.away_score AS lead
        FROM predictions_prediction p
        JOIN livescores_match m ON m.id = p.match_id
        WHERE p.batch_id = %s AND p.start_time_utc > %s AND NOT p.in_sample
          AND m.status = 'finished'
    ), pairs AS (
        SELECT proba_home AS proba, (lead > 0)::int AS came FROM said
        UNION ALL SELECT proba_draw, (lead = 0)::int FROM said
        UNION ALL SELECT proba_away, (lead < 0)::int FROM said
    )
    SELECT avg(proba), avg(came), count(*) FROM pairs
    -- width_bucket gives 1 itself a bucket of its own, behind the last.
    GROUP BY least(width_bucket(proba, 0, 1, %s), %s) ORDER BY 1
"""


@dataclass(frozen=True)
class Bin:
    """Probabilities of about the same size: their mean, and the share that came true."""

    stated: float
    came_true: float
    n: int


def of_version(version: ModelVersion) -> list[Bin]:
    """By the newest batch run of the version; empty before its first result."""
    batch = BatchRun.objects.filter(model_version=version).order_by("-computed_at").first()
    if batch is None:
        return []
    values: list[Any] = [batch.pk, version.trained_until, N_BINS, N_BINS]
    with connection.cursor() as cursor:
        cursor.execute(SELECT, values)
        return [Bin(float(stated), float(came), n) for stated, came, n in cursor.fetchall()]
