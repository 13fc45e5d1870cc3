"""A server program as a child process: start on a free port, check that it is ours, stop."""

import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psutil

from soccerpredict.embedded.errors import ServersUnavailable

START_SECONDS = 30
STOP_SECONDS = 30
ATTEMPTS = 5  # another program may take the free port before the server does


class Server(Protocol):
    """What the keeper needs to know of Postgres and of Valkey."""

    name: str
    url_name: str
    folder: Path
    stop_signal: signal.Signals

    def prepare(self) -> None: ...

    def command(self, port: int) -> list[str]: ...

    def is_ours(self, port: int) -> bool: ...

    def url(self, port: int) -> str: ...

    def pid_file(self) -> Path: ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(server: Server, log: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """The running process and its URL.

    Raises:
        ServersUnavailable: it did not come up; names the log.
    """
    server.prepare()
    end_stray(server)
    for _ in range(ATTEMPTS):
        port = free_port()
        if found := _started(server, log, port):
            return found
    raise ServersUnavailable(f"The embedded {server.name} did not start; see {log}.")


def start_again(server: Server, log: Path, url: str) -> "subprocess.Popen[bytes] | None":
    """Where it was before, for clients that know this address; None if it does not come up."""
    try:
        end_stray(server)
        found = _started(server, log, urlsplit(url).port or 0)
    except OSError:  # no room on the disk, say
        return None
    return found[0] if found else None


def _started(server: Server, log: Path, port: int) -> tuple["subprocess.Popen[bytes]", str] | None:
    # Asking it for its database may fail as well: no server is left behind by a start that did.
    with ExitStack() as undo:
        process = _spawn(server.command(port), log)
        undo.callback(stop, process, server.stop_signal)
        if not _wait_until_ours(server, process, port):
            return None
        url = server.url(port)
        undo.pop_all()
        return process, url


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_stray(server: Server) -> None:
    """Stop a server that a killed keeper left behind: ours if it works in our data folder."""
    try:
        found = psutil.Process(int(server.pid_file().read_text().split()[0]))
        if Path(found.cwd()) == server.folder:
            _end(found, server.stop_signal)
        else:
            # Another program has the number by now; Postgres would take it for its own server.
            server.pid_file().unlink()
    except (OSError, ValueError, IndexError, psutil.Error):
        return  # there is no such file, or no such process of ours


def _end(process: psutil.Process, how: signal.Signals) -> None:
    process.send_signal(how)
    deadline = time.monotonic() + STOP_SECONDS
    while _works(process):
        if time.monotonic() > deadline:
            process.kill()
        time.sleep(0.02)


def _works(process: psutil.Process) -> bool:
    """False for a zombie, too: in a container there may be nobody to collect it."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _spawn(command: Sequence[str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as file:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)


def _wait_until_ours(server: Server, process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if server.is_ours(port):
            return True
        time.sleep(0.01)
    return False
