"""What pages show besides the world: jobs, reports, keys, decisions, and a row of every model."""

import shutil
from contextlib import suppress
from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from monitoring.services.reports import drift, quality
from predictions.models import AliasChange
from predictions.services.betting import simulating
from predictions.services.features import building, team_ratings
from predictions.services.publishing import batch
from soccerpredict.errors import NotFound
from soccerpredict.jobs import timetable
from tests import stack_world
from tests.browser.leftovers import LEFT, added

OPERATOR = ("operator", "a password for tests")


def fill_until(past, moment, *, like):
    """A new database with the world as of `moment`, and `like`'s models as if trained before it."""
    with stack_world.inside(like):
        aliases = list(AliasChange.objects.select_related("model_version").order_by("pk"))
    for name in ("models", "mlflow"):
        shutil.copytree(like.folder / name, past.folder / name)
    shutil.copy(like.folder / "mlflow.db", past.folder)
    with stack_world.inside(past):
        stack_world.migrate()
        stack_world.simulate(moment)
        building.build()
        for alias in aliases:
            serve(alias, timezone.now() - moment)
        for stage in stack_world.STAGES:
            batch.run(stage=stage)
            simulating.simulate(stage=stage)
    furnish(past)


def serve(alias, age):
    """Another database's version under its name here, older by so much."""
    version = alias.model_version
    version.pk, version.trained_until = None, version.trained_until - age
    version.save(force_insert=True)
    AliasChange.objects.create(
        stage=alias.stage, model_version=version, changed_by="tests", reason="first model"
    )


def furnish(stack, as_of=None):
    """As jobs and operators would; `as_of` is the moment of the newest report, else now."""
    from django.contrib.auth.models import Group, User

    with stack_world.inside(stack), override_settings(REPORTS_DIR=stack.folder / "reports"):
        team_ratings.refresh()
        report(as_of)
        timetable.install()
        stack_world.issue_key("Evening paper")
        User.objects.create_superuser(OPERATOR[0], password=OPERATOR[1])
        added(Group, name="Evening desk")  # unlike the platform's roles, it may be deleted
        fill_the_rest(stack.folder)


def report(as_of):
    """A world without results or matches around now gets none, and pages say so."""
    for days in (21, 14, 7) if as_of else ():
        quality.report(as_of=as_of - timedelta(days=days))
    with suppress(NotFound):
        quality.report()
    with suppress(NotFound):
        drift.report()


def fill_the_rest(folder):
    """A row of each model that nothing above has made one of; files are written there."""
    for model, make in LEFT.items():
        if not model._default_manager.exists():
            make(folder)
