"""Predictions of matches that the model learned from: marked everywhere, and worth nothing."""

import csv
import io

import orjson
import pytest
from pyarrow import BufferReader, parquet

from predictions.api.answers import fixture_answer
from predictions.models import Publication
from predictions.services.publishing import batch as batches
from predictions.services.publishing import published
from predictions.services.publishing.publication import COLUMNS, publish
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_match,
    make_odds,
    make_prediction,
    make_team,
)
from tests.reading import content_of, json_of

PREDICTIONS, CARDS = "/predict/predictions/", "/predict/cards/"
LISTS = [PREDICTIONS, CARDS]
EDGES = ("edge_home", "edge_draw", "edge_away")
pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    """A match that the model learned from, one that is over and was new to it, one to come."""
    made = make_batch()
    for name, start, learned in (
        ("Learned", NOON - 9 * DAY, True),
        ("Unseen", NOON - DAY, False),
        ("Coming", NOON + DAY, False),
    ):
        match = make_match(home_team=make_team(name=name), start_time_utc=start)
        make_prediction(match, batch=made, in_sample=learned)
        make_odds(match, (2.5, 4.0, 4.0), captured_at=start - HOUR)
    publish(made)
    return made


def marks(rows):
    return {row["homeTeamName"]: row["in_sample"] for row in rows}


MARKS = {"Learned": True, "Unseen": False, "Coming": False}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["", "?limit=3", "?date_to=2026-03-30", "?sort=-proba_home"])
def test_every_row_of_a_list_says_it(api, batch, path, query):
    assert marks(json_of(api.get(path + query))) == MARKS


@pytest.mark.parametrize("path", LISTS)
def test_it_is_among_the_last_columns_of_csv(api, batch, path):
    text = content_of(api.get(f"{path}?format=csv")).decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["homeTeamName"]: row["in_sample"] == "true" for row in rows} == MARKS
    assert text.splitlines()[0].removesuffix(",edge_is_doubtful").endswith(",in_sample")


@pytest.mark.parametrize("path", LISTS)
def test_it_is_a_column_of_parquet(api, batch, path):
    table = parquet.read_table(BufferReader(content_of(api.get(f"{path}?format=parquet"))))

    assert marks(table.to_pylist()) == MARKS
    newer = ["edge_is_doubtful"] if "cards" in path else []
    assert table.column_names[-1 - len(newer) :] == ["in_sample", *newer]


def test_the_published_prediction_of_a_match_says_it(api, batch):
    for prediction in batch.predictions.all():
        answer = api.get(f"/predict/precomputed/{prediction.match_id}").json()
        assert answer["in_sample"] is prediction.in_sample


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("in_sample=true", ["Learned"]),
        ("in_sample=false", ["Unseen", "Coming"]),
        ("in_sample=false&limit=1&offset=1", ["Coming"]),
        ("in_sample=true&future_only=true", []),
    ],
)
def test_lists_are_filtered_by_it(api, batch, path, query, expected):
    response = api.get(f"{path}?{query}")

    assert list(marks(json_of(response))) == expected
    if "limit" not in query:
        assert response["X-Total-Count"] == str(len(expected))


def test_a_card_that_knew_the_result_is_worth_nothing(api, batch):
    learned, unseen, _ = json_of(api.get(CARDS))

    assert [learned[name] for name in (*EDGES, "best_value", "kelly_fraction")] == [None] * 5
    assert [unseen[name] for name in (*EDGES, "best_value", "kelly_fraction")] == [
        *(0.25, 0.2, -0.2),
        "home_win",
        0.166667,
    ]
    prices = ("bookmaker", "odd_home", "odds_captured_at", "implied_home")
    assert None not in [learned[name] for name in prices]


@pytest.mark.parametrize("query", ["min_edge=-1", "min_edge=0.1", "min_edge=-1&limit=5"])
def test_min_edge_never_returns_it(api, batch, query):
    response = api.get(f"{CARDS}?{query}")

    assert list(marks(json_of(response))) == ["Unseen", "Coming"]
    assert response["X-Total-Count"] == "2"
    assert json_of(api.get(f"{CARDS}?{query}&in_sample=true")) == []


@pytest.fixture
def old(batch, monkeypatch):
    """A publication as the version of the program before made it: its rows have no mark."""
    found = Publication.objects.get()
    rows = [
        {name: value for name, value in row.items() if name != "in_sample"}
        for row in orjson.loads(bytes(found.coming))
    ]
    Publication.objects.filter(pk=found.pk).update(
        coming=orjson.dumps(rows), columns="", etag="old", published_at=NOON
    )
    published.forget()
    return found


def test_what_was_published_before_the_upgrade_is_marked_too(api, old):
    assert marks(json_of(api.get(PREDICTIONS))) == MARKS
    assert marks(json_of(api.get(f"{PREDICTIONS}?future_only=true"))) == {"Coming": False}


def test_every_process_makes_the_same_of_it(api, old, clock):
    first = api.get(PREDICTIONS)
    clock.move(HOUR)
    published.forget()
    again = api.get(PREDICTIONS)

    assert first["ETag"] == again["ETag"] != '"old"'
    assert content_of(first) == content_of(again)


def test_a_client_of_before_gets_the_new_body_once(api, old):
    tag = api.get(PREDICTIONS)["ETag"]

    assert api.get(PREDICTIONS, headers={"If-None-Match": '"old"'}).status_code == 200
    assert api.get(PREDICTIONS, headers={"If-None-Match": tag}).status_code == 304


def test_the_next_run_publishes_it_anew(batch):
    made_with = (batch.model_version_id, batch.dataset_version)
    up_to_date = batches.published_with("champion")
    Publication.objects.update(columns=COLUMNS.removesuffix(",in_sample"))

    assert up_to_date == made_with
    assert batches.published_with("champion") is None


def test_a_job_from_before_the_upgrade_can_still_be_collected():
    found = {
        "probabilities": {"home_win": 0.5, "draw": 0.3, "away_win": 0.2},
        "predicted_class": 0,
        "predicted_label": "home_win",
        "model_uri": "models:/x/1",
        "model_number": 1,
        "model_stage": "champion",
        "model_run_id": "8f14e45f",
        "predictions_computed_at": "2026-03-14T12:00:00+00:00",
        "dataset_version": "d",
    }

    assert "in_sample" not in fixture_answer(found)["prediction"]
    assert fixture_answer({**found, "in_sample": True})["prediction"]["in_sample"] is True
