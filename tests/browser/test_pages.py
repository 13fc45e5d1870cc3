"""Every page on a desktop and a phone, light and dark: whole, accessible, from here alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import LOOKS, SIZES, sign_in

# Both sizes and both schemes: axe takes seconds a look.
PICTURED = (("desktop", "light"), ("phone", "dark"))
SERIOUS = ("serious", "critical")
PAGES = {
    "matches": "/",
    "scores": "/scores",
    "match": "/matches/{match}",
    "record": "/record",
    "league": "/leagues/{league}",
    "team": "/teams/{team}",
    "explorer": "/explorer",
    "search": "/search?q=a",
}
BACK_OFFICE = {
    "admin": "/admin/",
    "admin-predictions": "/admin/predictions/prediction/",
    "admin-match": "/admin/livescores/match/{match}/change/",
    "admin-models": "/admin/predictions/modelversion/",
    "admin-model": "/admin/predictions/modelversion/{model}/change/",
    "admin-gate": "/admin/predictions/gatereport/{gate}/change/",
    "admin-jobs": "/admin/jobs/jobrun/",
    "admin-workers": "/admin/django_celery_results/taskresult/workers/",
    "admin-keys": "/admin/access/apikey/",
    "admin-new-key": "/admin/access/apikey/add/",
    "admin-review": "/admin/livescores/linkreview/{review}/change/",
}
pytestmark = pytest.mark.stack


def faults(page):
    """Serious faults that axe finds, each with where it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]


def look(page, size, scheme):
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=scheme)


def overflow(page):
    """How far the page can be moved sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def settled(page):
    """What a page asks for later is there, too: it asks as soon as it is loaded."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)


def top(size):
    """What of a page goes into its picture: so much that the file stays small."""
    return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 680)}


@pytest.fixture
def picture(request):
    """Keeps a picture of what a person sees first, where `--screenshots` names a folder."""
    folder = request.config.getoption("--screenshots")

    def take(page, name, size, scheme):
        if folder and (size, scheme) in PICTURED:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=path, animations="disabled", clip=top(SIZES[size]))

    return take


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_every_look(open_page, ids, picture, name):
    with open_page(PAGES[name].format(**ids)) as page:
        settled(page)
        for size, scheme in LOOKS:
            look(page, size, scheme)

            picture(page, name, size, scheme)
            assert overflow(page) <= 0, (size, scheme)
            if (size, scheme) in PICTURED:
                assert faults(page) == [], (size, scheme)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_is_not(open_page, ids, name):
    with open_page(PAGES[name].format(**ids)) as page:
        assert page.get_by_text("For information only, not betting advice.").is_visible()
        assert page.get_by_text("Simulated data.").first.is_visible()


@pytest.mark.parametrize("name", BACK_OFFICE)
def test_a_page_of_the_back_office_is_whole(open_page, ids, picture, name):
    with open_page("/admin/") as page:
        sign_in(page)
        for size, scheme in LOOKS:
            look(page, size, scheme)
            page.goto(BACK_OFFICE[name].format(**ids))  # the theme takes its colours then
            settled(page)

            assert page.locator("#nav-sidebar-apps").count() == 1
            picture(page, name, size, scheme)
            assert overflow(page) <= 0, (size, scheme)
            if (size, scheme) in PICTURED:
                assert faults(page) == [], (size, scheme)


@pytest.mark.parametrize(("size", "scheme"), PICTURED)
def test_what_a_list_hides_at_first_is_accessible_too(open_page, size, scheme):
    with open_page("/admin/", size=size, scheme=scheme) as page:
        sign_in(page)
        page.goto("/admin/predictions/prediction/")
        page.locator("#result_list .action-select").first.check()
        page.locator("select[name=action]").select_option("export_csv")
        assert faults(page) == []

        page.locator("a", has_text="Filters").first.click()
        page.locator("#changelist-filter").wait_for()
        assert faults(page) == []


@pytest.mark.parametrize(("size", "scheme"), PICTURED)
def test_the_door_to_the_back_office_is_accessible(open_page, size, scheme):
    with open_page("/admin/", size=size, scheme=scheme) as page:
        settled(page)

        assert faults(page) == []


@pytest.mark.parametrize(("size", "scheme"), PICTURED)
def test_a_decision_shows_its_evidence_first(open_page, ids, picture, size, scheme):
    with open_page("/admin/", size=size, scheme=scheme) as page:
        sign_in(page)
        page.goto(BACK_OFFICE["admin-gate"].format(**ids))
        page.get_by_role("button", name="Promote the candidate").click()
        page.wait_for_load_state()

        assert page.get_by_text("Log-loss").first.is_visible()
        assert page.get_by_label("Why? This is kept for good.").is_visible()
        picture(page, "admin-decision", size, scheme)
        assert overflow(page) <= 0
        assert faults(page) == []
