from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.signals import request_finished
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "soccerpredict.access"
    label = "access"
    verbose_name = "API access"

    def ready(self) -> None:
        from soccerpredict.access import known_browsers, roles, schema, usage  # noqa: F401

        request_finished.connect(usage.flush)
        user_logged_in.connect(known_browsers.remember)
        post_migrate.connect(roles.grant, sender=roles.last_app())
