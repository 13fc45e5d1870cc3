"""Every form for visitors, and the back office's common ones, as people send them.

As the page gives it, with one change, then with nonsense: what was asked stands in the form, or a
message stands at the field.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import filled, walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.stack
PUBLIC = [place for place in walk.places() if not place.is_admin]
CONTROLS = "select, input:not([type=hidden]), textarea"
NONSENSE = "%_'\"><b>x</b>\\"
TOO_EARLY = "0001-01-01"


class Filling:
    """A visitor before the forms of a page."""

    def __init__(self, instance, path):
        self.visitor = Visitor(instance.tab())
        self.page, self.path = self.visitor.page, path
        self.open()
        self.n_forms = self.forms().count()
        self.fields = [
            (number, name, kind)
            for number in range(self.n_forms)
            for name, kind in self.controls(number)
        ]

    def open(self):
        self.page.goto(self.path)
        self.settle()

    def settle(self):
        self.page.wait_for_load_state()
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def forms(self):
        return self.page.locator("form:visible")

    def controls(self, number):
        """The names of a form's fields, each with its kind."""
        found = self.forms().nth(number).locator(CONTROLS)
        return found.evaluate_all("all => all.map(one => [one.name, one.type])")

    def send(self, number):
        self.forms().nth(number).get_by_role("button").last.click()
        self.settle()

    def control(self, number, name):
        return self.forms().nth(number).locator(f"[name={name}]")

    def asked(self):
        return {
            name: values[-1] for name, values in parse_qs(urlsplit(self.page.url).query).items()
        }


@pytest.fixture
def before(at):
    """Opens pages of an instance to fill in their forms."""
    opened = []

    def opening(place):
        with at.django():
            paths = filled.paths(place)
        opened.append(Filling(at, paths[0]))
        return opened[-1]

    yield opening
    for filling in opened:
        filling.page.close()


@pytest.mark.parametrize("place", PUBLIC, ids=str)
def test_a_form_is_sent_as_the_page_gives_it(before, place):
    person = before(place)
    for number in range(person.n_forms):
        person.open()
        person.send(number)
        person.visitor.look("sent", PHONE, DESKTOP)

    assert person.visitor.faults == []


def other_value(control, kind):
    """What a person might choose instead; None where there is nothing else."""
    if kind.startswith("select"):
        chosen = control.input_value()
        values = control.locator("option").evaluate_all("all => all.map(one => one.value)")
        return next((value for value in reversed(values) if value != chosen), None)
    return {"date": "2023-04-15", "search": "united", "text": "united"}.get(kind)


def change(control, kind):
    """Changes one field; returns what its form sends for it."""
    if kind == "checkbox":
        control.click()
        return control.get_attribute("value") if control.is_checked() else None
    value = other_value(control, kind)
    if value is not None:
        control.select_option(value) if kind.startswith("select") else control.fill(value)
    return value


@pytest.mark.parametrize("place", PUBLIC, ids=str)
def test_one_change_stands_in_the_form_that_comes_back(before, place):
    person = before(place)
    for number, name, kind in person.fields:
        person.open()
        value = change(person.control(number, name), kind)
        if value is None:
            continue
        person.settle()
        person.send(number)

        assert person.asked().get(name) == value, name
        stands = person.page.locator(f"form:visible [name={name}]").first
        assert stands.is_checked() if kind == "checkbox" else stands.input_value() == value
        person.visitor.look(name, PHONE, DESKTOP)

    assert person.visitor.faults == []


@pytest.mark.parametrize("place", PUBLIC, ids=str)
def test_nonsense_is_told_at_its_field(before, place):
    person = before(place)
    for number, name, kind in person.fields:
        if kind not in ("date", "search", "text"):
            continue
        person.open()
        person.control(number, name).fill(TOO_EARLY if kind == "date" else NONSENSE)
        person.settle()
        person.send(number)

        if kind == "date":
            told_at(person.page, name)
        else:
            stands = person.page.locator(f"form:visible [name={name}]").first
            expect(stands).to_have_value(NONSENSE)
            assert person.page.locator("main b", has_text="x").count() == 0
        person.visitor.heard.clear()  # a browser complains of 422
        person.visitor.look(name, PHONE, DESKTOP)

    assert person.visitor.faults == []


def told_at(page, name):
    """The field keeps its place on the page, and says itself what is wrong with it."""
    field = page.locator(f"[name={name}]")
    expect(field).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(told).to_be_visible()
    assert told.inner_text().strip()


@pytest.mark.parametrize("place", PUBLIC, ids=str)
def test_an_old_link_with_nonsense_says_which_part_is_wrong(before, place):
    person = before(place)
    for name in sorted({name for _, name, _ in person.fields} - {"q"}):
        answer = person.page.goto(f"{person.path}?{name}=nonsense")

        assert answer.status in (400, 422), name
        assert name in person.page.inner_text("main") or (
            person.page.locator(f"[name={name}][aria-invalid]").count()
        ), name
        person.visitor.heard.clear()
        person.visitor.look(name, PHONE, DESKTOP)

    assert person.visitor.faults == []
