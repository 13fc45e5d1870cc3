"""What HTTP itself asks of every request and answer, whichever view makes it."""

from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from soccerpredict.errors import MalformedRequest, MethodNotAllowed, SoccerPredictError, TooLarge
from soccerpredict.http import problems
from soccerpredict.http.promised_headers import promised

BROKEN = "soccerpredict.broken"  # in the environment: where this request ends, nobody knows
WITHOUT_LENGTH = (204, 304)


class ProtocolMiddleware:
    """Reads bodies without a length, keeps promised headers, sends no body where none belongs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            read_chunked(request)
        except SoccerPredictError as error:
            return problems.answer(request, error)
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = not_allowed(request, response)
        for name, value in promised(request).items():
            response.headers[name] = value
        return without_needless_body(request, response)


def read_chunked(request: HttpRequest) -> None:
    """Give a chunked body its length: Django takes a body without one for an empty one.

    Raises:
        TooLarge: it is longer than any of ours may be; the rest is not read.
        MalformedRequest: its chunks are none, or end too early.
    """
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return
    limit: int = settings.MAX_BODY_BYTES
    try:
        body: bytes = request.META["wsgi.input"].read(limit + 1)
    except OSError as exc:  # all of gunicorn's errors on chunks are
        request.META[BROKEN] = True
        raise MalformedRequest("The body's chunks are malformed, or end too early.") from exc
    if len(body) > limit:
        raise TooLarge(f"Send at most {limit} bytes.")
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)


def not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponseBase:
    """Django's own 405 has no body."""
    error = MethodNotAllowed(headers={"Allow": response.headers["Allow"]})
    return problems.answer(request, error)


def without_needless_body(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """HEAD gets GET's headers alone; 204 and 304 don't even have a length."""
    if response.status_code in WITHOUT_LENGTH:
        del response.headers["Content-Length"]
    elif request.method == "HEAD":
        _emptied(response)
    return response


def _emptied(response: HttpResponseBase) -> None:
    if response.streaming:
        response.close()
        response.streaming_content = ()  # type: ignore[attr-defined]
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))  # type: ignore[attr-defined]
        response.content = b""  # type: ignore[attr-defined]
