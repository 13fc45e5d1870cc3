"""Asynchronous predictions from the request that asks for one to its end."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from redis.exceptions import RedisError

from predictions import task_names
from predictions.models import PredictionJob
from predictions.services.live import inference, jobs
from predictions.workers import lanes, sending
from predictions.workers.sending import BrokerAway
from soccerpredict.errors import Conflict, NotFound
from soccerpredict.http import request_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client")]

CLIENT = 7
FIXTURE = {
    "home_team_id": 1,
    "away_team_id": 2,
    "kickoff": 1_800_000_000,
    "stage": "champion",
    "tournament_id": None,
    "neutral_venue": False,
}


@pytest.fixture(autouse=True)
def _nothing_is_loaded(monkeypatch, var_dir):
    """A worker before the first model and features."""
    monkeypatch.setattr(inference, "worker_state", inference.WorkerState())


def submit(*fixtures, client_id=CLIENT, key_id=CLIENT, key=None, is_array=True):
    given = list(fixtures) or [FIXTURE]
    return jobs.submit(
        client_id=client_id,
        key_id=key_id,
        fixtures=given,
        is_array=is_array,
        idempotency_key=key,
    )


def queued(client):
    """Arguments of the tasks that wait for a worker."""
    lists = [f"{name}\x06\x163" for name in lanes.NAMES]
    messages = [json.loads(text) for each in lists for text in client.lrange(each, 0, -1)]
    assert {message["headers"]["task"] for message in messages} <= {task_names.PREDICT_JOB}
    return [message["headers"]["argsrepr"] for message in messages]


class TestSubmitting:
    def test_a_job_is_kept_and_queued_by_its_id(self, redis_client):
        job = submit()

        kept = PredictionJob.objects.get(pk=job.pk)
        assert (kept.status, kept.attempts, kept.finished_at) == ("queued", 0, None)
        assert kept.request == {"fixtures": [FIXTURE], "is_array": True}
        assert queued(redis_client) == [f"('{job.pk}',)"]

    def test_it_is_kept_for_an_hour(self):
        job = submit()

        assert abs(job.expires_at - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)

    def test_it_bears_the_id_of_the_request(self):
        assert submit().request_id == request_id.current()

    def test_without_a_key_each_request_is_a_job(self, redis_client):
        assert submit().pk != submit().pk
        assert len(queued(redis_client)) == 2

    def test_a_repeat_with_its_key_is_the_same_job(self, redis_client):
        first, second = submit(key="k"), submit(key="k")

        assert first.pk == second.pk
        assert len(queued(redis_client)) == 1

    def test_the_order_of_members_makes_no_other_request(self):
        turned = dict(reversed(FIXTURE.items()))

        assert submit(FIXTURE, key="k").pk == submit(turned, key="k").pk

    @pytest.mark.parametrize(
        "other",
        [
            {"fixtures": [{**FIXTURE, "stage": "challenger"}]},
            {"fixtures": [FIXTURE, FIXTURE]},
            {"is_array": False},
        ],
        ids=["a stage", "one more", "no array"],
    )
    def test_a_key_stands_for_one_request(self, other, redis_client):
        submit(key="k")

        with pytest.raises(Conflict, match="used for another request"):
            submit(*other.get("fixtures", ()), key="k", is_array=other.get("is_array", True))

        assert len(queued(redis_client)) == PredictionJob.objects.count() == 1

    def test_keys_of_two_clients_never_meet(self):
        assert submit(key="k").pk != submit(key="k", client_id=8).pk

    def test_a_key_is_free_again_when_its_job_has_expired(self):
        old = submit(key="k")
        PredictionJob.objects.filter(pk=old.pk).update(expires_at=timezone.now())

        new = submit({**FIXTURE, "stage": "challenger"}, key="k")

        assert new.pk != old.pk
        assert not PredictionJob.objects.filter(pk=old.pk).exists()

    def test_with_the_broker_away_nothing_is_kept(self, settings, closed_port):
        settings.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"

        with pytest.raises(RedisError):
            submit(key="k")

        assert not PredictionJob.objects.exists()

    def test_a_broker_that_leaves_between_leaves_no_job(self, monkeypatch):
        def refuse(*args, **kwargs):
            raise BrokerAway("The broker is away.")

        monkeypatch.setattr(sending, "send", refuse)

        with pytest.raises(BrokerAway):
            submit(key="k")

        assert not PredictionJob.objects.exists()


class TestFinding:
    def test_it_is_its_clients_own(self):
        job = submit()

        assert jobs.find(client_id=CLIENT, job_id=job.pk) == job
        with pytest.raises(NotFound):
            jobs.find(client_id=8, job_id=job.pk)

    def test_an_unknown_one_is_not_found(self):
        with pytest.raises(NotFound, match="no such job, or it has expired"):
            jobs.find(client_id=CLIENT, job_id=uuid.uuid4())

    def test_an_expired_one_is_not_found_and_forgotten(self):
        job, other = submit(), submit()
        PredictionJob.objects.filter(pk=job.pk).update(expires_at=timezone.now())

        with pytest.raises(NotFound):
            jobs.find(client_id=CLIENT, job_id=job.pk)
        assert jobs.expire() == 1
        assert jobs.expire() == 0
        assert PredictionJob.objects.get() == other


def problem_of(job):
    job.refresh_from_db()
    assert job.finished_at is not None
    return job.problem


class TestRunning:
    def test_one_that_is_gone_is_nothing(self):
        assert jobs.run(str(uuid.uuid4())) == "gone"

    def test_an_error_of_ours_is_its_problem(self):
        job = submit()

        assert jobs.run(str(job.pk)) == "failed"

        problem = problem_of(job)
        assert (problem["status"], problem["code"]) == (503, "features_missing")
        assert "build_features" in problem["detail"]
        assert problem["instance"] == f"/predict/async/{job.pk}"

    def test_an_error_of_the_code_is_logged_and_tells_nothing(self, monkeypatch, caplog):
        class Broken:
            def known(self):
                raise ZeroDivisionError("by nothing")

        monkeypatch.setattr(inference, "worker_state", Broken())
        job = submit()

        assert jobs.run(str(job.pk)) == "failed"

        problem = problem_of(job)
        assert problem["status"] == 500
        assert "nothing" not in json.dumps(problem)
        assert [line.exc_info[0] for line in caplog.records if line.exc_info] == [ZeroDivisionError]

    def test_what_is_done_is_not_done_again(self):
        job = submit()
        jobs.run(str(job.pk))
        job.refresh_from_db()
        ended = job.finished_at

        assert jobs.run(str(job.pk)) == "failed"

        job.refresh_from_db()
        assert (job.attempts, job.finished_at) == (1, ended)

    def test_one_whose_worker_died_is_tried_again(self):
        job = submit()
        job.start()

        jobs.run(str(job.pk))

        job.refresh_from_db()
        assert job.attempts == 2

    def test_one_that_ends_its_worker_twice_is_given_up(self):
        job = submit()
        job.start()
        job.start()

        assert jobs.run(str(job.pk)) == "failed"

        problem = problem_of(job)
        assert problem["code"] == "job_quarantined"
        assert problem["detail"] == "The job ended its worker 2 times."
