"""From nothing to published predictions, skipping what is done."""

import sys
from argparse import SUPPRESS
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from predictions.services.betting import verdicts
from predictions.services.importing import known_files, seasons
from predictions.services.importing.seasons import Fetched
from soccerpredict.embedded import secret_files
from soccerpredict.errors import SoccerPredictError
from soccerpredict.jobs import timetable
from soccerpredict.management.installation import (
    ADMIN,
    ADMIN_PASSWORD,
    API_KEY,
    STAGES,
    has_grown,
    has_real,
    has_report,
    has_simulated,
    is_published,
    is_usable,
    output_of,
    rows,
    simulated_lately,
)
from soccerpredict.management.strict import StrictCommand
from soccerpredict.starting import steps
from soccerpredict.starting.steps import Notebook

REPORTS = ("quality", "drift")
OLD_MODEL = "this version of the program cannot use the model before, by quickstart"
MORE_SEASONS = "trained on twice as many matches, by quickstart"


class Command(StrictCommand):
    help = "Bring data, features, models and predictions up to date, and make a login and a key."
    has_trained = False

    def add_arguments(self, parser: CommandParser) -> None:
        data = parser.add_mutually_exclusive_group()
        data.add_argument(
            "--data",
            type=Path,
            help="football-data files: those that are new or changed; default: a simulation",
        )
        data.add_argument(
            "--web",
            action="store_true",
            help="what football-data.co.uk and openfootball have, newest seasons first",
        )
        parser.add_argument(
            "--newest",
            action="store_true",
            help="of the web only as many seasons as a first model needs",
        )
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="only tables and files; to be run before the rest",
        )
        parser.add_argument("--for-run", action="store_true", help=SUPPRESS)

    def handle(self, *, data: Path | None, web: bool, prepare: bool, **options: Any) -> None:
        if data is not None and not data.exists():
            raise CommandError(f"There is no {data}.")
        self.notes = Notebook(steps.file_in(settings.VAR_DIR))
        with self.notes.followed():
            try:
                self.lay_tables(is_real=web or data is not None)
                if not prepare:
                    self.bring_up_to_date(data, web=web)
                if web and not (prepare or options["newest"]) and has_real():
                    self.fill_up_the_past()
            except (CommandError, SoccerPredictError) as exc:
                self.notes.fail(str(exc))
                if options["for_run"]:
                    sys.exit(1)  # it says the sentence itself
                raise CommandError(str(exc)) from exc

    def lay_tables(self, *, is_real: bool) -> None:
        with self.notes.step(steps.TABLES):
            call_command("migrate", verbosity=0)
            call_command("collectstatic", verbosity=0, interactive=False)
        if is_real:
            self.refuse_to_mix()

    def bring_up_to_date(self, data: Path | None, *, web: bool) -> None:
        with self.notes.step(steps.MATCHES):
            self.import_data(data, web=web)
        self.learn_and_predict()
        with self.notes.step(steps.REPORTS):
            self.schedule(web=web)
            self.make_login()
            self.make_key()

    def learn_and_predict(self) -> None:
        with self.notes.step(steps.FEATURES):
            self.call("build_features")
        with self.notes.step(steps.MODELS):
            for stage in STAGES:
                self.need_model(stage)
        stale = [stage for stage in STAGES if not is_published(stage)]
        with self.notes.step(steps.PREDICTIONS):
            for stage in stale:
                self.call("batch_inference", "--stage", stage)
        with self.notes.step(steps.REPORTS):
            self.report_on(stale)

    def report_on(self, stale: list[str]) -> None:
        for stage in STAGES:
            if stage in stale or verdicts.is_outdated(stage):
                self.try_call("simulate_betting", "--stage", stage)
        if stale:
            self.try_call("rate_teams")
        for kind in REPORTS:
            if stale or not has_report(kind):
                self.try_call(f"{kind}_report")

    def import_data(self, data: Path | None, *, web: bool) -> None:
        """What is new of real data; the simulated world goes on to today."""
        if data is not None:
            self.import_files(data)
            return
        if web:
            self.told_of(seasons.fetch_few())
        if not has_real() and not simulated_lately():
            if web:
                self.stderr.write("So here is an invented world instead, labelled as simulated.")
            self.call("simulate_world")

    def import_files(self, data: Path) -> None:
        new, n_files = known_files.news_of("football-data", [data])
        if not new:
            self.stdout.write(f"All {n_files} files of {data} are here already.")
            return
        if len(new) < n_files:
            self.stdout.write(f"{len(new)} of {n_files} files of {data} are new or changed.")
        self.try_call("import_matches", "football-data", *map(str, new))
        known_files.remember("football-data", new)

    def told_of(self, fetched: Fetched) -> None:
        self.stdout.write(str(fetched))
        for source, why in fetched.stopped.items():
            self.stderr.write(
                f"{source} was left before its end: {why} The next start goes on from there."
            )

    def fill_up_the_past(self) -> None:
        """Behind what is served already; models learn anew where that makes a difference."""
        with self.notes.step(steps.MATCHES):
            fetched = seasons.fetch_all()
            self.told_of(fetched)
        if not (fetched.inserted or fetched.updated or fetched.prices):
            return
        with self.notes.step(steps.FEATURES):
            self.call("build_features")
        if has_grown():
            with self.notes.step(steps.MODELS):
                self.train_once()
                for stage in STAGES:
                    self.try_call("promote_model", "--stage", stage, "--reason", MORE_SEASONS)
        self.learn_and_predict()

    def refuse_to_mix(self) -> None:
        if has_simulated():
            raise CommandError(
                f"{settings.VAR_DIR} holds a simulated world: real data must not mix with it. "
                "Start anew in a folder of its own: SOCCERPREDICT_VAR=var/real make run DATA=…"
            )

    def need_model(self, stage: str) -> None:
        """A first model, or one in place of what this version of the program cannot use."""
        has_served = rows("predictions", "AliasChange").filter(stage=stage).exists()
        if has_served and is_usable(stage):
            return
        if has_served or not rows("predictions", "ModelVersion").exists():
            self.train_once()
        # What cannot be asked can be compared with nothing: the gate would refuse.
        forced = ("--force",) if has_served else ()
        reason = OLD_MODEL if has_served else "first model, by quickstart"
        self.call("promote_model", "--stage", stage, "--reason", reason, *forced)

    def train_once(self) -> None:
        """One training makes the models of all stages."""
        if not self.has_trained:
            self.call("train_model")
            self.has_trained = True

    def schedule(self, *, web: bool) -> None:
        installed = timetable.install(fetched=tuple(seasons.FREE) if web and has_real() else ())
        self.stdout.write(str(installed))

    def make_login(self) -> None:
        if not get_user_model().objects.exists():
            password = secret_files.read_or_make(settings.VAR_DIR, ADMIN_PASSWORD, characters=20)
            get_user_model().objects.create_superuser(ADMIN, password=password)
            self.stdout.write(f"Made the login {ADMIN} for the back office.")

    def make_key(self) -> None:
        path = settings.VAR_DIR / "secrets" / API_KEY
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = output_of("create_api_key", "--client", "quickstart", "--quiet")
            secret_files.write_private(path, text)
            self.stdout.write("Made an API key.")

    def call(self, *words: str) -> None:
        call_command(*words, stdout=self.stdout)

    def try_call(self, *words: str) -> None:
        """What may fail in part, and says so, without ending the rest."""
        try:
            self.call(*words)
        except CommandError as exc:
            self.stderr.write(str(exc))
