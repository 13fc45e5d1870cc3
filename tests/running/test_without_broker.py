"""The broker frozen: what needs it fails soon, everything else goes on."""

import time

import pytest

from tests.stack import eventually

pytestmark = [pytest.mark.stack, pytest.mark.fault]
SOON = 4  # seconds


def not_ready(api):
    """The body that says so; each comes at once, the first ones may trust in what was."""
    began = time.monotonic()
    answer = api.get("/readyz", timeout=SOON)
    assert time.monotonic() - began < 1
    return answer.json() if answer.status_code == 503 else None


@pytest.fixture
def frozen(stack):
    with stack.frozen_broker():
        yield
    stack.await_worker()


@pytest.mark.usefixtures("frozen")
def test_what_needs_the_broker_fails_soon_and_reading_goes_on(api, coming, fixture_body):
    live = api.get(f"/predict/{coming['match_id']}", timeout=SOON)
    job = api.post("/predict/async", json=fixture_body, timeout=SOON)
    ready = eventually(lambda: not_ready(api), seconds=SOON)
    reads = [
        api.get(path, timeout=SOON).status_code
        for path in (
            "/livez",
            "/healthcheck/",
            "/predict/predictions/",
            f"/predict/precomputed/{coming['match_id']}",
            "/predict/cards/?limit=1",
            "/predict/model/info",
            "/livescores/?limit=1",
        )
    ]

    assert [live.status_code, job.status_code] == [503, 503]
    assert live.headers["Retry-After"]
    assert ready["broker"] == "away"
    assert set(reads) == {200}


def test_after_a_thaw_everything_works_again(api, coming, stack):
    with stack.frozen_broker():
        eventually(lambda: not_ready(api), seconds=SOON)

    path = f"/predict/{coming['match_id']}"
    eventually(lambda: api.get(path).status_code == 200, seconds=40)
    eventually(lambda: api.get("/readyz").status_code == 200)
