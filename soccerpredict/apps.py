from django.apps import AppConfig
from django.conf import settings


class SoccerPredictConfig(AppConfig):
    name = "soccerpredict"

    def ready(self) -> None:
        # Tasks bind to the application that exists when they are first called.
        from soccerpredict import celery  # noqa: F401

        if settings.TRACES_URL:
            from soccerpredict import tracing

            tracing.send_to(settings.TRACES_URL)
