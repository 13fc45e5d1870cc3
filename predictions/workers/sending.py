"""Hand tasks to the broker: soon, or not at all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from soccerpredict.errors import ServiceUnavailable

if TYPE_CHECKING:
    from celery.result import AsyncResult

# A kept connection may be from before a restart of the broker: once more, then the caller hears.
RETRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}


class BrokerAway(ServiceUnavailable):
    code = "broker_away"
    title = "The broker does not answer"


def send(task: Any, arguments: Sequence[Any], *, expires: float) -> "AsyncResult[Any]":
    """Queue a task; a worker that gets it later than `expires` seconds from now drops it.

    Raises:
        BrokerAway: after seconds. Callers ask heartbeats first, which takes one at most.
    """
    try:
        result: Any = task.apply_async(arguments, expires=expires, retry_policy=RETRY)
    except (OperationalError, RedisError, RuntimeError) as exc:
        # RuntimeError is what Celery raises when it cannot listen for the result.
        raise BrokerAway("The broker is away.") from exc
    result.was_sent_here = True
    sent: AsyncResult[Any] = result
    return sent
