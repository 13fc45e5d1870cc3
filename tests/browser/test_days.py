"""Days that are in the wrong order: told beside their field, and put right where they are."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES

pytestmark = pytest.mark.stack
expect.set_options(timeout=20_000)
PAGES = {"/": "article.card", "/explorer": "table.explorer tbody tr"}


@pytest.fixture
def open_without_script(chromium, furnished):
    context = chromium.new_context(base_url=furnished.url, java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def reverse(page):
    page.get_by_label("From", exact=True).fill("2031-01-02")
    page.get_by_label("To", exact=True).fill("2031-01-01")


@pytest.mark.parametrize("path", PAGES)
def test_the_list_stays_and_comes_right_without_script(open_without_script, path):
    page = open_without_script
    page.goto(path)
    shown = page.locator(PAGES[path]).count()

    reverse(page)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_have_text("The last day is before the first.")
    expect(page.get_by_label("To", exact=True)).to_have_value("2031-01-01")
    for label in ("From", "To"):
        page.get_by_label(label, exact=True).fill("")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(PAGES[path])).to_have_count(shown)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_list_stays_and_comes_right_where_it_is(chromium, furnished, size, request):
    page = chromium.new_page(base_url=furnished.url, viewport=SIZES[size])
    page.goto("/")
    shown = page.locator("article.card").count()

    reverse(page)
    expect(page.get_by_role("alert")).to_have_text("The last day is before the first.")
    expect(page.locator("#matches")).to_be_visible()
    folder = request.config.getoption("--screenshots")
    if folder:
        page.screenshot(path=folder / f"days-{size}.png")
    page.get_by_label("From", exact=True).fill("")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("To", exact=True).fill("")

    expect(page).to_have_url(re.compile(r"/(\?.*)?$"))
    expect(page.locator("article.card")).to_have_count(shown)
    page.close()


def test_an_error_without_a_list_is_told_by_its_page(chromium, furnished):
    page = chromium.new_page(base_url=furnished.url)
    page.goto("/")
    page.evaluate("document.querySelector('#region').selectedOptions[0].value = 'nowhere'")

    page.get_by_label("League", exact=True).select_option(index=1)

    expect(page.get_by_text("Write a whole number in digits.")).to_be_visible()
    page.go_back()
    expect(page.locator("#matches")).to_be_visible()
    page.close()
