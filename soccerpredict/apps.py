from django.apps import AppConfig


class SoccerPredictConfig(AppConfig):
    name = "soccerpredict"

    def ready(self) -> None:
        # Tasks bind to the application that exists when they are first called.
        from soccerpredict import celery  # noqa: F401
