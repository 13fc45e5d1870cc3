"""What a worker process does besides tasks: hold models, and tell that it is alive.

Each child process holds models of its own and beats for its worker; whoever of them beats, the
worker is alive. Connected to Celery's signals by `PredictionsConfig.ready`.
"""

import logging
import time
from threading import Thread
from typing import Any

from celery.signals import celeryd_after_setup, worker_process_init, worker_shutdown
from django.conf import settings
from django.db import close_old_connections
from redis.exceptions import RedisError

from predictions.services import heartbeats
from predictions.services.heartbeats import Heartbeat

logger = logging.getLogger(__name__)

# Filled in by the parent before it forks.
_identity: Heartbeat = {
    "name": "",
    "queues": [],
    "concurrency": 0,
    "loaded_models": [],
    "beaten_at": 0.0,
}


def connect() -> None:
    celeryd_after_setup.connect(_note_identity)
    worker_process_init.connect(_start_thread)
    worker_shutdown.connect(_say_goodbye)


def _note_identity(sender: str = "", instance: Any = None, **_: Any) -> None:
    _identity["name"] = sender
    _identity["queues"] = sorted(instance.app.amqp.queues.consume_from)
    _identity["concurrency"] = instance.concurrency or 1


def _start_thread(**_: Any) -> None:
    Thread(target=_live_on, name="resident", daemon=True).start()


def _live_on() -> None:
    """Look for new models now and then, and beat, until the process ends."""
    serves_live = "ml" in _identity["queues"]
    next_look = 0.0
    while True:
        if serves_live and time.monotonic() >= next_look:
            _look_for_models()
            next_look = time.monotonic() + settings.MODEL_POLL_SECONDS
        _beat()
        time.sleep(heartbeats.EVERY_SECONDS)


def _look_for_models() -> None:
    from predictions.services import live  # numba and LightGBM: only for workers that predict

    try:
        close_old_connections()
        live.resident.refresh()
    except Exception:
        logger.exception("Looking for models failed.")
    _identity["loaded_models"] = live.resident.loaded


def _beat() -> None:
    _identity["beaten_at"] = time.time()
    try:
        heartbeats.beat(_identity)
    except RedisError as exc:
        logger.warning("The heartbeat could not be written: %s", type(exc).__name__)


def _say_goodbye(**_: Any) -> None:
    try:
        heartbeats.stop(_identity["name"])
    except RedisError:
        logger.info("Redis is gone before its worker.")
