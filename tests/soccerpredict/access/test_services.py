from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey
from soccerpredict.observability.masking import KEY

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
TEXT = "sp_0123abcd_" + "A" * 43


def test_a_key_is_its_prefix_and_256_random_bits(issue):
    issued = issue()

    assert KEY.fullmatch(issued.text)
    assert issued.text.startswith(f"sp_{issued.key.prefix}_")


def test_no_two_keys_are_alike(issue):
    first, second = issue(), issue()

    assert first.text[12:] != second.text[12:]
    assert first.key.prefix != second.key.prefix


def test_only_the_keyed_digest_is_kept(issue):
    issued = issue()

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(access_apikey)::text FROM access_apikey")
        row = cursor.fetchone()[0]

    assert issued.text[12:] not in row
    assert services.digest_of(issued.text) in row


def test_the_digest_is_hmac_sha_256_under_the_pepper(settings):
    # printf 'what do ya want for nothing?' | openssl dgst -sha256 -hmac Jefe  (RFC 4231, case 2)
    settings.API_KEY_PEPPER = "Jefe"

    assert services.digest_of("what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_good_key_is_verified(issue):
    issued = issue(scopes=["read"], rate_limit_per_minute=7)

    credential = services.verify(issued.text)

    assert (credential.key_id, credential.prefix) == (issued.key.pk, issued.key.prefix)
    assert (credential.client, credential.scopes) == ("Acme", frozenset({"read"}))
    assert (credential.limit_per_minute, credential.expires_at) == (7, None)


def test_verifying_is_one_query(issue, django_assert_num_queries):
    issued = issue()

    with django_assert_num_queries(1):
        services.verify(issued.text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "sp_", "abc", TEXT[:-1], TEXT + "A", TEXT + "\n", " " + TEXT, "\0" * 55),
        *(TEXT.upper(), TEXT.replace("_", "-", 1), TEXT.replace("A", "Ä"), TEXT.replace("A", "+")),
        *("sp_\u0660\u0661\u0662\u0663abcd_" + "A" * 43, "sp_%" + TEXT[4:], "x" * 60_000),
    ],
)
def test_what_does_not_look_like_a_key_costs_no_query(text, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert services.verify(text) is None


def test_an_unknown_key_and_a_wrong_secret_cost_the_same_query(issue, django_assert_num_queries):
    wrong_secret = issue().text[:-43] + "A" * 43

    for text in (TEXT, wrong_secret):
        with django_assert_num_queries(1):
            assert services.verify(text) is None


def test_the_secret_of_another_key_is_refused(issue):
    mine, another = issue().text, issue().text

    assert services.verify(mine[:12] + another[12:]) is None


def test_under_another_pepper_no_key_works(issue, settings):
    issued = issue()
    settings.API_KEY_PEPPER = "stolen table, guessed pepper"

    assert services.verify(issued.text) is None


def test_keys_of_an_inactive_client_are_refused(issue):
    issued = issue()
    ApiClient.objects.update(is_active=False)

    assert services.verify(issued.text) is None


def test_a_key_works_until_it_expires(issue):
    now = timezone.now()

    assert services.verify(issue(expires_at=now - SECOND).text) is None
    assert services.verify(issue(expires_at=now + DAY).text).expires_at == now + DAY


def test_a_revoked_key_is_refused(issue):
    issued, other = issue(), issue()

    services.revoke(issued.key)

    assert services.verify(issued.text) is None
    assert services.verify(other.text)


def test_a_successor_has_the_rights_of_the_key_that_it_replaces(issue):
    expiry = timezone.now() + 30 * DAY
    old = issue(name="site", scopes=["live"], expires_at=expiry, rate_limit_per_minute=7)

    successor = services.roll(old.key)

    new = ApiKey.objects.get(pk=successor.key.pk)
    assert (new.client, new.name, new.scopes) == (old.key.client, "site", ["live"])
    assert (new.expires_at, new.rate_limit_per_minute) == (expiry, 7)
    assert ApiKey.objects.get(pk=old.key.pk).replaced_by == new
    assert services.verify(successor.text).key_id == new.pk


def test_a_rolled_key_works_on_for_the_overlap(issue, clock):
    old = issue()
    successor = services.roll(old.key, overlap=DAY)

    assert services.verify(old.text).expires_at == clock.now() + DAY
    clock.pass_seconds(24 * 60 * 60 + 1)

    assert services.verify(old.text) is None
    assert services.verify(successor.text)


def test_rolling_without_overlap_ends_the_old_key_at_once(issue):
    old = issue()

    services.roll(old.key, overlap=timedelta(0))

    assert services.verify(old.text) is None


def test_rolling_does_not_revive_a_revoked_key(issue):
    old = issue()
    services.revoke(old.key)

    services.roll(old.key)

    assert services.verify(old.text) is None


def test_the_earlier_of_expiry_and_overlap_counts(issue, clock):
    old = issue(expires_at=clock.now() + DAY)

    services.roll(old.key, overlap=7 * DAY)

    assert services.verify(old.text).expires_at == clock.now() + DAY


@pytest.mark.parametrize(
    ("own", "of_client", "effective"), [(7, 5, 7), (None, 5, 5), (None, None, 600)]
)
def test_the_closest_limit_counts(issue, settings, own, of_client, effective):
    settings.API_DEFAULT_LIMIT_PER_MINUTE = 600
    holder = ApiClient.objects.create(name="B", default_limit_per_minute=of_client)

    issued = issue(client=holder, rate_limit_per_minute=own)

    assert services.verify(issued.text).limit_per_minute == effective


def test_without_scopes_a_key_has_both_and_each_only_once(issue):
    assert issue().key.scopes == ["read", "live"]
    assert issue(scopes=["live", "live"]).key.scopes == ["live"]


def test_there_are_no_other_scopes(issue):
    with pytest.raises(IntegrityError, match="api_key_scopes_known"):
        issue(scopes=["admin"])


def test_a_client_is_made_once(db):
    assert services.client_named("Acme") == services.client_named("Acme")


def test_a_key_shown_in_a_list_tells_its_prefix_only(issue):
    issued = issue()

    assert str(issued.key) == f"sp_{issued.key.prefix}_…"
