"""Pages of the admin, their lists and their rows: what tests of the back office share."""

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from django_celery_results.models import GroupResult, TaskResult

from livescores.models import (
    ClubRating,
    ImportChange,
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
    Season,
    SourcePage,
    Team,
    TeamAlias,
    Tournament,
    TournamentAlias,
    WaitingEvent,
)
from livescores.services import import_changes
from monitoring.models import Acknowledgement, DriftReference, DriftReport, QualityReport
from predictions.models import (
    AliasChange,
    BatchRun,
    BettingRun,
    Bookmaker,
    EdgeReturn,
    GateReport,
    InsightBlock,
    ModelVersion,
    MonthReturn,
    Odds,
    OddsSource,
    OverallReturn,
    Prediction,
    PredictionJob,
    Publication,
    PublicationPointer,
    QuarantinedOdds,
    RegionReturn,
    Retirement,
    TeamRating,
    TournamentReturn,
    TwoWayOdds,
)
from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage, WrongPasswords
from soccerpredict.jobs.models import JobRun
from tests.factories import (
    NOON,
    make_alias,
    make_batch,
    make_bookmaker,
    make_edge_return,
    make_gate_report,
    make_insight_block,
    make_match,
    make_model_version,
    make_month_return,
    make_odds,
    make_overall_return,
    make_prediction,
    make_quarantined,
    make_rating,
    make_region,
    make_region_return,
    make_season,
    make_team,
    make_tournament,
    make_tournament_return,
    make_two_way_odds,
)

numbers = count(5_000)  # as many as a whole run counts, so that none fits by chance


def make_team_alias():
    team = make_team()
    return TeamAlias.objects.create(team=team, region=team.region, source="test", name=team.name)


def make_deduction():
    match = make_match()
    return PointsDeduction.objects.create(
        season=match.season, team=match.home_team, points=6, decided_at=NOON, reason="Licence."
    )


def make_rejection():
    report = ImportReport.objects.create(source="test")
    return ImportRejection.objects.create(report=report, what="row", file="E0.csv", reason="bad")


def make_import_change():
    """As the database's own trigger keeps it."""
    report = ImportReport.objects.create(source="test")
    with transaction.atomic(), import_changes.named(report):
        make_team()
    return ImportChange.objects.get(report=report, table="livescores_team")


def make_publication():
    batch = make_batch()
    empty = {f.name: b"" for f in Publication._meta.fields if isinstance(f, models.BinaryField)}
    sizes = {f.name: 0 for f in Publication._meta.fields if isinstance(f, models.IntegerField)}
    sizes.pop("id")
    return Publication.objects.create(stage=batch.stage, batch=batch, etag="0", **empty, **sizes)


def make_pointer():
    publication = make_publication()
    return PublicationPointer.objects.create(
        stage=f"s{next(numbers)}", publication=publication, batch=publication.batch
    )


def make_job():
    return PredictionJob.objects.create(
        client_id=ApiClient.objects.create(name=f"client {next(numbers)}").pk,
        request_digest="0" * 64,
        request_id="request-1",
        request={"match_id": 1},
        expires_at=timezone.now() + timedelta(hours=1),
    )


def make_betting_run():
    return BettingRun.objects.create(stage="champion", batch=make_batch(), n_matches=2)


def make_return(make):
    return lambda: make(bookmaker=make_bookmaker(f"book {next(numbers)}"))


def make_drift_report():
    return DriftReport.objects.create(
        as_of=NOON,
        model_version=make_model_version(),
        n_matches=100,
        n_features=72,
        n_drifted=3,
        drift_score=3 / 72,
        prediction_drift_score=0,
        drifted=False,
        content={"features": [{"name": "goals_ratio", "drifted": True, "statistic": 0.5}]},
    )


def make_drift_reference():
    return DriftReference.objects.create(
        model_version=make_model_version(),
        first_kickoff=NOON,
        last_kickoff=NOON,
        n_matches=100,
        sample=b"0" * 1000,
    )


def make_key():
    client = ApiClient.objects.create(name=f"client {next(numbers)}")
    return services.issue(client=client, name="test").key


def make_source_page():
    return SourcePage.objects.create(source="test", url=f"https://a.example/{next(numbers)}.csv")


def make_club_rating():
    return ClubRating.objects.create(
        team=make_team(), source="clubelo", rating=1712.5, first_day=NOON.date()
    )


def make_waiting_event():
    return WaitingEvent.objects.create(
        source="test",
        external_id=str(next(numbers)),
        home="Roma",
        away="Lazio",
        start_time_utc=NOON,
        candidate=make_match(),
        likeness=0.5,
    )


def make_tournament_alias():
    league = make_tournament()
    return TournamentAlias.objects.create(
        tournament=league, region=league.region, source="test", name="Premiership"
    )


def make_region_alias():
    return RegionAlias.objects.create(region=make_region(), source="test", name=str(next(numbers)))


def make_link_review():
    return LinkReview.objects.create(
        team=make_team(), candidate=make_team(), source="test", name="Roma", score=0.9
    )


def make_link_decision():
    return LinkDecision.objects.create(
        action="reject", summary="Roma is not AS Roma", review=make_link_review(), decided_by="me"
    )


def make_match_conflict():
    return MatchConflict.objects.create(
        match=make_match(),
        what="score",
        kept_source="one",
        kept_value="1:0",
        other_source="other",
        other_value="0:0",
    )


