"""Headers that belong on whatever answer a request gets, an error included."""

from collections.abc import Mapping

from django.http import HttpRequest
from rest_framework.request import Request

NAME = "promised_headers"


def promise(request: Request | HttpRequest, headers: Mapping[str, str]) -> None:
    """Put these headers on the answer, be it the view's or an error's."""
    django_request = request._request if isinstance(request, Request) else request
    django_request.__dict__.setdefault(NAME, {}).update(headers)


def promised(request: HttpRequest) -> Mapping[str, str]:
    found: Mapping[str, str] = request.__dict__.get(NAME, {})
    return found
