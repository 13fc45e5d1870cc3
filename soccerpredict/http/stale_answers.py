"""With the database away, what a process has answered lately is answered again, marked as stale.

Each process keeps the newest answers of the routes that people poll and read, by what was asked and
what the asker may see. They stand in only where the answer would be that the database is away, so
nothing is saved by them and nobody gets one while there is a better.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from soccerpredict.database import limits

MOST_BYTES = 32 * 2**20
OVERHEAD = 2**11  # bytes of an answer's headers and its name, roughly
LARGEST = 2**20  # bytes; whole lists are kept by their publication
ROUTES = {
    "",
    "explorer",
    "leagues/<str:league_id>",
    "livescores/",
    "matches/<str:match_id>",
    "matches/<str:match_id>/insight",
    "monitoring/drift",
    "monitoring/quality",
    "predict/<str:match_id>",
    "predict/cards/",
    "predict/model/info",
    "predict/odds/",
    "predict/precomputed/<str:match_id>",
    "predict/predictions/",
    "predict/region-roi/",
    "record",
    "scores",
    "scores/board",
    "teams/<str:team_id>",
}
NEGOTIATED = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HX_REQUEST")
STALE = "X-Stale"
DATABASE_AWAY = "database_away"  # set on an answer that says so
SCOPES = "api_key_scopes"  # set on a request whose key was verified


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was, and when."""

    body: bytes
    headers: dict[str, str]
    at: float


lock = Lock()
kept: LRUCache[Hashable, Kept] = LRUCache(
    MOST_BYTES, getsizeof=lambda answer: len(answer.body) + OVERHEAD
)


class StaleAnswersMiddleware:
    """Notes good answers, and gives them in place of 'the database is away'."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(response, DATABASE_AWAY, False):
            return answered_before(request) or response
        if (seconds := limits.missing_for()) is not None and is_for_everybody(request):
            mark(response, seconds)
            return response
        note(request, response)
        return response


def mark(response: HttpResponseBase, age: float) -> HttpResponseBase:
    """Say that this may be out of date, and how old it is."""
    response.headers[STALE] = "true"
    response.headers["Age"] = str(round(age))
    return response


def note(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the answer, if others may get it, too."""
    if response.status_code != HTTPStatus.OK or not isinstance(response, HttpResponse):
        return
    if len(response.content) > LARGEST or response.cookies or not may_be_kept(request):
        return
    headers = dict(response.headers)
    with lock:
        kept[name_of(request)] = Kept(response.content, headers, time.monotonic())


def answered_before(request: HttpRequest) -> HttpResponseBase | None:
    """What this request would have got a while ago, or 304 where the client has just that."""
    if not may_be_kept(request):
        return None
    with lock:
        found = kept.get(name_of(request))
    age = time.monotonic() - found.at if found else float("inf")
    if found is None or age > settings.STALE_SECONDS:
        return None
    response = HttpResponse(found.body, headers=found.headers)
    etag = found.headers.get("ETag")
    return mark(get_conditional_response(request, etag=etag, response=response) or response, age)


def may_be_kept(request: HttpRequest) -> bool:
    """Asked without a session, by which the answer may differ."""
    is_plain = request.method == "GET" and settings.SESSION_COOKIE_NAME not in request.COOKIES
    return is_plain and is_for_everybody(request)


def is_for_everybody(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.route in ROUTES


def name_of(request: HttpRequest) -> Hashable:
    asked = tuple(request.META.get(header, "") for header in NEGOTIATED)
    return request.get_full_path(), asked, getattr(request, SCOPES, None)
