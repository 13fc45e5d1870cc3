"""The platform as it runs: gunicorn and a Celery worker, on a database and a broker of their own.

Postgres and Valkey are its own, so that nothing committed here is seen by another test, and tests
may freeze and kill them without harm to anybody.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

import psutil
import psycopg
import requests
from psycopg import sql

from soccerpredict.embedded import server
from soccerpredict.embedded.postgres import Postgres
from soccerpredict.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 40
LIVE_WAIT_SECONDS = 5
N_WEB, N_THREADS, N_CHILDREN = 2, 8, 2
MOST_OF_KEY, MOST_JOBS = 600, 2_000  # that wait
WEB = ["gunicorn", "-c", "soccerpredict/server/gunicorn.py", "soccerpredict.wsgi:application"]
WORKER = ["celery", "-A", "soccerpredict.celery", "-q", "worker", "-l", "INFO"]
LIVE = ["-n", "ml@stack", "-Q", "ml", "-c", str(N_CHILDREN)]
JOBS = ["-n", "jobs@stack", "-Q", "jobs", "-c", "1"]


def eventually(holds, seconds=20):
    """Waits until `holds()` is true of what another process does."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
    return found


class Program:
    """One of our programs as a child process, with its log."""

    def __init__(self, name, command, *, environment, folder):
        self.command = [sys.executable, "-m", *command]
        self.environment = environment
        self.log = folder / f"{name}.log"
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, how=signal.SIGTERM):
        """Ends the program; by SIGKILL with all its children, as a machine that fails would."""
        if self.process is None or self.process.poll() is not None:
            return
        self.signal(how if how == signal.SIGKILL else signal.SIGCONT)
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    def signal(self, which):
        """To the program and all its children."""
        os.killpg(self.process.pid, which)

    def children(self):
        return psutil.Process(self.process.pid).children()

    def lines(self, *words):
        """Lines of the log with all these words in them."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if all(word in line for word in words)]

    @contextmanager
    def frozen(self):
        """Stopped as by a debugger or a swapping machine."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.thaw()

    def thaw(self):
        self.signal(signal.SIGCONT)


@dataclass
class Stack:
    """The servers, the programs and where to reach them."""

    folder: Path
    base_url: str = ""  # of a Postgres; without it, one of its own
    database: str = field(default_factory=lambda: f"stack_{uuid.uuid4().hex[:12]}")

    def __post_init__(self):
        self.valkey, self.redis_url = None, ""
        self.postgres: Popen[bytes] | None = None
        self.port = server.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.web = self.worker = self.jobs = None

    @property
    def database_url(self):
        return urlsplit(self.base_url)._replace(path=f"/{self.database}").geturl()

    @property
    def mlflow_url(self):
        return f"sqlite:///{self.folder / 'mlflow.db'}"

    def start_servers(self, n_web=N_WEB):
        if not self.base_url:
            log = self.folder / "postgres.log"
            self.postgres, self.base_url = server.start(Postgres(self.folder), log)
        self.administer("CREATE DATABASE {}")
        own = Valkey(self.folder)
        self.valkey, self.redis_url = server.start(own, self.folder / "valkey.log")
        counts = self.folder / "prometheus"
        counts.mkdir()
        self.web = self._program(
            "web",
            WEB,
            BIND=f"127.0.0.1:{self.port}",
            PROMETHEUS_MULTIPROC_DIR=str(counts),
            WEB_WORKERS=str(n_web),
        )
        self.worker = self._program("worker", [*WORKER, *LIVE])
        self.jobs = self._program("jobs", [*WORKER, *JOBS])

    def stop(self):
        for program in (self.web, self.worker, self.jobs):
            if program:
                program.stop()
        if self.valkey:
            self.valkey.send_signal(signal.SIGCONT)
            server.stop(self.valkey, signal.SIGTERM)
        if self.postgres:
            self.signal_postgres(signal.SIGCONT)
            server.stop(self.postgres, Postgres.stop_signal)
        else:
            self.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def administer(self, statement):
        with psycopg.connect(self.base_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.database)))

    def start(self):
        """They find what they serve in the database and the files, whenever it comes."""
        self.web.start()
        self.worker.start()
        self.jobs.start()

    def await_programs(self):
        self.await_web()
        self.await_worker()

    def await_web(self):
        eventually(lambda: self._status("/readyz") == 200, START_SECONDS)

    def await_worker(self):
        """Until those that predict hold both stages' models."""
        eventually(self._has_models, START_SECONDS)

    @contextmanager
    def frozen_broker(self):
        self.valkey.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.valkey.send_signal(signal.SIGCONT)

    @contextmanager
    def frozen_postgres(self):
        """All of it, the processes that serve connections, too."""
        self.signal_postgres(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal_postgres(signal.SIGCONT)

    @contextmanager
    def without_postgres(self):
        """Killed at once, and started again in the same place."""
        self.signal_postgres(signal.SIGKILL)
        self.postgres.wait()
        try:
            yield
        finally:
            own = Postgres(self.folder)
            self.postgres = server.start_again(own, self.folder / "postgres.log", self.base_url)

    def signal_postgres(self, which):
        main = psutil.Process(self.postgres.pid)
        for process in [main, *main.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(which)

    def _status(self, path):
        try:
            return requests.get(self.url + path, timeout=5).status_code
        except requests.RequestException:
            return None

    def _has_models(self):
        found = requests.get(f"{self.url}/monitoring/celery/workers", timeout=10).json()
        workers = found.get("workers", ())
        holding = {worker["name"] for worker in workers if len(worker["loaded_models"]) == 2}
        return {"ml@stack", "jobs@stack"} <= holding

    def _program(self, name, command, **more):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.stack_settings",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "MLFLOW_TRACKING_URI": self.mlflow_url,
            "SOCCERPREDICT_VAR": str(self.folder),
            "WEB_THREADS": str(N_THREADS),
            "LIVE_WAIT_SECONDS": str(LIVE_WAIT_SECONDS),
            "CELERY_VISIBILITY_SECONDS": "6",
            "JOBS_WAITING_PER_KEY": str(MOST_OF_KEY),
            "JOBS_WAITING": str(MOST_JOBS),
            **more,
        }
        return Program(name, command, environment=environment, folder=self.folder)
