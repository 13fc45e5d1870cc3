"""Viewer, operator and administrator: what each may see and do, on every page."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from livescores.models import Region, TeamAlias, WaitingEvent
from predictions.models import QuarantinedOdds
from soccerpredict.access import roles
from soccerpredict.access.models import ApiClient, ApiKey
from soccerpredict.access.roles import Role
from tests.factories import make_quarantined, make_region
from tests.forms import change_form, save
from tests.soccerpredict.back_office.admin_pages import MACHINE_WRITTEN, MAKERS, list_of, page

PEOPLE = (User, Group, LogEntry)
SEEN = [model for model in MAKERS if model not in PEOPLE]
KEPT_BY_PEOPLE = [model for model in SEEN if model not in MACHINE_WRITTEN]
ACCESS = (ApiClient, ApiKey)
pytestmark = pytest.mark.django_db


def signed_in(role):
    person = User.objects.create_user(f"a {role}", is_staff=True, password="a long one")
    person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def viewer():
    return signed_in(Role.VIEWER)


@pytest.fixture
def operator():
    return signed_in(Role.OPERATOR)


@pytest.fixture
def administrator():
    return signed_in(Role.ADMINISTRATOR)


def statuses(client, models, *ends):
    return {
        model.__name__: tuple(client.get(list_of(model) + end).status_code for end in ends)
        for model in models
    }


def names(models):
    return [model.__name__ for model in models]


def actions_of(client, model):
    form = client.get(list_of(model)).context["action_form"]
    return [name for name, _ in form.fields["action"].choices if name] if form else []


def offered(client):
    """Every action of every list, which shows them only where there is a row."""
    for model in MAKERS:
        if not model.objects.exists():
            MAKERS[model]()
    return {
        model.__name__: actions_of(client, model)
        for model in MAKERS
        if client.get(list_of(model)).status_code == 200
    }


def test_a_migration_makes_the_three_roles():
    assert set(Role.values) <= set(Group.objects.values_list("name", flat=True))


def test_a_new_model_needs_no_line():
    kind = ContentType.objects.create(app_label="predictions", model="fresh")
    for deed in ("view", "change"):
        Permission.objects.create(content_type=kind, codename=f"{deed}_fresh", name=deed)

    roles.grant()

    fresh = Permission.objects.filter(content_type=kind)
    held = {
        role: set(fresh.filter(group__name=role).values_list("codename", flat=True))
        for role in Role.values
    }
    assert held == {
        "viewer": {"view_fresh"},
        "operator": {"view_fresh", "change_fresh"},
        "administrator": {"view_fresh", "change_fresh"},
    }


def test_what_somebody_took_from_a_role_comes_back():
    group = Group.objects.get(name=Role.VIEWER)
    before = group.permissions.count()
    group.permissions.clear()

    roles.grant()

    assert group.permissions.count() == before > 0


def test_a_viewer_opens_every_list_but_those_of_people(viewer):
    assert statuses(viewer, SEEN, "") == dict.fromkeys(names(SEEN), (200,))
    assert statuses(viewer, PEOPLE, "") == dict.fromkeys(names(PEOPLE), (403,))


def test_a_viewer_adds_nothing(viewer):
    assert statuses(viewer, MAKERS, "add/") == dict.fromkeys(names(MAKERS), (403,))


def test_a_viewer_reads_and_changes_no_row(viewer):
    rows = [MAKERS[model]() for model in SEEN]

    read = [viewer.get(page(row)).status_code for row in rows]
    written = [viewer.post(page(row), {"_save": "Save"}).status_code for row in rows]
    deleted = [viewer.post(page(row, "delete"), {"post": "yes"}).status_code for row in rows]

    assert set(read) == {200}
    assert set(written) == {403}
    assert set(deleted) == {403}


def test_a_viewer_is_offered_nothing_that_changes_a_row(viewer):
    found = {name: actions for name, actions in offered(viewer).items() if actions}

    assert found == {
        "Prediction": ["export_csv", "export_parquet"],
        "ModelVersion": ["compare"],
    }


def test_a_viewers_action_does_nothing(viewer):
    row = make_quarantined()

    viewer.post(
        list_of(QuarantinedOdds),
        {"action": "release", "_selected_action": row.pk, "reason": "I say so"},
    )

    row.refresh_from_db()
    assert row.state == "waiting"


def test_an_operator_runs_the_platform_and_decides_about_no_access(operator):
    run = [model for model in KEPT_BY_PEOPLE if model not in ACCESS]

    assert statuses(operator, run, "", "add/") == dict.fromkeys(names(run), (200, 200))
    assert statuses(operator, ACCESS, "", "add/") == dict.fromkeys(names(ACCESS), (200, 403))
    assert statuses(operator, (User, Group), "") == dict.fromkeys(("User", "Group"), (403,))
    assert statuses(operator, (LogEntry,), "", "add/") == {"LogEntry": (200, 403)}


def test_an_operator_is_offered_what_runs_the_platform(operator):
    found = offered(operator)

    assert {"accept", "reject"} <= set(found[WaitingEvent.__name__])
    assert {"release", "discard"} <= set(found[QuarantinedOdds.__name__])
    assert "delete_selected" in found[TeamAlias.__name__]
    assert "run_tasks" in found[PeriodicTask.__name__]
    assert found[ApiKey.__name__] == []


def test_an_administrator_opens_all_there_is(administrator):
    assert statuses(administrator, MAKERS, "") == dict.fromkeys(names(MAKERS), (200,))
    assert statuses(administrator, (*ACCESS, User), "add/") == dict.fromkeys(
        names((*ACCESS, User)), (200,)
    )
    assert offered(administrator)["ApiKey"] == ["revoke", "roll"]


def test_an_administrator_makes_nobody_a_superuser(administrator):
    person = User.objects.create_user("bob")
    form = change_form(administrator.get(page(person)))
    by_hand = {"is_superuser": "on", "user_permissions": [1]}

    assert not by_hand.keys() & form.names()
    administrator.post(page(person), form.filled({"is_staff": "on"}, "_save") | by_hand)

    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (True, False)
    assert not person.user_permissions.exists()


def test_an_administrator_gives_a_role(administrator):
    person = User.objects.create_user("bob")
    role = Group.objects.get(name=Role.VIEWER)

    save(administrator, page(person), {"groups": [role.pk]})

    assert list(person.groups.all()) == [role]


def test_an_administrator_leaves_superusers_alone(administrator):
    chief = User.objects.create_superuser("chief", password="a long one")
    password = reverse("admin:auth_user_password_change", args=[chief.pk])

    answers = [
        administrator.post(page(chief), {"username": "mine"}),
        administrator.post(password, {"password1": "another one", "password2": "another one"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_nobody_but_a_superuser_puts_rights_together(administrator, admin_client):
    own = Group.objects.create(name="own")
    every = list(Permission.objects.values_list("pk", flat=True))
    sent = change_form(admin_client.get(page(own))).filled({"permissions": every}, "_save")

    assert administrator.post(page(own), sent).status_code == 403
    assert administrator.get(list_of(Group) + "add/").status_code == 403
    assert admin_client.post(page(own), sent).status_code == 302


def test_not_even_a_superuser_changes_a_role(admin_client):
    role = Group.objects.get(name=Role.VIEWER)

    assert admin_client.post(page(role), {"name": "everybody"}).status_code == 403
    assert admin_client.post(page(role, "delete"), {"post": "yes"}).status_code == 403


def test_the_workers_are_seen_by_viewers_and_steered_by_operators(viewer, operator):
    workers, revoke = reverse("admin:monitoring_workers"), reverse("admin:monitoring_revoke")

    assert viewer.get(workers).status_code == 200
    assert viewer.post(revoke, {"task_id": "no id"}).status_code == 403
    assert operator.post(revoke, {"task_id": "no id"}).status_code == 302


def test_every_own_page_of_the_admin_refuses_those_without_a_role():
    person = User.objects.create_user("nobody", is_staff=True)
    client = Client()
    client.force_login(person)
    for model in (Region, PeriodicTask):
        MAKERS[model]()

    lists = statuses(client, MAKERS, "", "add/")
    own = [
        pattern.name
        for one in admin.site._registry.values()
        for pattern in one.get_urls()
        if pattern.name and not pattern.pattern.converters and "autocomplete" not in pattern.name
    ]
    answers = {name: client.get(reverse(f"admin:{name}")).status_code for name in own}

    assert set(lists.values()) == {(403, 403)}
    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_people_are_signed_in_before_anything_is_shown(client):
    region = make_region()

    assert client.get(page(region)).status_code == 302
