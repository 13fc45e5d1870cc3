"""Routes that answer with and without their trailing slash, without a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.urls.resolvers import RoutePattern
from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

if TYPE_CHECKING:  # DRF loads this module while it loads its views
    from rest_framework.views import APIView


class EitherSpelling(RoutePattern):
    """Matches the path as declared, which is what the documentation shows, and the other way."""

    def match(self, path: str) -> Any:
        other = other_spelling(path)
        return super().match(path) or (super().match(other) if other else None)


def other_spelling(path: str) -> str:
    """With its slash where it has none, and the other way; nothing for `//` and the root."""
    if path.endswith("/"):
        return path[:-1] if not path.endswith("//") else ""
    return path + "/" if path else ""


def route(
    path: str, view: Callable[..., HttpResponseBase], *, name: str | None = None
) -> URLPattern:
    """Like `django.urls.path` for a whole path, as the contract spells it.

    Give the path whole: an `include("predict/")` in front would hide `POST /predict`.
    """
    return URLPattern(EitherSpelling(path, name=name, is_endpoint=True), view, None, name)


class AllowedMethods(BaseMetadata):
    """What OPTIONS tells."""

    def determine_metadata(self, request: Request, view: APIView) -> dict[str, Any]:
        return {"allow": view.allowed_methods}
