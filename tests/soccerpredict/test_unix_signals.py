"""Ctrl-C and `kill` end a program, even one whose parent ignores them: `nohup make run &`."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.signals import IGNORING
from tests.soccerpredict.embedded.users import ROOT, line_of

WAIT_SECONDS = 60
SLEEP = "import time; print('up', flush=True); time.sleep(120)"


@pytest.fixture
def start():
    """Starts a program of a parent that ignores both signals; ends what is left of it."""
    started = []

    def start(*command):
        program = subprocess.Popen(
            [*IGNORING, *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(program)
        return program

    yield start
    for program in started:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.communicate(timeout=WAIT_SECONDS)


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_a_command_ends(start, which):
    command = start(sys.executable, "manage.py", "shell", "-v0", "-c", SLEEP)
    assert line_of(command, WAIT_SECONDS) == "up\n"

    command.send_signal(which)

    assert command.wait(WAIT_SECONDS) == -which


def test_what_it_starts_ends_too(start):
    """`sleep` says nothing of signals itself, so it has them from its parent."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '120']).pid, flush=True)"
    command = start(sys.executable, "manage.py", "shell", "-v0", "-c", f"{code}; {SLEEP}")
    pid = int(line_of(command, WAIT_SECONDS))

    assert not ignored(pid) & {signal.SIGINT, signal.SIGTERM}


def test_a_test_does_not_ignore_them(start):
    """Whoever starts the tests; so their children have them back."""
    code = "import tests, time; print('up', flush=True); time.sleep(120)"
    program = start(sys.executable, "-c", code)
    assert line_of(program, WAIT_SECONDS) == "up\n"

    assert not ignored(program.pid) & {signal.SIGINT, signal.SIGTERM}


def ignored(pid):
    """Signals that a process ignores, as the kernel tells."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    mask = next(int(line.split()[1], 16) for line in status if line.startswith("SigIgn:"))
    return {each for each in signal.Signals if mask >> (each - 1) & 1}
