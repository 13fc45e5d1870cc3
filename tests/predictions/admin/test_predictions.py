"""Predictions in the admin: chosen, compared with the other stage and the market, taken away."""

import csv
import io

import pyarrow.parquet
import pytest
from django.urls import reverse
from django.utils import timezone

from predictions.admin import export
from predictions.services.reading import counterparts
from tests import forms
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_alias,
    make_bookmaker,
    make_match,
    make_odds,
    make_prediction,
    make_publication,
    make_region,
    make_season,
    make_team,
    make_tournament,
)

LIST = reverse("admin:predictions_prediction_changelist")
EVEN = (0.4, 0.3, 0.3)
pytestmark = pytest.mark.django_db


def league(name="Serie A", region="Italy"):
    return make_tournament(name=name, region=make_region(name=region))


def match_in(tournament, **fields):
    return make_match(season=make_season(tournament=tournament), **fields)


def publish(*matches, stage="champion", proba=EVEN):
    version = make_alias(stage).model_version
    return make_publication(
        *((match, proba) for match in matches), stage=stage, model_version=version
    ).batch


def shown(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def matches_of(client, **query):
    return {prediction.match for prediction in shown(client, **query)}


def chosen(client, action, *predictions):
    answer = forms.act(client, LIST, action, *predictions)
    assert answer.status_code == 200
    return answer


def csv_rows(answer):
    content = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(content)))


def test_a_league_leaves_its_own(admin_client):
    serie_a, la_liga = league(), league("La Liga", "Spain")
    italian, spanish = match_in(serie_a), match_in(la_liga)
    publish(italian, spanish)

    assert matches_of(admin_client, league=serie_a.pk) == {italian}
    assert "Italy: Serie A" in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize("league", ["abc", "-1", "99999", "1; DROP TABLE"])
def test_a_league_that_is_none_leaves_nothing_or_all(admin_client, league):
    publish(make_match())

    assert len(shown(admin_client, league=league)) in (0, 1)


def test_days_leave_those_between(admin_client):
    first, second, third = (make_match(start_time_utc=NOON + n * DAY) for n in range(3))
    publish(first, second, third)
    day = f"{second.start_time_utc:%Y-%m-%d}"

    found = matches_of(admin_client, start_time_utc_from=day, start_time_utc_to=day)

    assert found == {second}


def test_a_filter_looks_through_what_is_published(admin_client):
    match = make_match()
    old = make_prediction(match)
    publish(match)

    [found] = shown(admin_client, batch__stage__exact="champion")

    assert found != old
    assert len(shown(admin_client)) == 2


def test_a_run_and_a_match_lead_to_all_of_their_own(admin_client):
    match = make_match()
    old = make_prediction(match)
    publish(match)

    assert shown(admin_client, batch__id__exact=old.batch_id) == [old]
    assert len(shown(admin_client, match__id__exact=match.pk)) == 2


def test_the_other_stage_and_the_market_stand_beside(admin_client):
    match = make_match()
    publish(match, proba=(0.52, 0.27, 0.21))
    publish(match, stage="challenger", proba=(0.6, 0.25, 0.15))
    make_odds(match, (2.0, 4.0, 4.0))

    text = admin_client.get(LIST).content.decode()

    assert "60/25/15\u00a0%" in text  # beside the champion
    assert "52/27/21\u00a0%" in text  # beside the challenger
    assert text.count("50/25/25\u00a0%") == 2


def test_what_nobody_said_is_a_dash(admin_client):
    make_prediction(make_match())

    text = admin_client.get(LIST).content.decode()

    assert text.count("\u00a0%") == 1  # its own


def test_the_market_is_the_first_bookmakers_last_price_before_kick_off():
    match = make_match()
    first, second = make_bookmaker("A", priority=1), make_bookmaker("B", priority=2)
    make_odds(match, (3.0, 3.0, 3.0), bookmaker=first, captured_at=NOON - 2 * HOUR)
    make_odds(match, (2.0, 4.0, 4.0), bookmaker=first, captured_at=NOON - HOUR)
    make_odds(match, (9.0, 9.0, 1.2), bookmaker=first, captured_at=NOON + HOUR)
    make_odds(match, (9.0, 9.0, 1.2), bookmaker=second, captured_at=NOON - HOUR)

    assert counterparts.market([match.pk]) == {match.pk: (0.5, 0.25, 0.25)}


def test_a_list_of_many_needs_no_more_queries(admin_client, django_assert_num_queries):
    publish(*(make_match() for _ in range(30)))

    with django_assert_num_queries(8):
        assert len(shown(admin_client)) == 30


def test_the_page_of_a_match_shows_how_opinions_went(admin_client):
    match = make_match(start_time_utc=timezone.now() + DAY)
    for proba in (EVEN, (0.5, 0.3, 0.2)):
        publish(match, proba=proba)
    make_odds(match, (3.0, 3.0, 3.0), captured_at=timezone.now() - 2 * HOUR)
    make_odds(match, (2.0, 4.0, 4.0), captured_at=timezone.now() - HOUR)
    address = reverse("admin:livescores_match_change", args=[match.pk])

    text = admin_client.get(address).content.decode()

    assert "Champion over time" in text
    assert "Market over time" in text
    assert text.count('<svg viewBox="0 0 640') == 2


def test_what_never_changed_has_no_chart(admin_client):
    prediction = make_prediction(make_match())
    address = reverse("admin:predictions_prediction_change", args=[prediction.pk])

    assert "have changed so far" in admin_client.get(address).content.decode()


def test_chosen_rows_are_exported_as_csv(admin_client):
    match = match_in(league(), score=(2, 1))
    batch = publish(match, make_match(), proba=(0.5, 0.3, 0.2))
    one = batch.predictions.get(match=match)

    answer = chosen(admin_client, "export_csv", one)

    [row] = csv_rows(answer)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="predictions-')
    assert (row["match_id"], row["region"], row["tournament"]) == (
        str(match.pk),
        "Italy",
        "Serie A",
    )
    assert (row["proba_home"], row["home_score"], row["in_sample"]) == ("0.5", "2", "false")
    assert (row["model_stage"], row["model_version"]) == (
        "champion",
        str(batch.model_version.version),
    )


def test_no_spreadsheet_runs_a_name(admin_client):
    region = make_region()
    team = make_team(region=region, name='=HYPERLINK("http://a.example")')
    one = make_prediction(make_match(home_team=team))

    [row] = csv_rows(chosen(admin_client, "export_csv", one))

    assert row["home_team"] == '\'=HYPERLINK("http://a.example")'


def test_chosen_rows_are_exported_as_parquet(admin_client):
    many = [make_prediction(make_match(), (0.5, 0.3, 0.2)) for _ in range(3)]

    answer = chosen(admin_client, "export_parquet", *many)

    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert table.column_names == list(export.COLUMNS)
    assert {row["match_id"] for row in table.to_pylist()} == {one.match_id for one in many}
    assert table.to_pylist()[0]["start_time_utc"] == NOON
    assert table.to_pylist()[0]["home_score"] is None


def test_all_that_a_filter_leaves_is_exported(admin_client):
    publish(*(make_match() for _ in range(60)))
    filtered = f"{LIST}?batch__stage__exact=champion"
    [one, *_] = shown(admin_client, batch__stage__exact="champion")

    answer = forms.act(admin_client, filtered, "export_csv", one, select_across="1")

    assert len(csv_rows(answer)) == 60


def test_an_export_ends_somewhere(admin_client, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    many = [make_prediction(make_match()) for _ in range(3)]

    assert len(csv_rows(chosen(admin_client, "export_csv", *many))) == 2
