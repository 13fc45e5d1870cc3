"""A server program as a child process: start on a free port, check that it is ours, stop."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

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
        process = _spawn(server.command(port), log)
        if _wait_until_ours(server, process, port):
            return process, server.url(port)
        stop(process, server.stop_signal)
    raise ServersUnavailable(f"The embedded {server.name} did not start; see {log}.")


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
    """Stop a server that a killed keeper left behind: ours by its pid file and its folder."""
    try:
        pid = int(server.pid_file().read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if str(server.folder).encode() not in command:
        return
    os.kill(pid, server.stop_signal)
    deadline = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


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
