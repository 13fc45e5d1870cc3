"""Batch inference: whole sets of valid predictions, or nothing at all."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pytest

from livescores.models import Match
from predictions.modelling.fitting.models import rounded
from predictions.models import (
    AliasChange,
    BatchRun,
    Prediction,
    Publication,
    PublicationPointer,
)
from predictions.services.features import building, feature_store, match_frame
from predictions.services.features.data_gates import DataRefused
from predictions.services.features.feature_store import FeaturesMissing
from predictions.services.publishing import batch, prediction_rows, publication
from predictions.services.publishing.batch import BatchRefused
from predictions.services.versions import loading
from predictions.services.versions.loading import ModelNotReady
from tests.factories import forget_odds, make_match
from tests.predictions.pipeline import forget_later_results

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trained")]

AS_OF = datetime(2025, 10, 15, 12, tzinfo=UTC)


def run(stage="champion", **how):
    return batch.run(stage=stage, **how).batch


def proba_of(found):
    rows = found.predictions.order_by("start_time_utc", "match_id")
    return np.array(list(rows.values_list("proba_home", "proba_draw", "proba_away")))


def stored():
    """All that a failed run must leave as it was."""
    return [list(model.objects.order_by("pk").values()) for model in (BatchRun, Publication)] + [
        list(PublicationPointer.objects.values()),
        Prediction.objects.count(),
    ]


def test_every_match_gets_probabilities_that_sum_to_one():
    found = run()

    proba = proba_of(found)
    assert len(proba) == Match.objects.count() == found.n_predictions
    assert np.abs(proba.sum(axis=1) - 1).max() <= 1e-6
    assert proba.min() > 0


def test_they_are_the_models_answers():
    found = run()

    model = loading.load("champion").fitted
    assert np.allclose(
        proba_of(found), model.predict_proba(feature_store.current().features), atol=2e-6
    )


def test_what_the_model_learned_from_is_marked(trained):
    found = run()

    until = trained.champion.trained_until
    seen = found.predictions.filter(in_sample=True)
    unseen = found.predictions.filter(in_sample=False)
    assert seen.count() == trained.champion.n_matches
    assert seen.latest("start_time_utc").start_time_utc == until
    assert unseen.earliest("start_time_utc").start_time_utc > until


def test_a_batch_says_what_made_it(trained):
    found = run(as_of=AS_OF)

    assert found.model_version == trained.champion
    assert found.dataset_version == feature_store.current().version
    assert found.as_of == AS_OF


def test_a_batch_of_the_past_reads_later_matches_from_the_state_of_then():
    found = run(as_of=AS_OF)

    state = feature_store.current().history().state_at(int(AS_OF.timestamp()))
    later = Match.objects.filter(start_time_utc__gt=AS_OF).with_names().in_order()
    numbers = [
        state.features_of(
            match.home_team_id,
            match.away_team_id,
            match.season.tournament_id,
            int(match.start_time_utc.timestamp()),
        )
        for match in later
    ]
    expected = loading.load("champion").fitted.predict_proba(np.array(numbers))
    assert np.allclose(proba_of(found)[-len(later) :], expected, atol=2e-6)


def test_a_batch_of_the_past_uses_nothing_known_later(own_files):
    before = proba_of(run(as_of=AS_OF))

    assert forget_later_results(AS_OF) > 100
    building.build()

    assert np.array_equal(before, proba_of(run(as_of=AS_OF)))
    assert not np.array_equal(before, proba_of(run()))


def test_a_batch_before_all_results_is_possible():
    found = run(as_of=datetime(1900, 1, 1, tzinfo=UTC))

    assert found.n_predictions == Match.objects.count()


def test_every_run_is_kept_and_the_newest_serves():
    first, second = run(), run()

    assert first.predictions.count() == second.predictions.count() > 0
    assert PublicationPointer.objects.get(stage="champion").batch == second


def test_stages_are_published_beside_each_other(trained):
    first, second = run("champion"), run("challenger")

    pointers = dict(PublicationPointer.objects.values_list("stage", "batch_id"))
    assert pointers == {"champion": first.pk, "challenger": second.pk}
    assert second.model_version == trained.challenger


def test_a_match_taken_away_since_the_features_is_left_out():
    gone = Match.objects.in_order()[10]
    forget_odds()
    gone.delete()

    found = run()

    assert found.n_predictions == Match.objects.count()
    assert not found.predictions.filter(match_id=gone.pk).exists()


def test_a_match_new_since_the_features_waits_for_the_next_build():
    make_match()

    assert run().n_predictions == Match.objects.count() - 1


def fail(*args, **kwargs):
    raise ConnectionError("the plug was pulled")


STEPS = {
    "before the rows": (batch, "_store"),
    "before the publication": (publication, "publish"),
    "while the list is read": (prediction_rows, "rows"),
    "while the list is compressed": (publication, "compressed"),
    "before the publication is kept": (Publication.objects, "create"),
    "before the pointer is swapped": (PublicationPointer.objects, "update_or_create"),
}


@pytest.mark.parametrize("published", [False, True], ids=["the first", "a later one"])
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_failure_leaves_everything_as_it_was(step, published, monkeypatch):
    if published:
        run()
    before = stored()
    monkeypatch.setattr(*step, fail)

    with pytest.raises(ConnectionError):
        run()

    assert stored() == before


def test_a_failure_after_the_swap_takes_it_back(monkeypatch):
    run()
    before = stored()
    publish = publication.publish
    monkeypatch.setattr(publication, "publish", lambda made: fail(publish(made)))

    with pytest.raises(ConnectionError):
        run()

    assert stored() == before


def test_the_database_refuses_what_slips_through(monkeypatch):
    before = stored()
    monkeypatch.setattr(batch, "rounded", lambda proba: proba * 0.9)

    with pytest.raises(BatchRefused, match="by its rule prediction_sums_to_one"):
        run()

    assert stored() == before


class Nonsense:
    def __init__(self, *answer):
        self.answer = answer

    def predict_proba(self, numbers):
        return np.tile(np.array(self.answer, dtype=np.float64), (len(numbers), 1))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((np.nan, 0.5, 0.5), "a probability is a number"),
        ((np.inf, 0.0, 0.0), "a probability is a number"),
        ((1.2, -0.1, -0.1), "a probability is 0 to 1"),
        ((0.4, 0.3, 0.2), "probabilities sum to 1"),
    ],
)
def test_a_model_that_answers_nonsense_is_refused(answer, sentence, monkeypatch):
    served = replace(loading.load("champion"), fitted=cast("Any", Nonsense(*answer)))
    monkeypatch.setattr(loading, "load", lambda stage: served)
    before = stored()

    with pytest.raises(
        DataRefused, match=f"Nothing is published: .*Rule '{sentence}' is broken by"
    ):
        run()

    assert stored() == before


def test_a_loss_of_predictions_is_refused_until_it_is_accepted(monkeypatch):
    published = run()
    ids = match_frame.match_ids()
    monkeypatch.setattr(match_frame, "match_ids", lambda: ids[: int(len(ids) * 0.8)])
    before = stored()

    with pytest.raises(DataRefused, match=f"after {published.n_predictions} in the last good run"):
        run()
    assert stored() == before

    assert run(accept_fewer=True).n_predictions == int(len(ids) * 0.8)


def test_nothing_to_predict_is_refused(monkeypatch):
    monkeypatch.setattr(match_frame, "match_ids", lambda: np.array([], dtype=np.int64))

    with pytest.raises(BatchRefused, match="There is no match to predict"):
        run()


def test_without_features_it_says_what_to_run(var_dir):
    with pytest.raises(FeaturesMissing, match="build_features"):
        run()


def test_without_a_model_it_says_what_to_run():
    AliasChange.objects.all().delete()

    with pytest.raises(ModelNotReady, match="No champion was promoted yet"):
        run()


@pytest.mark.parametrize(
    ("proba", "expected"),
    [
        ((0.5, 0.3, 0.2), (0.5, 0.3, 0.2)),
        ((1 / 3, 1 / 3, 1 / 3), (0.333334, 0.333333, 0.333333)),
        ((0.1234564, 0.4382719, 0.4382717), (0.123456, 0.438272, 0.438272)),
        ((0.9999996, 0.0000003, 0.0000001), (1.0, 0.0, 0.0)),
        ((0.2000004, 0.2000004, 0.5999992), (0.2, 0.2, 0.6)),
    ],
)
def test_rounding_keeps_the_sum(proba, expected):
    assert rounded(np.array([proba])).tolist() == [list(expected)]


def test_rounding_any_probabilities_keeps_the_sum():
    proba = np.random.default_rng(0).dirichlet((1, 1, 1), 20_000)

    near = rounded(proba)

    assert np.abs(near.sum(axis=1) - 1).max() < 1e-12
    assert np.abs(near - proba).max() < 2e-6
    assert near.min() >= 0
