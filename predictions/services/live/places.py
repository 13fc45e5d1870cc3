"""Where a job waits: in its key's lane, as long as neither the key nor all have too many."""

from collections import Counter

from django.conf import settings
from django.db.models import Count

from predictions.models import PredictionJob
from predictions.workers import lanes
from soccerpredict.errors import ServiceUnavailable, TooManyRequests


class TooManyJobs(TooManyRequests):
    code = "too_many_jobs"
    title = "Too many jobs of this key wait"


class QueueFull(ServiceUnavailable):
    code = "queue_full"
    title = "Too many jobs wait"


def choose(key_id: int | None) -> int:
    """The lane of one more job of this key.

    Raises:
        TooManyJobs: so many of the key's own wait or run. QueueFull: so many of all keys.
    """
    of_lanes, own = _unfinished(key_id)
    if own.total() >= settings.JOBS_WAITING_PER_KEY:
        message = f"{own.total()} jobs of this key wait; collect some before you ask for more."
        raise TooManyJobs(message, retry_after=5)
    if of_lanes.total() >= settings.JOBS_WAITING:
        raise QueueFull(f"{of_lanes.total()} jobs wait.", retry_after=10)
    # A key stays in its lane, so that its jobs are done in their order.
    return max(own) if own else min(range(lanes.COUNT), key=lambda lane: of_lanes[lane])


def _unfinished(key_id: int | None) -> tuple[Counter[int], Counter[int]]:
    """Jobs in each lane, and those of this key among them."""
    of_lanes: Counter[int] = Counter()
    own: Counter[int] = Counter()
    counted = PredictionJob.objects.unfinished().values_list("key_id", "lane")
    for key, lane, n_jobs in counted.annotate(n_jobs=Count("pk")).order_by():
        of_lanes[lane] += n_jobs
        if key == key_id:
            own[lane] += n_jobs
    return of_lanes, own
