"""Publications: a list's text, built once, and a tag of its content."""

import gzip
from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from predictions.models import PublicationPointer
from predictions.services.publishing import publication
from predictions.services.publishing.publication import as_of_now, completed, compressed
from tests.factories import DAY, make_batch, make_match, make_prediction, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    """Two matches of the past and one to come, the last one first."""
    made = make_batch()
    for days in (3, -2, -9):
        match = make_match(start_time_utc=timezone.now() + days * DAY)
        make_prediction(match, batch=made)
    return made


def whole(found, coming=None):
    """The list as a reader gets it."""
    played = publication.CompressedHead(bytes(found.played), found.played_crc, found.played_bytes)
    rows = orjson.loads(bytes(found.coming)) if coming is None else coming
    return orjson.loads(gzip.decompress(completed(played, rows)))


def test_the_list_has_every_match_in_order(batch):
    rows = whole(publication.publish(batch))

    assert [row["is_future"] for row in rows] == [False, False, True]
    assert [row["startTimeUtc"] for row in rows] == sorted(row["startTimeUtc"] for row in rows)
    assert {row["model_run_id"] for row in rows} == {batch.model_version.run_id}


def test_a_row_has_what_the_contract_says(batch):
    row = whole(publication.publish(batch))[0]
    match = batch.predictions.order_by("start_time_utc")[0].match

    assert row == {
        "match_id": match.pk,
        "homeTeamName": match.home_team.name,
        "awayTeamName": match.away_team.name,
        "startTimeUtc": match.start_time_utc.isoformat(),
        "proba_home": 0.5,
        "proba_draw": 0.3,
        "proba_away": 0.2,
        "predicted_class": 0,
        "predicted_label": "home_win",
        "is_future": False,
        "model_stage": "champion",
        "model_run_id": batch.model_version.run_id,
        "predictions_computed_at": batch.computed_at.isoformat(),
        "in_sample": False,
    }


def test_the_pointer_follows(batch):
    publication.publish(batch)
    newest = publication.publish(batch)

    pointer = PublicationPointer.objects.get()
    assert (pointer.stage, pointer.publication, pointer.batch) == ("champion", newest, batch)


def test_the_same_content_has_the_same_tag(batch):
    first, second = publication.publish(batch), publication.publish(batch)

    assert first.pk != second.pk
    assert first.etag == second.etag


@pytest.mark.parametrize("place", [0, 2], ids=["played", "to come"])
def test_another_probability_has_another_tag(batch, place):
    before = publication.publish(batch)
    row = batch.predictions.order_by("start_time_utc")[place]
    batch.predictions.filter(pk=row.pk).update(proba_home=0.4, proba_draw=0.4)

    assert publication.publish(batch).etag != before.etag


def test_another_name_has_another_tag(batch):
    before = publication.publish(batch)
    team = batch.predictions.first().match.home_team
    team.name = "Ås & “Œuf” 北京"
    team.save()

    after = publication.publish(batch)

    assert after.etag != before.etag
    assert team.name in {row["homeTeamName"] for row in whole(after)}


def test_the_order_of_the_rows_in_the_table_does_not_matter(batch):
    before = publication.publish(batch)
    batch.predictions.filter(pk=batch.predictions.earliest("pk").pk).update(in_sample=False)

    assert publication.publish(batch).etag == before.etag


def test_a_match_that_has_kicked_off_is_no_future_any_more(batch):
    coming = orjson.loads(bytes(publication.publish(batch).coming))

    assert [row["is_future"] for row in as_of_now(coming, timezone.now())] == [True]
    assert [row["is_future"] for row in as_of_now(coming, timezone.now() + 4 * DAY)] == [False]


def test_kick_off_itself_is_not_in_the_future(batch):
    coming = orjson.loads(bytes(publication.publish(batch).coming))
    kickoff = batch.predictions.latest("start_time_utc").start_time_utc

    assert not as_of_now(coming, kickoff)[0]["is_future"]
    assert as_of_now(coming, kickoff - timedelta(milliseconds=1))[0]["is_future"]


@pytest.mark.parametrize("n_played", [0, 1, 2, 5])
@pytest.mark.parametrize("n_coming", [0, 1, 2])
def test_any_number_of_rows_is_one_json_array(n_played, n_coming, monkeypatch):
    monkeypatch.setattr(publication, "AT_ONCE", 2)
    played = [{"match_id": n} for n in range(n_played)]
    coming = [{"match_id": 100 + n} for n in range(n_coming)]

    text = gzip.decompress(completed(compressed(played), coming))

    assert orjson.loads(text) == played + coming


def test_a_batch_without_predictions_is_an_empty_list():
    assert whole(publication.publish(make_batch())) == []


def test_regions_do_not_multiply_rows(batch):
    make_region()

    assert publication.publish(batch).n_predictions == 3
