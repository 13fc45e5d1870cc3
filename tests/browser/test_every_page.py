"""Every page, opened, reloaded, left and come back to, and opened again from the menu."""

import pytest
from django.urls import reverse

from tests.browser import filled, walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.leftovers import LEFT
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.stack


def reloaded(visitor, path):
    visitor.page.reload()
    visitor.look("reloaded", DESKTOP)
    again(visitor, path)


def come_back_to(visitor, path):
    visitor.come_back()
    visitor.look("come back to", DESKTOP)


# What a person does next with a page: one of them at one instance, the other at the other.
NEXT = (reloaded, come_back_to)


def seen_by(visitor, path, do_next):
    """Light on a desktop and a phone, then once more, dark on a phone and a desktop."""
    visitor.begin(path)
    visitor.look("opened", PHONE)
    visitor.lit("dark")
    do_next(visitor, path)
    return visitor.faults


def again(visitor, path):
    """By the menu that stands on the page, where it leads here."""
    entry = visitor.page.locator(f'nav a[href="{path}"], #nav-sidebar-apps a[href="{path}"]').first
    if entry.count() and entry.is_visible():
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


@pytest.mark.parametrize(("number", "place"), enumerate(walk.places()), ids=str)
def test_a_page_stays_whole(at, visitors, number, place):
    visitor = visitors["operator" if place.is_admin else "visitor"]
    do_next = NEXT[(number + at.is_past) % 2]
    for path in paths_of(at, place):
        assert seen_by(visitor, path, do_next) == [], path


def test_every_address_that_is_no_page_exists():
    assert {route for route, _ in walk.everything()} >= set(walk.NO_PAGES)


@pytest.fixture(scope="module")
def operator(past_alone):
    """Where nobody else is."""
    return Visitor(past_alone.tab("operator"))


def path_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def begin_with_a_row(operator, instance, model):
    """What waited may have been decided by the action before, and stand in its list no more."""
    operator.begin(path_of(model))
    if operator.page.locator("#result_list .action-select").count() == 0:
        with instance.django():
            LEFT[model](instance.stack.folder)
        operator.begin(path_of(model))


@pytest.mark.parametrize(("model", "action"), walk.actions(), ids=str)
def test_what_an_action_leads_to_is_whole(operator, past_alone, model, action):
    """The page that asks for more, or the list with what became of it, or a file."""
    page = operator.page
    begin_with_a_row(operator, past_alone, model)
    page.locator("#result_list .action-select").first.check()
    page.locator("select[name=action]").select_option(action)
    answer = operator.go_by(page.locator("button[name=index]"))
    if answer is None:
        return
    assert answer.status == 200
    operator.look(action, PHONE)

    assert operator.faults == []
