"""API keys in the admin: made, shown once, rolled and revoked."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage
from soccerpredict.observability.masking import KEY
from tests import forms

KEYS = reverse("admin:access_apikey_changelist")
NEW_KEY = reverse("admin:access_apikey_add")
pytestmark = pytest.mark.django_db


@pytest.fixture
def newspaper():
    return ApiClient.objects.create(name="Newspaper")


def page(key):
    return reverse("admin:access_apikey_change", args=[key.pk])


def ask_for(admin_client, client, **fields):
    written = {"client": client.pk, "name": "feed", "scopes": ["read"], **fields}
    return forms.add(admin_client, KEYS, written, follow=True)


def texts_in(answer):
    return [found.group() for found in KEY.finditer(answer.content.decode())]


def act(admin_client, action, *keys):
    asking = forms.act(admin_client, KEYS, action, *keys)
    return forms.confirm(admin_client, asking, KEYS)


def test_a_new_key_works_and_has_what_was_asked(admin_client, newspaper):
    answer = ask_for(admin_client, newspaper, rate_limit_per_minute=7)

    [text] = texts_in(answer)
    credential = services.verify(text)
    assert credential.client == "Newspaper"
    assert credential.scopes == {"read"}
    assert credential.limit_per_minute == 7


def test_a_key_is_shown_once(admin_client, newspaper):
    first = ask_for(admin_client, newspaper)
    again = [admin_client.get(KEYS), admin_client.get(page(ApiKey.objects.get()))]

    assert len(texts_in(first)) == 1
    assert [texts_in(answer) for answer in again] == [[], []]


def test_a_key_is_kept_nowhere(admin_client, newspaper):
    [text] = texts_in(ask_for(admin_client, newspaper))

    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    kept += LogEntry.objects.values_list("change_message", flat=True)
    kept += LogEntry.objects.values_list("object_repr", flat=True)
    assert not any(text in words for words in kept)


def test_no_page_shows_a_digest(admin_client, newspaper):
    key = services.issue(client=newspaper).key
    addresses = [KEYS, page(key), reverse("admin:access_apiclient_change", args=[newspaper.pk])]

    shown = "".join(admin_client.get(address).content.decode() for address in addresses)

    assert key.prefix in shown
    assert key.digest not in shown
    assert not re.search("[0-9a-f]{64}", shown)


def test_prefix_digest_and_client_cannot_be_changed(admin_client, newspaper):
    key = services.issue(client=newspaper).key
    other = ApiClient.objects.create(name="Other")

    form = forms.change_form(admin_client.get(page(key)))
    by_hand = {"client": other.pk, "prefix": "0", "digest": "0"}
    assert not by_hand.keys() & form.names()
    written = form.filled({"name": "new name", "scopes": ["live"]}, "_save")
    admin_client.post(page(key), written | by_hand)

    changed = ApiKey.objects.get()
    assert (changed.name, changed.scopes) == ("new name", ["live"])
    assert (changed.client, changed.prefix, changed.digest) == (newspaper, key.prefix, key.digest)


def test_a_key_needs_a_scope(admin_client, newspaper):
    answer = ask_for(admin_client, newspaper, scopes=[])

    assert "This field is required." in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_client_that_is_off_gets_no_key(admin_client):
    closed = ApiClient.objects.create(name="Closed", is_active=False)

    answer = ask_for(admin_client, closed)

    assert "This client is switched off" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_that_has_ended_is_not_made(admin_client, newspaper):
    answer = ask_for(admin_client, newspaper, expires_at_0="2020-01-01", expires_at_1="12:00")

    assert "A key expires in the future" in answer.content.decode()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("action", ["revoke", "roll"])
def test_an_action_asks_first(admin_client, newspaper, action):
    key = services.issue(client=newspaper).key

    answer = forms.act(admin_client, KEYS, action, key)

    key.refresh_from_db()
    assert str(key) in answer.content.decode()
    assert forms.form_in(answer, having="confirmed")
    assert (key.revoked_at, key.replaced_by) == (None, None)


def test_a_revoked_key_is_refused(admin_client, newspaper):
    issued = services.issue(client=newspaper)

    answer = act(admin_client, "revoke", issued.key)

    assert services.verify(issued.text) is None
    assert f"Revoked: {issued.key}" in answer.content.decode()
    assert LogEntry.objects.get().change_message == "Revoked."


def test_a_rolled_key_works_beside_its_successor(admin_client, newspaper):
    issued = services.issue(client=newspaper, scopes=["read"])

    answer = act(admin_client, "roll", issued.key)

    [text] = texts_in(answer)
    issued.key.refresh_from_db()
    assert services.verify(text).scopes == {"read"}
    assert services.verify(issued.text) is not None
    assert issued.key.replaced_by.prefix in text
    assert f"Rolled: {issued.key}" in answer.content.decode()


def test_a_key_that_has_ended_is_not_rolled(admin_client, newspaper):
    ended = services.issue(client=newspaper, expires_at=timezone.now() - timedelta(days=1)).key
    revoked = services.issue(client=newspaper).key
    services.revoke(revoked)

    answer = forms.act(admin_client, KEYS, "roll", ended, revoked)

    assert texts_in(answer) == []
    assert ApiKey.objects.count() == 2
    assert "None of these keys is in use any more." in answer.content.decode()


def test_ten_keys_rolled_at_once_leave_no_text_in_the_database(admin_client, newspaper):
    keys = [services.issue(client=newspaper).key for _ in range(12)]

    asking = forms.act(admin_client, KEYS, "roll", *keys)
    sent = forms.form_in(asking, having="confirmed").fields()
    answer = admin_client.post(KEYS, sent)

    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert ApiKey.objects.count() == 22
    assert not any("sp_" in words for words in kept)
    assert len(texts_in(admin_client.get(answer.headers["Location"]))) == 10


def test_who_may_only_look_has_no_actions(client, newspaper):
    key = services.issue(client=newspaper).key
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_apikey"))
    client.force_login(viewer)

    offered = {name for form in forms.forms_in(client.get(KEYS)) for name in form.names()}
    by_hand = {"action": "revoke", "_selected_action": [key.pk], "confirmed": "yes"}
    client.post(KEYS, by_hand)

    assert not by_hand.keys() & offered
    key.refresh_from_db()
    assert key.revoked_at is None
    assert client.post(NEW_KEY, {}).status_code == 403


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "usable"),
        ({"revoked_at": timezone.now() - timedelta(days=1)}, "revoked"),
        ({"revoked_at": timezone.now() + timedelta(days=1)}, "being replaced"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expired"),
    ],
)
def test_a_key_says_whether_it_works(admin_client, newspaper, fields, state):
    key = services.issue(client=newspaper).key
    ApiKey.objects.update(**fields)

    text = admin_client.get(page(key)).content.decode()

    assert re.search(rf">\s*{state}\s*<", text)


def test_a_key_of_a_client_that_is_off_says_so(admin_client, newspaper):
    key = services.issue(client=newspaper).key
    ApiClient.objects.update(is_active=False)

    assert "client is off" in admin_client.get(page(key)).content.decode()


def test_a_client_counts_the_keys_that_work(admin_client, newspaper):
    services.issue(client=newspaper)
    services.revoke(services.issue(client=newspaper).key)

    answer = admin_client.get(reverse("admin:access_apiclient_changelist"))

    [shown] = answer.context["cl"].result_list
    assert shown.usable == 1


def test_a_user_is_added_with_a_password(admin_client):
    password = "correct horse 7"
    written = {"username": "keeper", "password1": password, "password2": password}
    answer = forms.add(admin_client, reverse("admin:auth_user_changelist"), written)

    assert answer.status_code == 302
    assert User.objects.get(username="keeper").check_password("correct horse 7")


def test_the_page_of_a_key_shows_its_use_by_day(admin_client, newspaper):
    key = services.issue(client=newspaper).key
    KeyUsage.objects.create(key=key, day="2026-03-14", requests=1234)

    text = admin_client.get(page(key)).content.decode()

    assert "2026-03-14" in text
    assert "1,234" in text


def test_the_lists_show_the_requests_of_a_month(admin_client, newspaper):
    key, other = (services.issue(client=newspaper).key for _ in range(2))
    today = timezone.now().date()
    for whose, ago, requests in ((key, 0, 1000), (key, 29, 200), (key, 30, 5), (other, 0, 34)):
        day = today - timedelta(days=ago)
        KeyUsage.objects.create(key=whose, day=day, requests=requests)

    keys = admin_client.get(KEYS).content.decode()
    clients = admin_client.get(reverse("admin:access_apiclient_changelist")).content.decode()

    assert "1,200" in keys
    assert "1,234" in clients
