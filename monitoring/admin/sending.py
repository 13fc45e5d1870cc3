"""Start a job from the admin, on record; and links to what tasks made."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from monitoring.services.tasks import task_control
from soccerpredict.back_office.admin import PlatformAdmin, page_of
from soccerpredict.errors import SoccerPredictError

AWAY = (RedisError, BrokerError, OSError)


class SendingAdmin(PlatformAdmin):
    """Pages of rows that stand for jobs."""

    def send(
        self, request: HttpRequest, row: Model, task: str, kwargs: dict[str, Any], *, name: str
    ) -> None:
        try:
            task_id = task_control.run_now(task, kwargs, name=name)
        except (SoccerPredictError, *AWAY) as exc:
            self.message_user(request, f"{row}: {exc}", messages.ERROR)
        else:
            self.log_change(request, row, f"Run now as {task_id}.")
            self.message_user(request, f"{row} was sent as {task_id}.", messages.SUCCESS)


def links_to(rows: Iterable[Model]) -> SafeString | None:
    """One after the other; None where there is none."""
    return format_html_join(", ", "{}", ((page_of(row),) for row in rows)) or None
