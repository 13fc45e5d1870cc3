"""Every page and every action of the back office, on what the pipeline makes of a small world.

The registry says which there are: a new page or action fails here until it has its line, with the
most queries that it may need.
"""

from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from celery import current_app
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_celery_beat.models import PeriodicTask
from django_celery_results.models import TaskResult

from livescores.admin import has_simulated
from livescores.models import ImportReport, LinkReview, Match, MatchConflict, TeamAlias
from livescores.services import corrections, joining, link_decisions
from monitoring.services.reports import drift, quality
from predictions.models import GateReport, ModelVersion, Prediction
from predictions.services.betting import simulating
from predictions.services.features import team_ratings
from predictions.services.live import live_requests
from predictions.services.publishing import batch
from predictions.services.versions import gate, promotion
from soccerpredict.access.roles import Role
from soccerpredict.jobs import runs, timetable
from soccerpredict.jobs.models import JobRun
from tests import forms
from tests.factories import (
    DAY,
    make_match,
    make_model_version,
    make_quarantined,
    make_region,
    make_team,
)
from tests.predictions.pipeline import NOW, files_in
from tests.soccerpredict.back_office.admin_pages import (
    MAKERS,
    list_of,
    make_key,
    make_waiting_event,
    page,
)

REASON = "Seen in this week's reports."
OF_DJANGO = ("changelist", "add", "history", "delete", "change")
MOST = 20  # queries of a list, whatever is asked of it
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client", "files_here")]

# Model: the most queries of its list, and of the page of one of its rows.
PAGES: dict[str, tuple[int, int]] = {
    "admin.logentry": (5, 3),
    "access.apiclient": (4, 6),
    "access.apikey": (4, 6),
    "access.keyusage": (5, 4),
    "access.wrongpasswords": (4, 3),
    "auth.user": (6, 7),
    "auth.group": (6, 5),
    "livescores.tournamentalias": (6, 5),
    "livescores.regionalias": (5, 4),
    "livescores.matchlink": (5, 6),
    "livescores.matchconflict": (6, 6),
    "livescores.linkreview": (6, 11),
    "livescores.linkdecision": (4, 4),
    "livescores.region": (4, 3),
    "livescores.tournament": (6, 4),
    "livescores.season": (5, 4),
    "livescores.team": (5, 5),
    "livescores.teamalias": (6, 5),
    "livescores.importreport": (5, 5),
    "livescores.importrejection": (4, 3),
    "livescores.importchange": (4, 4),
    "livescores.clubrating": (4, 4),
    "livescores.sourcepage": (5, 3),
    "livescores.waitingevent": (6, 6),
    "predictions.bettingrun": (5, 7),
    "predictions.overallreturn": (6, 5),
    "predictions.edgereturn": (6, 5),
    "predictions.regionreturn": (7, 6),
    "predictions.tournamentreturn": (7, 6),
    "predictions.monthreturn": (6, 5),
    "predictions.gatereport": (4, 4),
    "livescores.match": (5, 22),
    "livescores.pointsdeduction": (5, 7),
    "predictions.modelversion": (7, 5),
    "predictions.aliaschange": (4, 4),
    "predictions.retirement": (4, 4),
    "predictions.odds": (6, 3),
    "predictions.twowayodds": (6, 3),
    "predictions.bookmaker": (4, 3),
    "predictions.oddssource": (4, 3),
    "predictions.prediction": (8, 5),
    "predictions.batchrun": (4, 4),
    "predictions.predictionjob": (4, 3),
    "predictions.publication": (4, 4),
    "predictions.publicationpointer": (4, 3),
    "predictions.insightblock": (4, 3),
    "predictions.quarantinedodds": (6, 3),
    "predictions.teamrating": (4, 4),
    "jobs.jobrun": (5, 4),
    "monitoring.qualityreport": (4, 4),
    "monitoring.driftreport": (4, 5),
    "monitoring.driftreference": (4, 4),
    "django_celery_results.taskresult": (5, 8),
    "django_celery_results.groupresult": (4, 3),
    "monitoring.acknowledgement": (4, 4),
    "django_celery_beat.periodictask": (4, 8),
    "django_celery_beat.clockedschedule": (4, 4),
    "django_celery_beat.crontabschedule": (4, 5),
    "django_celery_beat.intervalschedule": (4, 4),
    "django_celery_beat.solarschedule": (4, 4),
}
# Each address besides Django's five of a model: the status of its page, and its most queries.
OTHERS: dict[str, tuple[int, int]] = {
    "auth_user_password_change": (200, 4),
    "livescores_table": (200, 2),
    "monitoring_driftreport_page": (200, 2),
    "monitoring_revoke": (403, 2),
    "monitoring_workers": (200, 2),
}


