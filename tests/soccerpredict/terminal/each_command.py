"""Runs every registered command in a process of its own and writes how each ended, as JSON.

With `pipe`, its output goes to a pipe that nobody reads; with `interrupt`, Ctrl-C comes as soon as
the command itself is at work. One process imports all of them; the others are its forks.
"""

import json
import os
import signal
import sys
import tempfile

import django
from django.core.management import (
    CommandParser,
    execute_from_command_line,
    get_commands,
    load_command_class,
)

from soccerpredict import terminal


def main(how: str) -> None:
    django.setup()
    names = sorted(get_commands())
    for name in names:
        load_command_class(get_commands()[name], name)
    sys.stdout.write(json.dumps({name: ended(name, how) for name in names}))


def ended(name: str, how: str) -> tuple[int, str]:
    """The command's status, as Popen tells it, and what it said on stderr."""
    with tempfile.TemporaryFile() as errors:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.dup2(errors.fileno(), 2)
            os.dup2(unread(), 1)
            run(name, how)
        _, status = os.waitpid(child, 0)
        errors.seek(0)
        return os.waitstatus_to_exitcode(status), errors.read().decode()


def unread() -> int:
    reads, writes = os.pipe()
    os.close(reads)
    return writes


def run(name: str, how: str) -> None:
    if how == "interrupt":
        CommandParser.parse_args = interrupted  # type: ignore[assignment]
    with terminal.left_by_its_user():
        execute_from_command_line(["manage.py", name, "--help"])
    sys.exit()  # past the rest of this program, as at the end of manage.py


def interrupted(*words: object) -> None:
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main(sys.argv[1])
