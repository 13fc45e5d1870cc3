"""What people come for, from the first click to the last."""

import json
import os
import re
import subprocess
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from livescores.models import Match, Team
from predictions.services.publishing import batch
from predictions.services.versions import promotion
from soccerpredict.jobs.models import JobRun
from tests import stack_world
from tests.stack import WORKER, Program, eventually

pytestmark = pytest.mark.stack
REVOKED_WITHIN = 5  # seconds


@pytest.fixture
def visitor(now):
    page = now.tab()
    page.set_default_timeout(20_000)
    yield page
    page.close()


@pytest.fixture
def operator(now):
    page = now.tab("operator")
    page.set_default_timeout(20_000)
    yield page
    page.close()


def said(page, words):
    """A message of the back office with these words."""
    expect(page.get_by_text(re.compile(words)).first).to_be_visible()


def saved(page):
    page.get_by_role("button", name="Save", exact=True).click()
    said(page, "successfully")


def test_a_club_by_its_common_name_to_its_next_match_its_odds_the_record_and_back(
    now, operator, visitor, ids
):
    with now.django():
        team = Team.objects.select_related("region").get(pk=ids["team"])
        common = f"The Old {token_hex(3)}"
    operator.goto("/admin/livescores/teamalias/add/")
    chosen(operator, "team", team.name)
    chosen(operator, "region", team.region.name)
    operator.get_by_label("Source").fill("operator")
    operator.get_by_label("Name").fill(common)
    saved(operator)

    visitor.goto("/")
    visitor.get_by_role("searchbox").fill(common.lower())
    visitor.keyboard.press("Enter")
    visitor.get_by_role("main").get_by_role("link", name=team.name, exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(team.name)
    visitor.locator("article.card a").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(team.name)
    match = urlsplit(visitor.url).path
    odds = visitor.locator("section", has=visitor.get_by_role("heading", name="Odds", exact=True))
    expect(odds).to_contain_text(
        re.compile(r"bookmaker", re.IGNORECASE)
    )  # or that none has a price
    visitor.get_by_label("Main").get_by_role("link", name="Record").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("rack record")
    visitor.go_back()

    assert urlsplit(visitor.url).path == match
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(team.name)


def chosen(page, field, text):
    """An entry of a list that one searches while one types."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.locator(".select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def test_a_corrected_score_outlives_the_next_import_until_the_sources_is_taken(
    now, operator, visitor
):
    with now.django():
        match = Match.objects.filter(home_score__isnull=False).latest("start_time_utc")
    corrected = match.home_score + 7

    correct(operator, match, corrected)
    assert shown(visitor, match).startswith(f"{corrected}–")
    with now.django():
        stack_world.simulate(timezone.now())
    assert shown(visitor, match).startswith(f"{corrected}–")

    operator.goto("/admin/livescores/matchconflict/")
    row = operator.locator("#result_list tbody tr", has_text=f"{corrected}").first
    row.get_by_role("link").first.click()
    operator.get_by_role("button", name="Take the source's").click()
    assert shown(visitor, match) == f"{match.home_score}–{match.away_score}"


def correct(page, match, goals):
    page.goto(f"/admin/livescores/match/{match.pk}/change/")
    page.locator("[name=home_score]").fill(str(goals))
    saved(page)


def shown(page, match):
    """The score on its page, as somebody sees it who reloads."""
    page.goto(f"/matches/{match.pk}")
    page.reload()
    return page.locator("h1 .result").inner_text()


def test_a_promotion_changes_the_page_and_is_rolled_back(now, operator, visitor):
    with now.django():
        before, candidate = (promotion.serving(stage) for stage in stack_world.STAGES)

    operator.goto(f"/admin/predictions/modelversion/{candidate.pk}/change/")
    operator.get_by_role("button", name="Examine beside the champion").click()
    because(operator, "Is it better?", "Examine")
    open_newest(operator, "gatereport", "Is it better?")
    operator.get_by_role("button", name="Promote against the verdict").click()
    because(operator, "To see how it goes.", "Promote against the verdict")
    open_newest(operator, "aliaschange", "To see how it goes.")
    assert model_on_pages(now, operator, visitor) == str(candidate.version)

    open_newest(operator, "aliaschange", "To see how it goes.")
    operator.get_by_role("button", name="Roll back to the version before").click()
    because(operator, "It went badly.", "Roll back")
    open_newest(operator, "aliaschange", "It went badly.")
    assert model_on_pages(now, operator, visitor) == str(before.version)


def because(page, reason, deed):
    """The page that asks why."""
    page.get_by_label("Why? This is kept for good.").fill(reason)
    page.get_by_role("button", name=deed, exact=True).last.click()
    page.wait_for_load_state()


def open_newest(page, model, reason):
    """The row that came of a decision: a busy worker may take longer than the page waits."""
    first = page.locator("#result_list tbody tr").first

    def is_there():
        page.goto(f"/admin/predictions/{model}/")
        return reason in first.inner_text()

    eventually(is_there, seconds=60)
    first.get_by_role("link").first.click()
    page.wait_for_load_state()


def model_on_pages(now, operator, visitor):
    """The version that pages name after the next batch run, as the timetable starts it."""
    operator.goto("/admin/")
    expect(operator.get_by_text("still another version's")).to_be_visible()
    with now.django():
        version = batch.run(stage="champion").batch.model_version
    visitor.goto("/")
    told = re.compile(rf"predicted by model {version.version}\b")
    eventually(lambda: visitor.reload() and visitor.get_by_text(told).count())
    return re.search(r"predicted by model (\d+)", visitor.inner_text("main")).group(1)


def test_a_key_is_issued_used_as_the_page_says_and_revoked(now, operator, visitor):
    operator.goto("/admin/access/apikey/add/")
    chosen(operator, "client", "Evening paper")
    operator.get_by_label("Name").fill("By the explorer")
    operator.get_by_role("button", name="Save", exact=True).click()
    told = operator.get_by_text("Copy it: it is shown only now.").first.inner_text()
    key = re.search(r"(\S+) is the new key", told).group(1)
    visitor.goto("/explorer")
    command = visitor.locator("#curl").inner_text()

    assert isinstance(run(command, key), list)

    operator.get_by_role("link", name=key[:11]).or_(
        operator.locator("#result_list tbody tr").first.get_by_role("link").first
    ).first.click()
    operator.get_by_role("button", name=re.compile("^Revoke")).click()
    operator.get_by_role("button", name="Revoke", exact=True).last.click()
    said(operator, "Revoked: ")
    eventually(lambda: refused(run(command, key)), seconds=REVOKED_WITHIN)


def run(command, key):
    """What the command prints that a page shows, in a shell that knows the key."""
    done = subprocess.run(
        ["bash", "-c", command.replace("curl", "curl -sS", 1)],
        env={**os.environ, "API_KEY": key},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


def refused(answer):
    return isinstance(answer, dict) and answer["status"] == 401


@pytest.fixture
def batch_worker(now):
    """One that takes the jobs of the timetable, too."""
    folder = now.stack.folder
    command = [*WORKER, "-n", "batch@stack", "-Q", "batch", "-c", "1"]
    worker = Program("batch", command, environment=now.stack.worker.environment, folder=folder)
    worker.start()
    yield worker
    worker.stop()


def test_a_job_fails_is_seen_acknowledged_and_rerun(now, operator, batch_worker):
    name = "Rate teams"
    before = failed_lately(operator)
    gone = now.stack.folder / "features"
    away = gone.with_name("features-away")
    gone.rename(away)
    try:
        assert run_now(now, operator, name) == "failed"
    finally:
        away.rename(gone)

    assert eventually(lambda: failed_lately(operator) == before + 1)
    tile(operator).get_by_role("link", name=name).click()
    operator.get_by_role("button", name="Acknowledge the failure").click()
    said(operator, "acknowledged")
    assert failed_lately(operator) == before
    expect(tile(operator).get_by_role("link", name=name)).to_have_count(0)

    assert run_now(now, operator, name) == "done"


def tile(page):
    """The start page's part about jobs."""
    return page.locator("section", has=page.locator("#jobs"))


def failed_lately(page):
    """How many tasks the start page says have failed."""
    page.goto("/admin/")
    found = re.search(r"(\d+) tasks? failed in the last day", tile(page).inner_text())
    return int(found.group(1)) if found else 0


def run_now(now, page, name):
    """What became of it."""
    sent_at = timezone.now()
    page.goto("/admin/jobs/jobrun/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="Run now").click()
    said(page, "was sent as")

    def ended():
        with now.django():
            job = JobRun.objects.get(name=name)
            return job.state if job.ended_at and job.ended_at > sent_at else None

    return eventually(ended, seconds=120)
