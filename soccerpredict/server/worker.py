"""gunicorn's threaded worker: it loses no request that came early and repeats nothing of a bad one.

It waits for sockets to become readable in one loop, and reads there, too. Only what has come whole
goes to a thread: whoever sends half a head, or a body byte by byte, costs a place in the loop for
some seconds and nobody else anything. Connections of one address are bounded, and where there are
too many, those go first on which nothing whole has come, then the idle ones. A request that came
together with the end of the one before is in its buffer, and not forgotten there.

It listens once it can answer. gunicorn's own listens before it has loaded the application, and the
kernel lets clients in to wait for that while its siblings, which share the port, are idle.

A request whose very bytes were answered a moment ago gets that answer again (`answer_cache`): a
small one here in the loop that waits for sockets, without waking a thread.
"""

import errno
import resource
import selectors
import time
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

import orjson
from gunicorn import sock, util
from gunicorn.workers.gthread import ThreadWorker

from soccerpredict.env import web_connections_of_address
from soccerpredict.observability import log_context
from soccerpredict.server import answer_cache
from soccerpredict.server.answer_cache import Answer, Memory
from soccerpredict.server.connections import Addresses, Awaited, Connection

MOST_REMEMBERED = 64 * 2**20  # bytes
AT_ONCE = 512 * 2**10  # bytes that the loop sends; what a socket does not take, a thread does
READ_BYTES = 8192
SHARE_OF_SLOW = 4  # a quarter of the threads may wait for the rest of a body
LOOK_EVERY_SECONDS = 0.25
MALFORMED = "malformed_request", "This is no well-formed HTTP request."
REFUSALS = {
    HTTPStatus.REQUEST_TIMEOUT: ("too_slow", "The rest of the request did not come in time."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("too_many_bodies", "Too many long bodies come in; try later."),
}
NO_MORE_FILES = (errno.EMFILE, errno.ENFILE)


class Worker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.answers = Memory(most_bytes=MOST_REMEMBERED)
        self.awaited = Awaited()
        self.addresses = Addresses(most=web_connections_of_address())
        self.slow_places = BoundedSemaphore(max(1, self.cfg.threads // SHARE_OF_SLOW))
        self.looked_at = 0.0
        allow_files()
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

    def accept(self, listener: Any) -> None:
        try:
            sock, client = listener.accept()
        except OSError as exc:
            if exc.errno in NO_MORE_FILES:
                self.make_room(self.awaited.first() or self.idle())
            elif exc.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        conn = Connection(self.cfg, sock, client, listener.getsockname(), self.addresses)
        self.nr_conns += 1
        if self.addresses.has_too_many(conn.address):
            self.make_room(self.awaited.first(conn.address) or self.idle(conn.address))
        elif self.nr_conns >= self.worker_connections:
            self.make_room(self.awaited.first() or self.idle())
        self.wait_for(conn)

    def idle(self, address: str | None = None) -> Connection | None:
        """The kept connection, of an address or of any, that has been silent longest."""
        return next((one for one in self.keepalived_conns if address in (None, one.address)), None)

    def make_room(self, conn: Connection | None) -> None:
        if conn is not None:
            self.drop(conn)

    def wait_for(self, conn: Connection) -> None:
        """For the rest of a request, or its first byte."""
        conn.sock.setblocking(False)
        self.awaited.add(conn)
        readable = partial(self.on_client_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """In the loop: answer at once what can be, and leave to a thread what is whole."""
        came = None if conn.is_closed else received(conn)  # another's coming may have closed it
        if came is None:
            return
        is_begun = bool(conn.incoming.content)
        if came and not is_begun and self.alive and self.answers_at_once(conn, came):
            return
        if not came and not is_begun:
            self.drop(conn)
            return
        self.go_on(conn)
        conn.take(came)
        if conn.incoming.is_whole or not came:
            self.hand_over(conn)
        elif conn.incoming.is_for_a_thread:
            self.hand_over_unfinished(conn)

    def go_on(self, conn: Connection) -> None:
        """A kept connection is one that is awaited, once its next request begins."""
        if conn.is_kept:
            self.forget(conn)
            conn.begin()
            self.awaited.add(conn)

    def hand_over(self, conn: Connection) -> None:
        self.forget(conn)
        self.poller.unregister(conn.sock)
        conn.came = bytes(conn.incoming.content)
        conn.begin()
        self.enqueue_req(conn)

    def hand_over_unfinished(self, conn: Connection) -> None:
        """A thread reads the rest, one of the few that may; else the client is to come again."""
        if self.slow_places.acquire(blocking=False):
            conn.has_place = True
            self.hand_over(conn)
        else:
            self.refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE)

    def refuse(self, conn: Connection, status: HTTPStatus) -> None:
        sent_at_once(conn, refusal(status))
        self.drop(conn)

    def drop(self, conn: Connection) -> None:
        self.forget(conn)
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def forget(self, conn: Connection) -> None:
        self.awaited.discard(conn)
        if conn.is_kept:
            self.keepalived_conns.remove(conn)
            conn.is_kept = False

    def murder_pending(self) -> None:
        """Called by gunicorn's loop again and again; a look at all of them takes its time."""
        super().murder_pending()
        now = time.monotonic()
        if self.alive and now < self.looked_at + LOOK_EVERY_SECONDS:
            return
        self.looked_at = now
        for conn in self.awaited:
            if not conn.incoming.content and (not self.alive or conn.until <= now):
                self.drop(conn)
            elif conn.until <= now:
                self.refuse(conn, HTTPStatus.REQUEST_TIMEOUT)
            elif conn.lingers(now) and self.slow_places.acquire(blocking=False):
                conn.has_place = True  # it may be refused unread, and its client wait for that
                self.hand_over(conn)

    def finish_request(self, conn: Connection, fs: Any) -> None:
        if conn.has_place:
            conn.has_place = False
            self.slow_places.release()
        goes_on = not fs.cancelled() and fs.exception() is None and fs.result() is True
        if goes_on and self.alive and conn.incoming.content:
            self.wait_for(conn)
            return
        super().finish_request(conn, fs)
        conn.is_kept = not conn.is_closed

    def answers_at_once(self, conn: Connection, came: bytes) -> bool:
        answer = self.cached_answer(conn, came)
        if answer is None or answer.size > AT_ONCE:
            return False
        head = self.again(answer, may_wait=False)
        if head is None:
            return False
        self.nr += 1
        conn.unsent = sent_at_once(conn, head + answer.body)
        if conn.unsent:
            self.hand_over(conn)
        else:
            self.keep(conn)
        return True

    def keep(self, conn: Connection) -> None:
        """To the end of the row: gunicorn closes idle ones from its beginning on."""
        self.forget(conn)
        conn.set_timeout()
        conn.is_kept = True
        self.keepalived_conns.append(conn)

    def cached_answer(self, conn: Connection, came: bytes) -> Answer | None:
        """The answer to the same bytes, unless it is time for this process to end."""
        name = name_of(conn, came)
        # The last request goes gunicorn's own way, which counts it and ends the process.
        if name is None or self.nr + 1 >= self.max_requests:
            return None
        return self.answers.get(name)

    def handle(self, conn: Connection) -> Any:
        """In a thread: answer what the connection holds; true if it is to be kept."""
        log_context.begin()  # this thread's last request has nothing to do with it
        kept = self.handle_first(conn)
        while kept is True and self.alive and conn.holds_another():
            kept = self.handle_next(conn)
        return kept

    def handle_next(self, conn: Connection) -> Any:
        conn.be_patient()
        kept = super().handle(conn)
        return kept and not self.broken() and not conn.was_given_up()

    def handle_first(self, conn: Connection) -> Any:
        came, unsent = conn.came, conn.unsent
        conn.came = conn.unsent = b""
        if unsent:
            return sent_all(conn, unsent)
        answer = self.cached_answer(conn, came) if self.alive and came else None
        if answer is not None and (head := self.again(answer, may_wait=True)):
            self.nr += 1
            return sent_all(conn, head, answer.body)
        conn.init()
        conn.parser.unreader.unread(came)
        kept = self.handle_next(conn)
        self.remember(conn, came, kept)
        return kept

    def remember(self, conn: Connection, came: bytes, kept: Any) -> None:
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
    code, detail = REFUSALS.get(status, MALFORMED)
    document = {
        "type": f"urn:soccerpredict:problem:{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
    }
    body = orjson.dumps(document)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def name_of(conn: Connection, came: bytes) -> bytes | None:
    """Who asks matters, too: a proxy's word about HTTPS is believed, another's is not."""
    client = conn.client[0] if isinstance(conn.client, tuple) else ""  # of a Unix socket
    return answer_cache.name_of(client, came)


def received(conn: Connection) -> bytes | None:
    """What waits on the socket: nothing at its end, None where there is nothing after all."""
    try:
        return bytes(conn.sock.recv(READ_BYTES))
    except BlockingIOError:
        return None
    except OSError:
        return b""


def sent_at_once(conn: Connection, content: bytes) -> bytes:
    """What the socket did not take without waiting."""
    try:
        return content[conn.sock.send(content) :]
    except OSError:  # no room, or nobody there: a thread finds out
        return content


def sent_all(conn: Connection, *parts: bytes) -> bool:
    """However long it takes; false if the client has gone."""
    conn.sock.setblocking(True)
    try:
        for part in parts:
            conn.sock.sendall(part)
    except OSError:
        return False
    return True


def allow_files() -> None:
    """As many open files as the system lets us have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
