"""What visitors come for, step by step, and all of it by the keyboard alone."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.stack


def focus_on(page, locator, *, most=80):
    """Walks with Tab to an element, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            outline = locator.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", "nobody sees where they are"
            return
    raise AssertionError("Tab never came there.")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_from_the_next_matches_to_one_of_them(open_page, size):
    with open_page("/", size=size) as page:
        card = page.locator("article.card").first
        teams = card.get_by_role("link").inner_text().split("\n")
        card.get_by_role("link").click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(teams[0].split(" v ")[0])
        expect(page.get_by_role("heading", name="What moved the prediction")).to_be_visible()


def test_the_matches_are_filtered_where_they_are(open_page, ids):
    with open_page("/") as page:
        league = page.get_by_label("League", exact=True)
        league.select_option(str(ids["league"]))

        expect(page).to_have_url(re.compile(rf"tournament_id={ids['league']}\b"))
        expect(page.locator("article.card").first).to_be_visible()


def test_a_team_is_found(open_page, ids):
    with open_page("/") as page:
        page.get_by_role("searchbox").fill(ids["home"])
        page.keyboard.press("Enter")
        page.get_by_role("main").get_by_role("link", name=ids["home"], exact=True).first.click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(ids["home"])


def test_scores_of_another_day(open_page):
    with open_page("/scores") as page:
        before = page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("link", name="Day before").click()

        expect(page.get_by_role("heading", level=1)).not_to_have_text(before)


def test_scores_refresh_themselves(open_page):
    with open_page(f"/scores?date={timezone.now():%Y-%m-%d}") as page:
        with page.expect_response(lambda response: "/scores/board" in response.url, timeout=30_000):
            pass
        expect(page.locator("[data-checked]")).to_contain_text("Updated at")


def test_a_match_as_it_stood_earlier(open_page, ids):
    with open_page(f"/matches/{ids['match']}") as page:
        page.get_by_label("As it stood on").select_option(index=0)
        page.locator("form", has=page.locator("#at")).get_by_role("button").click()

        expect(page.get_by_text("Back to now")).to_be_visible()


def test_the_record_of_a_window(open_page):
    with open_page("/record") as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("rack record")
        expect(page.get_by_text("Closing line").first).to_be_visible()


def test_the_explorer_sorts_and_hands_out_a_file(open_page):
    with open_page("/explorer") as page:
        page.get_by_role("link", name=re.compile("^Home")).first.click()
        expect(page.locator("th[aria-sort]")).to_contain_text("Home")
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()

        assert download.value.suggested_filename.endswith(".csv")


def test_a_league_leads_to_its_teams(open_page, ids):
    with open_page(f"/leagues/{ids['league']}") as page:
        page.get_by_role("link", name=ids["home"], exact=True).first.click()

        expect(page.get_by_role("heading", level=1)).to_contain_text(ids["home"])


def test_the_keyboard_alone_is_enough_for_a_match(open_page):
    with open_page("/") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        focus_on(page, page.locator("article.card a").first)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Who wins")).to_be_visible()


def test_the_keyboard_alone_is_enough_for_a_search(open_page, ids):
    with open_page("/") as page:
        focus_on(page, page.get_by_role("searchbox"))
        page.keyboard.type(ids["home"])
        page.keyboard.press("Enter")
        found = page.get_by_role("main").get_by_role("link", name=ids["home"], exact=True).first
        found.wait_for()
        focus_on(page, found)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_contain_text(ids["home"])


def test_the_keyboard_alone_is_enough_for_the_explorer(open_page):
    with open_page("/explorer") as page:
        focus_on(page, page.get_by_label("Upcoming only"))
        page.keyboard.press("Space")
        focus_on(page, page.get_by_role("button", name="Show"))
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile("future_only=true"))


def test_the_keyboard_alone_is_enough_for_the_back_office(open_page):
    with open_page("/admin/") as page:
        sign_in(page)
        focus_on(page, page.locator("#jobs a"), most=120)
        page.keyboard.press("Enter")

        expect(page).to_have_url(re.compile("/admin/jobs/jobrun/"))


def test_an_operator_asks_for_a_file(open_page):
    with open_page("/admin/predictions/prediction/") as page:
        page.get_by_label("Username").fill("operator")
        page.get_by_label("Password").fill("a password for tests")
        page.keyboard.press("Enter")
        page.locator("#result_list .action-select").first.check()
        page.locator("select[name=action]").select_option("export_csv")
        with page.expect_download() as download:
            page.locator("button[name=index]").click()

        assert download.value.suggested_filename.startswith("predictions-")


def test_somebody_unknown_is_not_let_in(open_page):
    with open_page("/admin/") as page:
        page.get_by_label("Username").fill("operator")
        page.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")

        expect(page.get_by_text("Please enter the correct username")).to_be_visible()
