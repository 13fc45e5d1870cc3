"""`GET /predict/{match_id}` with a real worker behind it."""

import uuid

import pytest
from django_celery_results.models import TaskResult

from tests.running.rounding import ROUNDING
from tests.stack import eventually
from tests.stack_world import issue_key

pytestmark = pytest.mark.stack
MEMBERS = {
    "match_id",
    "predicted_class",
    "predicted_label",
    "probabilities",
    "model_version",
    "model_run_id",
    "model_stage",
    "predictions_computed_at",
    "in_sample",
    "task_id",
}


def published(row):
    return {
        "home_win": pytest.approx(row["proba_home"], abs=ROUNDING),
        "draw": pytest.approx(row["proba_draw"], abs=ROUNDING),
        "away_win": pytest.approx(row["proba_away"], abs=ROUNDING),
    }


def test_it_has_every_member_of_the_contract(api, coming):
    answer = api.get(f"/predict/{coming['match_id']}").json()

    assert set(answer) == MEMBERS
    assert answer["model_version"] == answer["model_stage"] == "champion"
    assert uuid.UUID(answer["task_id"])
    assert answer["predictions_computed_at"].endswith("+00:00")


@pytest.mark.parametrize("stage", ["champion", "challenger"])
@pytest.mark.parametrize("is_future", ["true", "false"])
def test_it_equals_the_published_prediction(api, stage, is_future):
    row = api.get(f"/predict/predictions/?stage={stage}&future_only={is_future}&limit=1").json()[0]

    answer = api.get(f"/predict/{row['match_id']}?stage={stage}").json()

    assert answer["probabilities"] == published(row)
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-9)
    for name in ("predicted_class", "predicted_label", "model_run_id", "model_stage"):
        assert answer[name] == row[name]
    assert answer["in_sample"] is row["in_sample"] is (is_future == "false")


def test_markets_agree_with_the_probabilities(api, coming):
    answer = api.get(f"/predict/{coming['match_id']}?include=markets").json()

    proba, markets = answer["probabilities"], answer["markets"]
    [level] = [line for line in markets["asian_handicap"] if line["line"] == 0]
    assert level["home_win"] == pytest.approx(proba["home_win"], abs=1e-9)
    assert level["push"] == pytest.approx(proba["draw"], abs=1e-9)
    assert all(both["over"] + both["under"] == pytest.approx(1) for both in markets["over_under"])
    assert sum(markets["both_teams_to_score"].values()) == pytest.approx(1)
    assert "explanation" not in answer


def test_shares_of_the_features_add_up(api, coming):
    answer = api.get(f"/predict/{coming['match_id']}?include=explanation").json()

    told = answer["explanation"]
    for outcome, proba in answer["probabilities"].items():
        shares = sum(feature[outcome] for feature in told["features"])
        rest = told["all_others"][outcome]
        assert told["average_match"][outcome] + shares + rest == pytest.approx(proba, abs=1e-9)


def test_an_unknown_match_is_not_found(api):
    response = api.get("/predict/2000000000")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "There is no match 2000000000."
    assert response.json()["request_id"] == response.headers["X-Request-ID"]


def test_a_key_for_reading_may_not_ask(api, in_stack):
    reader = {"X-API-Key": issue_key("reader", scopes=["read"])}

    assert api.get("/predict/1", headers=reader).status_code == 403
    assert api.get("/predict/model/info", headers=reader).status_code == 200


def test_the_result_reaches_the_admin_and_the_task_status(api, coming, in_stack):
    answer = api.get(f"/predict/{coming['match_id']}").json()

    rows = TaskResult.objects.filter(task_id=answer["task_id"], status="SUCCESS")
    eventually(rows.exists)
    status = api.get(f"/monitoring/task_status/{answer['task_id']}").json()
    assert status["status"] == "success"
    assert status["result"]["probabilities"] == answer["probabilities"]


def test_the_model_is_loaded(api, coming):
    info = api.get("/predict/model/info").json()

    assert info["loaded"] is True
    assert info["model_run_id"] == coming["model_run_id"]


def test_processes_are_replaced_and_nobody_notices(stack, api, coming):
    before = {child.pid for child in stack.worker.children()}

    answers = [api.get(f"/predict/{coming['match_id']}").status_code for _ in range(100)]

    assert set(answers) == {200}
    assert {child.pid for child in stack.worker.children()} - before
