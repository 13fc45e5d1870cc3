"""Rows of models that a small world leaves empty, all of them about what that world has."""

from datetime import timedelta
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    IntervalSchedule,
    SolarSchedule,
)
from django_celery_results.models import GroupResult, TaskResult

from livescores.models import (
    ImportRejection,
    ImportReport,
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    PointsDeduction,
    Region,
    RegionAlias,
    SourcePage,
    Team,
    TeamAlias,
    Tournament,
    TournamentAlias,
    WaitingEvent,
)
from monitoring.models import Acknowledgement, DriftReference, DriftReport
from predictions.models import (
    Bookmaker,
    GateReport,
    ModelVersion,
    OddsSource,
    PredictionJob,
    QuarantinedOdds,
    Retirement,
    TwoWayOdds,
)
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage
from soccerpredict.jobs.models import JobRun
from tests import factories


def team_alias():
    team = Team.objects.first()
    TeamAlias.objects.create(team=team, region=team.region, source="test", name=f"FC {team.name}")


def tournament_alias():
    league = Tournament.objects.first()
    TournamentAlias.objects.create(
        tournament=league, region=league.region, source="test", name="Premiership"
    )


def region_alias():
    RegionAlias.objects.create(region=Region.objects.first(), source="test", name="North")


def deduction():
    match = Match.objects.first()
    PointsDeduction.objects.create(
        season=match.season,
        team=match.home_team,
        points=6,
        decided_at=match.start_time_utc,
        reason="Licence.",
    )


def rejection():
    report = ImportReport.objects.first()
    ImportRejection.objects.create(
        report=report, what="row", file="E0.csv", line=7, reason="FTHG: it is no number: x"
    )


def waiting_event():
    WaitingEvent.objects.create(
        source="test",
        external_id="1",
        home="Roma",
        away="Lazio",
        start_time_utc=timezone.now(),
        candidate=Match.objects.first(),
        likeness=0.5,
    )


def conflict():
    MatchConflict.objects.create(
        match=Match.objects.first(),
        what="score",
        kept_source="one",
        kept_value="1:0",
        other_source="other",
        other_value="0:0",
    )


def decision():
    LinkDecision.objects.create(
        action="reject",
        summary="Roma is not AS Roma",
        review=LinkReview.objects.first(),
        decided_by="me",
    )


def quarantined():
    factories.make_quarantined(Match.objects.first(), bookmaker=Bookmaker.objects.first())


def gate_report():
    version = ModelVersion.objects.first()
    factories.make_gate_report(candidate=version, champion=version)


def retirement():
    version = factories.make_model_version(name="gone")
    Retirement.objects.create(model_version=version, retired_by="ann", reason="too old")


def job():
    PredictionJob.objects.create(
        client_id=ApiClient.objects.first().pk,
        request_digest="0" * 64,
        request_id="request-1",
        request={"fixtures": [], "is_array": True},
        expires_at=timezone.now() + timedelta(hours=1),
    )


def drift_report():
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


def drift_reference():
    DriftReference.objects.create(
        model_version=ModelVersion.objects.first(),
        first_kickoff=timezone.now() - timedelta(days=700),
        last_kickoff=timezone.now() - timedelta(days=400),
        n_matches=100,
        sample=b"0" * 1000,
    )


def task():
    TaskResult.objects.create(
        task_id=str(uuid4()), task_name=JobRun.objects.first().task, status="SUCCESS"
    )


def acknowledgement():
    failed = TaskResult.objects.create(
        task_id=str(uuid4()), task_name=JobRun.objects.last().task, status="FAILURE"
    )
    Acknowledgement.objects.create(task=failed, acknowledged_by="ann")


def log_entry():
    LogEntry.objects.create(
        user=User.objects.first(),
        object_repr="Rome",
        action_flag=CHANGE,
        change_message="Renamed.",
    )


LEFT = {
    TeamAlias: team_alias,
    TournamentAlias: tournament_alias,
    RegionAlias: region_alias,
    MatchLink: lambda: MatchLink.objects.create(match=Match.objects.first(), source="test"),
    MatchConflict: conflict,
    LinkDecision: decision,
    PointsDeduction: deduction,
    ImportRejection: rejection,
    SourcePage: lambda: SourcePage.objects.create(source="test", url="https://a.example/E0.csv"),
    WaitingEvent: waiting_event,
    QuarantinedOdds: quarantined,
    TwoWayOdds: lambda: factories.make_two_way_odds(Match.objects.first()),
    OddsSource: lambda: OddsSource.objects.create(name="test"),
    GateReport: gate_report,
    Retirement: retirement,
    PredictionJob: job,
    DriftReport: drift_report,
    DriftReference: drift_reference,
    KeyUsage: lambda: KeyUsage.objects.create(
        key=ApiKey.objects.first(), day=timezone.now().date(), requests=1234
    ),
    LogEntry: log_entry,
    TaskResult: task,
    Acknowledgement: acknowledgement,
    GroupResult: lambda: GroupResult.objects.create(group_id=str(uuid4())),
    IntervalSchedule: lambda: IntervalSchedule.objects.create(every=3, period="hours"),
    SolarSchedule: lambda: SolarSchedule.objects.create(event="sunset", latitude=1, longitude=3),
    ClockedSchedule: lambda: ClockedSchedule.objects.create(
        clocked_time=timezone.now() + timedelta(days=1)
    ),
}
