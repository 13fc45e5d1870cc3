"""Django's middlewares for pages, skipped by the REST routes: those know keys, not sessions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from soccerpredict import postgres
from soccerpredict.errors import BadRequest, NotFound
from soccerpredict.http import problems
from soccerpredict.http.paths import is_api

NUL = "\x00"
ADMIN = "/admin/"


class PagesOnly:
    """Before a middleware in its bases: steps aside for the REST routes."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_api(request.path):
            return self.get_response(request)  # type: ignore[attr-defined]
        return super().__call__(request)  # type: ignore[misc]


class NoNul:
    """Refuses the one character that no text of Postgres can hold, before Django asks it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_api(request.path):
            return self.get_response(request)
        if NUL in request.path:
            return problems.answer(request, NotFound("There is nothing at this address."))
        if has_nul(request):
            return problems.answer(request, BadRequest("Leave out the character NUL."))
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
    values = (value for query in sent for _, listed in query.lists() for value in listed)
    return any(NUL in value for value in values)


class OperatorLimitsMiddleware:
    """What an operator sends may take long, as undoing an import, and may wait for a lock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.path.startswith(ADMIN):
            return self.get_response(request)
        with postgres.allowing(settings.OPERATOR_SECONDS):
            return self.get_response(request)


class PageStaticFiles(PagesOnly, WhiteNoiseMiddleware):  # type: ignore[misc]
    pass


class PageSessions(PagesOnly, SessionMiddleware):
    pass


class PageUsers(PagesOnly, AuthenticationMiddleware):
    pass


class PageMessages(PagesOnly, MessageMiddleware):
    pass
