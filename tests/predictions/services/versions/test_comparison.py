"""Champion and challenger side by side, against the scores of the maths on the same numbers."""

import numpy as np
import pytest

from livescores.models import Match
from predictions.modelling.evaluation import scoring
from predictions.models import BatchRun
from predictions.services.versions import comparison
from tests.factories import (
    DAY,
    NOON,
    make_batch,
    make_match,
    make_model_version,
    make_prediction,
    make_publication,
)

pytestmark = pytest.mark.django_db
RULES = {
    "log_loss": scoring.log_loss,
    "brier": scoring.brier,
    "rps": scoring.ranked_probability_score,
}
SCORES = [(2, 0), (1, 1), (0, 3), (1, 0), (2, 2)]


@pytest.fixture(autouse=True)
def fresh():
    comparison.forget()
    yield
    comparison.forget()


@pytest.fixture
def said():
    """Five settled matches, and what both say of them: (2, 5, 3)."""
    proba = np.round(np.random.default_rng(5).dirichlet((4, 3, 3), (2, len(SCORES))), 6)
    proba[..., 2] = 1 - proba[..., 0] - proba[..., 1]
    return [make_match(score=score) for score in SCORES], proba


def publish(matches, proba, stage, **fields):
    rows = [tuple(row) for row in proba.tolist()]
    return make_publication(*zip(matches, rows, strict=True), stage=stage, **fields)


def publish_both(matches, proba):
    return [publish(matches, proba[i], stage) for i, stage in enumerate(("champion", "challenger"))]


@pytest.mark.parametrize("name", RULES)
def test_scores_and_differences_are_those_of_the_maths(said, name):
    matches, proba = said
    publish_both(matches, proba)

    found = comparison.current()[name]

    ours, theirs = (RULES[name](one, np.array([0, 1, 2, 0, 1])) for one in proba)
    apart = scoring.paired_difference(ours, theirs)
    assert found == {
        "champion": pytest.approx(ours.mean(), abs=1e-6),
        "challenger": pytest.approx(theirs.mean(), abs=1e-6),
        "difference": pytest.approx(apart.mean, abs=1e-6),
        "standard_error": pytest.approx(apart.standard_error, abs=1e-6),
    }


def test_who_is_compared_is_said(said):
    champion, challenger = publish_both(*said)

    found = comparison.current()

    for name, one in (("champion", champion), ("challenger", challenger)):
        assert found[name] == {
            "model_run_id": one.batch.model_version.run_id,
            "recipe_class": "A odds-free",
            "predictions_computed_at": one.batch.computed_at,
        }
    assert (found["n_matches"], found["first_kick_off"], found["last_kick_off"]) == (5, NOON, NOON)


def test_a_match_was_foreseen_where_both_spoke_in_time(said):
    matches, proba = said
    publish(matches, proba[0], "champion", computed_at=NOON - DAY)
    publish(matches, proba[1], "challenger", computed_at=NOON)
    late = comparison.current()
    comparison.forget()
    BatchRun.objects.filter(stage="challenger").update(computed_at=NOON - DAY)

    in_time = comparison.current()

    assert (late["n_issued"], late["n_retrospective"]) == (0, 5)
    assert (in_time["n_issued"], in_time["n_retrospective"]) == (5, 0)


def test_what_one_has_learned_from_does_not_count(said):
    matches, proba = said
    publish(matches, proba[0], "champion")
    batch = make_batch("challenger")
    make_prediction(matches[0], batch=batch, in_sample=True)
    make_prediction(matches[1], batch=batch)
    make_publication(batch=batch)

    assert comparison.current()["n_matches"] == 1


def test_matches_before_either_had_learned_do_not_count(said):
    matches, proba = said
    publish(matches, proba[0], "champion")
    late = make_model_version(trained_until=NOON)
    publish(matches, proba[1], "challenger", model_version=late)

    assert comparison.current() is None


def test_what_is_not_over_does_not_count(said):
    matches, proba = said
    Match.objects.filter(pk=matches[0].pk).update(status="abandoned")
    matches[1] = make_match(start_time_utc=NOON + DAY)
    publish_both(matches, proba)

    assert comparison.current()["n_matches"] == 3


@pytest.mark.parametrize("stage", ["champion", "challenger"])
def test_one_alone_is_compared_with_nobody(said, stage):
    matches, proba = said
    publish(matches, proba[0], stage)

    assert comparison.current() is None


def test_a_new_publication_counts_at_once(said):
    matches, proba = said
    publish_both(matches, proba)
    before = comparison.current()

    publish(matches[:4], proba[1][:4], "challenger")

    assert (before["n_matches"], comparison.current()["n_matches"]) == (5, 4)


def test_a_result_counts_within_seconds(said, monkeypatch):
    matches, proba = said
    matches[0] = make_match(start_time_utc=NOON + DAY)
    publish_both(matches, proba)
    before = comparison.current()["n_matches"]
    Match.objects.filter(pk=matches[0].pk).update(status="finished", home_score=1, away_score=0)

    at_once = comparison.current()["n_matches"]
    monkeypatch.setattr(comparison, "KEPT_SECONDS", 0)

    assert (before, at_once, comparison.current()["n_matches"]) == (4, 4, 5)


def test_as_long_as_nothing_changes_it_asks_for_the_batches_only(said, django_assert_num_queries):
    publish_both(*said)
    comparison.current()

    with django_assert_num_queries(1):
        comparison.current()
