"""A real browser before the running stack: what it complains of fails the test."""

import os
import shutil
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import sync_playwright

from monitoring.services.reports import quality
from predictions.services.features import team_ratings
from soccerpredict.jobs import timetable
from tests import stack_world

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(size, scheme) for size in ("desktop", "phone") for scheme in ("light", "dark")]
SIZES = {"desktop": DESKTOP, "phone": PHONE}
FLAGS = [
    "--no-sandbox",  # which needs rights that containers lack
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
OPERATOR = ("operator", "a password for tests")


@pytest.fixture(scope="session")
def chromium_path():
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def furnished(stack, django_db_blocker):
    """The stack with all that pages show: ratings, a quality report, somebody who may sign in."""
    from django.contrib.auth.models import User

    as_served = override_settings(
        REPORTS_DIR=stack.folder / "reports",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    )
    with django_db_blocker.unblock(), stack_world.inside(stack), as_served:
        team_ratings.refresh()
        for days in (21, 14, 7, 0):
            quality.report(as_of=timezone.now() - timedelta(days=days))
        timetable.install()
        stack_world.issue_key("Evening paper")
        one_to_decide()
        User.objects.create_superuser(OPERATOR[0], password=OPERATOR[1])
    return stack


def one_to_decide():
    """Two names that may be one club's."""
    from livescores.models import LinkReview, Match

    match = Match.objects.select_related("home_team", "away_team").first()
    LinkReview.objects.create(
        team=match.home_team,
        candidate=match.away_team,
        source="test",
        name=match.home_team.name,
        score=0.87,
        evidence={"ours": match.away_team.name, "likeness": 0.87, "results_agreed": 3},
    )


@pytest.fixture(scope="module")
def chromium(chromium_path, furnished):
    # Playwright keeps a loop of its own in this thread; our database calls are not inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What a page's console said, and which other hosts it asked."""

    def __init__(self, page, own):
        self.complaints, self.strangers = [], []
        page.on("console", lambda said: self._heard(said))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url, own))

    def _heard(self, said):
        if said.type == "error":
            self.complaints.append(f"{said.text} {said.location}")

    def _asked(self, url, own):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own:
            self.strangers.append(url)

    def check(self):
        assert self.complaints == []
        assert self.strangers == []


@pytest.fixture
def open_page(chromium, furnished):
    """Opens pages by path; at the end of the test nothing may have been wrong with any."""
    opened = []

    @contextmanager
    def opening(path="/", *, size="desktop", scheme="light"):
        context = chromium.new_context(
            base_url=furnished.url, viewport=SIZES[size], color_scheme=scheme, locale="en-GB"
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        opened.append(Watch(page, urlsplit(furnished.url).netloc))
        page.goto(path)
        try:
            yield page
        finally:
            context.close()

    yield opening
    for watch in opened:
        watch.check()


@pytest.fixture(scope="session")
def ids(furnished, django_db_blocker):
    """A match to come with its league and home team."""
    from livescores.models import LinkReview
    from predictions.models import GateReport, ModelVersion, Prediction

    with django_db_blocker.unblock(), stack_world.inside(furnished):
        coming = Prediction.objects.filter(
            batch__stage="champion", start_time_utc__gt=timezone.now()
        )
        match = coming.order_by("start_time_utc", "match").first().match
        return {
            "match": match.pk,
            "league": match.season.tournament_id,
            "team": match.home_team_id,
            "home": match.home_team.name,
            "model": ModelVersion.objects.latest("pk").pk,
            "gate": GateReport.objects.latest("pk").pk,
            "review": LinkReview.objects.latest("pk").pk,
        }


def sign_in(page):
    page.get_by_label("Username").fill(OPERATOR[0])
    page.get_by_label("Password").fill(OPERATOR[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/admin/" and "next" not in url)
    page.wait_for_load_state()
