"""Rows of models that a small world leaves empty, as sources, workers and operators make them."""

from datetime import timedelta
from uuid import uuid4

from celery import current_app
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, IntervalSchedule, SolarSchedule
from django_celery_results.models import GroupResult, TaskResult

from livescores.models import (
    ClubRating,
    ImportRejection,
    LinkDecision,
    Match,
    MatchConflict,
    MatchLink,
    PointsDeduction,
    SourcePage,
    Team,
    WaitingEvent,
)
from livescores.services import club_ratings, corrections, event_links, link_decisions
from livescores.sources.download import Answer, Version
from livescores.sources.mapped.ratings import RatingRecord
from livescores.sources.records import EventRecord, Quote
from monitoring.models import Acknowledgement, DriftReference, DriftReport
from monitoring.services.tasks import acknowledging
from predictions import tasks
from predictions.models import (
    GateReport,
    ModelVersion,
    PredictionJob,
    QuarantinedOdds,
    Retirement,
    TwoWayOdds,
)
from predictions.services.importing import files, web
from predictions.services.odds import storing
from predictions.services.versions import gate, promotion
from predictions.services.versions import retirement as retirements
from soccerpredict.access import usage
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage
from tests import factories, forms

DAY = timedelta(days=1)
BY = "ann"


def rejection(folder):
    """Of a file with a row that cannot be read."""
    path = folder / "E0.csv"
    path.write_text("Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,14/08/22,Leeds,Everton,x,0,H\n")
    files.import_files("football-data", [path])


def source_page(folder):
    """Remembered with its import."""
    [page, *_] = web.pages_of("football-data", web.Wanted(season="2022-23", leagues=["E0"]))
    web.remember("football-data", page, Answer(b"", Version('"1"', "")))


def club_rating(folder):
    """As a table of others' ratings has it."""
    team, today = Team.objects.first(), timezone.now().date()
    rated = RatingRecord(2, team.name, team.region.name, 1712.5, today - DAY, today)
    with transaction.atomic():
        assert club_ratings.store("table:clubelo", [rated]).inserted == 1


def waiting_event(folder):
    """Of a feed, about a match that nobody else tells of."""
    soon = timezone.now() + DAY
    event = EventRecord(
        line=1, external_id="1", home="Roma", away="Lazio", start_time_utc=soon, region="Italy"
    )
    event_links.link("fonbet", [event])


def decision(folder):
    """About an event that waits, and taken back."""
    event = WaitingEvent.objects.filter(state=WaitingEvent.State.WAITING).first()
    link_decisions.undo(link_decisions.reject_event(event, by=BY), by=BY)


def conflict(folder):
    """A score that an operator set, and that its source goes on telling otherwise."""
    match = Match.objects.filter(home_half_time_score__gt=0).first()
    corrected = Match.objects.get(pk=match.pk)
    corrected.home_half_time_score, corrected.away_half_time_score = 0, 0
    corrections.correct(match, corrected)
    corrected.save()


def deduction(folder):
    match = Match.objects.first()
    PointsDeduction.objects.create(
        season=match.season,
        team=match.home_team,
        points=6,
        decided_at=match.start_time_utc,
        reason="Licence.",
    )


def quarantined(folder):
    """Prices that sum to 1.665."""
    match = Match.objects.first()
    quote = Quote("B365", "pre_match", match.start_time_utc - DAY, 1.44, 3.0, 1.57)
    told = EventRecord(7, "7", "Leeds", "Everton", match.start_time_utc, quotes=[quote])
    with transaction.atomic():
        storing.store("test", [told], {7: match.pk}, storing.Bookmakers({}), file="E0.csv")


def gate_report(folder):
    champion, challenger = (promotion.serving(stage) for stage in ("champion", "challenger"))
    gate.examine(challenger, champion, stage="champion", by=BY, reason="Is it better?")


def retirement(folder):
    version = factories.make_model_version(name="gone")
    retirements.retire(version=version, by=BY, reason="too old")


def job(folder):
    """As the API keeps one that no worker has taken yet."""
    PredictionJob.objects.create(
        client_id=ApiClient.objects.first().pk,
        request_digest="0" * 64,
        request_id="request-1",
        request={"fixtures": [], "is_array": True},
        expires_at=timezone.now() + timedelta(hours=1),
    )


def drift_report(folder):
    """Where too few matches were played for a real one."""
    DriftReport.objects.create(
        as_of=timezone.now(),
        model_version=ModelVersion.objects.first(),
        n_matches=100,
        n_features=72,
        n_drifted=3,
        drift_score=3 / 72,
        prediction_drift_score=0,
        drifted=False,
        content={"features": [{"name": "goals_ratio", "drifted": True, "statistic": 0.5}]},
    )


def drift_reference(folder):
    DriftReference.objects.create(
        model_version=ModelVersion.objects.first(),
        first_kickoff=timezone.now() - 700 * DAY,
        last_kickoff=timezone.now() - 400 * DAY,
        n_matches=100,
        sample=b"0" * 1000,
    )


def key_usage(folder):
    usage.count(ApiKey.objects.first().pk)
    usage.flush_counts()


def run(task, *args):
    """As a worker does, which keeps what came of it."""
    conf = current_app.conf
    before = conf.task_store_eager_result, task.store_eager_result
    conf.task_store_eager_result = task.store_eager_result = True  # a task in use has its own copy
    try:
        return task.apply(args)
    finally:
        conf.task_store_eager_result, task.store_eager_result = before


def task(folder):
    run(tasks.run_expire_jobs)


def acknowledgement(folder):
    failed = run(tasks.fetch_matches, "nobody")
    acknowledging.task(TaskResult.objects.get(task_id=failed.id), by=BY)


def added(model, **written):
    """By an operator, on the page of a new row; the log has a line of it."""
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).first())
    lists = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert forms.add(client, lists, written).status_code == 302


def clocked(folder):
    added(ClockedSchedule, clocked_time_0="2030-01-02", clocked_time_1="03:04:05")


LEFT = {
    WaitingEvent: waiting_event,
    ClubRating: club_rating,
    MatchLink: lambda folder: MatchLink.objects.create(match=Match.objects.first(), source="test"),
    MatchConflict: conflict,
    LinkDecision: decision,
    PointsDeduction: deduction,
    ImportRejection: rejection,
    SourcePage: source_page,
    QuarantinedOdds: quarantined,  # and the switch of its source
    TwoWayOdds: lambda folder: factories.make_two_way_odds(Match.objects.first()),
    GateReport: gate_report,
    Retirement: retirement,
    PredictionJob: job,
    DriftReport: drift_report,
    DriftReference: drift_reference,
    KeyUsage: key_usage,
    TaskResult: task,
    Acknowledgement: acknowledgement,
    GroupResult: lambda folder: GroupResult.objects.create(group_id=str(uuid4())),
    IntervalSchedule: lambda folder: added(IntervalSchedule, every=3, period="hours"),
    SolarSchedule: lambda folder: added(SolarSchedule, event="sunset", latitude=1, longitude=3),
    ClockedSchedule: clocked,
}
