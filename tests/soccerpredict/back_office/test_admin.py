"""Every page of the admin: it opens, needs no more queries for more rows, loads only from here."""

import re
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
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

from livescores.admin import has_simulated
from livescores.models import (
    ImportRejection,
    ImportReport,
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
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
)
from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage
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
)

OURS = ("livescores", "predictions", "monitoring", "access", "jobs")
MOST_QUERIES = 12
LOADED = re.compile(
    r"""(?:\bsrc=|<link[^>]*href=|hx-get=|@import|url\()\s*["']?((?:https?:)?//[^"')\s]+)"""
)
numbers = count(1)
pytestmark = pytest.mark.django_db


def make_team_alias():
    team = make_team()
    return TeamAlias.objects.create(team=team, region=team.region, source="test", name=team.name)


def make_rejection():
    report = ImportReport.objects.create(source="test")
    return ImportRejection.objects.create(report=report, what="row", file="E0.csv", reason="bad")


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
    return SolarSchedule.objects.create(event="sunset", latitude=next(numbers) / 100, longitude=3)


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
    ImportReport: lambda: ImportReport.objects.create(source="test"),
    SourcePage: make_source_page,
    WaitingEvent: make_waiting_event,
    JobRun: make_job_run,
    ImportRejection: make_rejection,
    Bookmaker: lambda: make_bookmaker(f"book {next(numbers)}"),
    Odds: lambda: make_odds(make_match(), (2.0, 3.0, 4.0)),
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
    CrontabSchedule: lambda: CrontabSchedule.objects.create(minute=str(next(numbers))),
}
MACHINE_WRITTEN = (
    Prediction,
    Odds,
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
    LogEntry,
    Acknowledgement,
    TaskResult,
    GroupResult,
)
EXPIRING = (TaskResult, GroupResult)
KEPT = (Region, Tournament, Season, Team, Match, Bookmaker, OddsSource, ApiKey, User)


def named(model):
    return model.__name__


each_model = pytest.mark.parametrize("model", MAKERS, ids=named)


@pytest.fixture(autouse=True)
def _notice_is_known():
    has_simulated.cache_clear()
    has_simulated(0)


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    monkeypatch.setattr("livescores.admin.NOTICE_SECONDS", 10**12)


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def make(model, number):
    return [MAKERS[model]() for _ in range(number)]


def test_every_model_is_in_the_admin():
    ours = {model for label in OURS for model in apps.get_app_config(label).get_models()}

    assert ours <= set(admin.site._registry)
    assert set(admin.site._registry) == set(MAKERS)


def test_every_list_is_in_the_sidebar(admin_client):
    text = admin_client.get(reverse("admin:index")).content.decode()

    sidebar = text[text.index("nav-sidebar-apps") :]
    assert [model for model in MAKERS if f'href="{list_of(model)}"' not in sidebar] == []


@each_model
def test_a_list_of_30_needs_the_queries_of_3(model, admin_client, django_assert_max_num_queries):
    make(model, 3)
    with CaptureQueriesContext(connection) as of_three:
        admin_client.get(list_of(model))
    make(model, 27)

    with django_assert_max_num_queries(min(len(of_three), MOST_QUERIES)):
        answer = admin_client.get(list_of(model))

    assert answer.status_code == 200
    assert answer.context["cl"].result_count >= 30


@each_model
def test_a_search_of_30_needs_the_queries_of_3(model, admin_client, django_assert_max_num_queries):
    make(model, 3)
    with CaptureQueriesContext(connection) as of_three:
        admin_client.get(list_of(model), {"q": "e a"})
    make(model, 27)

    with django_assert_max_num_queries(min(len(of_three), MOST_QUERIES)):
        answer = admin_client.get(list_of(model), {"q": "e a"})

    assert answer.status_code == 200
    assert admin.site._registry[model].search_fields


@each_model
def test_a_list_can_be_sorted_by_all_it_offers(model, admin_client):
    make(model, 2)
    columns = range(1, len(admin.site._registry[model].list_display) + 1)

    answer = admin_client.get(list_of(model), {"o": ".".join(map(str, columns))})

    assert answer.status_code == 200


@each_model
def test_a_page_opens(model, admin_client):
    row = make(model, 2)[0]
    row.refresh_from_db()

    answer = admin_client.get(page(row))

    assert answer.status_code == 200
    assert str(row) in unescape(answer.content.decode())


@each_model
def test_nothing_is_loaded_from_another_host(model, admin_client):
    row = make(model, 1)[0]

    texts = [admin_client.get(url).content.decode() for url in (list_of(model), page(row))]

    assert [LOADED.findall(text) for text in texts] == [[], []]


@pytest.mark.parametrize("model", [m for m in MAKERS if m not in MACHINE_WRITTEN], ids=named)
def test_what_people_keep_can_be_added(model, admin_client):
    answer = admin_client.get(list_of(model) + "add/")

    assert answer.status_code == 200


@pytest.mark.parametrize("model", MACHINE_WRITTEN, ids=named)
def test_what_a_machine_wrote_cannot_be_added(model, admin_client):
    shown = admin_client.get(list_of(model) + "add/")
    sent = admin_client.post(list_of(model) + "add/", {})

    assert (shown.status_code, sent.status_code) == (403, 403)


@pytest.mark.parametrize("model", MACHINE_WRITTEN, ids=named)
def test_what_a_machine_wrote_cannot_be_changed(model, admin_client):
    row = make(model, 1)[0]

    answer = admin_client.post(page(row), {"_save": "Save"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "model", [m for m in MACHINE_WRITTEN + KEPT if m not in EXPIRING], ids=named
)
def test_history_cannot_be_deleted(model, admin_client):
    row = make(model, 1)[0]

    one = admin_client.post(page(row, "delete"), {"post": "yes"})
    admin_client.post(
        list_of(model), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    )

    assert one.status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_the_pages_say_where_data_is_simulated(admin_client):
    make_region(is_simulated=True)
    has_simulated.cache_clear()

    index = admin_client.get(reverse("admin:index")).content.decode()
    matches = admin_client.get(list_of(Match)).content.decode()

    assert "Simulated data" in index
    assert "Simulated data" in matches


def test_the_pages_say_nothing_of_real_data(admin_client):
    make_region()
    has_simulated.cache_clear()

    assert "Simulated data" not in admin_client.get(reverse("admin:index")).content.decode()


def test_whether_data_is_simulated_is_asked_once(django_assert_num_queries):
    has_simulated.cache_clear()

    with django_assert_num_queries(1):
        has_simulated(7)
        has_simulated(7)


def test_a_stranger_is_sent_to_the_login(client):
    answer = client.get(list_of(Match))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_a_login_leads_to_the_index(client, admin_user):
    sent = {"username": admin_user.username, "password": "password"}

    answer = client.post(reverse("admin:login"), sent)

    assert answer.headers["Location"] == reverse("admin:index")


def test_days_are_written_so_that_filters_read_them(admin_client):
    match = make_match(start_time_utc=NOON)

    form = admin_client.get(page(match)).content.decode()
    words = admin_client.get(reverse("admin:jsi18n")).content.decode()
    written = NOON.strftime(re.search(r'"DATE_INPUT_FORMATS": \[\s*"([^"]+)"', words)[1])
    asked = {"start_time_utc_from": written, "start_time_utc_to": written}
    found = admin_client.get(list_of(Match), asked).context["cl"].result_count

    assert 'value="2026-03-14"' in form
    assert (written, found) == ("2026-03-14", 1)
