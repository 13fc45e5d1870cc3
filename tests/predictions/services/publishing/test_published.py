"""What a web process holds of a stage: the newest publication, or the last one it could read."""

import gzip
import logging
from datetime import timedelta
from threading import Thread

import orjson
import pytest
from django.db import OperationalError
from django.utils import timezone

from predictions.models import PublicationPointer
from predictions.services.publishing import publication, published
from predictions.services.publishing.published import NothingPublished
from soccerpredict.observability import log_context
from tests.factories import DAY, make_batch, make_match, make_prediction

pytestmark = pytest.mark.django_db

STAGE = "champion"


@pytest.fixture(autouse=True)
def _nothing_held(settings):
    """Each look asks the database, unless a test says otherwise."""
    settings.PUBLICATION_POLL_SECONDS = 0.0
    published.forget()
    yield
    published.forget()


def publish(*days, stage=STAGE):
    """Matches so many days from now, predicted and published."""
    batch = make_batch(stage)
    for distance in days:
        match = make_match(start_time_utc=timezone.now() + distance * DAY)
        make_prediction(match, batch=batch)
    return publication.publish(batch)


@pytest.fixture
def database_away(monkeypatch):
    """From the call on, no pointer can be read."""

    def leave():
        def refuse(*args, **kwargs):
            raise OperationalError("the connection is closed")

        monkeypatch.setattr(PublicationPointer.objects, "filter", refuse)

    return leave


def sent(held, now=None):
    return orjson.loads(gzip.decompress(held.rendered(now or timezone.now()).gzipped))


def test_where_nothing_was_published_it_says_what_to_run():
    with pytest.raises(NothingPublished, match="batch_inference --stage challenger") as told:
        published.current("challenger")

    assert (told.value.status, told.value.code) == (503, "nothing_published")


def test_it_holds_what_the_pointer_says():
    made = publish(-2, 3)

    held = published.current(STAGE)

    assert (held.publication_id, held.etag, held.n_predictions) == (made.pk, made.etag, 2)
    assert held.model_version == made.batch.model_version.version
    assert held.facts == publication.facts_of(made.batch)


def test_stages_are_held_apart():
    one, other = publish(1), publish(1, stage="challenger")

    assert published.current(STAGE).publication_id == one.pk
    assert published.current("challenger").publication_id == other.pk


def test_a_newer_one_takes_its_place():
    publish(1)
    published.current(STAGE)
    newer = publish(1, 2)

    assert published.current(STAGE).publication_id == newer.pk


def test_the_same_one_is_not_read_again():
    publish(1)

    assert published.current(STAGE) is published.current(STAGE)


def test_it_does_not_look_before_its_time(settings, django_assert_num_queries):
    settings.PUBLICATION_POLL_SECONDS = 60.0
    first = publish(1)
    held = published.current(STAGE)
    publish(1, 2)

    with django_assert_num_queries(0):
        assert published.current(STAGE).publication_id == first.pk
    assert published.is_held(STAGE, held)


def test_what_may_be_old_is_not_held(settings):
    publish(1)
    held = published.current(STAGE)

    assert not published.is_held(STAGE, held)  # the time to look has come at once
    settings.PUBLICATION_POLL_SECONDS = 60.0
    assert published.is_held(STAGE, held)
    assert not published.is_held("challenger", held)
    published.forget()
    assert not published.is_held(STAGE, held)


def test_one_that_was_replaced_is_not_held(settings):
    publish(1)
    old = published.current(STAGE)
    publish(1)
    new = published.current(STAGE)
    settings.PUBLICATION_POLL_SECONDS = 60.0

    assert published.is_held(STAGE, new)
    assert not published.is_held(STAGE, old)


def test_with_the_database_away_it_goes_on(database_away, caplog):
    made = publish(1)
    published.current(STAGE)

    database_away()

    assert published.current(STAGE).publication_id == made.pk
    assert [line.message for line in caplog.records] == [
        "The database is away: champion goes on with what is in memory."
    ]


def test_with_the_database_away_it_looks_no_sooner(database_away, settings, caplog):
    publish(1)
    published.current(STAGE)
    database_away()
    published.current(STAGE)

    settings.PUBLICATION_POLL_SECONDS = 60.0
    published.current(STAGE)

    assert len(caplog.records) == 1


def test_with_nothing_in_memory_the_fault_is_told(database_away):
    publish(1)
    database_away()

    with pytest.raises(OperationalError):
        published.current(STAGE)


def test_it_looks_again_after_a_fault(database_away, monkeypatch):
    made = publish(1)
    database_away()
    with pytest.raises(OperationalError):
        published.current(STAGE)

    monkeypatch.undo()

    assert published.current(STAGE).publication_id == made.pk


def test_while_one_thread_looks_the_others_use_what_is_held():
    publish(1)
    held = published.current(STAGE)
    slot = published._slots[STAGE]
    found = []

    with slot.lock:  # somebody looks, and takes long
        other = Thread(target=lambda: found.append(published.current(STAGE)))
        other.start()
        other.join(5)

    assert found == [held]


def test_log_lines_of_the_request_name_the_model():
    made = publish(1)
    log_context.begin(request_id="r")

    published.current(STAGE)

    assert log_context.facts()["model_run_id"] == made.batch.model_version.run_id
    log_context.begin()


def test_issued_are_those_that_were_still_to_come():
    publish(-9, -2, 3)

    origin = published.current(STAGE).origin

    assert (origin.n_issued, origin.n_retrospective) == (1, 2)


class TestRendered:
    def test_it_is_the_whole_list(self):
        publish(-2, 1, 3)

        rows = sent(published.current(STAGE))

        assert [row["is_future"] for row in rows] == [False, True, True]

    def test_it_is_made_once_until_a_match_kicks_off(self):
        publish(1, 3)
        held = published.current(STAGE)
        now = timezone.now()

        first = held.rendered(now)

        assert first.until - now == pytest.approx(DAY, abs=timedelta(minutes=1))
        assert held.rendered(first.until - timedelta(microseconds=1)) is first
        assert held.rendered(first.until) is not first

    def test_a_kick_off_changes_rows_and_tag(self):
        publish(1, 3)
        held = published.current(STAGE)
        before = held.rendered(timezone.now())

        after = held.rendered(before.until)

        rows = orjson.loads(gzip.decompress(after.gzipped))
        assert [row["is_future"] for row in rows] == [False, True]
        assert after.etag != before.etag
        assert after.until > before.until

    def test_when_all_have_kicked_off_it_stays_as_it_is(self):
        publish(1)
        held = published.current(STAGE)
        later = timezone.now() + 2 * DAY

        last = held.rendered(later)

        assert last.until is None
        assert held.rendered(later + 365 * DAY) is last

    def test_two_processes_give_the_same_tag(self):
        publish(-1, 1)
        now = timezone.now()
        one = published.current(STAGE).rendered(now)
        published.forget()

        other = published.current(STAGE).rendered(now)

        assert (one.etag, one.gzipped) == (other.etag, other.gzipped)


def test_what_an_earlier_program_stored_is_made_anew():
    made = publish(-1, 1)
    before = published.current(STAGE)
    published.forget()
    type(made).objects.filter(pk=made.pk).update(columns="match_id", played=b"", coming=b"[]")

    held = published.current(STAGE)

    assert held.etag == before.etag
    assert sent(held) == sent(before)


def test_nothing_is_told_of_a_stage_that_has_none_twice(caplog):
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        with pytest.raises(NothingPublished):
            published.current(STAGE)

    assert caplog.records == []
