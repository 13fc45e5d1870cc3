"""What is behind a published prediction: markets, and what moved it.

The batch keeps it of every match. Of one that it does not have yet, a page may ask a worker:
everybody may open a page, so one thread of a process may wait on its account, and an answer is kept
for a while, so that visitors never take the places of the API's clients.
"""

import json
from threading import BoundedSemaphore
from typing import Any

from django.core.cache import cache
from django.db import connection

from predictions.modelling.pricing.markets import all_markets
from predictions.services.live import live_requests
from predictions.services.live.live_requests import TooManyWaiting
from predictions.services.publishing import insight_records
from predictions.services.publishing.prediction_rows import BatchFacts

KEPT_SECONDS = 300
WAIT_SECONDS = 1.0
INCLUDE = ("markets", "explanation")
_waiting = BoundedSemaphore(1)


STORED = """
    SELECT b.packed, b.facts, p.proba_home, p.proba_draw, p.proba_away
    FROM predictions_prediction p
    JOIN predictions_batchrun r ON r.id = p.batch_id
    JOIN predictions_insightblock b
      ON b.model_version_id = r.model_version_id AND b.number = p.match_id / %s
    WHERE p.batch_id = %s AND p.match_id = %s
"""


def stored(match_id: int, facts: BatchFacts) -> dict[str, Any] | None:
    """Markets and explanation of a match as the batch kept them, if it did.

    They agree with the served probabilities: the score matrix is scaled to them, and the shares
    lead to them.
    """
    with connection.cursor() as cursor:
        cursor.execute(STORED, [insight_records.BLOCK, facts.batch_id, match_id])
        row = cursor.fetchone()
    if row is None:
        return None
    packed, kept, *served = row
    about = json.loads(kept)
    record = insight_records.found(bytes(packed), match_id, about["names"])
    if record is None:
        return None
    return {
        "markets": all_markets(*record.goals, served),
        "explanation": insight_records.explained(served, about["average"], record.reasons),
    }


def of_match(match_id: int, facts: BatchFacts) -> dict[str, Any]:
    """Markets and explanation by the model that `facts` names: kept, or from a worker.

    Raises:
        TooManyWaiting: somebody else's page waits. And what `live_requests.match` raises.
    """
    found = stored(match_id, facts)
    if found is not None:
        return found
    name = f"insight:{facts.stage}:{facts.run_id}:{match_id}"
    kept: dict[str, Any] | None = cache.get(name)
    if kept is None:
        kept = _asked(match_id, facts.stage)
        cache.set(name, kept, KEPT_SECONDS)
    return kept


def _asked(match_id: int, stage: str) -> dict[str, Any]:
    if not _waiting.acquire(timeout=WAIT_SECONDS):
        raise TooManyWaiting("Others are asking just now: try again in a moment.", retry_after=2)
    try:
        return live_requests.match(match_id, stage, INCLUDE)
    finally:
        _waiting.release()
