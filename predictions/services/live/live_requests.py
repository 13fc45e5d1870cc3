"""Ask a worker for a live prediction and wait for its answer: the web process's side."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from celery.exceptions import TimeoutError as NoAnswer
from celery.result import AsyncResult
from django.conf import settings

from predictions import task_names
from predictions.services.live.fixtures import Fixture
from predictions.workers import heartbeats, lanes, sending
from soccerpredict.errors import GatewayTimeout, ServiceUnavailable, SoccerPredictError

_waiting = BoundedSemaphore(settings.LIVE_WAITING_THREADS)


class NoWorker(ServiceUnavailable):
    code = "no_worker"
    title = "No worker is alive"


class TooManyWaiting(ServiceUnavailable):
    code = "too_many_waiting"
    title = "Too many requests wait for workers"


class WorkerRefused(SoccerPredictError):
    """An error that the worker raised, as it travelled here."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["detail"], headers=error["headers"])
        self.status, self.code, self.title = error["status"], error["code"], error["title"]


def match(match_id: int, stage: str, include: Sequence[str]) -> dict[str, Any]:
    """A live prediction of a stored match, with the `task_id` that made it.

    Raises:
        NoWorker, TooManyWaiting: at once. BrokerAway: soon.
        GatewayTimeout: after LIVE_WAIT_SECONDS.
        WorkerRefused: no such match, or no model.
    """
    return _ask(task_names.PREDICT_MATCH, [match_id, stage, list(include)])


def fixtures(asked: Sequence[Fixture]) -> list[dict[str, Any]]:
    """A live prediction of each fixture. Raises as `match`."""
    answer = _ask(task_names.PREDICT_FIXTURES, [list(asked)])
    found: list[dict[str, Any]] = answer["predictions"]
    return found


def promotion(report_id: int, by: str, reason: str, *, force: bool) -> str:
    """Let a worker promote what a gate report is about: its sentence. Raises as `match`."""
    return _decided(task_names.DECIDE_PROMOTION, [report_id, by, reason, force])


def rollback(stage: str, by: str, reason: str, *, seen: int) -> str:
    """Let a worker roll a stage back from the version `seen`: its sentence. Raises as `match`."""
    return _decided(task_names.DECIDE_ROLLBACK, [stage, by, reason, seen])


def examination(version: int, stage: str, by: str, reason: str) -> str:
    """Let a worker put a version before the gate: its sentence. Raises as `match`."""
    return _decided(task_names.DECIDE_EXAMINATION, [version, stage, by, reason])


def _decided(task: str, arguments: list[Any]) -> str:
    return str(_ask(task, arguments)["sentence"])


def _ask(task: str, arguments: list[Any]) -> dict[str, Any]:
    with _a_place_to_wait():  # a frozen broker takes a second even to say who is alive
        if not heartbeats.is_served(lanes.LIVE):
            raise NoWorker("No worker serves the queue ml: start one.", retry_after=5)
        wait: float = settings.LIVE_WAIT_SECONDS
        result = sending.send(task, arguments, expires=wait)
        answer = _awaited(result, wait)
    if "error" in answer:
        raise WorkerRefused(answer["error"])
    return {**answer, "task_id": result.id}


def _awaited(result: "AsyncResult[Any]", wait: float) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = result.get(timeout=wait)
    except NoAnswer as exc:
        raise GatewayTimeout(
            f"No worker answered within {wait:g} s; the result may still come: ask "
            f"/monitoring/task_status/{result.id}.",
            task_id=result.id,
        ) from exc
    return answer


@contextmanager
def _a_place_to_wait() -> Iterator[None]:
    """One of the threads that may wait; the others stay free for reads and probes."""
    if not _waiting.acquire(blocking=False):
        raise TooManyWaiting("Too many live predictions are under way.", retry_after=1)
    try:
        yield
    finally:
        _waiting.release()
