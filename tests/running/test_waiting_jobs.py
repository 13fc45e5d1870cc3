"""Thousands of jobs that wait hold up neither live predictions nor another key's job."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from predictions.models import PredictionJob
from tests.running.conftest import Api
from tests.running.jobs import finished
from tests.stack import MOST_JOBS, MOST_OF_KEY, eventually
from tests.stack_world import issue_key

pytestmark = [pytest.mark.stack, pytest.mark.fault, pytest.mark.timeout(600)]
N_LIVE = 60


@pytest.fixture
def held_up(in_stack):
    """The worker of jobs does nothing; at the end nothing waits any more."""
    nothing_waits()
    with in_stack.jobs.frozen():
        yield
    nothing_waits()


def nothing_waits():
    eventually(lambda: not PredictionJob.objects.unfinished().exists(), seconds=240)


def ask_for(url, key, body, n_jobs):
    """So many jobs of a key; the statuses of the answers."""
    with Api(url, key) as api:
        return [api.post("/predict/async", json=body).status_code for _ in range(n_jobs)]


def fill(stack, keys, body, numbers):
    with ThreadPoolExecutor(len(keys)) as threads:
        asking = [
            threads.submit(ask_for, stack.url, key, body, number)
            for key, number in zip(keys, numbers, strict=True)
        ]
        return list(itertools.chain.from_iterable(each.result() for each in asking))


def seconds_of(api, path):
    began = time.perf_counter()
    assert api.get(path).status_code == 200
    return time.perf_counter() - began


def test_bounds_refuse_and_live_predictions_stay_quick(
    api, fixture_body, coming, in_stack, held_up, figure
):
    keys = [issue_key(f"crowd {number}") for number in range(4)]
    own = [MOST_OF_KEY] * 3
    answers = fill(in_stack, keys, fixture_body, [*own, MOST_JOBS - sum(own)])
    assert set(answers) == {202}

    of_key = api.post("/predict/async", json=fixture_body, headers={"X-API-Key": keys[0]})
    of_all = api.post("/predict/async", json=fixture_body)
    told = [(each.status_code, each.json()["code"]) for each in (of_key, of_all)]
    assert told == [(429, "too_many_jobs"), (503, "queue_full")]
    assert all(int(each.headers["Retry-After"]) > 0 for each in (of_key, of_all))
    assert PredictionJob.objects.unfinished().count() == MOST_JOBS
    assert api.get("/monitoring/celery/queues").json()["queues"]["jobs"] >= MOST_JOBS - 10

    in_stack.jobs.thaw()
    path = f"/predict/{coming['match_id']}"
    took = sorted(seconds_of(api, path) for _ in range(N_LIVE))

    assert PredictionJob.objects.unfinished().exists(), "no job waited while it was measured"
    p95 = took[int(0.95 * N_LIVE)]
    figure(f"p95 of a live prediction with up to {MOST_JOBS} jobs waiting", p95)
    assert p95 < 2, "behind jobs each would wait for seconds"


def test_keys_take_turns(api, fixture_body, in_stack, held_up):
    many, few = issue_key("many"), issue_key("few")
    fill(in_stack, [many], fixture_body, [200])
    asked = {"json": fixture_body, "headers": {"X-API-Key": few}}
    job = api.post("/predict/async", **asked).json()

    in_stack.jobs.thaw()

    with Api(api.base, few) as own:
        assert finished(own, job)["status"] == "succeeded"
    theirs = PredictionJob.objects.get(pk=job["job_id"])
    before = PredictionJob.objects.exclude(key_id=theirs.key_id).filter(
        created_at__lt=theirs.created_at,
        started_at__gt=theirs.created_at,
        finished_at__lt=theirs.finished_at,
    )
    assert before.count() <= 10
