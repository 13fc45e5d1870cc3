"""Between gunicorn's worker and Django: notes what was answered, and answers it again."""

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from gunicorn.util import http_date

from soccerpredict.access import admission, cache
from soccerpredict.database import limits
from soccerpredict.http import protocol, request_id
from soccerpredict.observability import log_context, metrics
from soccerpredict.server import answer_cache
from soccerpredict.server.answer_cache import Answer

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Any], Iterable[bytes]]

SERVER = "gunicorn"
STATUSES = (200, 304)
# With one of these a request is more than its head, or wants an answer of its own.
NEVER = ("CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_X_REQUEST_ID")
EACH_TIME = ("x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
SHARE_WAITING = 0.75  # of a process's threads
_thread = threading.local()


def limit_waiting(threads: int) -> None:
    """A part of the threads may wait for the database; the rest answers what needs none."""
    limits.use(
        statement=settings.WEB_STATEMENT_SECONDS,
        lock=settings.WEB_LOCK_SECONDS,
        waiting=max(1, round(threads * SHARE_WAITING)),
    )


def noting(application: Application) -> Application:
    """The application, which leaves what it answered where `noted` finds it."""

    def noted_application(environ: Environ, start_response: Any) -> Iterable[bytes]:
        started: dict[str, Any] = {}

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            started.update(status=status, headers=headers)
            return start_response(status, headers, exc_info)

        _thread.noted, _thread.broken = None, False
        response = application(environ, start)
        _thread.broken = protocol.BROKEN in environ
        if answer_cache.ENVIRON in environ:
            _thread.noted = _answer(environ, response, **started)
        return response

    return noted_application


def noted() -> Answer | None:
    """What this thread has just answered, if it may be given again; once."""
    answer: Answer | None = getattr(_thread, "noted", None)
    _thread.noted = None
    return answer


def broken() -> bool:
    """Whether the request that this thread has answered had no clear end, so the next no start."""
    return getattr(_thread, "broken", False)


def _answer(environ: Environ, response: Any, status: str, headers: Headers) -> Answer | None:
    code, text = int(status[:3]), environ.get("HTTP_X_API_KEY", "")
    credential = cache.known(cache.name_of(text))
    if (
        code not in STATUSES
        or response.streaming
        or credential is None
        or environ["SERVER_PROTOCOL"] != "HTTP/1.1"
        or any(name in environ for name in NEVER)
    ):
        return None
    return Answer(
        status=code,
        head=_head(status, headers),
        body=response.content,
        terms=environ[answer_cache.ENVIRON],
        key=cache.name_of(text),
        scopes=credential.scopes,
        facts={name: fact for name, fact in log_context.facts().items() if name != "request_id"},
    )


def _head(status: str, headers: Headers) -> bytes:
    """As gunicorn writes it, without what differs each time."""
    lines = [f"HTTP/1.1 {status}", f"Server: {SERVER}", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in EACH_TIME]
    return "\r\n".join(lines).encode("latin-1")


def again(answer: Answer, *, may_wait: bool) -> bytes | None:
    """The head of the same answer for another request; None if Django has to see to that one.

    The request is counted against its key's limit, in metrics and in the log.
    """
    began = time.perf_counter()
    admitted = admission.again(answer.key, answer.scopes, may_wait=may_wait)
    if admitted is None:
        return None
    own_id = uuid.uuid4().hex
    log_context.begin(request_id=own_id, **answer.facts)
    own = {"Date": _date(int(time.time())), "X-Request-ID": own_id, **admitted.verdict.headers}
    head = answer.head + "".join(f"\r\n{name}: {value}" for name, value in own.items()).encode()
    seconds = time.perf_counter() - began
    answer.terms.count(seconds)
    told = "GET", answer.terms.route, answer.status, seconds
    metrics.count(*told)
    metrics.answered_from_cache.inc()
    request_id.tell_access(*told, admitted.credential.prefix)
    return head + answer_cache.END_OF_HEAD


@lru_cache(maxsize=2)  # every answer within a second has the same one
def _date(second: int) -> str:
    return str(http_date(second))
