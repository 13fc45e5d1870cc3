"""Tasks of the tests' own worker."""

import redis
from celery import Task, shared_task
from django.conf import settings

GATE = "tests:gate"


@shared_task
def double(number):
    return {"doubled": 2 * number}


@shared_task
def fail(secret):
    raise ValueError(f"the text with {secret}")


@shared_task(bind=True)
def try_later(self: Task):
    raise self.retry(countdown=60, exc=ValueError("the text of a retry"))


@shared_task
def wait_at_the_gate():
    """Until the test opens it."""
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=40).blpop(GATE, timeout=30)
