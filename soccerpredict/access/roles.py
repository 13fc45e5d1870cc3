"""Who may do what in the back office: three groups, whose rights follow the models.

A viewer sees everything but people; an operator also runs the platform; an administrator also
decides who has access. Rights are given anew after every `migrate`, so that a new model needs no
line here.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, TextChoices

OPERATED = (
    "livescores",
    "predictions",
    "monitoring",
    "jobs",
    "django_celery_beat",
    "django_celery_results",
)


class Role(TextChoices):
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


def rights_of(role: Role) -> Q:
    """The permissions of a role; pages of what machines wrote refuse changes whoever asks."""
    viewed = Q(content_type__app_label__in=(*OPERATED, "access"), codename__startswith="view_")
    if role is Role.VIEWER:
        return viewed
    operated = Q(content_type__app_label__in=OPERATED)
    if role is Role.OPERATOR:
        return viewed | operated | Q(codename="view_logentry")
    return Q()


def grant(**_: Any) -> None:
    """Django's `post_migrate` of the last app: the permissions of all models are known by then."""
    for role in Role:
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.set(Permission.objects.filter(rights_of(role)))


def last_app() -> Any:
    return list(apps.get_app_configs())[-1]
