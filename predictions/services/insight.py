"""What a worker tells of a match for its page: markets and what moved the prediction.

Everybody may open a page: one thread of a process may wait for a worker on its account, and an
answer is kept for a while, so that visitors never take the places of the API's clients.
"""

from threading import BoundedSemaphore
from typing import Any

from django.core.cache import cache

from predictions.services import asking
from predictions.services.asking import TooManyWaiting
from predictions.services.prediction_rows import BatchFacts

KEPT_SECONDS = 300
WAIT_SECONDS = 1.0
INCLUDE = ("markets", "explanation")
_waiting = BoundedSemaphore(1)


def of_match(match_id: int, facts: BatchFacts) -> dict[str, Any]:
    """The worker's answer with markets and explanation, by the model that `facts` names.

    Raises:
        TooManyWaiting: somebody else's page waits. And what `asking.match` raises.
    """
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
        return asking.match(match_id, stage, INCLUDE)
    finally:
        _waiting.release()
