import threading

from django.apps import AppConfig
from django.conf import settings

from soccerpredict.observability import logs


class SoccerPredictConfig(AppConfig):
    name = "soccerpredict"

    def ready(self) -> None:
        threading.excepthook = logs.log_fault_of_thread
        # Tasks bind to the application that exists when they are first called.
        from soccerpredict import celery, checks  # noqa: F401

        if settings.TRACES_URL:
            from soccerpredict.observability import tracing

            tracing.send_to(settings.TRACES_URL)