def make_job_run():
    name = f"job {next(numbers)}"
    return JobRun.objects.create(name=name, key=f"{name}()", task=name)


def make_log_entry():
    person = User.objects.create_user(f"user-{next(numbers)}")
    return LogEntry.objects.create(
        user=person, object_repr="Rome", action_flag=CHANGE, change_message="Renamed."
    )


def make_periodic_task():
    return PeriodicTask.objects.create(
        name=f"task {next(numbers)}", task="test", interval=make_interval()
    )


def make_interval():
    return IntervalSchedule.objects.create(every=next(numbers), period="hours")


def make_solar():
    return SolarSchedule.objects.create(event="sunset", latitude=next(numbers) % 90, longitude=3)


MAKERS = {
    Region: make_region,
    Tournament: make_tournament,
    Season: make_season,
    Team: make_team,
    TeamRating: lambda: make_rating(make_team(), at=NOON),
    TeamAlias: make_team_alias,
    TournamentAlias: make_tournament_alias,
    RegionAlias: make_region_alias,
    MatchLink: lambda: MatchLink.objects.create(match=make_match(), source="test"),
    MatchConflict: make_match_conflict,
    LinkReview: make_link_review,
    LinkDecision: make_link_decision,
    Match: make_match,
    PointsDeduction: make_deduction,
    ImportReport: lambda: ImportReport.objects.create(source="test"),
    SourcePage: make_source_page,
    WaitingEvent: make_waiting_event,
    JobRun: make_job_run,
    ImportRejection: make_rejection,
    ImportChange: make_import_change,
    ClubRating: make_club_rating,
    Bookmaker: lambda: make_bookmaker(f"book {next(numbers)}"),
    Odds: lambda: make_odds(make_match(), (2.0, 3.0, 4.0)),
    TwoWayOdds: lambda: make_two_way_odds(make_match()),
    OddsSource: lambda: OddsSource.objects.create(name=f"source {next(numbers)}"),
    QuarantinedOdds: make_quarantined,
    ModelVersion: lambda: make_alias().model_version,
    AliasChange: lambda: make_alias(previous=make_model_version()),
    GateReport: make_gate_report,
    InsightBlock: lambda: make_insight_block(number=next(numbers)),
    Retirement: lambda: Retirement.objects.create(
        model_version=make_model_version(), retired_by="ann", reason="too old"
    ),
    BatchRun: make_batch,
    Prediction: lambda: make_prediction(make_match()),
    Publication: make_publication,
    PublicationPointer: make_pointer,
    PredictionJob: make_job,
    BettingRun: make_betting_run,
    OverallReturn: make_return(make_overall_return),
    EdgeReturn: make_return(make_edge_return),
    RegionReturn: make_return(make_region_return),
    TournamentReturn: make_return(make_tournament_return),
    MonthReturn: make_return(make_month_return),
    QualityReport: lambda: QualityReport.objects.create(
        as_of=NOON, n_matches=10, log_loss=1.0, content={"groups": []}
    ),
    DriftReport: make_drift_report,
    DriftReference: make_drift_reference,
    ApiClient: lambda: make_key().client,
    ApiKey: make_key,
    KeyUsage: lambda: KeyUsage.objects.create(key=make_key(), day=NOON.date(), requests=1234),
    WrongPasswords: lambda: WrongPasswords.objects.create(
        place=f"192.0.2.{next(numbers)}", n_tries=7, last_at=NOON
    ),
    User: lambda: User.objects.create_user(f"user-{next(numbers)}"),
    Group: lambda: Group.objects.create(name=f"group {next(numbers)}"),
    LogEntry: make_log_entry,
    TaskResult: lambda: TaskResult.objects.create(task_id=f"task {next(numbers)}"),
    Acknowledgement: lambda: Acknowledgement.objects.create(
        task=TaskResult.objects.create(task_id=f"task {next(numbers)}"), acknowledged_by="ann"
    ),
    GroupResult: lambda: GroupResult.objects.create(group_id=f"group {next(numbers)}"),
    PeriodicTask: make_periodic_task,
    IntervalSchedule: make_interval,
    SolarSchedule: make_solar,
    ClockedSchedule: lambda: ClockedSchedule.objects.create(clocked_time=NOON),
    CrontabSchedule: lambda: CrontabSchedule.objects.create(minute=str(next(numbers) % 60)),
}


MACHINE_WRITTEN = (
    Prediction,
    Odds,
    TwoWayOdds,
    QuarantinedOdds,
    ModelVersion,
    AliasChange,
    GateReport,
    Retirement,
    InsightBlock,
    BatchRun,
    Publication,
    PublicationPointer,
    PredictionJob,
    BettingRun,
    EdgeReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
    MonthReturn,
    TeamRating,
    ImportReport,
    ImportRejection,
    ImportChange,
    ClubRating,
    SourcePage,
    TournamentAlias,
    RegionAlias,
    MatchLink,
    MatchConflict,
    LinkReview,
    LinkDecision,
    WaitingEvent,
    JobRun,
    QualityReport,
    DriftReport,
    DriftReference,
    KeyUsage,
    WrongPasswords,
    LogEntry,
    Acknowledgement,
    TaskResult,
    GroupResult,
)


def named(model):
    return model.__name__


each_model = pytest.mark.parametrize("model", MAKERS, ids=named)


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def make(model, number):
    return [MAKERS[model]() for _ in range(number)]
