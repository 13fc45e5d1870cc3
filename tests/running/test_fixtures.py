"""`POST /predict`: any two teams, at any time."""

import pytest

from tests.running.conftest import body_of, played
from tests.running.rounding import ROUNDING

pytestmark = pytest.mark.stack


def probabilities(answer):
    found = answer["prediction"]
    return [found["home_win_proba"], found["draw_proba"], found["away_win_proba"]]


def row_of(api, match_id, stage="champion"):
    row = api.get(f"/predict/precomputed/{match_id}?stage={stage}").json()
    return [row["proba_home"], row["proba_draw"], row["proba_away"]]


@pytest.fixture
def finished(api):
    """Some finished matches, spread over the years."""
    return played(api, "?status=finished&limit=5000")[150::400]


def test_it_answers_in_the_words_of_the_contract(api, fixture_body):
    response = api.post("/predict", json=fixture_body)

    answer = response.json()
    info = api.get("/predict/model/info").json()
    assert response.status_code == 200
    assert set(answer) == {"prediction", "model", "meta"}
    assert answer["model"] == {
        "model_uri": info["model_uri"],
        "model_version": info["model_version"],
        "model_stage": "champion",
        "model_run_id": info["model_run_id"],
    }
    assert answer["meta"]["request_id"] == response.headers["X-Request-ID"]
    assert sum(probabilities(answer)) == pytest.approx(1, abs=1e-6)


def test_a_coming_match_is_answered_as_published(api, coming, fixture_body):
    answer = api.post("/predict", json=fixture_body).json()

    expected = row_of(api, coming["match_id"])
    assert probabilities(answer) == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("stage", ["champion", "challenger"])
def test_past_matches_are_answered_without_later_results(api, finished, stage):
    bodies = [body_of(match, stage=stage) for match in finished]

    answers = api.post("/predict", json=bodies).json()

    assert len(answers) == len(bodies) > 5
    for match, answer in zip(finished, answers, strict=True):
        expected = row_of(api, match["id"], stage)
        assert probabilities(answer) == pytest.approx(expected, abs=ROUNDING)
        assert answer["model"]["model_stage"] == stage


def test_it_says_what_the_model_learned_from(api, finished, fixture_body):
    answers = api.post("/predict", json=[fixture_body, body_of(finished[0])]).json()

    assert finished[0]["startTimeUtc"] <= api.get("/predict/model/info").json()["trained_until"]
    assert [answer["prediction"]["in_sample"] for answer in answers] == [False, True]


def test_an_array_mixes_stages_and_times(api, fixture_body, finished):
    bodies = [
        fixture_body,
        {**fixture_body, "stage": "challenger"},
        body_of(finished[0]),
        {**fixture_body, "match_datetime_utc": "2031-05-01T18:00:00+02:00"},
    ]

    answers = api.post("/predict", json=bodies).json()

    stages = [answer["model"]["model_stage"] for answer in answers]
    assert stages == ["champion", "challenger", "champion", "champion"]
    alone = [api.post("/predict", json=body).json() for body in bodies]
    assert [probabilities(answer) for answer in answers] == [probabilities(one) for one in alone]


def test_teams_that_never_met_may_meet(api, finished):
    home = finished[0]
    away = next(match for match in finished if match["regionId"] != home["regionId"])
    body = {
        "home_team_id": home["homeTeamId"],
        "away_team_id": away["awayTeamId"],
        "match_datetime_utc": "2030-01-01T15:00:00Z",
    }

    answer = api.post("/predict", json=body).json()

    assert sum(probabilities(answer)) == pytest.approx(1, abs=1e-6)


def test_a_neutral_venue_changes_the_answer(api, fixture_body):
    at_home = api.post("/predict", json=fixture_body).json()
    neutral = api.post("/predict", json={**fixture_body, "neutral_venue": True}).json()

    assert probabilities(neutral) != probabilities(at_home)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_time_are_no_failure(api, fixture_body, moment):
    response = api.post("/predict", json={**fixture_body, "match_datetime_utc": moment})

    assert response.status_code in (200, 422)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"favourite": 1}, ["body", "favourite"]),
        ({"home_team_id": "1"}, ["body", "home_team_id"]),
        ({"home_team_id": True}, ["body", "home_team_id"]),
        ({"home_team_id": 2_000_000_000}, ["body", "home_team_id"]),
        ({"tournament_id": 2_000_000_000}, ["body", "tournament_id"]),
        ({"match_datetime_utc": "2031-05-01T18:00:00"}, ["body", "match_datetime_utc"]),
        ({"neutral_venue": 1}, ["body", "neutral_venue"]),
    ],
)
def test_each_fault_is_named(api, fixture_body, change, place):
    response = api.post("/predict", json={**fixture_body, **change})

    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [place]


def test_the_fault_of_an_array_names_its_index(api, fixture_body):
    response = api.post("/predict", json=[fixture_body, {**fixture_body, "favourite": 1}])

    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["body", 1, "favourite"]


def test_a_match_id_must_fit_the_teams(api, coming, fixture_body):
    right = {**fixture_body, "match_id": coming["match_id"]}
    other = {**fixture_body, "match_id": coming["match_id"] - 1}

    assert api.post("/predict", json=right).status_code == 200
    assert api.post("/predict", json=other).status_code == 422
    assert api.post("/predict", json={**right, "match_id": 2_000_000_000}).status_code == 404


def test_an_unknown_stage_is_a_bad_request(api, fixture_body):
    assert api.post("/predict", json={**fixture_body, "stage": "best"}).status_code == 400
