"""gunicorn's threaded worker: it loses no request that came early and repeats nothing of a bad one.

It waits for the socket of a kept connection to become readable. A request that was read together
with the end of the one before is in its buffer by then, and the socket stays silent: without this
its client waits until the connection is given up. It takes no pipelining to get there: a body that
is refused unread (401, 405) is read after the answer, when the next request may follow already.

It listens once it can answer. gunicorn's own listens before it has loaded the application, and the
kernel lets clients in to wait for that while its siblings, which share the port, are idle.

A request whose very bytes were answered a moment ago gets that answer again (`answer_cache`): a
small one here in the loop that waits for sockets, without waking a thread.
"""

from http import HTTPStatus
from typing import Any

import orjson
from gunicorn import sock, util
from gunicorn.workers.gthread import TConn, ThreadWorker

from soccerpredict.observability import log_context
from soccerpredict.server import answer_cache
from soccerpredict.server.answer_cache import Answer, Memory

MOST_REMEMBERED = 64 * 2**20  # bytes
AT_ONCE = 512 * 2**10  # bytes that the loop sends; what a socket does not take, a thread does
READ_BYTES = 8192


class Worker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.answers = Memory(most_bytes=MOST_REMEMBERED)
        if self.cfg.reuse_port:
            sock.close_sockets(self.sockets)
            self.sockets: list[Any] = []
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if self.cfg.reuse_port:
            self.sockets = sock.create_sockets(self.cfg, self.log)
            for listener in self.sockets:
                util.close_on_exec(listener)
        from soccerpredict.server import answers  # needs Django, which has only now been set up

        answers.limit_waiting(self.cfg.threads)

        self.again, self.noted, self.broken = answers.again, answers.noted, answers.broken
        self.wsgi: Any = answers.noting(self.wsgi)

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """In the loop: answer at once what can be, and leave the rest to a thread."""
        conn.came = came = received(conn)
        conn.unsent = b""
        if not self.alive or not self.answers_at_once(conn, came):
            super().on_client_socket_readable(conn, client)

    def answers_at_once(self, conn: TConn, came: bytes) -> bool:
        answer = self.cached_answer(conn, came)
        if answer is None or answer.size > AT_ONCE:
            return False
        head = self.again(answer, may_wait=False)
        if head is None:
            return False
        self.nr += 1
        conn.came, conn.unsent = b"", sent_at_once(conn, head + answer.body)
        # gunicorn closes idle connections from the left on, up to the first that may live.
        self.keepalived_conns.remove(conn)
        self.keepalived_conns.append(conn)
        conn.set_timeout()
        return not conn.unsent

    def cached_answer(self, conn: TConn, came: bytes) -> Answer | None:
        """The answer to the same bytes, unless it is time for this process to end."""
        name = name_of(conn, came)
        # The last request goes gunicorn's own way, which counts it and ends the process.
        if name is None or self.nr + 1 >= self.max_requests:
            return None
        return self.answers.get(name)

    def handle(self, conn: TConn) -> Any:
        """In a thread: answer what the connection holds; true if it is to be kept."""
        log_context.begin()  # this thread's last request has nothing to do with it
        kept = self.handle_first(conn)
        while kept is True and self.alive and holds_more(conn):
            kept = self.handle_next(conn)
        return kept

    def handle_next(self, conn: TConn) -> Any:
        kept = super().handle(conn)
        return kept and not self.broken()

    def handle_first(self, conn: TConn) -> Any:
        came, unsent = getattr(conn, "came", b""), getattr(conn, "unsent", b"")
        conn.came = conn.unsent = b""
        if unsent:
            return sent_all(conn, unsent)
        answer = self.cached_answer(conn, came) if self.alive and came else None
        if answer is not None and (head := self.again(answer, may_wait=True)):
            self.nr += 1
            return sent_all(conn, head, answer.body)
        if came:
            conn.parser.unreader.unread(came)
        kept = self.handle_next(conn)
        self.remember(conn, came, kept)
        return kept

    def remember(self, conn: TConn, came: bytes, kept: Any) -> None:
        answer, name = self.noted(), name_of(conn, came)
        if kept is True and answer is not None and name is not None:
            self.answers.put(name, answer)

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


def name_of(conn: TConn, came: bytes) -> bytes | None:
    """Who asks matters, too: a proxy's word about HTTPS is believed, another's is not."""
    client = conn.client[0] if isinstance(conn.client, tuple) else ""  # of a Unix socket
    return answer_cache.name_of(client, came)


def received(conn: TConn) -> bytes:
    """What waits on the socket; nothing where a thread had better look, as at its end."""
    try:
        return b"" if conn.is_http2 or conn.cfg.is_ssl else bytes(conn.sock.recv(READ_BYTES))
    except OSError:
        return b""


def sent_at_once(conn: TConn, content: bytes) -> bytes:
    """What the socket did not take without waiting."""
    try:
        return content[conn.sock.send(content) :]
    except OSError:  # no room, or nobody there: a thread finds out
        return content


def sent_all(conn: TConn, *parts: bytes) -> bool:
    """However long it takes; false if the client has gone."""
    conn.sock.setblocking(True)
    try:
        for part in parts:
            conn.sock.sendall(part)
    except OSError:
        return False
    return True


def holds_more(conn: TConn) -> bool:
    unreader = conn.parser.unreader
    held: bytes = unreader.take_buffered()  # there is no looking without taking
    unreader.unread(held)
    return bool(held)
