"""A real browser before the running stack: what it complains of fails the test."""

import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import ViewportSize, sync_playwright

from tests import stack_world
from tests.browser import furnishing
from tests.browser.furnishing import OPERATOR
from tests.stack import Stack

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
LOOKS = [(size, scheme) for size in ("desktop", "phone") for scheme in ("light", "dark")]
SIZES = {"desktop": DESKTOP, "phone": PHONE}
FLAGS = [
    "--no-sandbox",  # which needs rights that containers lack
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
PAST = datetime(2023, 5, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def chromium_path():
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def furnished(stack, django_db_blocker):
    """The stack with all that pages show."""
    with django_db_blocker.unblock():
        furnishing.furnish(stack, as_of=timezone.now())
    return stack


@pytest.fixture(scope="session")
def past(stack, tmp_path_factory, django_db_blocker):
    """A web server on a world that ended years ago, as files that nobody brings up to date."""
    running = Stack(tmp_path_factory.mktemp("past"), settings.DATABASE_URL)
    try:
        running.start_servers(n_web=1)
        with django_db_blocker.unblock():
            furnishing.fill_until(running, PAST, like=stack)
        running.web.start()
        running.await_web()
        yield running
    finally:
        running.stop()


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


class Instance:
    """One of the platforms: its rows by name, and a browser with and without a session."""

    def __init__(self, stack, chromium, *, is_past):
        self.stack, self.is_past = stack, is_past
        self._open = {
            name: chromium.new_context(base_url=stack.url, viewport=DESKTOP, locale="en-GB")
            for name in ("visitor", "operator")
        }
        page = self._open["operator"].new_page()
        page.goto("/admin/")
        sign_in(page)
        page.close()

    def tab(self, who="visitor"):
        return self._open[who].new_page()

    def close(self):
        for context in self._open.values():
            context.close()

    @contextmanager
    def django(self):
        """This process's Django on the instance's database."""
        with stack_world.inside(self.stack):
            yield


@contextmanager
def instance_of(stack, chromium, blocker, *, is_past=False):
    with blocker.unblock():
        instance = Instance(stack, chromium, is_past=is_past)
        yield instance
        instance.close()


@pytest.fixture(scope="module")
def now(furnished, chromium, django_db_blocker):
    """The platform as it runs."""
    with instance_of(furnished, chromium, django_db_blocker) as instance:
        yield instance


@pytest.fixture(scope="module")
def past_alone(past, chromium, django_db_blocker):
    """The one whose data end years ago."""
    with instance_of(past, chromium, django_db_blocker, is_past=True) as instance:
        yield instance


@pytest.fixture(scope="module", params=["now", "past_alone"], ids=["now", "past"])
def at(request):
    """Both."""
    return request.getfixturevalue(request.param)


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
            "model": ModelVersion.objects.filter(retirement=None).latest("pk").pk,
            "gate": GateReport.objects.latest("pk").pk,
            "review": LinkReview.objects.latest("pk").pk,
        }


def sign_in(page):
    page.get_by_label("Username").fill(OPERATOR[0])
    page.get_by_label("Password").fill(OPERATOR[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/admin/" and "next" not in url)
    page.wait_for_load_state()
