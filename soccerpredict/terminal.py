"""How a program of ours ends when its user leaves: by Ctrl-C, or as `| head` does.

It says nothing but one line, and dies of the signal itself, as programs in C do: a shell shows 130
or 141, and a loop or a Makefile around it stops as well. That comes last of all, so that whatever
is to be undone or closed has been.
"""

import atexit
import errno
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
BROKEN = select.POLLERR | select.POLLNVAL
SHELL_ADDS = 128  # to a signal's number, for a status


@contextmanager
def left_by_its_user() -> Iterator[None]:
    """To be entered before anything else is imported that takes time."""
    ended_by: list[signal.Signals] = []
    atexit.register(_die, ended_by)  # the first to be registered is the last to be called
    try:
        with _flushed():
            yield
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who asks again does not want to wait
        ended_by.append(signal.SIGINT)
        _say("Interrupted.")
    except BrokenPipeError:
        if not (_is_broken(sys.stdout) or _is_broken(sys.stderr)):
            raise  # it is some other pipe
        ended_by.append(signal.SIGPIPE)
    if ended_by:
        _drop_what_nobody_reads()


@contextmanager
def without_room() -> Iterator[None]:
    """A disk that is full or may not be written ends the program with a sentence."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in NO_ROOM:
            raise
        raise SystemExit(f"{exc}: make room, and start again; what was done is kept.") from exc


@contextmanager
def _flushed() -> Iterator[None]:
    """What was printed goes out now: at the interpreter's end nobody could catch an error."""
    try:
        yield
    except SystemExit:  # as after --help
        _flush()
        raise
    _flush()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _is_broken(stream: object) -> bool:
    """Whether nobody reads this any more."""
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
    polled = select.poll()
    polled.register(number, 0)
    return any(event & BROKEN for _, event in polled.poll(0))


def _say(sentence: str) -> None:
    with suppress(AttributeError, OSError):  # nobody may listen
        sys.stderr.write(f"\n{sentence}\n")


def _drop_what_nobody_reads() -> None:
    """The interpreter flushes once more at its end, and would complain."""
    for stream in (sys.stdout, sys.stderr):
        if _is_broken(stream):
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


def _die(ended_by: list[signal.Signals]) -> None:
    for number in ended_by:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(SHELL_ADDS + number)  # the first process of a container survives its own signal
