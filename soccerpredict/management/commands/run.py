"""The whole platform in one command, for a machine of one's own."""

import signal
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection

from soccerpredict.management import installation
from soccerpredict.management.installation import ADMIN_PASSWORD, API_KEY
from soccerpredict.management.strict import StrictCommand
from soccerpredict.starting import entrance, steps
from soccerpredict.starting.door import SERVER
from soccerpredict.starting.entrance import DEFAULT_PORT, CannotEnter, Entrance, port_number
from soccerpredict.starting.parts import NewLines, PartLost, Parts
from soccerpredict.starting.preparation import Preparation
from soccerpredict.starting.steps import State

START_SECONDS = 60
LOG_FOLDER = "logs"
WEB = "web"


class Command(StrictCommand):
    help = "Prepare everything, then run web server, workers and scheduler until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        data = parser.add_mutually_exclusive_group()
        data.add_argument("--data", type=Path, help="football-data files; default: a simulation")
        data.add_argument(
            "--web", action="store_true", help="what football-data.co.uk and openfootball have"
        )
        parser.add_argument("--port", type=port_number, default=DEFAULT_PORT)

    def handle(self, *, data: Path | None, web: bool, port: int, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        words = ["--web"] if web else ["--data", str(data.resolve())] if data else []
        try:
            with entrance.of_this_run(port) as ours:
                Run(self, ours, words).until_ctrl_c()
        except (CannotEnter, PartLost) as exc:
            raise CommandError(str(exc)) from exc

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def tell(self, port: int) -> None:
        secrets = settings.VAR_DIR / "secrets"
        password = (secrets / ADMIN_PASSWORD).read_text().strip()
        key = (secrets / API_KEY).read_text().strip()
        self.say(
            f"\nSoccerPredict runs at http://localhost:{port}\n"
            f"  API          http://localhost:{port}/docs\n"
            f"  API key      {key}\n"
            f"  Back office  http://localhost:{port}/admin/   admin / {password}\n"
            f"  Logs         {logs()}\n"
            "Ctrl-C stops all of it."
        )


@dataclass
class Run:
    """One run: prepare, serve, bring up to date meanwhile."""

    command: Command
    entrance: Entrance
    words: list[str]  # to quickstart, of where data come from

    def __post_init__(self) -> None:
        self.parts = Parts(
            folder=logs(),
            working_folder=settings.BASE_DIR,
            notes=settings.VAR_DIR / "parts.json",
            say=self.command.say,
        )
        self.preparation = Preparation(settings.BASE_DIR, self.entrance.notes)

    def until_ctrl_c(self) -> None:
        try:
            is_kept = self.prepare()
            self.serve()
            if is_kept or "--web" in self.words:
                self.bring_up_to_date()
            self.watch()
        except KeyboardInterrupt:
            self.command.say("Stopping.")
        except (CommandError, PartLost) as exc:
            self.entrance.fail(str(exc))
            self.parts.stop()
            self.reopen()
            raise
        finally:
            self.preparation.stop()
            self.parts.stop()

    def prepare(self) -> bool:
        """What the programs need; true if an earlier run has left it."""
        call_command("quickstart", *self.words, "--prepare")
        is_kept = installation.is_everything_served()
        connection.close()  # the server may be another one when it is asked again
        if not is_kept:
            self.entrance.show(None)
            newest = ["--newest"] if "--web" in self.words else []
            self.preparation.start(*self.words, *newest)
            self.preparation.wait()
        return is_kept

    def serve(self) -> None:
        self.entrance.show(State(step=steps.PROGRAMS, since=time.time()))
        for name, (command, environment) in programs(self.entrance.port).items():
            self.parts.start(name, command, environment)
        self.hand_over()
        self.command.tell(self.entrance.port)

    def hand_over(self) -> None:
        """Both answer the port until the web server is ready."""
        url = self.entrance.url("/readyz")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.parts.watch()
            if is_ready(url):
                self.entrance.door.close()
                return
            time.sleep(0.1)
        raise CommandError(f"{url} was not ready within {START_SECONDS} s; see {logs()}.")

    def bring_up_to_date(self) -> None:
        """While what was published before is served: a failure leaves it as it is."""
        words = self.words
        if "--web" in words and not installation.has_real():
            words = []  # an invented world stands in
        connection.close()
        self.command.say("Bringing data and predictions up to date.")
        self.preparation.start(*words)

    def watch(self) -> None:
        folder = settings.VAR_DIR / "servers"
        servers, state = NewLines(folder / "keeper.log"), folder / "state.json"
        has_servers = state.exists()  # of our own
        while True:
            self.parts.watch()
            if has_servers and not state.exists():
                raise PartLost(f"Postgres or Valkey does not come up any more; see {folder}/*.log.")
            for line in servers.read():
                self.command.say(line)
            self.reopen_while_the_web_server_is_away()
            failure = self.preparation.ended()
            if failure is not None:
                self.command.say(f"Not brought up to date: {failure}" if failure else "Up to date.")
            time.sleep(0.5)

    def reopen_while_the_web_server_is_away(self) -> None:
        door = self.entrance.door
        if not self.parts.runs(WEB):
            self.reopen()
        elif door.is_open and is_ready(self.entrance.url("/livez")):
            door.close()

    def reopen(self) -> None:
        try:
            self.entrance.door.open()
        except OSError as exc:
            self.command.say(f"Port {self.entrance.port} cannot be had: {exc}.")


def programs(port: int) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What runs, and what each needs in its environment."""
    celery = [sys.executable, "-m", "celery", "-A", "soccerpredict.celery", "--quiet"]
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "soccerpredict/server/gunicorn.py"]
    bind = ["--bind", f"127.0.0.1:{port}"]
    counts = settings.VAR_DIR / "prometheus"  # of several processes; workers count in Redis
    counts.mkdir(parents=True, exist_ok=True)
    schedule = ["--pidfile", "", "--schedule", str(settings.VAR_DIR / "beat")]
    ml = ["worker", "-n", "ml@%h", "-Q", "ml", "-c", "2", "-l", "INFO"]
    jobs = ["worker", "-n", "jobs@%h", "-Q", "jobs", "-c", "1", "-l", "INFO"]
    batch = ["worker", "-n", "batch@%h", "-Q", "batch,io", "-c", "1", "-l", "INFO"]
    return {
        WEB: (
            [*gunicorn, *bind, "soccerpredict.wsgi:application"],
            {"PROMETHEUS_MULTIPROC_DIR": str(counts)},
        ),
        "worker": ([*celery, *ml], {}),
        "jobs": ([*celery, *jobs], {}),
        "batch": ([*celery, *batch], {}),
        "beat": ([*celery, "beat", *schedule], {}),
    }


def is_ready(url: str) -> bool:
    """Whether the web server itself answers well; the door may have the same port."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 - our own address
            return bool(answer.headers["Server"] != SERVER)
    except (urllib.error.URLError, OSError):
        return False


def logs() -> Path:
    folder: Path = settings.VAR_DIR / LOG_FOLDER
    return folder


def _as_ctrl_c(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
