"""What a worker process does besides tasks: hold models, and tell that it is alive.

The parent loads the models before it forks, so that a child that takes another's place answers at
once; it and every child look for newer ones. Each child beats for its worker: whoever of them
does, the worker is alive. Connected to Celery's signals by `PredictionsConfig.ready`.
"""

import gc
import logging
import os
import time
from threading import Thread
from typing import Any

from celery.signals import (
    celeryd_after_setup,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)
from django.conf import settings
from django.db import connections
from redis.exceptions import RedisError

from predictions.workers import counters, heartbeats, lanes
from predictions.workers.heartbeats import WorkerHeartbeat
from soccerpredict import threads

logger = logging.getLogger(__name__)

# Filled in by the parent before it forks.
_identity: WorkerHeartbeat = {
    "name": "",
    "queues": [],
    "concurrency": 0,
    "loaded_models": [],
    "beaten_at": 0.0,
}


def connect() -> None:
    celeryd_after_setup.connect(_prepare)
    worker_ready.connect(_start_looking)
    worker_process_init.connect(_start_living)
    worker_process_shutdown.connect(_write_counters)
    worker_shutdown.connect(_say_goodbye)


def _prepare(sender: str = "", instance: Any = None, **_: Any) -> None:
    """In the parent, before its pool forks."""
    _identity["name"] = sender
    _identity["queues"] = sorted(instance.app.amqp.queues.consume_from)
    _identity["concurrency"] = instance.concurrency or 1
    if lanes.QUEUE in _identity["queues"]:
        lanes.consume(instance.app)
    if _predicts():
        # GNU's OpenMP hangs in a child whose parent had its threads compute before the fork.
        threads.settle(1)
        from predictions.services.live import (
            inference,  # numba and LightGBM: for workers that predict
        )

        _look_for_models()
        gc.freeze()  # Celery collects before each fork: what is held here is looked through once
        os.register_at_fork(
            before=inference.worker_state.lock.acquire,
            after_in_parent=inference.worker_state.lock.release,
            after_in_child=inference.worker_state.lock.release,
        )


def _predicts() -> bool:
    return not {lanes.LIVE, lanes.QUEUE}.isdisjoint(_identity["queues"])


def _start_looking(**_: Any) -> None:
    if _predicts():
        Thread(target=_look_on, name="models", daemon=True).start()


def _start_living(**_: Any) -> None:
    counters.pending.begin()
    Thread(target=_live_on, name="models", daemon=True).start()


def _look_on() -> None:
    """In the parent: keep what new children start with up to date."""
    while True:
        time.sleep(settings.MODEL_POLL_SECONDS)
        _look_for_models()


def _live_on() -> None:
    """In a child: look for new models now and then, and beat, until the process ends."""
    next_look = 0.0
    while True:
        if _predicts() and time.monotonic() >= next_look:
            _look_for_models()
            next_look = time.monotonic() + settings.MODEL_POLL_SECONDS
        _beat()
        _write_counters()
        time.sleep(heartbeats.EVERY_SECONDS)


def _look_for_models() -> None:
    from predictions.services.live import inference

    try:
        inference.worker_state.refresh()
    except Exception:  # a thread that ended here would leave the worker with its models for good
        logger.exception("Looking for models failed.")
    finally:
        # A connection must neither be shared by a fork nor outlive a restart of the database.
        connections.close_all()
    _identity["loaded_models"] = inference.worker_state.loaded


def _beat() -> None:
    _identity["beaten_at"] = time.time()
    try:
        heartbeats.beat(_identity)
    except RedisError as exc:
        logger.warning("The heartbeat could not be written: %s", type(exc).__name__)


def _write_counters(**_: Any) -> None:
    counters.pending.write()


def _say_goodbye(**_: Any) -> None:
    try:
        heartbeats.stop(_identity["name"])
    except RedisError:
        logger.info("Redis is gone before its worker.")
