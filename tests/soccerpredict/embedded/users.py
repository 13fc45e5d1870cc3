"""A process that uses the embedded servers, and what a test asks of them from outside."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import redis

ROOT = Path(__file__).resolve().parents[3]
NAMES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "API_KEY_PEPPER")
PATIENCE_SECONDS = 20
START_SECONDS = 120  # both servers, on a machine that has much to do
USE = """
import json, os, sys
from soccerpredict import embedded
embedded.attach()
print(json.dumps(dict(os.environ)), flush=True)
sys.stdin.read()
"""


class User:
    """Joins the servers under `var` and stays until it leaves or is killed."""

    def __init__(self, var, *, words=(), **environment):
        self.var = var
        self._got = None
        self.process = subprocess.Popen(
            [*words, sys.executable, "-c", USE],
            env=bare_environment() | {"SOCCERPREDICT_VAR": str(var)} | environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __getitem__(self, name):
        """What the environment has under this name once the servers are joined."""
        return self.wait_for_start()._got[name]

    def wait_for_start(self):
        if self._got is None:
            line = line_of(self.process, START_SECONDS)
            assert line, self.complaint()
            self._got = json.loads(line)
        return self

    def complaint(self):
        """What it said on its way out."""
        _, error = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert self.process.returncode == 1
        return error.strip()

    def leave(self):
        self.process.communicate(timeout=PATIENCE_SECONDS)

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_SECONDS)

    def sql(self, statement):
        with psycopg.connect(self["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def redis(self):
        return redis.Redis.from_url(self["REDIS_URL"], decode_responses=True)


def line_of(process, seconds):
    """The first line that a child prints; empty if it ends without one."""
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    assert ready, f"nothing said in {seconds} s"
    return process.stdout.readline()


def bare_environment():
    """Ours without the addresses and secrets of the servers that this test run uses."""
    return {name: value for name, value in os.environ.items() if name not in NAMES}


def server_processes(var):
    """Postgres and Valkey under a folder, by their pid files."""
    files = ("postgres/postmaster.pid", "valkey/valkey.pid")
    texts = [(var / "servers" / name).read_text() for name in files]
    return [psutil.Process(int(text.split()[0])) for text in texts]


def keeper_of(var):
    words = ["-m", "soccerpredict.embedded.keeper", str(var)]
    found = (process for process in psutil.process_iter() if command_of(process)[-3:] == words)
    return next(found, None)


def command_of(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def end_keeper(var):
    keeper = keeper_of(var)
    if keeper:
        keeper.terminate()
        wait_until_ended([keeper])


def is_running(process):
    """A process that nobody has waited for yet is no longer at work."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_ended(processes):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(is_running(process) for process in processes):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)
