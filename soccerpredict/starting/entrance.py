"""The port and the folder of `manage.py run`, taken before anything else is loaded.

One run at a time has a folder: it holds a lock on `run.lock`, which the kernel lets go of however
the run ends.
"""

import os
import socket
import time
from argparse import ArgumentError, ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from soccerpredict.embedded import locks, var_dir
from soccerpredict.starting import steps
from soccerpredict.starting.door import Door
from soccerpredict.starting.steps import State

RUN = "run"
DEFAULT_PORT = 8000
HIGHEST_PORT = 65_535
HELP = {"-h", "--help", "--version"}


class CannotEnter(Exception):
    """The port or the folder is somebody else's; the text says whose and what to do."""


class Entrance:
    """The door, the lock of the folder, and what the door shows."""

    def __init__(self, port: int, var: Path) -> None:
        self.port = port
        self.notes = steps.file_in(var)
        self._shown: State | None = State(since=time.time())
        with ExitStack() as undone:
            self._lock = _lock_of(var, port)
            undone.callback(os.close, self._lock)
            refuse_taken(port)
            self.notes.unlink(missing_ok=True)
            self.door = Door(port, self.state)
            self.door.open()
            undone.pop_all()  # it is ours until leave()

    def state(self) -> State:
        """What was set here, else what the preparation has written down."""
        return self._shown or steps.read(self.notes) or State(since=time.time())

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def show(self, state: State | None) -> None:
        """None: what the preparation writes down."""
        self._shown = state

    def fail(self, sentence: str) -> None:
        self._shown = replace(self.state(), failed=sentence)

    def leave(self) -> None:
        self.door.close()
        self.notes.unlink(missing_ok=True)
        with suppress(OSError):
            os.close(self._lock)


_taken: list[Entrance] = []


@contextmanager
def opened_for(argv: Sequence[str]) -> Iterator[None]:
    """From the first moment of `manage.py run` to its end; other commands need no door."""
    port = _port_in(argv)
    if port is None:
        yield
        return
    entrance = _enter(port)
    _taken.append(entrance)
    try:
        yield
    except SystemExit as exc:
        if isinstance(exc.code, str):
            entrance.fail(exc.code)
        if exc.code:
            entrance.door.linger()
        raise
    finally:
        _taken.remove(entrance)
        entrance.leave()


@contextmanager
def of_this_run(port: int) -> Iterator[Entrance]:
    """The entrance that is open already, or one of its own.

    Raises:
        CannotEnter: the port or the folder is somebody else's.
    """
    if _taken:
        yield _taken[-1]
        return
    entrance = Entrance(port, var_dir())
    try:
        yield entrance
    finally:
        entrance.leave()


def _enter(port: int) -> Entrance:
    try:
        return Entrance(port, var_dir())
    except CannotEnter as exc:
        raise SystemExit(str(exc)) from exc
    except OSError as exc:
        raise SystemExit(f"{exc}: let SOCCERPREDICT_VAR name a folder of yours.") from exc


def _port_in(argv: Sequence[str]) -> int | None:
    """None where this is no run, or where the command itself will say what is wrong."""
    if list(argv[1:2]) != [RUN] or HELP & set(argv):
        return None
    parser = ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--port", default=str(DEFAULT_PORT))
    try:
        return port_number(parser.parse_known_args(argv[2:])[0].port)
    except (ArgumentError, ArgumentTypeError):
        return None  # the command parses it again, and says what is wrong


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= HIGHEST_PORT:
        return int(text)
    raise ArgumentTypeError(f"{text!r}: write a number from 1 to {HIGHEST_PORT}.")


def refuse_taken(port: int) -> None:
    """Better now than after minutes of preparation. Our own servers share their port, so ask."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            raise CannotEnter(
                f"Port {port} is taken: stop what runs there, or give another by PORT=…."
            ) from exc


def _lock_of(var: Path, port: int) -> int:
    lock = locks.open_lock(var / "run.lock")
    if not locks.try_exclusive(lock):
        known = os.read(lock, 200).decode(errors="replace").strip()
        os.close(lock)
        raise CannotEnter(
            f"SoccerPredict runs in {var} already{f', at {known}' if known else ''}: stop that by "
            "Ctrl-C, or let SOCCERPREDICT_VAR name another folder."
        )
    os.ftruncate(lock, 0)
    os.write(lock, f"http://localhost:{port}".encode())
    return lock