@pytest.fixture(scope="module")
def world(trained, mlflow_store, django_db_blocker):
    """What jobs make; then one of each thing that none of them makes."""
    with override_settings(**files_in(trained.folder), **mlflow_store), django_db_blocker.unblock():
        for stage in ("champion", "challenger"):
            batch.run(stage=stage, as_of=NOW)
            simulating.simulate(stage=stage)
        team_ratings.refresh()
        quality.report(as_of=NOW)
        drift.report(as_of=NOW)
        timetable.install()
        for model, make in MAKERS.items():
            if not model._default_manager.exists():
                make()
    return trained


@pytest.fixture
def files_here(world, mlflow_store, settings):
    for name, value in {**files_in(world.folder), **mlflow_store}.items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True)
def _asked_once(monkeypatch):
    """What is asked once in a process or a minute: which test does is chance."""
    monkeypatch.setattr("livescores.admin.NOTICE_SECONDS", 10**12)
    has_simulated(0)
    ContentType.objects.get_for_models(*REGISTERED.values(), for_concrete_models=False)


@pytest.fixture(autouse=True)
def worker_here(monkeypatch):
    """What a worker would be asked is done in the test's own process."""

    def answered(task, arguments):
        answer = current_app.tasks[task](*arguments)
        if "error" in answer:
            raise live_requests.WorkerRefused(answer["error"])
        return answer

    monkeypatch.setattr(live_requests, "_ask", answered)


@pytest.fixture
def viewer():
    person = User.objects.create_user("viewer", is_staff=True)
    person.groups.add(Group.objects.get(name=Role.VIEWER))
    client = Client()
    client.force_login(person)
    return client


def name_of(model):
    return f"{model._meta.app_label}.{model._meta.model_name}"


REGISTERED = {name_of(model): model for model in admin.site._registry}


def own_addresses():
    """Names of all that is neither one of Django's five pages of a model nor its shortcut."""
    found = set()
    for model, one in admin.site._registry.items():
        prefix = name_of(model).replace(".", "_")
        usual = {f"{prefix}_{name}" for name in OF_DJANGO}
        found |= {pattern.name for pattern in one.get_urls() if pattern.name} - usual
    return found


def newest(model):
    return model._default_manager.order_by("-pk").first()


def queries_of(client, address):
    """How many a page needs that was opened before."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def test_every_list_and_page_has_its_line():
    assert PAGES.keys() == REGISTERED.keys()


def test_every_other_address_has_its_line():
    assert OTHERS.keys() == own_addresses()


@pytest.mark.parametrize("name", REGISTERED)
def test_a_list_needs_no_more_queries(admin_client, name):
    assert queries_of(admin_client, list_of(REGISTERED[name])) <= PAGES[name][0] <= MOST


@pytest.mark.parametrize("name", REGISTERED)
def test_a_row_needs_no_more_queries(admin_client, name):
    assert queries_of(admin_client, page(newest(REGISTERED[name]))) <= PAGES[name][1]


@pytest.mark.parametrize("name", REGISTERED)
def test_a_list_is_filtered_by_all_it_offers(admin_client, name):
    """The first choice of each filter; a search, too."""
    address = list_of(REGISTERED[name])
    shown = admin_client.get(address).context["cl"]
    asked = [choices(spec, shown) for spec in shown.filter_specs]
    for query in [*filter(None, asked), "?q=united", "?p=2"]:
        assert queries_of(admin_client, address + query) <= MOST, query


def choices(spec, shown):
    """A filter's first choice after its 'All', as a query; none where it takes what is typed."""
    offered = [choice.get("query_string") for choice in spec.choices(shown)]
    return offered[1] if len(offered) > 1 else None


@pytest.mark.parametrize("name", REGISTERED)
def test_a_rows_history_opens(admin_client, name):
    assert queries_of(admin_client, page(newest(REGISTERED[name]), "history")) <= MOST


@pytest.mark.parametrize("name", OTHERS)
def test_another_address_answers(admin_client, name):
    status, most = OTHERS[name]
    arguments = [User.objects.first().pk] if name.startswith("auth_user") else []

    with CaptureQueriesContext(connection) as asked:
        answer = admin_client.get(reverse(f"admin:{name}", args=arguments))

    assert (answer.status_code, len(asked) <= most) == (status, True), len(asked)


@dataclass(frozen=True)
class Deed:
    """An action: rows to do it about, what is said then, most queries, and whether it is kept.

    The queries are those of asking, of doing it, and of what a worker does. `found_by` is what an
    operator searches for, where a list is too long for its first page.
    """

    rows: Any
    said: str
    queries: int
    is_kept: bool = True
    found_by: str = ""
    given: dict[str, str] = field(default_factory=dict)  # beside the reason


def of(model, **fields):
    return lambda: [model._default_manager.filter(**fields).order_by("-pk").first()]


