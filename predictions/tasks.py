"""The worker's doors to the services; queues are named in CELERY_TASK_ROUTES."""

from collections.abc import Callable, Sequence
from typing import Any

from celery import Task, shared_task
from django.conf import settings

from livescores.models import ImportReport, WaitingEvent
from predictions import task_names
from predictions.models import (
    AliasChange,
    BatchRun,
    BettingRun,
    GateReport,
    ModelVersion,
    Odds,
    PredictionJob,
    QuarantinedOdds,
    TwoWayOdds,
)
from soccerpredict.errors import SoccerPredictError
from soccerpredict.jobs.runs import Job
from soccerpredict.jobs.task_outputs import NOTHING, Output

OF_SOURCE = {"source": "source"}
OF_STAGE = {"stage": "stage"}
BY_PERSON = {"changed_by": "by"}
TRAINED = (
    Output(ModelVersion, "registered_at"),
    Output(GateReport, "candidate__registered_at"),
)
REPORT = Output(ImportReport, "started_at", OF_SOURCE)
EVENTS = Output(WaitingEvent, "first_seen_at", OF_SOURCE)
PRICES = (
    Output(Odds, "recorded_at", OF_SOURCE),
    Output(TwoWayOdds, "recorded_at", OF_SOURCE),
    Output(QuarantinedOdds, "found_at", OF_SOURCE),
)


class Live(Task):  # type: ignore[type-arg]
    """The base of a task whose answer somebody waits for."""

    abstract = True
    soft_time_limit: int = settings.LIVE_SOFT_LIMIT_SECONDS
    time_limit: int = settings.LIVE_HARD_LIMIT_SECONDS


def or_error(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer, or the error as plain values: an exception would carry our internals along."""
    try:
        return answer()
    except SoccerPredictError as exc:
        return {
            "error": {
                "status": exc.status,
                "code": exc.code,
                "title": exc.title,
                "detail": str(exc),
                "headers": exc.headers,
            }
        }


# That it has begun is of no use to who waits for an answer of a few milliseconds.
@shared_task(name=task_names.PREDICT_MATCH, base=Live, track_started=False, makes=NOTHING)
def predict_match(match_id: int, stage: str, include: Sequence[str]) -> dict[str, Any]:
    """The worker's entry to `inference.predict_match`."""
    from predictions.services.live import inference

    return or_error(lambda: inference.predict_match(match_id, stage, include))


@shared_task(name=task_names.PREDICT_FIXTURES, base=Live, track_started=False, makes=NOTHING)
def predict_fixtures(fixtures: list[Any]) -> dict[str, Any]:
    """The worker's entry to `inference.predict_fixtures`."""
    from predictions.services.live import inference

    return or_error(lambda: {"predictions": inference.predict_fixtures(fixtures)})


@shared_task(
    name=task_names.PREDICT_JOB, base=Live, makes=(Output(PredictionJob, bears={"pk": "job_id"}),)
)
def predict_job(job_id: str) -> str:
    """The worker's entry to `jobs.run`."""
    from predictions.services.live import jobs

    return jobs.run(job_id)


@shared_task(
    name=task_names.DECIDE_PROMOTION,
    base=Live,
    makes=(Output(AliasChange, "changed_at", BY_PERSON),),
)
def decide_promotion(report_id: int, by: str, reason: str, force: bool) -> dict[str, Any]:
    """The worker's entry to `decisions.promote`."""
    from predictions.services.versions import decisions

    return or_error(lambda: decisions.promote(report_id, by, reason, force=force))


@shared_task(
    name=task_names.DECIDE_ROLLBACK,
    base=Live,
    makes=(Output(AliasChange, "changed_at", {**BY_PERSON, **OF_STAGE}),),
)
def decide_rollback(stage: str, by: str, reason: str, seen: int) -> dict[str, Any]:
    """The worker's entry to `decisions.roll_back`."""
    from predictions.services.versions import decisions

    return or_error(lambda: decisions.roll_back(stage, by, reason, seen=seen))


@shared_task(
    name=task_names.DECIDE_EXAMINATION,
    base=Live,
    makes=(Output(GateReport, "examined_at", {"asked_by": "by", **OF_STAGE}),),
)
def decide_examination(version: int, stage: str, by: str, reason: str) -> dict[str, Any]:
    """The worker's entry to `decisions.examine`."""
    from predictions.services.versions import decisions

    return or_error(lambda: decisions.examine(version, stage, by, reason))


@shared_task(base=Job, makes=(REPORT,))
def fetch_matches(source: str) -> str:
    from predictions.services import scheduled

    return scheduled.fetch_matches(source)


@shared_task(base=Job, makes=(*PRICES, EVENTS, REPORT))
def fetch_odds(source: str, leagues: Sequence[str] = ()) -> str:
    from predictions.services import scheduled

    return scheduled.fetch_feed(source, leagues, scores=False)


@shared_task(base=Job, makes=(EVENTS, REPORT))
def fetch_scores(source: str, leagues: Sequence[str] = ()) -> str:
    from predictions.services import scheduled

    return scheduled.fetch_feed(source, leagues, scores=True)


@shared_task(base=Job, makes=NOTHING)
def run_close_silent_matches() -> str:
    from predictions.services import scheduled

    return scheduled.close_silent_matches()


@shared_task(base=Job, makes=NOTHING)
def run_forget_waiting_events() -> str:
    from predictions.services import scheduled

    return scheduled.forget_waiting_events()


@shared_task(base=Job, makes=(Output(ImportReport, "started_at"),))
def run_simulated_world() -> str:
    from predictions.services import scheduled

    return scheduled.go_on_with_the_simulated_world()


@shared_task(base=Job, makes=NOTHING)
def run_features() -> str:
    from predictions.services import scheduled

    return scheduled.rebuild_features()


@shared_task(base=Job, makes=NOTHING)
def run_ratings() -> str:
    from predictions.services import scheduled

    return scheduled.rate_teams()


@shared_task(base=Job, makes=(Output(BatchRun, "computed_at", OF_STAGE),))
def run_batch_inference(stage: str) -> str:
    from predictions.services import scheduled

    return scheduled.predict(stage)


@shared_task(base=Job, makes=(Output(BettingRun, "computed_at", OF_STAGE),))
def run_betting_simulation(stage: str) -> str:
    from predictions.services import scheduled

    return scheduled.simulate_betting(stage)


@shared_task(base=Job, makes=TRAINED)
def run_retraining() -> str:
    from predictions.services import scheduled

    return scheduled.retrain()


@shared_task(base=Job, makes=NOTHING)
def run_expire_jobs() -> str:
    from predictions.services.live import jobs

    return f"{jobs.expire()} prediction jobs were forgotten."
