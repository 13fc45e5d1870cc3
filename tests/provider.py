"""A provider's web server on this machine: it replays what it is told and misbehaves on demand."""

import gzip
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Reaction = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Provider"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.seen.append((self.path, dict(self.headers)))
        left = self.server.reactions[path] or [self.server.otherwise]
        reaction = left.pop(0) if len(left) > 1 else left[0]
        try:
            reaction(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reactions: dict[str, list[Reaction]] = defaultdict(list)
        self.otherwise: Reaction = not_found
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.stopped = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def on(self, path: str, *reactions: Reaction) -> str:
        """The next requests for this path get these reactions; the last one is for all later."""
        self.reactions[path] = list(reactions)
        return self.url + path

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    thread = Thread(target=lambda: provider.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.stopped.set()
        provider.shutdown()
        provider.server_close()


def content(body: bytes | str, status: int = 200, **headers: str) -> Reaction:
    body = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.reply(body, status, **headers)


def zipped(body: bytes) -> Reaction:
    return content(gzip.compress(body), Content_Encoding="gzip")


def not_found(handler: Handler) -> None:
    handler.reply(b"not here", 404)


def hang(handler: Handler) -> None:
    handler.server.stopped.wait(30)
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """A byte now and then, each within every time limit of a socket."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def flood(megabytes: int) -> Reaction:
    """So much, without saying how much it will be."""

    def react(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        for _ in range(megabytes):
            handler.wfile.write(b"0" * 2**20)

    return react


def cut_off(body: bytes) -> Reaction:
    """Half of what the header promises."""

    def react(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return react


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def moved(location: str) -> Reaction:
    return content(b"", 302, Location=location)
