"""`/docs`: what it offers to try works as it is offered, on every route."""

import json

import pytest
from playwright.sync_api import expect

from soccerpredict.documentation import document
from tests import stack_world

pytestmark = pytest.mark.stack
KEPT = ("/predict/async/{job_id}", "get")  # asks for what another route made
MAKES = ("/predict/async", "post")
OPERATIONS = {
    (path, method): operation
    for path, methods in json.loads(document(as_yaml=False))["paths"].items()
    for method, operation in methods.items()
}


@pytest.fixture(scope="module")
def authorized(now):
    """A key that was entered once, on the page."""
    with now.django():
        key = stack_world.issue_key("Reader of the documentation")
    page = now.tab()
    page.set_default_timeout(30_000)
    page.goto("/docs")
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("Value:").fill(key)
    page.get_by_role("button", name="Apply credentials").click()
    page.close()


@pytest.fixture
def docs(now, authorized):
    """The page opened anew: it still has the key."""
    page = now.tab()
    page.set_default_timeout(30_000)
    yield page
    page.close()


def opened(page, operation):
    """An operation's part of the page, by its own address."""
    page.goto("/docs")
    part = page.locator(f"#operations-{operation['tags'][0]}-{operation['operationId']}")
    part.locator(".opblock-summary-control").click()
    part.get_by_role("button", name="Try it out").click()
    return part


def executed(part):
    """The status that the page shows after "Execute", nothing typed."""
    part.get_by_role("button", name="Execute").click()
    status = part.locator(".live-responses-table tbody .response-col_status").first
    status.wait_for()
    return int(status.inner_text().split()[0])


@pytest.mark.parametrize("which", [one for one in OPERATIONS if one != KEPT], ids=" ".join)
def test_what_is_offered_to_try_succeeds(docs, which):
    assert 200 <= executed(opened(docs, OPERATIONS[which])) < 300


def test_a_job_that_was_asked_for_is_the_one_to_ask_after(docs):
    made = opened(docs, OPERATIONS[MAKES])
    assert executed(made) == 202
    answer = made.locator(".live-responses-table code").first.inner_text()
    kept = docs.locator(f"#operations-live-{OPERATIONS[KEPT]['operationId']}")
    kept.locator(".opblock-summary-control").click()
    kept.get_by_role("button", name="Try it out").click()

    assert executed(kept) in (200, 202)
    assert json.loads(answer)["job_id"] in kept.locator(".request-url").inner_text()


def test_a_key_that_was_entered_outlasts_a_reload(docs):
    docs.goto("/docs")
    docs.reload()
    docs.get_by_role("button", name="Authorize").click()

    expect(docs.get_by_role("button", name="Remove authorization")).to_be_visible()
