"""Every form of the back office, sent as its page gives it, with one change, and with nonsense.

The admin registry says which there are.
"""

from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core import serializers
from django.db import transaction

from tests.forms import Control, change_form, form_in, forms_in
from tests.soccerpredict.back_office.admin_pages import MAKERS, list_of, named, page

pytestmark = pytest.mark.django_db
NONSENSE = "non sense \u202e[{<é" * 40
# What the program sets itself when a row is saved.
STAMPS = {"updated_at", "date_changed"}
OPEN = [  # a superuser writes in them; the pages of the others are tables
    model
    for model, one in admin.site._registry.items()
    if type(one).has_change_permission.__qualname__ != "ReadOnlyAdmin.has_change_permission"
]
ADDABLE = [
    model
    for model in OPEN
    if type(admin.site._registry[model]).has_add_permission.__qualname__
    != "ReadOnlyAdmin.has_add_permission"
]
each_open = pytest.mark.parametrize("model", OPEN, ids=named)
each_addable = pytest.mark.parametrize("model", ADDABLE, ids=named)
each_listed = pytest.mark.parametrize("model", list(admin.site._registry), ids=named)


def stored(model):
    """All that a model's table holds, but for stamps."""
    rows = serializers.serialize("python", model._base_manager.order_by("pk"))
    return [{k: v for k, v in row["fields"].items() if k not in STAMPS} for row in rows]


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def opened(client, model):
    """A row's page; there is another row of each kind to choose instead."""
    row = MAKERS[model]()
    MAKERS[model]()
    return row, client.get(page(row))


def field_of(answer, control):
    """The form's field that a control belongs to; a moment has two controls, for day and time."""
    fields = answer.context["adminform"].form.fields
    name = control.name if control.name in fields else control.name.rsplit("_", 1)[0]
    return name, fields.get(name)


def another(control: Control, field: Any):
    """Another value that a person might choose."""
    if control.kind == "checkbox":
        return None if control.values else control.choices[0]
    if getattr(field, "queryset", None) is not None:
        others = field.queryset.exclude(pk__in=[value for value in control.values if value])
        return [one.pk for one in others[:1]] or None
    if control.kind in ("select", "radio"):
        return next((one for one in control.choices if one and one not in control.values), None)
    return typed(control, field)


def typed(control, field):
    [value] = control.values
    if isinstance(field, forms.DecimalField):
        return float(value or 0) + 1
    if isinstance(field, forms.IntegerField):
        return int(value or 0) + 1
    if isinstance(field, forms.SplitDateTimeField):
        return "2026-01-02" if control.name.endswith("_0") else "03:04:05"
    return f"{value}x"


def typed_in(form):
    """What a person writes in, and does not choose."""
    chosen = ("checkbox", "radio", "select")
    return [one for one in form.editable() if one.kind not in chosen and "-" not in one.name]


def is_placed(answer, name):
    """Whether a refused form says what is wrong where it is wrong."""
    shown = answer.context["adminform"].form
    text = unescape(answer.content.decode())
    said = [str(one) for errors in shown.errors.values() for one in errors]
    return bool(said) and all(one in text for one in said)


def outcome(client, model, address, sent, name):
    """`stored`, `same`, or `refused` with a message in its place."""
    before = stored(model)
    with undone():
        answer = client.post(address, sent)
        if answer.status_code == 302:
            return "same" if stored(model) == before else "stored"
    assert answer.status_code == 200
    assert is_placed(answer, name), (name, answer.context["errors"])
    assert stored(model) == before
    return "refused"


@each_open
def test_a_form_sent_as_it_is_given_changes_nothing(admin_client, model):
    row, answer = opened(admin_client, model)
    before = stored(model)

    sent = change_form(answer).fields("_save")
    answer = admin_client.post(page(row), sent)

    assert answer.status_code == 302, answer.context["errors"]
    assert stored(model) == before


@each_open
def test_each_field_of_a_form_is_stored_or_says_why_not(admin_client, model):
    row, answer = opened(admin_client, model)
    form = change_form(answer)
    found = set()
    for control in form.editable():
        name, field = field_of(answer, control)
        if field is not None:
            sent = form.filled({control.name: another(control, field)}, "_save")
            found.add(outcome(admin_client, model, page(row), sent, name))
    assert "stored" in found


@each_open
def test_nonsense_in_a_field_is_refused_at_the_field(admin_client, model):
    row, answer = opened(admin_client, model)
    form = change_form(answer)
    for control in typed_in(form):
        name, field = field_of(answer, control)
        sent = form.filled({control.name: NONSENSE}, "_save")
        found = outcome(admin_client, model, page(row), sent, name)
        assert found == "refused" or type(field) is forms.CharField, control


@each_addable
def test_an_empty_page_of_a_new_row_says_what_is_missing(admin_client, model):
    address = list_of(model) + "add/"
    form = change_form(admin_client.get(address))

    with undone():
        answer = admin_client.post(address, form.fields("_save"))

    if answer.status_code == 200:
        shown = answer.context["adminform"].form
        assert shown.errors
        assert all(is_placed(answer, name) for name in shown.errors)


@each_addable
def test_nonsense_in_a_new_row_is_refused_at_the_field(admin_client, model):
    address = list_of(model) + "add/"
    answer = admin_client.get(address)
    form = change_form(answer)
    for control in typed_in(form):
        name, _ = field_of(answer, control)
        sent = form.filled({control.name: NONSENSE}, "_save")
        assert outcome(admin_client, model, address, sent, name) == "refused", control


@each_listed
def test_a_lists_forms_are_answered_as_they_are_given(admin_client, model):
    MAKERS[model]()
    for form in forms_in(admin_client.get(list_of(model))):
        is_post = form.method == "post"
        ask = admin_client.post if is_post else admin_client.get
        answer = ask(form.action or list_of(model), form.fields(), follow=True)

        assert answer.status_code == 200, form


@each_listed
def test_an_action_without_a_row_says_so(admin_client, model):
    MAKERS[model]()
    answer = admin_client.get(list_of(model))
    if 'name="action"' not in answer.content.decode():
        return
    form = form_in(answer, having="action")
    action = next(one for one in form.controls if one.name == "action").choices[-1]

    told = admin_client.post(list_of(model), form.filled({"action": action}, "index"), follow=True)

    assert "Items must be selected" in told.content.decode()
