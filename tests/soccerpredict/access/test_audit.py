"""The audit log: every change with its old and new value, and kept."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.urls import reverse

from livescores.models import Region, Team
from soccerpredict.access.models import ApiClient
from tests.factories import make_bookmaker, make_region, make_team
from tests.forms import save
from tests.soccerpredict.back_office.admin_pages import list_of, page

pytestmark = pytest.mark.django_db


def last():
    return LogEntry.objects.latest("pk")


def words():
    return last().get_change_message()


def test_a_change_tells_from_what_to_what(admin_client, admin_user):
    books = make_bookmaker("B365", priority=20)

    save(admin_client, page(books), {"name": "Bet 365", "priority": 5})

    assert words() == "Changed Name from B365 to Bet 365 and Priority from 20 to 5."
    assert (last().user, last().object_repr) == (admin_user, "B365")


def test_another_row_is_told_by_its_name(admin_client):
    italy, spain = make_region(name="Italy"), make_region(name="Spain")
    team = make_team(region=italy, name="Roma")

    save(admin_client, page(team), {"region": spain.pk})

    assert Team.objects.get().region == spain
    assert words() == "Changed Region from Italy to Spain."


def test_what_was_empty_is_nothing(admin_client):
    client = ApiClient.objects.create(name="feed")

    save(admin_client, page(client), {"contact": "ann@a.example"})

    assert words() == "Changed Contact from nothing to ann@a.example."


def test_several_rows_are_told_together(admin_client):
    person = User.objects.create_user("bob")
    groups = [Group.objects.get(name=name) for name in ("viewer", "operator")]

    save(admin_client, page(person), {"groups": [group.pk for group in groups]})

    assert "Groups from nothing to operator, viewer" in words()


def test_a_password_is_never_told(admin_client):
    person = User.objects.create_user("bob", password="the first secret")

    admin_client.post(
        reverse("admin:auth_user_password_change", args=[person.pk]),
        {
            "password1": "the second secret",
            "password2": "the second secret",
            "usable_password": "true",
        },
    )

    person.refresh_from_db()
    assert person.check_password("the second secret")
    assert last().object_id == str(person.pk)
    assert not LogEntry.objects.filter(change_message__contains="secret").exists()


def test_what_is_added_and_deleted_is_told(admin_client):
    save(admin_client, list_of(Group) + "add/", {"name": "own"})
    added = last()
    admin_client.post(page(Group.objects.get(name="own"), "delete"), {"post": "yes"})

    assert added.is_addition()
    assert (last().is_deletion(), last().object_repr) == (True, "own")


def test_nobody_changes_the_log(admin_user):
    entry = LogEntry.objects.create(user=admin_user, object_repr="Rome", action_flag=2)

    for deed in (
        lambda: LogEntry.objects.update(object_repr="Paris"),
        entry.delete,
        admin_user.delete,
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            deed()


def test_the_log_is_searched_by_person_and_word(admin_client, admin_user):
    region = make_region(name="Italy")
    LogEntry.objects.create(
        user=admin_user,
        object_id=str(region.pk),
        object_repr="Italy",
        action_flag=2,
        change_message="x",
    )
    other = User.objects.create_user("bob")
    LogEntry.objects.create(user=other, object_repr="Spain", action_flag=3)

    found = admin_client.get(list_of(LogEntry), {"q": "bob"}).context["cl"].result_list

    assert [entry.object_repr for entry in found] == ["Spain"]
    assert Region.objects.count() == 1
