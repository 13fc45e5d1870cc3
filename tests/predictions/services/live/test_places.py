"""How many jobs may wait, and that no key's jobs stand in the way of another's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.models import PredictionJob
from predictions.services.live import places
from predictions.services.live.places import QueueFull, TooManyJobs
from predictions.workers import lanes

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def wait(key_id, lane=0, n_jobs=1, **fields):
    PredictionJob.objects.bulk_create(
        PredictionJob(
            client_id=1,
            key_id=key_id,
            lane=lane,
            request={},
            expires_at=fields.get("expires_at", NOW + timedelta(hours=1)),
            finished_at=fields.get("finished_at"),
        )
        for _ in range(n_jobs)
    )


@pytest.fixture(autouse=True)
def _few(settings):
    settings.JOBS_WAITING_PER_KEY, settings.JOBS_WAITING = 3, 5


def test_a_keys_jobs_wait_in_one_lane():
    wait(1, lane=4)

    assert places.choose(1) == 4


def test_another_key_waits_where_nobody_does():
    for lane in range(lanes.COUNT - 1):
        PredictionJob.objects.all().delete()
        wait(1, lane=lane)
        assert places.choose(2) != lane


def test_with_more_keys_than_lanes_the_emptiest_is_shared(settings):
    settings.JOBS_WAITING = 100
    for lane in range(lanes.COUNT):
        wait(lane, lane=lane, n_jobs=1 if lane == 9 else 2)

    assert places.choose(99) == 9


def test_a_key_that_has_too_many_is_refused_and_no_other():
    wait(1, n_jobs=3)

    with pytest.raises(TooManyJobs, match="3 jobs of this key wait") as refused:
        places.choose(1)

    assert (refused.value.status, refused.value.code) == (429, "too_many_jobs")
    assert int(refused.value.headers["Retry-After"]) > 0
    assert places.choose(2) > 0


def test_when_all_together_have_too_many_everybody_is_refused():
    wait(1, n_jobs=3)
    wait(2, lane=1, n_jobs=2)

    with pytest.raises(QueueFull) as refused:
        places.choose(3)

    assert (refused.value.status, refused.value.code) == (503, "queue_full")
    assert int(refused.value.headers["Retry-After"]) > 0


def test_jobs_that_have_ended_or_expired_take_no_place():
    wait(1, n_jobs=3, finished_at=NOW)
    wait(1, n_jobs=3, expires_at=NOW - timedelta(seconds=1))

    assert places.choose(1) == 0


def test_jobs_of_an_earlier_version_count_for_all():
    wait(None, n_jobs=5)

    with pytest.raises(QueueFull):
        places.choose(1)