def two_clubs():
    region = make_region()
    return [make_team(region=region), make_team(region=region)]


def review():
    team, candidate = two_clubs()
    return [
        LinkReview.objects.create(
            team=team, candidate=candidate, source="test", name="Gunners", score=0.9
        )
    ]


def decision():
    return [link_decisions.reject(review()[0], by="ann")]


def contradicted():
    """A score that an operator set, and that its source goes on telling otherwise."""
    match = make_match(score=(1, 0))
    corrected = Match.objects.get(pk=match.pk)
    corrected.home_score = 2
    corrections.correct(match, corrected)
    corrected.save()
    return [MatchConflict.objects.get(match=match)]


def alias():
    [team, _] = two_clubs()
    return [
        TeamAlias.objects.create(team=team, region=team.region, source=source, name=source)
        for source in ("one", "other")
    ][:1]


def passed_report():
    """The real gate's, of the challenger beside the champion; what it found is put aside."""
    report = examined()
    GateReport.objects.filter(pk=report.pk).update(passed=True)
    return [report]


def a_match():
    return [make_match(home_team=make_team(name="Nowhere Rovers"))]


def two_rows_of_a_match():
    [match] = a_match()
    same = {"home_team": match.home_team, "away_team": match.away_team, "season": match.season}
    return [match, make_match(start_time_utc=match.start_time_utc + 9 * DAY, **same)]


def joined_row():
    match, into = two_rows_of_a_match()
    joining.join(match, into, by="ann", reason="It was moved.")
    return [match]


def challenger():
    return [promotion.serving("challenger")]


def examined():
    [candidate], current = challenger(), promotion.serving("champion")
    return gate.examine(candidate, current, stage="champion", by="ann", reason="curious")


def replaced():
    """A change that has a version to go back to."""
    return [promotion.promote_examined(report=examined(), by="ann", reason="why not", force=True)]


def failed_task():
    return [
        TaskResult.objects.create(
            task_id="7f1f3d0e-0000-4000-8000-000000000000",
            task_name="predictions.tasks.predict_match",
            status="FAILURE",
            task_args="\"(5, 'champion', [])\"",
            task_kwargs='"{}"',
        )
    ]


def failed_job():
    """As the worker does it: the heartbeat of a job whose work raises."""

    def work():
        raise OSError("The disk is full.")

    job = JobRun.objects.get(name="Rate teams")
    with pytest.raises(OSError, match="full"):
        runs.run(job.task, job.kwargs, work)
    job.refresh_from_db()
    return job


def running_task():
    [task] = failed_task()
    task.status = "STARTED"
    task.save()
    return [task]


