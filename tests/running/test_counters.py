"""Counters go on counting, whichever process ends."""

import os
import re
import signal

import pytest

from tests.stack import N_CHILDREN, N_WEB, eventually

pytestmark = pytest.mark.stack


def counters(api):
    """Every counter, and every count of a histogram, as `/metrics` tells."""
    pattern = r"^(\w+(?:_total|_count|_bucket|_sum)(?:{.*})?) (.+)$"
    found = re.findall(pattern, api.get("/metrics").text, re.MULTILINE)
    return {series: float(value) for series, value in found}


def gone_back(before, after):
    return {series for series, value in before.items() if after.get(series, -1.0) < value}


def killed(program, n):
    """Ends the program's children as a lack of memory would, and waits for those that follow."""
    before = {child.pid for child in program.children()}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len({child.pid for child in program.children()} - before) == n)


def test_no_counter_goes_back_when_web_processes_are_killed(stack, new_api, coming):
    for _ in range(5):
        new_api().get(f"/predict/precomputed/{coming['match_id']}")
    before = counters(new_api())

    killed(stack.web, N_WEB)
    eventually(lambda: stack._status("/readyz") == 200)

    after = counters(new_api())
    assert before['prediction_requests_total{source="precomputed"}'] >= 5
    assert not gone_back(before, after)


def test_the_folder_of_counts_stays_small(stack, new_api):
    for _ in range(2):
        killed(stack.web, N_WEB)
        eventually(lambda: stack._status("/readyz") == 200)

    living = {str(child.pid) for child in stack.web.children()}
    files = [file.stem for file in stack.folder.joinpath("prometheus").glob("*.db")]
    assert {name.split("_")[-1] for name in files} - living == {"0"}


def test_no_counter_goes_back_when_worker_processes_are_killed(stack, api, coming):
    live = f"/predict/{coming['match_id']}"
    api.get(live)
    eventually(lambda: any("task_runs_total" in series for series in counters(api)))
    before = counters(api)

    killed(stack.worker, N_CHILDREN)
    eventually(lambda: api.get(live).status_code == 200)

    after = counters(api)
    assert "inference_duration_seconds_count" in before
    assert not gone_back(before, after)


def test_hundreds_of_addresses_make_few_series(api):
    """Of routes, of nothing, with queries: what a scanner tries."""
    for number in range(250):
        for path in (f"/predict/precomputed/{number}", f"/{number}", f"/livez?x={number}"):
            api.get(path)

    text = api.get("/metrics").text
    assert len([line for line in text.splitlines() if not line.startswith("#")]) <= 2000
