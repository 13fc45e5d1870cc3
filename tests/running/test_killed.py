"""Commands killed at any moment: what was good serves on, and the next run ends well.

By default the first two are killed once; `make faults` kills each ten times, by `--moments=10`.
"""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from livescores.models import ImportReport
from tests.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.fault]
LIST = "/predict/predictions/"
LONGEST = 240  # seconds for one command on a busy machine
COMMANDS = {
    "features": ["build_features", "--full"],
    "batch": ["batch_inference"],
    "betting": ["simulate_betting"],
    "ratings": ["rate_teams"],
}
SHORT_FORM = ("features", "batch")
HELD = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database()
"""


def start(stack, words):
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={
            **stack.worker.environment,
            "LIVE_WAIT_SECONDS": "30",
            "CELERY_VISIBILITY_SECONDS": "35",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(stack, words):
    """To its end; how many seconds that took."""
    began = time.monotonic()
    program = start(stack, words)
    said, _ = program.communicate(timeout=LONGEST)
    assert program.returncode == 0, said
    return time.monotonic() - began


def kill_after(seconds, program):
    """With all that it has started, as a machine that fails would."""
    time.sleep(seconds)
    os.killpg(program.pid, signal.SIGKILL)
    program.communicate(timeout=LONGEST)


def moments(request, longest):
    drawn = random.Random(request.node.name)
    return [drawn.uniform(0, longest) for _ in range(request.config.getoption("--moments"))]


def no_lock_remains():
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        return cursor.fetchone() == (0,)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_leaves_the_last_good_state(in_stack, api, request, name):
    words = COMMANDS[name]
    if name not in SHORT_FORM and request.config.getoption("--moments") == 1:
        pytest.skip("killed by make faults")
    took = run(in_stack, words)
    for moment in moments(request, took):
        before = api.get(LIST)
        kill_after(moment, start(in_stack, words))

        after = api.get(LIST)
        assert after.status_code == 200
        runs = {row["model_run_id"] for row in after.json()}
        assert len(runs) == 1, "rows of two runs were mixed"
        assert len(after.json()) == len(before.json())
        assert no_lock_remains()
        run(in_stack, words)
        assert api.get("/readyz").status_code == 200
        assert not ImportReport.objects.filter(status="running").exists()
