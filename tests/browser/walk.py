"""Every page that the project has, read off its URL configuration and the admin's registry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from rest_framework.renderers import TemplateHTMLRenderer

# Addresses that no person opens, each with what it is instead.
NO_PAGES = {
    "admin/(?P<url>.*)$": "what is not there",
    "admin/autocomplete/": "the choices of a field, as JSON",
    "admin/jsi18n/": "a script",
    "admin/login/": "seen by those who are not signed in: a test of its own",
    "admin/logout/": "a button",
    "admin/search/": "what the theme's search shows while one types",
    "admin/django_celery_results/taskresult/workers/revoke/": "a button",
    "admin/monitoring/driftreport/newest-page/": "Evidently's own page: see test_drift_page",
    "explorer/download": "a file",
    "scores/board": "a part of a page, which asks for it anew",
}
# What a page's last part is called, and who may come there.
OF_MODELS = {
    "changelist": "has_view_permission",
    "add": "has_add_permission",
    "change": "has_view_permission",
    "history": "has_view_permission",
    "delete": "has_delete_permission",
}


@dataclass(frozen=True)
class Place:
    """An address as it is configured; `model` where it is one of a model's pages in the admin."""

    route: str
    model: type[Model] | None = None
    kind: str = ""

    def __str__(self) -> str:
        return "/" + self.route

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")


def everything(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """All configured addresses with their patterns."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from everything(pattern.url_patterns, route)


def places() -> list[Place]:
    """Every page that the operator may open; rows' short addresses lead to their long ones."""
    return [
        place
        for route, pattern in everything()
        if route not in NO_PAGES and is_page(pattern.callback)
        for place in [placed(route, pattern)]
        if not route.endswith("<path:object_id>/") and may_open(place)
    ]


def is_page(view: Any) -> bool:
    """Whether it answers with a page: the API's views say what they answer with."""
    renderers = getattr(getattr(view, "cls", None), "renderer_classes", [TemplateHTMLRenderer])
    return any(issubclass(renderer, TemplateHTMLRenderer) for renderer in renderers)


def placed(route: str, pattern: URLPattern) -> Place:
    owner = getattr(pattern.callback, "model_admin", None)
    kind = (pattern.name or "").rpartition("_")[2]
    if owner is not None and kind in OF_MODELS:
        return Place(route, owner.model, kind)
    return Place(route)


def may_open(place: Place) -> bool:
    if place.model is None:
        return True
    return bool(getattr(admin.site._registry[place.model], OF_MODELS[place.kind])(asking()))


def actions() -> list[tuple[type[Model], str]]:
    """Every action of every list, as the operator is offered it."""
    return [
        (model, name)
        for model, owner in admin.site._registry.items()
        for name in owner.get_actions(asking())
    ]


def asking() -> Any:
    """A request of somebody who may do everything."""
    request = RequestFactory().get("/admin/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    return request
