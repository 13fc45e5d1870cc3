"""No worker, or one that is frozen: live predictions fail soon, everything else goes on."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.running.jobs import finished
from tests.stack import LIVE_WAIT_SECONDS, N_THREADS, N_WEB, eventually

pytestmark = [pytest.mark.stack, pytest.mark.fault]
N_CALLERS = 24
AT_ONCE = LIVE_WAIT_SECONDS - 1  # seconds: whoever waited for a worker would be later


@pytest.fixture(scope="module", autouse=True)
def _started_again(stack):
    yield
    for program in (stack.worker, stack.jobs):
        if program.process.poll() is not None:
            program.start()
    stack.await_worker()


@pytest.fixture
def stopped(stack, api):
    """Both workers have ended, and the web processes have noticed."""
    stack.worker.stop()
    stack.jobs.stop()
    eventually(lambda: api.get("/predict/1").status_code == 503)


@pytest.fixture
def frozen(stack):
    with stack.worker.frozen():
        yield


def live(api, path):
    return api.get(path, timeout=20)


def test_a_frozen_worker_is_waited_for_by_half_of_the_threads(new_api, coming, frozen):
    path = f"/predict/{coming['match_id']}"
    with ThreadPoolExecutor(N_CALLERS) as threads:
        asking = [threads.submit(live, new_api(), path) for _ in range(N_CALLERS)]
        read = [
            new_api().get(each, timeout=AT_ONCE) for each in ("/livez", "/predict/cards/?limit=1")
        ]

    responses = [each.result() for each in asking]
    late = [each.json() for each in responses if each.status_code == 504]
    refused = [each for each in responses if each.status_code == 503]
    assert [each.status_code for each in read] == [200, 200]
    assert 1 <= len(late) <= N_WEB * N_THREADS // 2
    assert len(late) + len(refused) == N_CALLERS
    assert {each.json()["code"] for each in refused} == {"too_many_waiting"}
    assert all(each.headers["Retry-After"] for each in refused)
    assert len({each["task_id"] for each in late}) == len(late)


def test_a_worker_that_thaws_answers_again(api, coming, stack):
    with stack.worker.frozen():
        late = api.get(f"/predict/{coming['match_id']}").json()

    eventually(lambda: api.get(f"/predict/{coming['match_id']}").status_code == 200, seconds=40)
    status = api.get(f"/monitoring/task_status/{late['task_id']}").json()
    assert status["status"] in ("pending", "revoked", "success")  # it came too late to be done


def test_without_a_worker_the_answer_comes_at_once(api, coming, fixture_body, stopped):
    asked = api.get(f"/predict/{coming['match_id']}", timeout=AT_ONCE)
    posted = api.post("/predict", json=fixture_body, timeout=AT_ONCE)

    for response in (asked, posted):
        assert response.status_code == 503
        assert response.json()["code"] == "no_worker"
        assert int(response.headers["Retry-After"]) > 0


def test_without_a_worker_reading_goes_on(api, coming, stopped):
    assert api.get(f"/predict/precomputed/{coming['match_id']}").status_code == 200
    assert api.get("/predict/predictions/").status_code == 200
    assert eventually(lambda: not api.get("/monitoring/celery/workers").json()["workers"])
    assert api.get("/predict/model/info").json()["loaded"] is False


def test_a_job_waits_for_a_worker(api, fixture_body, stopped, stack):
    job = api.post("/predict/async", json=fixture_body).json()
    assert api.get(f"/predict/async/{job['job_id']}").status_code == 202

    stack.jobs.start()

    assert finished(api, job)["status"] == "succeeded"
    stack.worker.start()
    stack.await_worker()
    assert api.post("/predict", json=fixture_body).status_code == 200


def test_a_job_survives_the_loss_of_its_machine(api, fixture_body, gate, stack):
    job = api.post("/predict/async", json=fixture_body).json()
    eventually(gate.has_waiting)

    stack.jobs.stop(signal.SIGKILL)
    gate.lose_waiting()
    gate.open()
    stack.jobs.start()

    assert finished(api, job)["status"] == "succeeded"
