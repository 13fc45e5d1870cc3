"""Every page, opened, reloaded, left and come back to, and opened again from the menu."""

import re
from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser import filled, walk
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.stack
RAW = re.compile(r"(?<![\w-])(None|nan|NaN|undefined)(?![\w-])|\{'|\{\{|\{%")
ELSEWHERE = {False: ("/search", "/record"), True: ("/admin/", "/admin/auth/user/")}
STYLED = """() => {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]")];
    const bare = links.filter(link => {
        try { return link.sheet.cssRules.length === 0 } catch { return true }  // of a refused one
    });
    const text = document.querySelector("h1, h2, main") || document.body;
    const family = getComputedStyle(text).fontFamily;
    const faults = bare.map(link => `not applied: ${link.href}`);
    return /^"?times/i.test(family) ? [...faults, `set in ${family}`] : faults;
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Visitor:
    """Somebody at one page: what was wrong each time they saw it."""

    page: Page
    faults: list = field(default_factory=list)
    heard: list = field(default_factory=list)

    def __post_init__(self):
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _console(self, said):
        if said.type == "error":
            self.heard.append(f"{said.text} {said.location.get('url', '')}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # which is a page that was left
            self.heard.append(f"{request.failure} {request.url}")

    def look(self, when):
        """At both sizes, as the page lies before them now."""
        self.page.locator("h1, h2").first.wait_for()
        expect(self.page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)
        wrong = self.page.evaluate(STYLED)
        found = RAW.search(self.page.inner_text("body"))
        if found:
            wrong.append(f"raw value: {around(self.page.inner_text('body'), found)}")
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            if self.page.evaluate(SIDEWAYS) > 0:
                wrong.append(f"scrolls sideways at {size['width']}")
        self.faults += [f"{when}: {fault}" for fault in [*wrong, *self.heard]]
        self.heard.clear()

    def lit(self, scheme):
        self.page.emulate_media(color_scheme=scheme)


def around(text, found):
    return repr(text[max(0, found.start() - 40) : found.end() + 40])


def seen_by(visitor, path, *, is_admin):
    """What a person does with a page, each time in the other of the two schemes."""
    page = visitor.page
    visitor.lit("light")
    answer = page.goto(path)
    assert answer.status == 200, f"{answer.status} {path}"
    visitor.look("opened")
    visitor.lit("dark")
    page.reload()
    visitor.look("reloaded")
    page.goto(next(other for other in ELSEWHERE[is_admin] if other != path))
    visitor.lit("light")
    page.go_back()
    visitor.look("come back to")
    again(visitor, path)
    return visitor.faults


def again(visitor, path):
    """By the menu that stands on the page, where it leads here."""
    entry = visitor.page.locator(f'nav a[href="{path}"], #nav-sidebar-apps a[href="{path}"]').first
    if entry.count() and entry.is_visible():
        visitor.lit("dark")
        entry.click()
        visitor.page.wait_for_load_state()
        visitor.look("opened from the menu")


def paths_of(instance, place):
    """The addresses of a place; two where a match may be played or still to come."""
    with instance.django():
        found = filled.paths(place)
    assert found, f"nothing is there to fill {place} with"
    return found


@pytest.mark.parametrize("place", walk.places(), ids=str)
def test_a_page_stays_whole(at, place):
    for path in paths_of(at, place):
        visitor = Visitor(at.tab("operator" if place.is_admin else "visitor"))
        try:
            found = seen_by(visitor, path, is_admin=place.is_admin)
        finally:
            visitor.page.close()
        assert found == [], path


def test_every_address_that_is_no_page_exists():
    assert {route for route, _ in walk.everything()} >= set(walk.NO_PAGES)


def path_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize(("model", "action"), walk.actions(), ids=str)
def test_what_an_action_leads_to_is_whole(past_alone, model, action):
    """The page that asks for more, or the list with what became of it, where nobody else is."""
    visitor = Visitor(past_alone.tab("operator"))
    page = visitor.page
    page.goto(path_of(model))
    page.locator("#result_list .action-select").first.check()
    page.locator("select[name=action]").select_option(action)
    page.locator("button[name=index]").click()
    page.wait_for_load_state()
    visitor.look(action)
    page.close()

    assert visitor.faults == []
