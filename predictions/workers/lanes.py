"""The lanes of the queue `jobs`: a key's jobs wait in one of them, and workers take turns.

kombu asks for all lanes at once, that of the last job last. So no key's thousand jobs are before
another key's first one, with no scheduler of ours, and a lost worker's message comes back as any.
"""

from typing import Any

from celery import Celery

QUEUE = "jobs"
LIVE = "ml"
COUNT = 16  # keys whose jobs wait at the same time and share with nobody


def name(lane: int) -> str:
    return f"{QUEUE}.{lane}"


NAMES = tuple(name(lane) for lane in range(COUNT))


def consume(app: Celery) -> None:
    """Have a worker of the queue take what waits in its lanes, too."""
    queues: Any = app.amqp.queues
    for each in NAMES:
        queues.select_add(each)
