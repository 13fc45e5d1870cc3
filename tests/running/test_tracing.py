"""A live prediction as one trace: web, broker, worker, model."""

import subprocess
import sys

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun, worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import connections
from django.test import Client
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from livescores.models import Match
from monitoring.task_rows import aside
from predictions.workers import heartbeats, lifecycle
from soccerpredict.database.connection import Connection
from soccerpredict.observability import spans, tracing
from tests.stack import eventually
from tests.stack_world import issue_key

KEY_IN_PATH = f"/predict/sp_0123abcd_{'x' * 43}"


@pytest.fixture
def exporter():
    """What would be sent to a collector."""
    kept = InMemorySpanExporter()
    tracing.start(SimpleSpanProcessor(kept))
    yield kept
    tracing.stop()


@pytest.fixture
def own_worker(in_stack, redis_client):
    """A worker in a thread of this process, where the exporter sees its spans, too."""
    worker_process_init.disconnect(lifecycle._start_living)  # its threads would outlive the test
    with start_worker(
        current_app, pool="solo", queues=["ml"], perform_ping_check=False, shutdown_timeout=20
    ):
        task_postrun.connect(close_connections)
        heartbeats.beat(
            {
                "name": "tests",
                "queues": ["ml"],
                "concurrency": 1,
                "loaded_models": [],
                "beaten_at": 0.0,
            }
        )
        yield
    worker_process_shutdown.send(sender=None)  # as by a pool's process at its end
    assert not aside.begun
    worker_process_init.connect(lifecycle._start_living)
    task_postrun.disconnect(close_connections)


def close_connections(**_):
    """The thread ends without closing its own."""
    connections.close_all()


def by_name(exporter, awaited):
    """The spans that have ended, once the awaited one has."""
    found = {span.name: span for span in exporter.get_finished_spans()}
    return found if awaited in found else None


def test_a_traced_connection_keeps_its_limits(exporter):
    with Connection.connect(settings.DATABASE_URL) as made:
        made.cursor().execute("SELECT 1")

    assert isinstance(made, Connection)
    assert [span.name for span in exporter.get_finished_spans()] == ["SELECT"]


@pytest.mark.stack
@pytest.mark.usefixtures("own_worker")
def test_a_live_prediction_is_one_trace(exporter):
    match = Match.objects.order_by("-start_time_utc").first()
    key = issue_key("tracing")

    answer = Client().get(f"/predict/{match.pk}?include=markets", headers={"X-API-Key": key})

    assert answer.status_code == 200
    found = eventually(lambda: by_name(exporter, "run/predictions.tasks.predict_match"))
    web = found["GET predict/<str:match_id>"]
    sent = found["apply_async/predictions.tasks.predict_match"]
    run = found["run/predictions.tasks.predict_match"]
    model = found["model.predict"]
    assert len({span.context.trace_id for span in (web, sent, run, model)}) == 1
    assert sent.parent.span_id == web.context.span_id
    assert run.parent.span_id == sent.context.span_id
    assert model.attributes["model_run_id"] == answer.json()["model_run_id"]
    assert web.attributes["request_id"] == answer["X-Request-ID"]
    assert key not in "".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_trace_holds_neither_query_nor_key(exporter):
    Client().get(f"{KEY_IN_PATH}?password=hunter2")

    told = "".join(span.to_json() for span in exporter.get_finished_spans())

    assert "sp_0123abcd_***" in told
    assert "xxxx" not in told
    assert "hunter2" not in told


def test_without_the_setting_nothing_of_it_is_loaded():
    code = (
        "import django, sys; django.setup(); import soccerpredict.urls;"
        "print([name for name in sys.modules if 'opentelemetry.instr' in name or 'otlp' in name])"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )

    assert shown.stdout.strip() == "[]"


def test_a_span_costs_nothing_while_nobody_listens():
    assert spans.span("a") is spans.span("b")
