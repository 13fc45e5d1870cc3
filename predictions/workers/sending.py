"""Hand tasks to the broker: soon, or not at all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from celery import signature
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


def send(
    task: str, arguments: Sequence[Any], *, expires: float, queue: str | None = None
) -> "AsyncResult[Any]":
    """Queue a task by its name; a worker that gets it more than `expires` seconds later drops it.

    Without a `queue` it goes to that of its task.

    Raises:
        BrokerAway: after seconds. Callers ask heartbeats first, which takes one at most.
    """
    where: dict[str, Any] = {"queue": queue} if queue else {}
    try:
        result: Any = signature(task, arguments).apply_async(
            expires=expires, retry_policy=RETRY, **where
        )
    except (OperationalError, RedisError, RuntimeError) as exc:
        # RuntimeError is what Celery raises when it cannot listen for the result.
        raise BrokerAway("The broker is away.") from exc
    result.was_sent_here = True
    sent: AsyncResult[Any] = result
    return sent
