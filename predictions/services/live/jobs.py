"""Asynchronous predictions: the row in Postgres is the truth, the queue only carries its id."""

import hashlib
import logging
import uuid
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from predictions import task_names
from predictions.models import PredictionJob
from predictions.services.live import places
from predictions.services.live.fixtures import Fixture
from predictions.workers import heartbeats, lanes, sending
from predictions.workers.sending import BrokerAway
from soccerpredict import postgres
from soccerpredict.errors import Conflict, NotFound, SoccerPredictError
from soccerpredict.http import problems, request_id
from soccerpredict.postgres import LockNumber

KEPT = timedelta(hours=1)
MOST_ATTEMPTS = 2
logger = logging.getLogger(__name__)


class Quarantined(SoccerPredictError):
    code = "job_quarantined"
    title = "The job was given up"


def submit(
    *,
    client_id: int,
    key_id: int,
    fixtures: list[Fixture],
    is_array: bool,
    idempotency_key: str | None,
) -> PredictionJob:
    """Keep the job and queue it; a repeat with the same key returns the same job.

    Raises:
        Conflict: the idempotency key was used for another request.
        places.TooManyJobs, places.QueueFull: too many wait; the job is not kept.
        BrokerAway, redis.RedisError: the broker is away; the job is not kept.
    """
    heartbeats.ping()  # before a row is kept whose message could not leave
    request = {"fixtures": fixtures, "is_array": is_array}
    digest = hashlib.sha256(orjson.dumps(request, option=orjson.OPT_SORT_KEYS)).hexdigest()
    asked = PredictionJob(
        client_id=client_id,
        key_id=key_id,
        idempotency_key=idempotency_key,
        request_digest=digest,
        request_id=request_id.current(),
        request=request,
        expires_at=timezone.now() + KEPT,
    )
    job = _kept(asked)
    if job.request_digest != digest:
        raise Conflict("This Idempotency-Key was used for another request.")
    if job is asked:
        _queue(job)
    return job


@transaction.atomic
def _kept(asked: PredictionJob) -> PredictionJob:
    """The job, or that of the request which this one repeats."""
    postgres.lock(LockNumber.WAITING_JOBS)  # so that no two count the same place as free
    repeated = _repeated(asked)
    if repeated is None:
        asked.lane = places.choose(asked.key_id)
        asked.save(force_insert=True)
    return repeated or asked


def _repeated(asked: PredictionJob) -> PredictionJob | None:
    if asked.idempotency_key is None:
        return None
    same = PredictionJob.objects.filter(
        client_id=asked.client_id, idempotency_key=asked.idempotency_key
    )
    # A client may use a key again once the job that it named is forgotten.
    same.filter(expires_at__lte=timezone.now()).delete()
    return same.first()


def _queue(job: PredictionJob) -> None:
    try:
        sending.send(
            task_names.PREDICT_JOB,
            [str(job.pk)],
            expires=KEPT.total_seconds(),
            queue=lanes.name(job.lane),
        )
    except BrokerAway:
        job.delete()
        raise


def find(*, client_id: int, job_id: uuid.UUID) -> PredictionJob:
    """A client's own job. Raises NotFound when it is unknown, another's or expired."""
    jobs = PredictionJob.objects.filter(client_id=client_id, expires_at__gt=timezone.now())
    job = jobs.filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job, or it has expired.")
    return job


def run(job_id: str) -> str:
    """Do a job and keep what came of it; doing it again is harmless. Returns its status."""
    job = _started(job_id)
    if job is None:
        return "gone"
    if job.status == PredictionJob.Status.RUNNING:
        _finish(job)
    return str(job.status)


@transaction.atomic
def _started(job_id: str) -> PredictionJob | None:
    job = PredictionJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None or job.finished_at is not None:
        return job
    job.start()
    return job


def _finish(job: PredictionJob) -> None:
    try:
        result = _predicted(job)
    except SoccerPredictError as exc:
        _fail(job, exc)
    except Exception:
        # Whoever asked must hear of it; the time limit comes as an exception, too.
        logger.exception("The job %s failed.", job.pk)
        error = SoccerPredictError("Something went wrong; the request's id finds it in the log.")
        _fail(job, error)
    else:
        job.succeed(result)


def _predicted(job: PredictionJob) -> list[dict[str, Any]]:
    # Models are for workers: a web process never loads them.
    from predictions.services.live import inference

    if job.attempts > MOST_ATTEMPTS:
        raise Quarantined(f"The job ended its worker {MOST_ATTEMPTS} times.")
    return inference.predict_fixtures(job.request["fixtures"])


def _fail(job: PredictionJob, error: SoccerPredictError) -> None:
    job.fail(problems.document(error, instance=f"/predict/async/{job.pk}"))


def expire() -> int:
    """Forget jobs that nobody can ask for any more; how many."""
    return PredictionJob.objects.filter(expires_at__lte=timezone.now()).delete()[0]
