"""Rows of models that a small world leaves empty, as sources, workers and operators make them."""

from datetime import timedelta
from uuid import uuid4

from celery import current_app
from celery.result import GroupResult as GroupResults
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
from livescores.services import (
    club_ratings,
    corrections,
    event_links,
    link_decisions,
    matches,
)
from livescores.services.names import Names
from livescores.sources.download import Answer, Version
from livescores.sources.mapped.ratings import RatingRecord
from livescores.sources.records import (
    OVER_UNDER,
    EventRecord,
    MatchRecord,
    Quote,
    TournamentRecord,
    TwoWayQuote,
    scores,
)
from monitoring.models import Acknowledgement
from monitoring.results import TaskTable
from monitoring.services.tasks import acknowledging
from predictions import tasks
from predictions.models import (
    GateReport,
    PredictionJob,
    QuarantinedOdds,
    Retirement,
    TwoWayOdds,
)
from predictions.services.importing import files, web
from predictions.services.odds import storing
from predictions.services.training import fitting
from predictions.services.versions import gate, promotion
from predictions.services.versions import retirement as retirements
from soccerpredict.access import services as access
from soccerpredict.access import usage
from soccerpredict.access.models import ApiKey, KeyUsage, WrongPasswords
from tests import forms

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
    match = Match.objects.filter(home_half_time_score__gt=0, conflicts=None).first()
    corrected = Match.objects.get(pk=match.pk)
    corrected.home_half_time_score, corrected.away_half_time_score = 0, 0
    corrections.correct(match, corrected)
    told = (match.home_half_time_score, match.away_half_time_score)
    corrections.hear(corrected, "half_time", told, match.source)
    corrected.save()


def deduction(folder):
    match = Match.objects.first()
    added(
        PointsDeduction,
        season=match.season_id,
        team=match.home_team_id,
        points=6,
        decided_at_0=f"{match.start_time_utc:%Y-%m-%d}",
        decided_at_1="12:00",
        reason="Licence.",
    )


def second_source(folder):
    """One that tells of a match of ours, and of a club that is nearly called as one of ours.

    Its clubs have nothing else in common with ours: an operator says that they are the same.
    """
    match = Match.objects.latest("start_time_utc")
    told = record(match)
    tell(told)
    for team in (match.home_team, match.away_team):
        link_decisions.merge([*team.region.teams.filter(name__startswith=team.name)], by=BY)
    tell(
        told._replace(
            home=f"{told.home} London", start_time_utc=told.start_time_utc + timedelta(days=2)
        )
    )


def tell(record):
    with transaction.atomic():
        matches.store("openfootball", [record], Names("openfootball"))


def record(match):
    """As a source would tell of the match, without its result."""
    league = match.season.tournament
    return MatchRecord(
        line=1,
        tournament=TournamentRecord(league.region.name, league.name),
        season=match.season.name,
        home=match.home_team.name,
        away=match.away_team.name,
        start_time_utc=match.start_time_utc,
        has_kickoff_time=True,
        status="scheduled",
        counts=scores(None),
    )


def prices(folder):
    """Three prices that sum to 1.665, and a pair that is right."""
    match = Match.objects.first()
    at = match.start_time_utc - DAY
    wrong = Quote("B365", "pre_match", at, 1.44, 3.0, 1.57)
    right = TwoWayQuote("B365", OVER_UNDER, 2.5, "pre_match", at, 1.9, 2.0)
    told = EventRecord(
        7, "7", "Leeds", "Everton", match.start_time_utc, quotes=[wrong], two_way=[right]
    )
    with transaction.atomic():
        storing.store("test", [told], {7: match.pk}, storing.Bookmakers({}), file="E0.csv")


def gate_report(folder):
    champion, challenger = (promotion.serving(stage) for stage in ("champion", "challenger"))
    gate.examine(challenger, champion, stage="champion", by=BY, reason="Is it better?")


def retirement(folder):
    """Of a version that has never served."""
    [version] = fitting.train(recipe_names=["logistic"], accept_fewer=True)
    retirements.retire(version=version, by=BY, reason="too old")


def job(folder):
    """One that no worker has taken yet."""
    match = Match.objects.latest("start_time_utc")
    asked = {
        "home_team_id": match.home_team_id,
        "away_team_id": match.away_team_id,
        "match_datetime_utc": match.start_time_utc.isoformat(),
    }
    key = access.issue(client=access.client_named("Evening paper")).text
    answer = Client().post(
        "/predict/async", asked, content_type="application/json", headers={"X-API-Key": key}
    )
    assert answer.status_code == 202, answer.content


def key_usage(folder):
    usage.count(ApiKey.objects.first().pk)
    usage.flush_counts()


def wrong_password(folder):
    sent = {"username": "nobody", "password": "guessed", "next": "/admin/"}
    answer = Client().post(reverse("admin:login"), sent)
    assert answer.status_code == 200, answer.content


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


def group_result(folder):
    """A group of tasks, of which the product has none itself, where it keeps results."""
    group = GroupResults(str(uuid4()), [run(tasks.run_expire_jobs)], app=current_app)
    TaskTable(app=current_app).save_group(group.id, group)


def clocked(folder):
    added(ClockedSchedule, clocked_time_0="2030-01-02", clocked_time_1="03:04:05")


LEFT = {
    WaitingEvent: waiting_event,
    ClubRating: club_rating,
    LinkDecision: decision,
    MatchLink: second_source,  # and a question whether two clubs are one
    MatchConflict: conflict,
    PointsDeduction: deduction,
    ImportRejection: rejection,
    SourcePage: source_page,
    QuarantinedOdds: prices,  # and the switch of its source
    TwoWayOdds: prices,
    GateReport: gate_report,
    Retirement: retirement,
    PredictionJob: job,
    KeyUsage: key_usage,
    WrongPasswords: wrong_password,
    TaskResult: task,
    Acknowledgement: acknowledgement,
    GroupResult: group_result,
    IntervalSchedule: lambda folder: added(IntervalSchedule, every=3, period="hours"),
    SolarSchedule: lambda folder: added(SolarSchedule, event="sunset", latitude=1, longitude=3),
    ClockedSchedule: clocked,
}
