"""`/monitoring/task_status/…` and `/monitoring/celery/…`."""

import re
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring.api import schemas
from monitoring.api.base import ClosableView
from monitoring.services.tasks import celery_state
from monitoring.services.tasks.task_status import task_status
from soccerpredict.errors import InvalidInput

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


class TaskStatusView(ClosableView):
    @schemas.described(
        "monitoring_task_status",
        summary="State of a task",
        description=(
            "`result` is what the task returned, once its status is `success`, and null "
            "otherwise. An id that nobody knows is `pending`, as Celery has it."
        ),
        parameters=[
            OpenApiParameter("task_id", OpenApiTypes.UUID, OpenApiParameter.PATH, required=True)
        ],
        responses={
            200: OpenApiResponse(schemas.TaskStatusSerializer, "Its state."),
            **schemas.CLOSABLE_ERRORS,
        },
    )
    def get(self, request: Request, task_id: str) -> Response:
        return Response(task_status(_uuid(task_id)))


class QueuesView(ClosableView):
    @schemas.described(
        "monitoring_celery_queues",
        summary="Tasks of each worker and queue",
        description=(
            "Active, scheduled and reserved tasks of each worker that answers, and how many "
            "tasks wait in each queue. Up to a second old."
        ),
        responses={
            200: OpenApiResponse(schemas.QueuesSerializer, "The counts."),
            **schemas.CLOSABLE_ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        return Response(celery_state.queues())


class WorkersView(ClosableView):
    @schemas.described(
        "monitoring_celery_workers",
        summary="Workers and the models they hold",
        description=(
            "Every worker with a recent heartbeat, by name; an empty list when there is none. "
            "Up to a second old."
        ),
        responses={
            200: OpenApiResponse(schemas.WorkersSerializer, "The workers."),
            **schemas.CLOSABLE_ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        return Response({"workers": celery_state.workers()})


def _uuid(text: str) -> UUID:
    if not UUID_TEXT.fullmatch(text):
        raise InvalidInput.at("path", "task_id", msg="Write a UUID.")
    return UUID(text)
