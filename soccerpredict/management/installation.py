"""What an installation has already, as far as a quick start needs to know."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from predictions.services.features import feature_store
from predictions.services.importing import seasons
from predictions.services.publishing.batch import published_with
from predictions.services.versions import loading
from soccerpredict.errors import SoccerPredictError

FRESH = timedelta(hours=3)
ADMIN, ADMIN_PASSWORD, API_KEY = "admin", "admin_password", "api_key"
STAGES = ("champion", "challenger")


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


def has_real() -> bool:
    return bool(rows("livescores", "Region").filter(is_simulated=False).exists())


def has_simulated() -> bool:
    return bool(rows("livescores", "Region").filter(is_simulated=True).exists())


def simulated_lately() -> bool:
    """Whether the simulated world is up to date: its matches are some hours apart."""
    reports = rows("livescores", "ImportReport").filter(source="simulated", status="done")
    return bool(reports.filter(finished_at__gte=timezone.now() - FRESH).exists())


def is_usable(stage: str) -> bool:
    """Whether what serves a stage can be loaded: its features may be of another version."""
    try:
        loading.load(stage)
    except loading.ModelNotReady:
        return False
    return True


def is_published(stage: str) -> bool:
    """Whether what the stage serves was made by its model from the current features."""
    batch = published_with(stage)
    change = rows("predictions", "AliasChange").filter(stage=stage).order_by("-id").first()
    current = (settings.FEATURES_DIR / "CURRENT").read_text().strip()
    return bool(change) and batch == (change.model_version_id, current)


def has_grown() -> bool:
    """Whether there are twice as many results as the champion has learned from."""
    champion = rows("predictions", "AliasChange").filter(stage=STAGES[0]).order_by("-id").first()
    return bool(seasons.learnable() >= 2 * champion.model_version.n_matches)


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
