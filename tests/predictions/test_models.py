"""What the database itself refuses, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from predictions.models import (
    AliasChange,
    BettingRun,
    Odds,
    Prediction,
    PredictionJob,
    PublicationPointer,
    RegionReturn,
    Stage,
)
from predictions.outcomes import LABELS
from predictions.services.publishing import publication
from tests.factories import (
    NOON,
    make_alias,
    make_batch,
    make_bookmaker,
    make_match,
    make_model_version,
    make_odds,
    make_prediction,
    make_region,
)

pytestmark = pytest.mark.django_db


def refused(rule):
    return pytest.raises(IntegrityError, match=rule)


GOOD_PROBA = [(1.0, 0.0, 0.0), (0.333334, 0.333333, 0.333333), (0.5, 0.3, 0.2000009)]
BAD_PROBA = [
    ((0.5, 0.3, 0.3), "prediction_sums_to_one"),
    ((0.5, 0.3, 0.200002), "prediction_sums_to_one"),
    ((0.0, 0.0, 0.0), "prediction_sums_to_one"),
    ((1.2, -0.1, -0.1), "prediction_in_unit_interval"),
    ((-0.000001, 0.5, 0.500001), "prediction_in_unit_interval"),
    ((float("nan"), 0.5, 0.5), "prediction_"),
    ((float("inf"), 0.0, 0.0), "prediction_"),
    ((None, 0.5, 0.5), "not-null"),
]


@pytest.mark.parametrize("proba", GOOD_PROBA)
def test_probabilities_are_kept(proba):
    make_prediction(make_match(), proba)

    found = Prediction.objects.get()
    assert (found.proba_home, found.proba_draw, found.proba_away) == proba


@pytest.mark.parametrize(("proba", "rule"), BAD_PROBA)
def test_what_is_no_probability_is_refused(proba, rule):
    with refused(rule):
        make_prediction(make_match(), proba)


def test_a_batch_predicts_a_match_once():
    found = make_prediction(make_match())

    with refused("prediction_once_per_batch"):
        make_prediction(found.match, batch=found.batch)


def test_history_stays_from_batch_to_batch():
    match = make_match()
    make_prediction(match)
    make_prediction(match)

    assert match.predictions.count() == 2


@pytest.mark.parametrize(
    "prices",
    [
        (1.0, 3.0, 4.0),
        (2.0, 0.0, 4.0),
        (2.0, 3.0, -4.0),
        (2.0, 3.0, 10_000.0),
        (float("nan"), 3.0, 4.0),
        (2.0, float("inf"), 4.0),
    ],
)
def test_impossible_odds_are_refused(prices):
    with refused("odds_above_one"):
        make_odds(make_match(), prices)


def test_odds_between_the_limits_are_kept():
    odds = make_odds(make_match(), (1.01, 3.0, 9999.0))

    assert str(odds) == "1.01 / 3 / 9999"


@pytest.mark.parametrize("field", ["odd_home", "captured_at", "moment", "kind", "source"])
def test_a_price_is_never_changed(field):
    odds = make_odds(make_match(), (2.0, 3.0, 4.0))
    other = {"odd_home": 2.1, "captured_at": NOON, "moment": "read", "kind": "live", "source": "x"}

    with transaction.atomic(), refused("append-only: UPDATE"):
        Odds.objects.filter(pk=odds.pk).update(**{field: other[field]})

    assert Odds.objects.values_list(field, flat=True).get() == getattr(odds, field)


@pytest.mark.parametrize("delete", [Odds.delete, lambda odds: Odds.objects.all().delete()])
def test_a_price_is_never_deleted(delete):
    odds = make_odds(make_match(), (2.0, 3.0, 4.0))

    with transaction.atomic(), refused("append-only: DELETE"):
        delete(odds)

    assert Odds.objects.exists()


def test_a_match_with_prices_cannot_be_deleted():
    odds = make_odds(make_match(), (2.0, 3.0, 4.0))

    with pytest.raises(ProtectedError):
        odds.match.delete()


def test_prices_may_go_over_to_the_match_that_theirs_turns_out_to_be():
    odds, match = make_odds(make_match(), (2.0, 3.0, 4.0)), make_match()

    Odds.objects.filter(pk=odds.pk).update(match=match)

    assert match.odds.get() == odds


def test_a_price_of_another_moment_is_appended():
    odds = make_odds(make_match(), (2.0, 3.0, 4.0))
    make_odds(odds.match, (2.0, 3.0, 4.0), captured_at=odds.captured_at + timedelta(minutes=1))

    assert Odds.objects.count() == 2


def test_a_bookmaker_with_odds_cannot_be_deleted():
    odds = make_odds(make_match(), (2.0, 3.0, 4.0))

    with pytest.raises(ProtectedError):
        odds.bookmaker.delete()


def test_a_bookmakers_code_stands_once():
    make_bookmaker("B365")

    with refused("code"):
        type(make_bookmaker("B365")).objects.create(code="B365", name="another")


@pytest.mark.parametrize(
    ("field", "rule"), [("version", "model_version_once"), ("run_id", "run_id")]
)
def test_a_version_is_registered_once(field, rule):
    version = make_model_version()

    with refused(rule):
        make_model_version(**{field: getattr(version, field)})


def test_a_version_that_predicted_cannot_be_deleted():
    batch = make_batch()

    with pytest.raises(ProtectedError):
        batch.model_version.delete()


def test_the_newest_change_of_a_stage_counts():
    make_alias("champion")
    newest = make_alias("champion")
    make_alias("challenger")

    assert AliasChange.objects.current("champion").get() == newest
    assert AliasChange.objects.current("champion").get().model_version == newest.model_version


def test_a_stage_points_to_one_publication():
    first = publication.publish(make_batch())

    with transaction.atomic(), refused("pointer"):
        PublicationPointer.objects.create(stage="champion", publication=first, batch=first.batch)


def test_what_is_served_cannot_be_deleted():
    served = publication.publish(make_batch())

    for row in (served, served.batch):
        with pytest.raises(ProtectedError):
            row.delete()


def make_job(**fields):
    given = {
        "client_id": 1,
        "request_digest": "0" * 64,
        "request_id": "test",
        "request": {},
        "expires_at": NOON,
    }
    return PredictionJob.objects.create(**{**given, **fields})


def test_a_client_uses_a_key_once():
    make_job(idempotency_key="a")

    with refused("job_once_per_idempotency_key"):
        make_job(idempotency_key="a")


def test_clients_and_jobs_without_a_key_do_not_collide():
    make_job(idempotency_key="a")
    make_job(idempotency_key="a", client_id=2)
    make_job()
    make_job()

    assert PredictionJob.objects.count() == 4


def make_return(run, **fields):
    given = {
        "region": make_region(),
        "bookmaker": make_bookmaker(),
        "strategy": "flat",
        "min_edge": 0.0,
        "n_matches": 4,
        "n_bets": 2,
        "n_won": 1,
        "staked": 2.0,
        "profit": 0.5,
    }
    return RegionReturn.objects.create(run=run, **{**given, **fields})


@pytest.fixture
def betting_run():
    return BettingRun.objects.create(stage="champion", batch=make_batch(), n_matches=4)


def test_a_return_says_how_often_bets_were_placed_and_won(betting_run):
    row = make_return(betting_run)

    assert (row.bet_rate, row.hit_rate, row.roi_pct) == (0.5, 0.5, 25.0)


def test_a_return_without_bets_has_no_rates(betting_run):
    row = make_return(betting_run, n_bets=0, n_won=0, staked=0.0, profit=0.0)

    assert (row.bet_rate, row.hit_rate, row.roi_pct) == (0.0, None, None)
    assert make_return(betting_run, n_matches=0).bet_rate == 0.0


def test_a_way_to_stake_stands_once_in_a_run(betting_run):
    row = make_return(betting_run)

    with refused("return_once"):
        make_return(betting_run, region=row.region)


def test_rows_name_themselves(betting_run):
    prediction = make_prediction(make_match(), batch=betting_run.batch)
    version = betting_run.batch.model_version

    assert str(prediction) == "0.500 / 0.300 / 0.200"
    assert str(version) == f"logistic v{version.version}"
    assert str(make_alias()).startswith("champion: logistic v")
    assert str(betting_run).startswith("champion, 20")
    assert str(make_return(betting_run)).endswith("flat 0")


def test_stages_and_classes_are_those_of_the_contract():
    assert Stage.values == ["champion", "challenger"]
    assert LABELS == ("home_win", "draw", "away_win")
