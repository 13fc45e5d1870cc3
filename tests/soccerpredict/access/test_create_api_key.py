from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey

pytestmark = pytest.mark.django_db


def create(*options):
    out = StringIO()
    call_command("create_api_key", *options, stdout=out)
    return out.getvalue()


def test_it_prints_a_key_that_works():
    text = create("--client", "Acme").splitlines()[0]

    assert services.verify(text).client == "Acme"


def test_it_says_what_the_key_is_good_for(settings):
    settings.API_DEFAULT_LIMIT_PER_MINUTE = 600

    text, sentence = create("--client", "Acme").splitlines()

    assert sentence == (
        f"Key {text[3:11]} of Acme for read and live, 600 requests a minute, without expiry. "
        "Keep it: it is shown only this once."
    )


def test_quietly_it_prints_nothing_but_the_key():
    assert services.verify(create("--client", "Acme", "--quiet").removesuffix("\n"))


def test_a_client_that_is_known_gets_another_key():
    create("--client", "Acme")
    create("--client", " Acme ")

    assert ApiClient.objects.get().keys.count() == 2


def test_the_name_is_kept():
    create("--client", "Acme", "--name", "web site")

    assert ApiKey.objects.get().name == "web site"


@pytest.mark.parametrize(
    ("options", "scopes"),
    [
        (["--scope", "read"], ["read"]),
        (["--scope", "live", "--scope", "read"], ["live", "read"]),
        (["--scope", "live", "--scope", "live"], ["live"]),
    ],
)
def test_scopes_are_those_named(options, scopes):
    create("--client", "Acme", *options)

    assert ApiKey.objects.get().scopes == scopes


def test_it_expires_when_told():
    output = create("--client", "Acme", "--expires-in-days", "30")

    left = ApiKey.objects.get().expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert f"until {timezone.now() + timedelta(days=30):%Y-%m-%d}" in output


def test_the_limit_is_kept():
    output = create("--client", "Acme", "--limit", "7")

    assert ApiKey.objects.get().rate_limit_per_minute == 7
    assert "7 requests a minute" in output


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "--client"),
        (["--client", ""], "1 to 80 characters"),
        (["--client", "   "], "1 to 80 characters"),
        (["--client", "x" * 81], "1 to 80 characters"),
        (["--client", "Acme", "--name", "x" * 81], "1 to 80 characters"),
        (["--client", "Acme", "--scope", "admin"], "invalid choice: 'admin'"),
        (["--client", "Acme", "--limit", "0"], "--limit 0: write a number from 1 to 1000000"),
        (["--client", "Acme", "--limit", "-1"], "--limit -1: write a number from 1 to 1000000"),
        (["--client", "Acme", "--limit", "1000001"], "--limit 1000001: write a number"),
        (["--client", "Acme", "--limit", "many"], "invalid int value: 'many'"),
        (["--client", "Acme", "--expires-in-days", "0"], "--expires-in-days 0: write a number"),
        (["--client", "Acme", "--expires-in-days", "3651"], "from 1 to 3650"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_made(options, complaint):
    with pytest.raises(CommandError) as raised:
        create(*options)

    assert complaint in str(raised.value)
    assert not ApiKey.objects.exists()
    assert not ApiClient.objects.exists()


def test_a_client_that_is_switched_off_gets_no_key():
    ApiClient.objects.create(name="Acme", is_active=False)

    with pytest.raises(CommandError, match="The client Acme is switched off"):
        create("--client", "Acme")

    assert not ApiKey.objects.exists()
