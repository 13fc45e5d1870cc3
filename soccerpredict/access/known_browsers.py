"""Browsers that have signed in as somebody before: each holds a signed cookie that says so."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE, AGE = "known_browser", timedelta(days=90)
SALT = "soccerpredict.access.known_browsers"


class KnownBrowsers:
    """The middleware that gives the cookie to whom has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        value = getattr(request, "known_browser", None)
        if value is not None:
            response.set_cookie(
                COOKIE,
                value,
                max_age=AGE,
                path="/admin/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def remember(request: HttpRequest, user: User, **_: Any) -> None:
    """Django's `user_logged_in`."""
    token = token_of(request, user.get_username()) or secrets.token_hex(16)
    request.known_browser = signing.dumps([user.pk, token], salt=SALT)  # type: ignore[attr-defined]


def token_of(request: HttpRequest, name: str) -> str:
    """What tells this browser from others that know the account, if it does."""
    try:
        owner, token = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=AGE)
    except (KeyError, signing.BadSignature):
        return ""
    is_own = User.objects.filter(pk=owner, username=name).exists()
    return str(token) if is_own else ""
