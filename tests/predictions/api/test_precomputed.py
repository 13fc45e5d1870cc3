"""`GET /predict/precomputed/{match_id}`."""

import pytest

from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_insight_block,
    make_match,
    make_model_version,
    make_prediction,
    make_publication,
    make_team,
)

EVEN = (0.5, 0.3, 0.2)
pytestmark = pytest.mark.django_db


def url(match):
    return f"/predict/precomputed/{match.pk}"


def test_it_is_as_the_reference_shows_it(api):
    match = make_match(
        home_team=make_team(name="Ajax"),
        away_team=make_team(name='Ö "x", 中'),
        start_time_utc=NOON + HOUR,
    )
    version = make_model_version(run_id="8f14e45f")
    make_publication((match, (0.2, 0.5, 0.3)), model_version=version, computed_at=NOON - DAY)

    response = api.get(url(match))

    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "match_id": match.pk,
        "proba_home": 0.2,
        "proba_draw": 0.5,
        "proba_away": 0.3,
        "predicted_class": 1,
        "predicted_label": "draw",
        "home_team_name": "Ajax",
        "away_team_name": 'Ö "x", 中',
        "model_stage": "champion",
        "model_run_id": "8f14e45f",
        "is_future": True,
        "start_time_utc": "2026-03-14T13:00:00+00:00",
        "predictions_computed_at": "2026-03-13T12:00:00+00:00",
        "in_sample": False,
    }


def test_it_agrees_with_the_list(api):
    match = make_match()
    make_publication((match, (1 / 3, 1 / 3, 1 - 2 / 3)))

    one, (row,) = api.get(url(match)).json(), api.get("/predict/predictions/?limit=1").json()

    assert one["proba_home"] == row["proba_home"] == 1 / 3
    assert one["model_run_id"] == row["model_run_id"]


def test_a_match_without_a_prediction_is_404(api):
    make_publication((make_match(), EVEN))

    response = api.get(url(make_match()))

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_match_that_is_not_there_is_404(api):
    make_publication((make_match(), EVEN))

    assert api.get("/predict/precomputed/2147483647").status_code == 404


def test_a_prediction_that_is_not_published_is_404(api):
    make_publication((make_match(), EVEN))
    match = make_match()
    make_prediction(match)

    assert api.get(url(match)).status_code == 404


def test_each_stage_has_its_own(api):
    match = make_match()
    make_publication((match, EVEN))
    make_publication((match, (0.1, 0.1, 0.8)), stage="challenger")

    found = api.get(f"{url(match)}?stage=challenger").json()

    assert (found["model_stage"], found["proba_away"]) == ("challenger", 0.8)


def test_before_anything_is_published_it_is_503(api):
    assert api.get(url(make_match())).json()["code"] == "nothing_published"


def test_an_unchanged_poll_is_304(api):
    match = make_match()
    make_publication((match, EVEN))
    tag = api.get(url(match))["ETag"]

    assert api.get(url(match), headers={"If-None-Match": tag}).status_code == 304


def test_it_takes_one_query(api, watched_queries):
    match = make_match()
    make_publication((match, EVEN))
    api.get(url(match))

    with watched_queries() as queries:
        api.get(url(match))

    assert len(queries) == 1


@pytest.fixture
def kept():
    """A match that was predicted and has its insight."""
    match, version = make_match(), make_model_version()
    make_publication((match, EVEN), model_version=version)
    make_insight_block(match, model_version=version)
    return match


def test_markets_are_told_that_agree_with_it(api, kept):
    found = api.get(url(kept) + "?include=markets").json()

    lines = {line["line"]: line for line in found["markets"]["asian_handicap"]}
    assert lines[-0.5]["home_win"] == pytest.approx(EVEN[0], abs=1e-9)
    assert lines[0.0]["push"] == pytest.approx(EVEN[1], abs=1e-9)
    assert found["proba_home"] == EVEN[0]
    assert "explanation" not in found


def test_reasons_are_told_that_lead_to_it(api, kept):
    found = api.get(url(kept) + "?include=markets,explanation").json()["explanation"]

    (reason,) = found["features"]
    assert (reason["name"], reason["value"]) == ("elo_difference", 80.0)
    assert reason["home_win"] == pytest.approx(0.1, abs=2e-5)
    assert reason["draw"] == pytest.approx(-0.1, abs=2e-5)
    for name, served in zip(("home_win", "draw", "away_win"), EVEN, strict=True):
        parts = [found["average_match"], reason, found["all_others"]]
        assert sum(part[name] for part in parts) == pytest.approx(served, abs=1e-9)


def test_what_is_not_kept_yet_is_null(api):
    match = make_match()
    make_publication((match, EVEN))

    found = api.get(url(match) + "?include=explanation,markets").json()

    assert (found["explanation"], found["markets"]) == (None, None)


@pytest.mark.parametrize("include", ["magic", "markets,markets", "", "markets,", "MARKETS"])
def test_what_cannot_be_included_is_refused(api, kept, include):
    assert api.get(url(kept) + f"?include={include}").status_code == 422


def test_insight_takes_one_query_more(api, kept, watched_queries):
    api.get(url(kept))

    with watched_queries() as queries:
        api.get(url(kept) + "?include=markets,explanation")

    assert len(queries) == 2
