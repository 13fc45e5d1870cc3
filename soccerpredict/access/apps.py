from django.apps import AppConfig
from django.core.signals import request_finished


class AccessConfig(AppConfig):
    name = "soccerpredict.access"
    label = "access"
    verbose_name = "API access"

    def ready(self) -> None:
        from soccerpredict.access import schema, usage  # noqa: F401

        request_finished.connect(usage.flush)
