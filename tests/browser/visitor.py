"""Somebody before one page after another, and what is wrong with what they see."""

import re

from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import DESKTOP

RAW = re.compile(r"(?<![\w-])(None|nan|NaN|undefined)(?![\w-])|\{'|\{\{|\{%")
SEEN = """() => {
    const links = [...document.querySelectorAll("link[rel~=stylesheet]")];
    const bare = links.filter(link => {
        try { return link.sheet.cssRules.length === 0 } catch { return true }  // of a refused one
    });
    const heading = document.querySelector("h1, h2, main") || document.body;
    const family = getComputedStyle(heading).fontFamily;
    const faults = bare.map(link => `not applied: ${link.href}`);
    const quoted = [...document.querySelectorAll("pre, code")].map(part => part.innerText);
    return {
        faults: /^"?times/i.test(family) ? [...faults, `set in ${family}`] : faults,
        text: quoted.reduce((text, part) => text.replace(part, ""), document.body.innerText),
    };
}"""
ELSEWHERE = "/livez"  # of our own, so that the browser needs no other process
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """Somebody at one page after another, in one tab: what was wrong each time they saw one."""

    def __init__(self, page: Page):
        self.page, self.faults, self.heard = page, [], []
        page.set_default_timeout(20_000)
        page.on("console", self._console)
        page.on("pageerror", self._broke)
        page.on("requestfailed", self._failed)

    def _broke(self, error: Error) -> None:
        self.heard.append(str(error))

    def _console(self, said):
        if said.type == "error":
            self.heard.append(f"{said.text} {said.location.get('url', '')}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # which is a page that was left
            self.heard.append(f"{request.failure} {request.url}")

    def begin(self, path):
        """What was wrong with the page before is no matter here."""
        self.stand_at(DESKTOP)
        self.faults.clear()
        self.heard.clear()
        self.lit("light")
        answer = self.page.goto(path)
        assert answer.status == 200, f"{answer.status} {path}"

    def come_back(self):
        self.page.goto(ELSEWHERE)
        self.page.go_back()

    def look(self, when, *sizes):
        """The page as it lies before them, then at these sizes, too."""
        self.page.locator("h1, h2").first.wait_for(state="attached")  # the first is the menu's
        expect(self.page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)
        seen = self.page.evaluate(SEEN)
        wrong = seen["faults"]
        if found := RAW.search(seen["text"]):
            wrong.append(f"raw value: {around(seen['text'], found)}")
        wrong += filter(None, [self.sideways(), *(self.sideways(size) for size in sizes)])
        self.faults += [f"{when}: {fault}" for fault in [*wrong, *self.heard]]
        self.heard.clear()

    def sideways(self, size=None):
        if size:
            self.stand_at(size)
        if self.page.evaluate(SIDEWAYS) > 0:
            return f"scrolls sideways at {self.page.viewport_size['width']}"
        return None

    def stand_at(self, size):
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)

    def lit(self, scheme):
        self.page.emulate_media(color_scheme=scheme)

    def go_by(self, control):
        """Click, and wait for the page that this leads to; None for a file."""
        self.page.evaluate("document.documentElement.dataset.left = 'yes'")
        with self.page.expect_response(is_last) as answer:
            control.click()
        if "attachment" in answer.value.headers.get("content-disposition", ""):
            return None
        self.page.locator("html:not([data-left]) body").wait_for()
        self.page.wait_for_load_state()
        return answer.value


def is_last(answer):
    """The page itself, and no redirect to it."""
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


def around(text, found):
    return repr(text[max(0, found.start() - 40) : found.end() + 40])
