"""Errors as RFC 9457 problem documents: the one place where an exception becomes an answer."""

import logging
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.encoding import escape_uri_path
from kombu.exceptions import OperationalError as BrokerError
from psycopg.errors import LockNotAvailable, QueryCanceled
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.views import set_rollback

from soccerpredict import errors
from soccerpredict.database.places import Busy
from soccerpredict.database.silence import Away
from soccerpredict.http import request_id, stale_answers
from soccerpredict.http.input.validation import flattened
from soccerpredict.http.pages import failures
from soccerpredict.http.paths import is_api
from soccerpredict.observability.masking import masked

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:soccerpredict:problem:"
MAX_INSTANCE = 500
DATABASE = "The database is away."
BUSY = "The database is busy: try again in a moment."
# It answers, but others hold what is asked for, or ask for so much that this has no turn.
REFUSED_AT_ONCE = (Away, Busy)
CROWDED = (Busy, LockNotAvailable, QueryCanceled)
AWAY: dict[type[Exception], str] = {
    OperationalError: DATABASE,
    InterfaceError: DATABASE,
    BrokerError: "The broker is away.",
    RedisConnectionError: "The broker is away.",
    RedisTimeoutError: "The broker is away.",
}
# What a page answers by itself; anything else is a fault, which Django logs.
EXPECTED: tuple[type[Exception], ...] = (errors.SoccerPredictError, *AWAY)
REFUSED: dict[type[Exception], type[errors.SoccerPredictError]] = {
    Http404: errors.NotFound,
    drf.NotFound: errors.NotFound,
    PermissionDenied: errors.Forbidden,
    drf.PermissionDenied: errors.Forbidden,
    drf.NotAuthenticated: errors.Unauthorised,
    drf.AuthenticationFailed: errors.Unauthorised,
    drf.MethodNotAllowed: errors.MethodNotAllowed,
    drf.NotAcceptable: errors.NotAcceptable,
    drf.UnsupportedMediaType: errors.UnsupportedMedia,
    drf.ParseError: errors.InvalidInput,
    RequestDataTooBig: errors.TooLarge,
    SuspiciousOperation: errors.BadRequest,
    BadRequest: errors.BadRequest,
    UnreadablePostError: errors.BadRequest,
}


def exception_handler(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's hook: whatever a REST view raises is answered here."""
    set_rollback()
    return problem(context["request"], as_error(exc))


def as_error(exc: Exception) -> errors.SoccerPredictError:
    """The error of ours that tells a client what it may know of `exc`."""
    if isinstance(exc, errors.SoccerPredictError):
        return exc
    if isinstance(exc, drf.ValidationError):
        return errors.InvalidInput(errors=list(flattened(exc.detail, ["body"])))
    if isinstance(exc, drf.Throttled):
        return errors.TooManyRequests(retry_after=int(getattr(exc, "wait", None) or 60))
    for kind, sentence in AWAY.items():
        if isinstance(exc, kind):
            return _away(exc, sentence)
    for kind, ours in REFUSED.items():
        if isinstance(exc, kind):
            return ours()
    logger.error("Unexpected %s", type(exc).__name__, exc_info=exc)
    return errors.SoccerPredictError("Something went wrong; the request's id finds it in the log.")


def _away(exc: Exception, sentence: str) -> errors.ServiceUnavailable:
    # What is refused at once comes by the thousand, and where it was raised tells nothing.
    found = None if isinstance(exc.__cause__, REFUSED_AT_ONCE) else exc
    logger.error("%s %s", sentence, type(exc).__name__, exc_info=found)
    if sentence is not DATABASE:
        return errors.ServiceUnavailable(sentence)
    return errors.DatabaseAway(BUSY if isinstance(exc.__cause__, CROWDED) else sentence)


def problem(request: Request | HttpRequest, error: errors.SoccerPredictError) -> HttpResponse:
    """The problem document of an error, with the error's headers."""
    content = masked(orjson.dumps(document(error, instance=request.path)).decode())
    response = HttpResponse(content, status=error.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in error.headers.items():
        response.headers[name] = value
    setattr(response, stale_answers.DATABASE_AWAY, isinstance(error, errors.DatabaseAway))
    return response


def document(error: errors.SoccerPredictError, *, instance: str = "") -> dict[str, Any]:
    """The members of the document; also how a failed job tells its error."""
    members: dict[str, Any] = {
        "type": TYPE_PREFIX + error.code,
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "instance": escape_uri_path(masked(instance)[:MAX_INSTANCE]),
        "code": error.code,
        "request_id": request_id.current(),
    }
    if error.errors:
        members["errors"] = error.errors
    return members | error.members


def answer(request: HttpRequest, error: errors.SoccerPredictError) -> HttpResponse:
    """A problem document for programs, a small page for a person with a browser."""
    if wants_html(request):
        page = failures.error_page(request, error)
        setattr(page, stale_answers.DATABASE_AWAY, isinstance(error, errors.DatabaseAway))
        return page
    return problem(request, error)


def wants_html(request: HttpRequest) -> bool:
    if is_api(request.path):
        return False
    return "text/html" in request.META.get("HTTP_ACCEPT", "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    error = as_error(exception)
    return answer(
        request, error if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else errors.BadRequest()
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, errors.Forbidden())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return answer(request, errors.NotFound("There is no such route."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; Django has logged the exception, the document tells nothing of it."""
    return answer(request, errors.SoccerPredictError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: too old, or from another site."""
    return answer(request, errors.Forbidden("This form has expired: go back, reload, try again."))
