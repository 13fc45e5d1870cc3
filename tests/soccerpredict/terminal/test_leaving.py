"""A program ends without a traceback when its user leaves, and its shell is told why."""

import errno
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands
from django.db import connection

from livescores.models import ImportReport, Match
from predictions.models import Odds
from soccerpredict import terminal
from tests.stack import eventually

ROOT = Path(__file__).resolve().parents[3]
MOST_SECONDS = 300  # on a busy machine
FORKS = "tests.soccerpredict.terminal.each_command"
GAMES = """Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A
E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95
E0,21/08/21,Arsenal,Chelsea,0,2,A,3.5,3.4,2.1
"""
WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
PROGRAM = "from soccerpredict import terminal\nwith terminal.left_by_its_user():\n    "


def environment(**more):
    """As in a shell: the interpreter keeps what it writes to a pipe until there is enough."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return ours | {"DJANGO_SETTINGS_MODULE": "soccerpredict.settings"} | more


def start(*words, stdout=subprocess.PIPE, **more):
    """A child that Ctrl-C reaches, even where this test run ignores it."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended(child):
    """Its status and what it said on stderr."""
    try:
        _, errors = child.communicate(timeout=MOST_SECONDS)
    finally:
        child.kill()
    return child.returncode, errors


def unread(*words, **more):
    """A child whose output nobody reads, from its first byte on."""
    reads, writes = os.pipe()
    os.close(reads)
    child = start(*words, stdout=writes, **more)
    os.close(writes)
    return child


def interrupted(program):
    child = start("-c", PROGRAM + program)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    return child


@pytest.mark.parametrize(
    "program",
    [
        "print('one line')",
        "print('one line', flush=True)",
        "[print('x' * 1000) for _ in range(1000)]",
        "import sys; print('help'); sys.exit(0)",
        "import argparse; argparse.ArgumentParser().parse_args(['--help'])",
    ],
)
def test_output_that_nobody_reads_ends_a_program_by_sigpipe(program):
    assert ended(unread("-c", PROGRAM + program)) == (-signal.SIGPIPE, "")


def test_a_pipe_to_somebody_else_is_a_fault():
    program = "raise BrokenPipeError('of a socket')"

    status, errors = ended(start("-c", PROGRAM + program))

    assert status == 1
    assert errors.endswith("BrokenPipeError: of a socket\n")


def test_a_program_that_is_read_to_its_end_succeeds():
    child = start("-c", PROGRAM + "print('all of it')")

    assert child.communicate(timeout=MOST_SECONDS) == ("all of it\n", "")
    assert child.returncode == 0


def test_ctrl_c_ends_a_program_by_sigint_when_all_is_undone():
    undone = "import atexit; atexit.register(print, 'undone', flush=True); "
    child = interrupted(undone + "print('ready', flush=True); import time; time.sleep(300)")

    output, errors = child.communicate(timeout=MOST_SECONDS)

    assert (child.returncode, output, errors) == (-signal.SIGINT, "undone\n", "\nInterrupted.\n")


def test_ctrl_c_once_more_ends_what_takes_its_time():
    slow = "import atexit, time; atexit.register(time.sleep, 300); "
    child = interrupted(slow + "print('ready', flush=True); time.sleep(300)")
    assert child.stderr.readline() == "\n"
    assert child.stderr.readline() == "Interrupted.\n"

    child.send_signal(signal.SIGINT)

    assert ended(child) == (-signal.SIGINT, "")


def test_a_shell_shows_the_usual_status():
    line = f'{sys.executable} -c "$0" | true; echo ${{PIPESTATUS[0]}}'

    shown = subprocess.run(
        ["bash", "-c", line, PROGRAM + "print('one line')"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
    )

    assert (shown.stdout, shown.stderr) == ("141\n", "")


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [("pipe", -signal.SIGPIPE, ""), ("interrupt", -signal.SIGINT, "\nInterrupted.\n")],
)
def test_every_command_ends_so(how, status, said):
    child = start("-m", FORKS, how)
    output, errors = child.communicate(timeout=MOST_SECONDS)
    assert child.returncode == 0, errors

    found = {name: tuple(end) for name, end in json.loads(output).items()}

    assert found == dict.fromkeys(get_commands(), (status, said))


@pytest.fixture
def command(transactional_db):
    """Words for a command of manage.py on this test's own database."""
    database = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)

    def words(starter, *words):
        return starter("manage.py", *words, DATABASE_URL=url)

    return words


@pytest.fixture
def files(tmp_path):
    for league in ("D1", "E0"):
        (tmp_path / f"{league}.csv").write_text(GAMES.replace("E0", league))
    return str(tmp_path)


def test_an_import_whose_report_nobody_reads_is_kept(command, files):
    status, errors = ended(command(unread, "import_matches", "football-data", files))

    assert (status, errors) == (-signal.SIGPIPE, "")
    assert (Match.objects.count(), Odds.objects.count()) == (4, 4)
    assert ImportReport.objects.get().status == ImportReport.Status.DONE


def test_an_import_that_is_interrupted_keeps_whole_files_only(command, files):
    with held_up(Odds) as is_waiting:
        child = command(start, "import_matches", "football-data", files)
        eventually(is_waiting, MOST_SECONDS)
        child.send_signal(signal.SIGINT)
        status, errors = ended(child)

    assert (status, errors) == (-signal.SIGINT, "\nInterrupted.\n")
    assert not Match.objects.exists()
    assert not Odds.objects.exists()
    report = ImportReport.objects.get()
    assert (report.status, report.inserted) == (ImportReport.Status.FAILED, 0)
    assert report.finished_at
    again, _ = ended(command(start, "import_matches", "football-data", files))
    assert (again, Match.objects.count()) == (0, 4)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_disk_without_room_is_a_sentence(number):
    full = OSError(number, os.strerror(number), "/var/x")

    with pytest.raises(SystemExit, match="make room, and start again"), terminal.without_room():
        raise full


def test_another_error_of_the_system_is_a_fault_of_ours():
    with pytest.raises(FileNotFoundError), terminal.without_room():
        raise FileNotFoundError(errno.ENOENT, "no such file")


@contextmanager
def held_up(model):
    """Others wait before this model's table; gives a function that tells whether one does."""
    table = model._meta.db_table
    with psycopg.connect(**connection.get_connection_params()) as own, own.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

        def is_waiting():
            return cursor.execute(WAITING, [table]).fetchone()

        yield is_waiting
