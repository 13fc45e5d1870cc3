"""A new batch and a new champion, while everything goes on running."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from predictions.models import AliasChange, BatchRun, ModelVersion, Prediction
from predictions.services.publishing import batch, publication
from predictions.services.versions import promotion
from tests.stack import N_CHILDREN, eventually

pytestmark = pytest.mark.stack
LIST = "/predict/predictions/"


def facts(response):
    """What a body's rows say of their making: one entry if they were never mixed."""
    return {(row["model_run_id"], row["predictions_computed_at"]) for row in response.json()}


def hammer(api, last):
    """Asks again and again until it is shown the `last` batch; each body's ETag and facts."""
    seen = []

    def ask():
        response = api.get(LIST)
        seen.append((response.headers["ETag"], frozenset(facts(response))))
        return last.done() and last.result() in {moment for _, moment in facts(response)}

    eventually(ask, 60)
    return seen


def computed_at(api, stage="champion"):
    return api.get(f"{LIST}?stage={stage}&limit=1").json()[0]["predictions_computed_at"]


def shown(found):
    return found.batch.computed_at.isoformat()


@pytest.fixture
def other_champion(in_stack):
    """Promotes the challenger's version to champion; afterwards the old one serves again."""
    version = ModelVersion.objects.get(recipe="blend")
    promotion.promote(
        stage="champion", version=version.version, by="tests", reason="test", force=True
    )
    yield version
    old = AliasChange.objects.current("champion").get().previous
    text = f"Holding version {old.version} as champion"
    n_before = len(in_stack.worker.lines(text))
    promotion.roll_back(stage="champion", by="tests", reason="test is over")
    eventually(lambda: len(in_stack.worker.lines(text)) == n_before + N_CHILDREN)


def test_both_processes_show_a_new_batch(api_of_each, in_stack):
    fresh = batch.run(stage="champion")

    for api in api_of_each:
        eventually(lambda api=api: computed_at(api) == shown(fresh))


def test_no_body_is_ever_mixed(api_of_each, in_stack):
    last = Future()
    with ThreadPoolExecutor(len(api_of_each)) as threads:
        hammering = [threads.submit(hammer, api, last) for api in api_of_each]
        batch.run(stage="champion")
        last.set_result(shown(batch.run(stage="champion")))

    for seen in (each.result() for each in hammering):
        assert all(len(found) == 1 for _, found in seen)
        assert len(set(seen)) == len({etag for etag, _ in seen}) > 1


def test_a_batch_of_one_stage_leaves_the_other(api_of_each, in_stack):
    before = {computed_at(api, "challenger") for api in api_of_each}
    fresh = batch.run(stage="champion")
    for api in api_of_each:
        eventually(lambda api=api: computed_at(api) == shown(fresh))

    assert {computed_at(api, "challenger") for api in api_of_each} == before


def test_a_batch_that_fails_leaves_the_old_one(api, in_stack, monkeypatch):
    before, n_batches, n_rows = (
        computed_at(api),
        BatchRun.objects.count(),
        Prediction.objects.count(),
    )

    def fail(batch):
        raise ConnectionError("The disk is full.")

    monkeypatch.setattr(publication, "publish", fail)
    with pytest.raises(ConnectionError):
        batch.run(stage="champion")

    assert computed_at(api) == before
    assert BatchRun.objects.count() == n_batches
    assert Prediction.objects.count() == n_rows


def test_live_answers_follow_a_promotion_without_a_restart(api, coming, other_champion):
    path = f"/predict/{coming['match_id']}"

    eventually(lambda: api.get(path).json()["model_run_id"] == other_champion.run_id)

    # Each process of the worker looks for itself: the other one may be seconds behind.
    challenger = api.get(f"{path}?stage=challenger").json()
    eventually(lambda: api.get(path).json()["probabilities"] == challenger["probabilities"])
    assert api.get(path).json()["model_stage"] == "champion"
    eventually(lambda: api.get("/predict/model/info").json()["loaded"])
    assert coming["model_run_id"] != other_champion.run_id
