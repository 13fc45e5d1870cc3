"""Every page, opened, reloaded, left and come back to, and opened again from the menu."""

import pytest
from django.urls import reverse

from tests.browser import filled, walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.stack


def seen_by(visitor, path):
    """What a person does with a page, each time in the other of the two schemes and sizes."""
    page = visitor.page
    visitor.begin(path)
    visitor.look("opened", PHONE)
    visitor.lit("dark")
    page.reload()
    visitor.look("reloaded", DESKTOP)
    page.goto("about:blank")
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
        visitor.go_by(entry)
        visitor.look("opened from the menu")


def paths_of(instance, place):
    """The addresses of a place; two where a match may be played or still to come."""
    with instance.django():
        found = filled.paths(place)
    assert found, f"nothing is there to fill {place} with"
    return found


@pytest.fixture(scope="module")
def visitors(at):
    """Whoever is at an instance keeps to one tab."""
    return {who: Visitor(at.tab(who)) for who in ("visitor", "operator")}


@pytest.mark.parametrize("place", walk.places(), ids=str)
def test_a_page_stays_whole(at, visitors, place):
    visitor = visitors["operator" if place.is_admin else "visitor"]
    for path in paths_of(at, place):
        assert seen_by(visitor, path) == [], path


def test_every_address_that_is_no_page_exists():
    assert {route for route, _ in walk.everything()} >= set(walk.NO_PAGES)


@pytest.fixture(scope="module")
def operator(past_alone):
    """Where nobody else is."""
    return Visitor(past_alone.tab("operator"))


def path_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize(("model", "action"), walk.actions(), ids=str)
def test_what_an_action_leads_to_is_whole(operator, model, action):
    """The page that asks for more, or the list with what became of it, or a file."""
    page = operator.page
    operator.begin(path_of(model))
    page.locator("#result_list .action-select").first.check()
    page.locator("select[name=action]").select_option(action)
    answer = operator.go_by(page.locator("button[name=index]"))
    if answer is None:
        return
    assert answer.status == 200
    operator.look(action, PHONE)

    assert operator.faults == []
