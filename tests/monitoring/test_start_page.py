"""The admin's start page: what matters now, for those who may see it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_results.models import TaskResult

from livescores.models import ImportReport, LinkReview, WaitingEvent
from monitoring.models import DriftReport, QualityReport
from monitoring.services.platform import overview
from predictions.models import PublicationPointer
from soccerpredict.access import services as access
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage
from soccerpredict.jobs import timetable
from soccerpredict.jobs.models import JobRun
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_alias,
    make_match,
    make_model_version,
    make_publication,
    make_quarantined,
    make_team,
)

MOST_QUERIES = 30
pytestmark = pytest.mark.django_db


def start(client):
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    return answer


def text_of(client):
    return " ".join(start(client).content.decode().split())


def publish_for(version, *predicted, stage="champion"):
    return make_publication(*predicted, stage=stage, model_version=version)


def coming(hours, **fields):
    return make_match(start_time_utc=timezone.now() + hours * HOUR, **fields)


def make_report(day, **scores):
    defaults = {"log_loss": 0.98, "frequencies_log_loss": 1.06, "closing_log_loss": 0.96}
    return QualityReport.objects.create(
        as_of=NOON + day * DAY, n_matches=1200, content={"groups": []}, **{**defaults, **scores}
    )


def job(name, **fields):
    return JobRun.objects.create(name=name, key=f"{name}()", task=name, **fields)


def test_an_empty_platform_says_what_is_missing(admin_client):
    text = text_of(admin_client)

    assert text.count("No version serves.") == 2
    assert "No upcoming match has a published prediction." in text
    assert "No job is on the timetable." in text
    assert "Nothing waits" in text
    assert text.count("No report yet") == 2


def test_each_stage_shows_its_version_and_what_is_published(admin_client):
    champion = make_alias(changed_by="ann").model_version
    publish_for(champion, (coming(1), (0.5, 0.3, 0.2)))
    make_alias("challenger")

    text = text_of(admin_client)

    assert f">{champion}</a>" in text
    assert "by ann" in text
    assert "1 prediction, published" in text
    assert "Nothing is published." in text


def test_a_publication_of_another_version_is_behind():
    make_alias(model_version=(before := make_model_version()))
    publish_for(before)
    assert not overview.serving()[0].is_behind

    make_alias(previous=before)

    assert overview.serving()[0].is_behind


def test_a_publication_is_stale_after_three_hours():
    publish_for(make_alias().model_version)
    assert not overview.serving()[0].is_stale

    PublicationPointer.objects.update(swapped_at=timezone.now() - timedelta(hours=3, minutes=1))

    assert overview.serving()[0].is_stale


def test_the_next_matches_come_first_and_the_played_do_not(admin_client):
    version = make_alias().model_version
    later, sooner, played = coming(3), coming(1), coming(-3, score=(1, 0))
    publish_for(version, *((match, (0.5, 0.3, 0.2)) for match in (later, sooner, played)))

    assert [one.match for one in overview.next_matches()] == [sooner, later]
    assert "50 % / 30 % / 20 %" in text_of(admin_client).replace("\u00a0", " ")


def test_a_job_that_failed_and_one_that_is_late_are_named(admin_client):
    timetable.install()
    JobRun.objects.filter(name="Rate teams").update(state="failed", result="Too few matches.")
    JobRun.objects.filter(name="Rebuild features").update(
        state="done", started_at=timezone.now() - DAY
    )

    found = overview.jobs()
    text = text_of(admin_client)

    assert {beat.job.name for beat in found.troubled} == {"Rate teams", "Rebuild features"}
    assert f"2 of {found.total} late or failed" in text
    assert "Too few matches." in text


def test_jobs_in_time_are_counted(admin_client):
    job("one", state="done")

    assert "All 1 in time" in text_of(admin_client)


def test_only_tasks_of_the_last_day_that_failed_count():
    for number, (status, age) in enumerate(
        [("FAILURE", HOUR), ("FAILURE", 2 * DAY), ("SUCCESS", HOUR)]
    ):
        task = TaskResult.objects.create(task_id=str(number), status=status)
        TaskResult.objects.filter(pk=task.pk).update(date_done=timezone.now() - age)

    assert overview.jobs().failed_tasks == 1


def test_what_waits_for_a_decision_is_counted(admin_client):
    make_quarantined()
    make_quarantined(state="discarded", captured_at=NOON - 2 * DAY)
    for number, state in enumerate(("waiting", "waiting", "rejected")):
        WaitingEvent.objects.create(
            source="test",
            external_id=number,
            home="Roma",
            away="Lazio",
            start_time_utc=NOON,
            likeness=0.5,
            state=state,
        )

    found = overview.waiting()

    assert (found.events, found.odds) == (2, 1)
    assert "<b>2</b> events without a match" in text_of(admin_client)


def test_imports_that_failed_today_are_counted():
    ImportReport.objects.create(source="a", status="failed")
    ImportReport.objects.create(source="b", status="done", files_failed=1, rejected=3)
    ImportReport.objects.create(source="c", status="done", rejected=2, odds_rejected=4)
    ImportReport.objects.create(source="d", status="failed", started_at=timezone.now() - 2 * DAY)

    found = overview.waiting()

    assert (found.failed_imports, found.rejected_rows) == (2, 9)


def test_quality_stands_between_its_floor_and_its_ceiling(admin_client):
    make_report(0)
    make_report(1, log_loss=0.9712)

    text = text_of(admin_client)

    assert "<dd>0.9712</dd>" in text
    assert "<dd>1.0600</dd>" in text
    assert "Champion: from 0.980 to 0.971" in text


def test_quality_says_what_was_issued_and_until_when(admin_client):
    make_report(0, n_issued=1000, ends_at=NOON)
    current = text_of(admin_client)
    make_report(1, n_issued=0, ends_at=NOON - 900 * DAY)

    long_ago = text_of(admin_client)

    assert "Log-loss of 1,200 matches in the 90 days to 14 Mar 2026; lower" in current
    assert "1,000 issued before kick-off, 200 worked out afterwards." in current
    assert "in the 90 days to the newest result, 26 Sep 2023; lower" in long_ago
    assert "0 issued before kick-off, 1,200 worked out afterwards." in long_ago


def test_quality_of_an_older_version_or_of_nothing_says_no_number_it_has_not(admin_client):
    make_report(0)
    old = text_of(admin_client)
    make_report(1, log_loss=None, frequencies_log_loss=None, closing_log_loss=None, n_issued=0)

    empty = text_of(admin_client)

    assert "worked out afterwards" not in old
    assert empty.count("<dd>–</dd>") == 3
    assert "None" not in empty.replace("None yet.", "")


def test_a_score_that_is_missing_is_a_gap(admin_client):
    make_report(0, closing_log_loss=None)

    text = text_of(admin_client)

    assert "<dd>–</dd>" in text
    assert '<svg viewBox="0 0 640' not in text


@pytest.mark.parametrize(("drifted", "word"), [(True, "Drifted"), (False, "Steady")])
def test_the_newest_drift_report_gives_the_verdict(admin_client, drifted, word):
    for moment, verdict in ((NOON, not drifted), (NOON + DAY, drifted)):
        DriftReport.objects.create(
            generated_at=moment,
            as_of=moment,
            model_version=make_model_version(),
            n_matches=100,
            n_features=72,
            n_drifted=3,
            drift_score=3 / 72,
            drifted=verdict,
            content={},
        )

    text = text_of(admin_client)

    assert f">{word}</a>" in text
    assert "3 of 72 features" in text


def test_keys_in_use_and_those_that_end_are_counted():
    client = ApiClient.objects.create(name="ann")
    now = timezone.now()
    used, ending, revoked, rolled = (access.issue(client=client).key for _ in range(4))
    ApiKey.objects.filter(pk=used.pk).update(last_used_at=now - HOUR)
    ApiKey.objects.filter(pk=ending.pk).update(expires_at=now + DAY)
    access.revoke(revoked)
    access.roll(rolled)

    for ago, requests in ((0, 7), (6, 20), (7, 500)):
        KeyUsage.objects.create(key=used, day=(now - ago * DAY).date(), requests=requests)

    assert overview.keys() == overview.Keys(
        usable=4, used=1, ending=1, requests_today=7, requests_lately=27
    )


def test_a_person_sees_only_the_parts_of_what_they_may_view():
    client = Client()
    person = User.objects.create_user("ann", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_driftreport"))
    client.force_login(person)

    assert set(start(client).context["shown"]) == {"drift"}


def test_it_needs_few_queries_however_much_there_is(admin_client, django_assert_max_num_queries):
    timetable.install()
    for stage in ("champion", "challenger"):
        version = make_alias(stage).model_version
        matches = [(coming(hour), (0.5, 0.3, 0.2)) for hour in range(1, 11)]
        publish_for(version, *matches, stage=stage)
    for day in range(5):
        make_report(day)

    with django_assert_max_num_queries(MOST_QUERIES):
        start(admin_client)


def test_its_styles_are_our_own(admin_client):
    assert '/static/site/admin.css"' in text_of(admin_client)


def test_clubs_that_may_be_another_wait_for_a_decision(admin_client):
    club = make_team()
    LinkReview.objects.create(
        team=club, candidate=make_team(), source="test", name="Roma", score=0.9
    )

    assert overview.waiting().links == 1
    assert "club that may be another" in text_of(admin_client)
