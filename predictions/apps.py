from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    name = "predictions"

    def ready(self) -> None:
        from predictions import tasks  # noqa: F401 - whoever sends a task finds it by its name
        from predictions.workers import lifecycle

        lifecycle.connect()
