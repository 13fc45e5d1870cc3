"""From nothing to published predictions, skipping what is done."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions.services.betting import verdicts
from predictions.services.publishing.batch import published_with
from predictions.services.versions import loading
from soccerpredict.embedded import secret_files

FRESH = timedelta(hours=3)
ADMIN, ADMIN_PASSWORD, API_KEY = "admin", "admin_password", "api_key"
STAGES = ("champion", "challenger")
REPORTS = ("quality", "drift")
OLD_MODEL = "this version of the program cannot use the model before, by quickstart"


class Command(BaseCommand):
    help = "Bring data, features, models and predictions up to date, and make a login and a key."
    has_trained = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, help="football-data files; default: a simulation")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="only tables and files; to be run before the rest",
        )

    def handle(self, *, data: Path | None, prepare: bool, **options: Any) -> None:
        if data is not None and not data.exists():
            raise CommandError(f"There is no {data}.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if data is not None:
            self.refuse_to_mix()
        if not prepare:
            self.bring_up_to_date(data)

    def bring_up_to_date(self, data: Path | None) -> None:
        self.import_data(data)
        self.call("build_features")
        for stage in STAGES:
            self.need_model(stage)
        stale = [stage for stage in STAGES if not self.is_published(stage)]
        for stage in stale:
            self.call("batch_inference", "--stage", stage)
        for stage in STAGES:
            if stage in stale or verdicts.is_outdated(stage):
                self.try_call("simulate_betting", "--stage", stage)
        if stale:
            self.try_call("rate_teams")
        for kind in REPORTS:
            if stale or not has_report(kind):
                self.try_call(f"{kind}_report")
        self.call("schedule_jobs")
        self.make_login()
        self.make_key()

    def import_data(self, data: Path | None) -> None:
        """Real files are imported once; the simulated world goes on to today."""
        has_real = rows("livescores", "Region").filter(is_simulated=False).exists()
        if data is not None and not has_real:
            self.try_call("import_matches", "football-data", str(data))
        elif not has_real and not simulated_lately():
            self.call("simulate_world")

    def refuse_to_mix(self) -> None:
        if rows("livescores", "Region").filter(is_simulated=True).exists():
            raise CommandError(
                f"{settings.VAR_DIR} holds a simulated world: real data must not mix with it. "
                "Set SOCCERPREDICT_VAR to another folder, or run make clean first."
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

    def is_published(self, stage: str) -> bool:
        """Whether what the stage serves was made by its model from the current features."""
        batch = published_with(stage)
        change = rows("predictions", "AliasChange").filter(stage=stage).order_by("-id").first()
        current = (settings.FEATURES_DIR / "CURRENT").read_text().strip()
        return bool(change) and batch == (change.model_version_id, current)

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


def is_usable(stage: str) -> bool:
    """Whether what serves a stage can be loaded: its features may be of another version."""
    try:
        loading.load(stage)
    except loading.ModelNotReady:
        return False
    return True


def simulated_lately() -> bool:
    """Whether the simulated world is up to date: its matches are some hours apart."""
    reports = rows("livescores", "ImportReport").filter(source="simulated", status="done")
    return bool(reports.filter(finished_at__gte=timezone.now() - FRESH).exists())


def has_report(kind: str) -> bool:
    """Whether there is one to serve."""
    return Path(settings.REPORTS_DIR, kind, "latest.json").exists()


def rows(app: str, model: str) -> Any:
    """All rows of a model, named as in a migration."""
    manager: Any = apps.get_model(app, model)._default_manager
    return manager.all()


def output_of(*words: str) -> str:
    text = io.StringIO()
    call_command(*words, stdout=text)
    return text.getvalue().strip()
