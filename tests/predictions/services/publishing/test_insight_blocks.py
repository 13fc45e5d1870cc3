"""What the batch keeps behind every prediction, against the model asked directly."""

import numpy as np
import pytest
from django.test import override_settings

from predictions.models import InsightBlock, ModelVersion, Prediction
from predictions.services import scheduled
from predictions.services.features import feature_store
from predictions.services.live import inference
from predictions.services.publishing import batch, insight_blocks, publication
from predictions.services.publishing.insight_records import BLOCK, RECORD, UNIT
from predictions.services.reading import insight
from predictions.services.versions import loading
from tests.factories import make_match
from tests.predictions.pipeline import NOW, files_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture(scope="module")
def published(trained, django_db_blocker):
    """Of the small world, once for the module; emptied with it."""
    with django_db_blocker.unblock(), override_settings(**files_in(trained.folder)):
        return batch.run(stage="champion", as_of=NOW)


def facts_of(published):
    return publication.facts_of(published.batch)


def match_ids():
    return feature_store.current().index["match_id"].tolist()


def features_of(match_id):
    found = feature_store.current()
    return np.array(found.features[found.row_of[match_id]])


def test_every_match_that_was_predicted_has_one(published):
    said = set(Prediction.objects.filter(batch=published.batch).values_list("match_id", flat=True))

    kept = [insight.stored(match_id, facts_of(published)) for match_id in list(said)[::100]]

    numbers = InsightBlock.objects.values_list("number", flat=True)
    assert all(kept)
    assert set(numbers) == {match_id // BLOCK for match_id in said}


def test_the_score_matrix_agrees_with_the_served_1x2(published):
    for said in Prediction.objects.filter(batch=published.batch).order_by("match")[::150]:
        markets = insight.stored(said.match_id, facts_of(published))["markets"]

        lines = {line["line"]: line for line in markets["asian_handicap"]}
        assert lines[-0.5]["home_win"] == pytest.approx(said.proba_home, abs=1e-9)
        assert lines[0.0]["push"] == pytest.approx(said.proba_draw, abs=1e-9)
        assert lines[0.5]["home_loss"] == pytest.approx(said.proba_away, abs=1e-9)


@pytest.mark.parametrize("name", ["home_win", "draw", "away_win"])
def test_the_shares_lead_from_the_average_match_to_what_is_served(published, name):
    served = {"home_win": "proba_home", "draw": "proba_draw", "away_win": "proba_away"}[name]
    for said in Prediction.objects.filter(batch=published.batch).order_by("match")[::150]:
        found = insight.stored(said.match_id, facts_of(published))["explanation"]

        parts = [found["average_match"], *found["features"], found["all_others"]]
        assert sum(part[name] for part in parts) == pytest.approx(getattr(said, served), abs=1e-9)


def test_the_reasons_are_those_that_the_model_gives(trained, published):
    match_id = match_ids()[1500]
    fitted = loading.fitted_of(trained.champion)
    shares = fitted.explain(features_of(match_id)[None])[0]

    found = insight.stored(match_id, facts_of(published))["explanation"]

    strongest = np.argsort(-np.abs(shares).sum(axis=1), kind="stable")[:12]
    names = fitted_names(fitted)
    assert [one["name"] for one in found["features"]] == [names[place] for place in strongest]
    for one, place in zip(found["features"], strongest, strict=True):
        kept = [one["home_win"], one["draw"], one["away_win"]]
        assert kept == pytest.approx(shares[place].tolist(), abs=1.1 * UNIT)
    assert found["average_match"]["draw"] == pytest.approx(fitted.base_rates()[1])


def fitted_names(fitted):
    return fitted.manifest.get("columns") or fitted.manifest["feature_names"]


def test_kept_and_live_tell_the_same(trained, published):
    match_id = match_ids()[1700]
    served = loading.ServedModel("champion", trained.champion, loading.fitted_of(trained.champion))
    features = features_of(match_id)
    proba = served.fitted.predict_proba(features[None])[0]

    kept = insight.stored(match_id, facts_of(published))

    goals = inference.markets(features, proba)["expected_goals"]
    assert kept["markets"]["expected_goals"] == pytest.approx(goals, abs=1e-5)
    said = inference.explanation(served, features, proba)
    assert [one["name"] for one in kept["explanation"]["features"]] == [
        one["name"] for one in said["features"]
    ]
    for kept_one, one in zip(kept["explanation"]["features"], said["features"], strict=True):
        assert kept_one["home_win"] == pytest.approx(one["home_win"], abs=UNIT)
    assert sum(
        part["draw"] for part in [said["average_match"], *said["features"], said["all_others"]]
    ) == pytest.approx(proba[1], abs=1e-9)


def test_nothing_is_made_again_while_nothing_changed(trained, published):
    before = list(InsightBlock.objects.order_by("pk").values_list("pk", "digest"))

    batch.run(stage="champion", as_of=NOW)

    assert list(InsightBlock.objects.order_by("pk").values_list("pk", "digest")) == before


def refreshed(version, ids, features):
    model = loading.ServedModel("champion", version, loading.fitted_of(version))
    return insight_blocks.refresh(model, np.array(ids), features)


def test_only_the_block_of_a_match_that_changed_is_made_again(trained):
    ids = list(range(10 * BLOCK - 3, 10 * BLOCK + 3))
    features = np.array(feature_store.current().features[: len(ids)])
    first = refreshed(trained.champion, ids, features)
    features[0, 0] += 0.1

    assert (first, refreshed(trained.champion, ids, features)) == (2, 1)


def test_blocks_of_matches_that_are_gone_go_too(trained):
    ids = [1, BLOCK + 1]
    features = np.array(feature_store.current().features[:2])
    refreshed(trained.champion, ids, features)
    refreshed(trained.champion, ids[:1], features[:1])

    numbers = InsightBlock.objects.filter(model_version=trained.champion)
    assert list(numbers.values_list("number", flat=True)) == [0]


def test_what_no_stage_serves_is_forgotten(trained, published):
    features = np.array(feature_store.current().features[:2])
    refreshed(trained.challenger, [1, 2], features)
    batch.run(stage="champion", as_of=NOW)

    versions = set(InsightBlock.objects.values_list("model_version", flat=True))
    assert versions == {trained.champion.pk}
    assert ModelVersion.objects.filter(pk=trained.challenger.pk).exists()


def test_blocks_come_by_id_whatever_the_order():
    ids = np.array([5, 3 * BLOCK, 2, 3 * BLOCK + 1, BLOCK])

    found = {number: ids[rows].tolist() for number, rows in insight_blocks.blocks_of(ids)}

    assert found == {0: [2, 5], 1: [BLOCK], 3: [3 * BLOCK, 3 * BLOCK + 1]}


def test_a_match_that_the_batch_did_not_see_has_none(published):
    assert insight.stored(make_match().pk, facts_of(published)) is None


def test_a_block_is_a_few_dozen_bytes_a_match(published):
    block = InsightBlock.objects.order_by("number").first()

    assert len(block.packed) / BLOCK < RECORD.size == 132


def test_a_new_models_blocks_are_made_over_several_runs_newest_first(trained, settings):
    settings.INSIGHT_SECONDS = 0
    InsightBlock.objects.all().delete()
    numbers = InsightBlock.objects.order_by("-number").values_list("number", flat=True)
    wanted = sorted({match_id // BLOCK for match_id in match_ids()}, reverse=True)

    batch.run(stage="champion", as_of=NOW)
    first = list(numbers.all())
    batch.run(stage="champion", as_of=NOW)

    assert first == wanted[:1]
    assert list(numbers.all()) == wanted[:2]


def test_a_scheduled_run_with_nothing_new_goes_on_with_them(trained, settings):
    settings.INSIGHT_SECONDS = 0
    InsightBlock.objects.all().delete()
    batch.run(stage="champion")

    said = scheduled.predict("champion")

    assert said == "Explained 1 more blocks of predictions of the champion."
    assert InsightBlock.objects.count() == 2