ACTIONS: dict[str, Deed] = {
    "livescores.team merge": Deed(two_clubs, "1 clubs became another.", 45, found_by="Team"),
    "livescores.teamalias split": Deed(
        alias, "1 names are clubs of their own.", 30, found_by="one"
    ),
    "livescores.linkreview accept": Deed(review, "1 became others.", 48),
    "livescores.linkreview reject": Deed(review, "1 stay what they are.", 18),
    "livescores.linkdecision undo": Deed(decision, "1 decisions were undone.", 16),
    "livescores.matchconflict take": Deed(contradicted, "1 corrections were given back.", 40),
    "livescores.matchconflict keep": Deed(contradicted, "1 corrections were kept.", 20),
    "livescores.match void": Deed(a_match, "Void: 1 of 1.", 53, found_by="Nowhere"),
    "livescores.match move": Deed(
        a_match,
        "Move: 1 of 1.",
        53,
        found_by="Nowhere",
        given={"kick_off": "2026-03-20 15:00"},
    ),
    "livescores.match join": Deed(two_rows_of_a_match, "Join: 2 of 2.", 36, found_by="Nowhere"),
    "livescores.match split": Deed(joined_row, "Split: 1 of 1.", 36, found_by="Nowhere"),
    "livescores.importreport undo": Deed(
        lambda: [ImportReport.objects.create(source="test", status="done")], "Undo: 1 of 1.", 51
    ),
    "livescores.importreport undo_with_later": Deed(
        lambda: [ImportReport.objects.create(source="test", status="done")], "Undo: 1 of 1.", 51
    ),
    "livescores.waitingevent accept": Deed(
        lambda: [make_waiting_event()], "1 events are linked from now on.", 26
    ),
    "livescores.waitingevent reject": Deed(
        lambda: [make_waiting_event()], "1 events are left alone from now on.", 20
    ),
    "predictions.gatereport promote": Deed(passed_report, "Promote: 1 of 1.", 21),
    "predictions.gatereport force": Deed(
        lambda: [examined()], "Promote against the verdict: 1 of 1.", 21
    ),
    "predictions.aliaschange roll_back": Deed(replaced, "Roll back: 1 of 1.", 23),
    "predictions.modelversion examine_as_champion": Deed(challenger, "Examine: 1 of 1.", 22),
    "predictions.modelversion examine_as_challenger": Deed(challenger, "Examine: 1 of 1.", 21),
    "predictions.modelversion compare": Deed(
        lambda: list(ModelVersion.objects.all()[:2]), "Rows in bold differ.", 6, is_kept=False
    ),
    "predictions.modelversion retire": Deed(lambda: [make_model_version()], "Retire: 1 of 1.", 28),
    "predictions.quarantinedodds release": Deed(
        lambda: [make_quarantined()], "Release: 1 of 1.", 27
    ),
    "predictions.quarantinedodds discard": Deed(
        lambda: [make_quarantined()], "Discard: 1 of 1.", 26
    ),
    "predictions.prediction export_csv": Deed(of(Prediction), "match_id,", 10, is_kept=False),
    "predictions.prediction export_parquet": Deed(of(Prediction), "PAR1", 10, is_kept=False),
    "jobs.jobrun run_now": Deed(of(JobRun, name="Rate teams"), "was sent as", 13),
    "jobs.jobrun acknowledge": Deed(lambda: [failed_job()], "acknowledged.", 17),
    "django_celery_beat.periodictask run_tasks": Deed(
        of(PeriodicTask, name="Rate teams"), "was sent as", 9
    ),
    "django_celery_beat.periodictask enable_tasks": Deed(
        of(PeriodicTask, enabled=False), "1 task was successfully enabled", 14
    ),
    "django_celery_beat.periodictask disable_tasks": Deed(
        of(PeriodicTask, enabled=True), "1 task was successfully disabled", 14
    ),
    "django_celery_results.taskresult send_once_more": Deed(failed_task, "Sent once more as", 10),
    "django_celery_results.taskresult take_back": Deed(running_task, "Revoked:", 10),
    "django_celery_results.taskresult acknowledge": Deed(failed_task, "Acknowledged.", 14),
    "access.apikey revoke": Deed(lambda: [make_key()], "Revoked:", 14),
    "access.apikey roll": Deed(lambda: [make_key()], "Rolled:", 17),
}


def every_action():
    return {
        f"{name} {action}"
        for name, model in REGISTERED.items()
        for action in admin.site._registry[model].actions or ()
    }


def do(client, address, chosen, given):
    """As a person does: send what was chosen, read what is asked, and go on with a reason."""
    answer = client.post(address, chosen, follow=True)
    if answer.streaming or "text/html" not in answer.headers["Content-Type"]:
        return answer
    for form in forms.forms_in(answer):
        if "reason" in form.names():
            return forms.confirm(client, answer, address, reason=REASON, **given)
        if "confirmed" in form.names():
            return forms.confirm(client, answer, address)
    return answer


def text_of(answer):
    content = answer.getvalue() if answer.streaming else answer.content
    return unescape(content.decode("utf-8", "replace"))


def test_every_action_has_its_line():
    assert ACTIONS.keys() == every_action()


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_done_and_kept(admin_client, name):
    model, _, action = name.partition(" ")
    deed = ACTIONS[name]
    rows, n_kept = deed.rows(), LogEntry.objects.count()
    address = list_of(REGISTERED[model]) + (deed.found_by and f"?q={deed.found_by}")
    chosen = forms.ticked(admin_client, address, action, *rows)

    with CaptureQueriesContext(connection) as asked:
        answer = do(admin_client, address, chosen, deed.given)
        said = text_of(answer)

    assert deed.said in said
    assert (LogEntry.objects.count() > n_kept) == deed.is_kept
    assert len(asked) <= deed.queries, [one["sql"][:90] for one in asked.captured_queries]


@pytest.mark.parametrize("name", [name for name, deed in ACTIONS.items() if deed.is_kept])
def test_whoever_may_only_look_does_nothing(viewer, name):
    """Not even one who writes the form by hand."""
    model, _, action = name.partition(" ")
    rows, n_kept = ACTIONS[name].rows(), LogEntry.objects.count()
    before = [(type(row), vars(type(row)._default_manager.get(pk=row.pk))) for row in rows]

    answer = viewer.post(
        list_of(REGISTERED[model]),
        {
            "action": action,
            "_selected_action": [row.pk for row in rows],
            "reason": REASON,
            "confirmed": "yes",
        },
        follow=True,
    )

    after = [(kind, vars(kind._default_manager.get(pk=row["id"]))) for kind, row in before]
    assert [without_state(one) for one in after] == [without_state(one) for one in before]
    assert ACTIONS[name].said not in text_of(answer)
    assert LogEntry.objects.count() == n_kept


def without_state(kept):
    return {name: value for name, value in kept[1].items() if name != "_state"}
