"""Django's middlewares for pages, skipped by the REST routes: those know keys, not sessions."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware

from soccerpredict.http.paths import is_api


class PagesOnly:
    """Before a middleware in its bases: steps aside for the REST routes."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_api(request.path):
            return self.get_response(request)  # type: ignore[attr-defined]
        return super().__call__(request)  # type: ignore[misc]


class PageStaticFiles(PagesOnly, WhiteNoiseMiddleware):  # type: ignore[misc]
    pass


class PageSessions(PagesOnly, SessionMiddleware):
    pass


class PageUsers(PagesOnly, AuthenticationMiddleware):
    pass


class PageMessages(PagesOnly, MessageMiddleware):
    pass
