import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from monitoring.services.platform import health, platform_metrics
from monitoring.services.tasks import celery_state
from predictions.workers import heartbeats

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = "probe@tests"


@pytest.fixture
def client(settings):
    """A client of these routes; an exception becomes an answer, as behind a real server."""
    settings.ROOT_URLCONF = "monitoring.api.urls"
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    for remembered in (health.database, health.model, health.queue, celery_state.newest):
        remembered.forget()
    for snapshot in platform_metrics.collector.snapshots:
        snapshot.forget()


@pytest.fixture(params=["closed", "frozen"])
def dead_port(request):
    return request.getfixturevalue(f"{request.param}_port")


@pytest.fixture
def database_at(monkeypatch):
    """Moves the database, for connections made from now on."""

    def move(port):
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", str(port))

    return move


@pytest.fixture
def broker_at(settings):
    """Moves Redis, as far as settings are read at run time."""

    def move(port):
        settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"

    return move


def eventually(holds, seconds=20):
    """Waits until `holds()` is true of what another process does."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def worker(django_db_setup, django_db_blocker):
    """A real worker of all queues on the tests' servers; yields its process."""
    broker = redis.Redis.from_url(django_settings.REDIS_URL)
    broker.flushdb()
    command = [sys.executable, "-m", "celery", "-A", "soccerpredict.celery", "worker"]
    options = ["-I", "tests.monitoring.tasks", "-Q", "ml,batch,io", "-c", "1", "-n", WORKER]
    quick = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    process = subprocess.Popen(
        [*command, *options, *quick], cwd=ROOT, env=worker_environment(), start_new_session=True
    )
    try:
        eventually(lambda: current_app.control.ping(timeout=0.5, limit=1), seconds=60)
        eventually(heartbeats.workers)
        yield process
    finally:
        process.terminate()
        process.wait(30)
        broker.flushdb()
        broker.close()


def worker_environment():
    parts = connection.settings_dict
    user, password, host = (quote(parts[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    url = f"postgresql://{user}:{password}@{host}:{parts['PORT']}/{parts['NAME']}"
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "soccerpredict.settings", "DATABASE_URL": url}
