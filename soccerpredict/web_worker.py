"""gunicorn's threaded worker: it loses no request that came early and repeats nothing of a bad one.

It waits for the socket of a kept connection to become readable. A request that was read together
with the end of the one before is in its buffer by then, and the socket stays silent: without this
its client waits until the connection is given up. It takes no pipelining to get there: a body that
is refused unread (401, 405) is read after the answer, when the next request may follow already.
"""

from http import HTTPStatus
from typing import Any

import orjson
from gunicorn.workers.gthread import TConn, ThreadWorker

from soccerpredict.http import log_context


class Worker(ThreadWorker):  # type: ignore[misc]
    def handle(self, conn: TConn) -> Any:
        """Answer what the connection holds; true if it is to be kept."""
        log_context.begin()  # this thread's last request has nothing to do with it
        kept = super().handle(conn)
        while kept is True and self.alive and holds_more(conn):
            kept = super().handle(conn)
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """gunicorn's own page tells what came, and a key may have come in the wrong place."""
        page = Unsent(client)
        super().handle_error(req, page, addr, exc)
        if page.content:
            status = HTTPStatus(int(page.content.split(b" ", 2)[1]))
            client.setblocking(True)
            client.sendall(refusal(status))


class Unsent:
    """A socket whose answer is kept back."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.content = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, content: bytes) -> None:
        self.content += content


def refusal(status: HTTPStatus) -> bytes:
    """A problem document as the last answer of a connection."""
    document = {
        "type": "urn:soccerpredict:problem:malformed_request",
        "title": status.phrase,
        "status": status.value,
        "detail": "This is no well-formed HTTP request.",
        "code": "malformed_request",
    }
    body = orjson.dumps(document)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def holds_more(conn: TConn) -> bool:
    unreader = conn.parser.unreader
    held: bytes = unreader.take_buffered()
    unreader.unread(held)
    return bool(held)
