"""`GET /predict/model/info`: what serves a stage."""

import pytest

from predictions.workers import heartbeats
from tests.factories import (
    DAY,
    NOON,
    make_alias,
    make_match,
    make_model_version,
    make_publication,
)

URL = "/predict/model/info"
pytestmark = pytest.mark.django_db


def promote(stage="champion", **fields):
    version = make_model_version(**fields)
    make_alias(stage, model_version=version, changed_at=NOON + DAY)
    return version


def beat(*loaded):
    heartbeats.beat(
        {
            "name": "w1",
            "queues": ["ml"],
            "concurrency": 1,
            "loaded_models": list(loaded),
            "beaten_at": 0.0,
        }
    )


def test_it_shows_name_version_and_metrics(api):
    promote(
        version=7,
        run_id="8f14e45f",
        uri="models:/soccerpredict-1x2/7",
        recipe="blend",
        recipe_class="A odds-free",
        registered_at=NOON,
        trained_until=NOON - DAY,
        n_features=42,
        metrics={"log_loss": 0.98},
    )

    assert api.get(URL).json() == {
        "model_name": "soccerpredict-1x2",
        "model_stage": "champion",
        "model_version": 7,
        "model_run_id": "8f14e45f",
        "model_uri": "models:/soccerpredict-1x2/7",
        "loaded": False,
        "registered_at": "2026-03-14T12:00:00+00:00",
        "trained_until": "2026-03-13T12:00:00+00:00",
        "n_features": 42,
        "metrics": {"log_loss": 0.98},
        "recipe": "blend",
        "recipe_class": "A odds-free",
        "promoted_at": "2026-03-15T12:00:00+00:00",
        "comparison": None,
    }


def test_it_is_loaded_when_a_living_worker_says_so(api):
    promote(run_id="new")
    beat("champion:new")

    assert api.get(URL).json()["loaded"] is True


@pytest.mark.parametrize("loaded", [(), ("champion:old",), ("challenger:new",)])
def test_another_model_in_a_worker_is_not_it(api, loaded):
    promote(run_id="new")
    beat(*loaded)

    assert api.get(URL).json()["loaded"] is False


def test_the_newest_alias_counts(api):
    promote(run_id="old")
    promote(run_id="new")

    assert api.get(URL).json()["model_run_id"] == "new"


def test_each_stage_has_its_own(api):
    promote(run_id="one")
    promote("challenger", run_id="two")

    found = api.get(f"{URL}?stage=challenger").json()

    assert (found["model_stage"], found["model_run_id"]) == ("challenger", "two")


def test_before_the_first_promotion_it_is_503(api):
    response = api.get(URL)

    assert (response.status_code, response.json()["code"]) == (503, "model_not_ready")
    assert "Retry-After" in response


def test_with_the_broker_away_it_still_answers(api, settings):
    promote(run_id="new")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = api.get(URL)

    assert (response.status_code, response.json()["loaded"]) == (200, False)


def test_an_unchanged_poll_is_304(api):
    promote()
    tag = api.get(URL)["ETag"]

    assert api.get(URL, headers={"If-None-Match": tag}).status_code == 304


def test_it_takes_two_queries_where_nothing_is_compared(api, watched_queries):
    promote()
    api.get(URL)

    with watched_queries() as queries:
        api.get(URL)

    assert len(queries) == 2


def test_it_compares_both_stages_on_the_same_matches(api):
    promote()
    match = make_match(score=(2, 0))
    for stage, proba in (("champion", (0.5, 0.3, 0.2)), ("challenger", (0.4, 0.3, 0.3))):
        make_publication((match, proba), stage=stage)

    found = api.get(URL).json()["comparison"]

    assert found["n_matches"] == 1
    assert found["champion"]["recipe_class"] == "A odds-free"
    assert found["log_loss"] == {
        "champion": 0.693147,
        "challenger": 0.916291,
        "difference": -0.223144,
        "standard_error": None,
    }
