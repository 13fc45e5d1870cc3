"""The whole platform in one command, for a machine of one's own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentTypeError
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.services.features import feature_store
from soccerpredict.errors import SoccerPredictError
from soccerpredict.management.commands.quickstart import ADMIN_PASSWORD, API_KEY, STAGES, rows

START_SECONDS = 60
STOP_SECONDS = 40
LOG_FOLDER = "logs"
WEB = "web"
HIGHEST_PORT = 65_535


class Command(BaseCommand):
    help = "Prepare everything, then run web server, workers and scheduler until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="football-data files; default: a simulation")
        parser.add_argument("--port", type=port_number, default=8000)

    def handle(self, *, data: Path | None, port: int, **options: Any) -> None:
        refuse_taken(port)
        call_command("quickstart", data=data, prepare=True)
        is_kept = is_everything_served()
        if not is_kept:
            call_command("quickstart", data=data, stdout=self.stdout)
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        programs: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name, command in commands(port).items():
                programs[name] = start(name, command)
            wait_until_ready(f"http://127.0.0.1:{port}/readyz", programs)
            self.tell(port)
            if is_kept:
                self.bring_up_to_date(data)
            watch(programs)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            stop(programs)

    def bring_up_to_date(self, data: Path | None) -> None:
        """While what was published before is served: a failure leaves it as it is."""
        self.stdout.write("Bringing data and predictions up to date.")
        try:
            call_command("quickstart", data=data, stdout=self.stdout)
        except CommandError as exc:
            self.stderr.write(f"Not brought up to date: {exc}")
        else:
            self.stdout.write("Up to date.")

    def tell(self, port: int) -> None:
        secrets = settings.VAR_DIR / "secrets"
        password = (secrets / ADMIN_PASSWORD).read_text().strip()
        key = (secrets / API_KEY).read_text().strip()
        self.stdout.write(
            f"\nSoccerPredict runs at http://localhost:{port}\n"
            f"  API          http://localhost:{port}/docs\n"
            f"  API key      {key}\n"
            f"  Back office  http://localhost:{port}/admin/   admin / {password}\n"
            f"  Logs         {settings.VAR_DIR / LOG_FOLDER}\n"
            "Ctrl-C stops all of it."
        )
        self.stdout.flush()


def is_everything_served() -> bool:
    """Whether an earlier run has left all that the programs need: sets, features, login and key."""
    pointers = rows("predictions", "PublicationPointer")
    secrets = settings.VAR_DIR / "secrets"
    has_secrets = (secrets / ADMIN_PASSWORD).exists() and (secrets / API_KEY).exists()
    has_sets = pointers.filter(stage__in=STAGES).count() == len(STAGES)
    return has_secrets and has_sets and has_features()


def has_features() -> bool:
    """Whether there is a whole feature set of this version of the program."""
    try:
        feature_store.current()
    except SoccerPredictError:
        return False
    return True


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= HIGHEST_PORT:
        return int(text)
    raise ArgumentTypeError(f"{text!r}: write a number from 1 to {HIGHEST_PORT}.")


def refuse_taken(port: int) -> None:
    """Better now than after minutes of preparation."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            raise CommandError(
                f"Port {port} is taken: stop what runs there, or give another by PORT=…."
            ) from exc


def commands(port: int) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "soccerpredict.celery", "--quiet"]
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "soccerpredict/server/gunicorn.py"]
    bind = ["--bind", f"127.0.0.1:{port}"]
    return {
        WEB: [*gunicorn, *bind, "soccerpredict.wsgi:application"],
        "worker": [*celery, "worker", "-n", "ml@%h", "-Q", "ml", "-c", "2", "-l", "INFO"],
        "batch": [*celery, "worker", "-n", "batch@%h", "-Q", "batch,io", "-c", "1", "-l", "INFO"],
        "beat": [
            *celery,
            "beat",
            *("--pidfile", ""),
            *("--schedule", str(settings.VAR_DIR / "beat")),
        ],
    }


def start(name: str, command: list[str]) -> "subprocess.Popen[bytes]":
    """In a session of its own: Ctrl-C comes to us, and we stop the programs in order."""
    folder = settings.VAR_DIR / LOG_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ}
    if name == WEB:  # of its several processes; workers count in Redis
        counts = settings.VAR_DIR / "prometheus"
        counts.mkdir(parents=True, exist_ok=True)
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(url: str, programs: "dict[str, subprocess.Popen[bytes]]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        refuse_ended(programs)
        try:
            with urllib.request.urlopen(url, timeout=3):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CommandError(f"{url} was not ready within {START_SECONDS} s; see {logs()}.")


def watch(programs: "dict[str, subprocess.Popen[bytes]]") -> None:
    while True:
        refuse_ended(programs)
        time.sleep(0.5)


def refuse_ended(programs: "dict[str, subprocess.Popen[bytes]]") -> None:
    for name, program in programs.items():
        if program.poll() is not None:
            raise CommandError(f"The {name} ended by itself; see {logs()}/{name}.log.")


def stop(programs: "dict[str, subprocess.Popen[bytes]]") -> None:
    """Ask all to end, and end those that don't."""
    for program in programs.values():
        if program.poll() is None:
            program.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for program in programs.values():
        try:
            program.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def logs() -> Path:
    folder: Path = settings.VAR_DIR / LOG_FOLDER
    return folder


def _as_ctrl_c(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
