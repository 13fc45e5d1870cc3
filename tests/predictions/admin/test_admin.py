"""Predictions, odds and models in the admin: what is shown, and how little is read for it."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from predictions.models import (
    BettingRun,
    Odds,
    Prediction,
    PredictionJob,
    Publication,
    PublicationPointer,
    RegionReturn,
)
from soccerpredict.access.models import ApiClient
from soccerpredict.back_office import admin as shared
from tests.factories import (
    HOUR,
    NOON,
    make_alias,
    make_batch,
    make_betting_run,
    make_bookmaker,
    make_edge_returns,
    make_match,
    make_model_version,
    make_odds,
    make_overall_return,
    make_prediction,
    make_region,
    make_team,
)
from tests.reading import text_of

BODIES = [field.name for field in Publication._meta.fields if isinstance(field, models.BinaryField)]
pytestmark = pytest.mark.django_db


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def rows(answer):
    return list(answer.context["cl"].result_list)


def make_publication(batch):
    empty = {f.name: b"" for f in Publication._meta.fields if isinstance(f, models.BinaryField)}
    sizes = {f.name: 0 for f in Publication._meta.fields if isinstance(f, models.IntegerField)}
    sizes.pop("id")
    return Publication.objects.create(stage="champion", batch=batch, etag="0", **empty, **sizes)


def test_probabilities_are_shown_in_per_cent(admin_client):
    prediction = make_prediction(make_match(), (0.5234, 0.2766, 0.2))

    listed, whole = (
        admin_client.get(address).content.decode()
        for address in (list_of(Prediction), page(prediction))
    )

    assert "52/28/20" in listed
    assert all(shown in whole for shown in ("52.3%", "27.7%", "20.0%"))


def test_prices_are_shown_with_two_decimals(admin_client):
    odds = make_odds(make_match(), (1.5, 4.25, 7))

    for address in (list_of(Odds), page(odds)):
        text = admin_client.get(address).content.decode()
        assert all(shown in text for shown in ("1.50", "4.25", "7.00"))


def test_odds_are_found_by_a_team_of_their_match(admin_client):
    match = make_match(home_team=make_team(name="Rovers"))
    odds = make_odds(match, (2, 3, 4))
    make_odds(make_match(), (2, 3, 4))

    assert rows(admin_client.get(list_of(Odds), {"q": "rovers"})) == [odds]


def test_a_search_reads_the_newest_matches_only(admin_client, monkeypatch):
    monkeypatch.setattr("predictions.admin.columns.MOST_MATCHES", 1)
    team = make_team(name="Rovers")
    make_prediction(make_match(home_team=team, start_time_utc=NOON))
    newest = make_prediction(make_match(home_team=team, start_time_utc=NOON + HOUR))

    assert rows(admin_client.get(list_of(Prediction), {"q": "rovers"})) == [newest]


def test_a_filter_without_an_index_reads_the_newest_rows_only(admin_client, monkeypatch):
    monkeypatch.setattr(shared, "WINDOW", 2)
    odds = [make_odds(make_match(), (2, 3, 4)) for _ in range(3)]

    answer = admin_client.get(list_of(Odds), {"kind__exact": "pre_match"})

    assert rows(answer) == [odds[2], odds[1]]


def test_a_match_leads_to_all_of_its_odds(admin_client, monkeypatch):
    monkeypatch.setattr(shared, "WINDOW", 1)
    match = make_match()
    odds = make_odds(match, (2, 3, 4))
    make_odds(make_match(), (2, 3, 4))

    assert rows(admin_client.get(list_of(Odds), {"match__id__exact": match.pk})) == [odds]


def test_a_big_list_is_not_counted(admin_client, monkeypatch):
    monkeypatch.setattr(shared, "MOST", 3)
    match = make_match()
    for hour in range(8):
        make_odds(match, (2, 3, 4), captured_at=NOON + hour * HOUR)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE predictions_odds")

    with CaptureQueriesContext(connection) as queries:
        text = admin_client.get(list_of(Odds)).content.decode()

    counts = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
    assert "about 8" in text
    assert all("LIMIT 4" in sql for sql in counts)


def test_a_filtered_list_is_counted_to_a_bound(admin_client, monkeypatch):
    monkeypatch.setattr(shared, "MOST", 3)
    match = make_match()
    for hour in range(8):
        make_odds(match, (2, 3, 4), captured_at=NOON + hour * HOUR)

    text = admin_client.get(list_of(Odds), {"kind__exact": "pre_match"}).content.decode()

    assert "more than 3" in text


def test_a_far_page_is_out_of_reach():
    make_odds(make_match(), (2, 3, 4))
    paginator = shared.EstimatingPaginator(Odds.objects.order_by("-pk"), 50)

    paginator.count = 5_000_000

    assert paginator.num_pages == 200


def test_a_model_says_what_it_serves_as(admin_client):
    old, new = make_model_version(), make_model_version()
    make_alias(model_version=old)
    make_alias(model_version=new)
    make_alias("challenger", model_version=new)

    served = {
        version.pk: shown_as(version) for version in rows(admin_client.get(list_of(type(new))))
    }

    assert served == {old.pk: "", new.pk: "Champion, Challenger"}
    assert "Challenger" in admin_client.get(page(new)).content.decode()


def shown_as(version):
    shown: Any = admin.site._registry[type(version)]
    return shown.serves_as(version)


def test_a_model_shows_its_metrics_and_parameters_by_name(admin_client):
    version = make_model_version(
        metrics={"holdout": {"log_loss": 0.98765432, "n": 380}},
        parameters={"recipe": "logistic", "classes": [0, 1, 2], "steps": [{"rate": 0.1}]},
    )

    text = admin_client.get(page(version)).content.decode()

    shown = ("holdout.log_loss", "0.98765", "380", "0, 1, 2", "steps.1.rate", "0.1")
    assert [word for word in shown if f">{word}<" not in text] == []


def test_facts_are_text_and_never_markup():
    assert "<b>" not in shared.facts({"<b>": "<b>"})


def test_bodies_of_publications_are_never_read(admin_client):
    batch = make_batch()
    publication = make_publication(batch)
    pointer = PublicationPointer.objects.create(
        stage="champion", publication=publication, batch=batch
    )
    addresses = [
        list_of(Publication),
        page(publication),
        list_of(PublicationPointer),
        page(pointer),
    ]

    with CaptureQueriesContext(connection) as queries:
        for address in addresses:
            admin_client.get(address)

    assert [body for body in BODIES if any(f'"{body}"' in query["sql"] for query in queries)] == []
    assert BODIES


def test_a_match_shows_ten_of_its_odds_and_predictions(admin_client, django_assert_max_num_queries):
    match = make_match()
    add_odds_and_predictions(match, 3)
    with CaptureQueriesContext(connection) as of_three:
        admin_client.get(page(match))
    add_odds_and_predictions(match, 27)

    with django_assert_max_num_queries(len(of_three)):
        text = admin_client.get(page(match)).content.decode()

    assert text.count("55.5%") == 10
    assert text.count("2.22") == 10


def add_odds_and_predictions(match, number):
    for _ in range(number):
        make_prediction(match, (0.555, 0.245, 0.2))
        bookmaker = make_bookmaker(f"book {Odds.objects.count()}")
        make_odds(match, (2.22, 3, 4), bookmaker=bookmaker, kind="live")


def test_a_batch_leads_to_its_predictions(admin_client):
    prediction = make_prediction(make_match())
    make_prediction(make_match())

    answer = admin_client.get(list_of(Prediction), {"batch__id__exact": prediction.batch_id})

    assert rows(answer) == [prediction]
    assert f"?batch__id__exact={prediction.batch_id}" in (
        admin_client.get(page(prediction.batch)).content.decode()
    )


def test_a_job_names_its_client(admin_client):
    client = ApiClient.objects.create(name="Newspaper")
    job = PredictionJob.objects.create(
        client_id=client.pk,
        request_digest="0" * 64,
        request_id="request-1",
        request={"match_id": 7},
        expires_at=NOON,
    )

    for address in (list_of(PredictionJob), page(job)):
        assert "Newspaper" in admin_client.get(address).content.decode()


@pytest.mark.parametrize("words", ["x", "0" * 5000, "'"])
def test_words_that_are_no_id_find_no_job(admin_client, words):
    assert rows(admin_client.get(list_of(PredictionJob), {"q": words})) == []


def test_a_betting_run_tells_its_total_first(admin_client):
    total = make_overall_return(roi_ci_low=-7.3, roi_ci_high=-1.2, profit=-0.2, clv_pct=-2.6)
    run = total.run
    make_edge_returns(run, *[(-20.0, 5.0)] * 5)

    listed, shown = (text_of(admin_client.get(one)) for one in (list_of(BettingRun), page(run)))

    returned = "−5.0 % (90 %: −7.3 to −1.2)"
    assert f"{returned} at B365" in listed
    assert "a loss is proven" in listed
    assert (
        f"Flat at B365, any edge {returned}: a loss is proven; closing-line value −2.6 %" in shown
    )
    assert (
        "edge of 50 % and more, doubtful +25.0 % (90 %: −20.0 to +5.0): not proven either way"
        in shown
    )


def test_a_betting_run_of_before_totals_were_kept_still_shows(admin_client):
    run = make_betting_run()

    for address in (list_of(BettingRun), page(run)):
        assert admin_client.get(address).status_code == 200


def test_a_return_is_told_in_per_cent_of_the_stakes(admin_client):
    run = BettingRun.objects.create(stage="champion", batch=make_batch(), n_matches=40)
    returned = RegionReturn.objects.create(
        run=run,
        region=make_region(),
        bookmaker=make_bookmaker(),
        strategy="flat",
        min_edge=0.05,
        n_matches=40,
        n_bets=40,
        n_won=12,
        staked=40,
        profit=-3,
        roi_ci_low=-20.04,
        roi_ci_high=5,
    )

    text = admin_client.get(page(returned)).content.decode()

    assert "-7.5%" in text
    assert "-20.0 to +5.0 %" in text
