"""Answers the port while nothing else can: a page that says how far the preparation is.

It shares the port with the web server that comes (SO_REUSEPORT), and closes once that is ready.
Plain sockets and files: it opens before there are settings or a database.
"""

import re
import select
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from soccerpredict.starting import pages
from soccerpredict.starting.pages import Answer
from soccerpredict.starting.steps import State

STATIC = re.compile(r"^/static/(site/[a-z]+\.(?:css|svg))$")
STATIC_FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "static"
STATIC_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
SERVER = "SoccerPredict-door"
MOST_BODY = 2**16
LINGER_SECONDS = 5.0  # so that a page which is open gets to know how it ended
WATCHED_SECONDS = 15.0  # a page that asked within this time is open


class Door:
    """Open from `open()` to `close()`; what it shows comes from `state` at each request."""

    def __init__(self, port: int, state: Callable[[], State]) -> None:
        self.port = port
        self._state = state
        self._server: _Server | None = None

    @property
    def is_open(self) -> bool:
        return self._server is not None

    def open(self) -> None:
        """Raises OSError where the port cannot be had."""
        if self._server is None:
            self._server = _Server(self.port, self._state)
            Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            server.shutdown()
            server.answer_the_waiting()
            server.server_close()

    def linger(self) -> None:
        """Stay a moment longer if somebody watches."""
        if self._server is not None and self._server.is_watched():
            time.sleep(LINGER_SECONDS)


class _Server(ThreadingHTTPServer):
    allow_reuse_port = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, state: Callable[[], State]) -> None:
        self.state = state
        self.watched_at = 0.0
        super().__init__(("127.0.0.1", port), _Handler)

    def is_watched(self) -> bool:
        return time.monotonic() - self.watched_at < WATCHED_SECONDS

    def answer_the_waiting(self) -> None:
        """Those whom the kernel has let in already."""
        while select.select([self.socket], [], [], 0)[0]:
            self.handle_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left; the terminal is for other news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10

    def answer(self) -> None:
        self._drop_body()
        found = static_file(self.path) or self._page()
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.send_header("X-Request-ID", str(uuid.uuid4()))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _page(self) -> Answer:
        path = self.path.partition("?")[0]
        wants_html = "text/html" in self.headers.get("Accept", "")
        if wants_html:
            self.server.watched_at = time.monotonic()
        return pages.answer(path, self.server.state(), wants_html=wants_html)

    def _drop_body(self) -> None:
        """A body left unread would break the connection off before the answer is read."""
        self.close_connection = True
        length = self.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit():
            self.rfile.read(min(int(length[:9]), MOST_BODY))

    def version_string(self) -> str:
        return SERVER

    def log_message(self, *args: object) -> None:
        """The terminal is for other news."""


def static_file(path: str) -> Answer | None:
    """The site's own style sheet and icon."""
    found = STATIC.match(path)
    file = STATIC_FOLDER / found[1] if found else None
    if file is None or not file.is_file():
        return None
    return Answer(
        HTTPStatus.OK,
        {"Content-Type": STATIC_TYPES[file.suffix], "Cache-Control": "no-cache"},
        file.read_bytes(),
    )
