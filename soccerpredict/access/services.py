"""Issue, verify, roll and revoke API keys."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from soccerpredict.access.models import ApiClient, ApiKey, all_scopes
from soccerpredict.observability.masking import KEY

ROLL_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A fresh key and, this once, its text."""

    key: ApiKey
    text: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A verified key: what a request needs to know of it, without a row of the database."""

    key_id: int
    prefix: str
    client_id: int
    client: str
    scopes: frozenset[str]
    limit_per_minute: int
    expires_at: datetime | None
    last_used_at: datetime | None
    is_authenticated: bool = True


def client_named(name: str) -> ApiClient:
    return ApiClient.objects.get_or_create(name=name)[0]


def issue(
    *,
    client: ApiClient,
    name: str = "",
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
    rate_limit_per_minute: int | None = None,
) -> IssuedKey:
    """Make a key of 256 random bits; only its digest is kept."""
    prefix = secrets.token_hex(4)  # no secret: logs and the admin call the key by it
    text = f"sp_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        client=client,
        name=name,
        prefix=prefix,
        digest=digest_of(text),
        scopes=list(dict.fromkeys(scopes or all_scopes())),  # each once, in the order given
        expires_at=expires_at,
        rate_limit_per_minute=rate_limit_per_minute,
    )
    return IssuedKey(key=key, text=text)


def digest_of(text: str) -> str:
    """HMAC-SHA-256 under the pepper: a stolen table verifies no guess."""
    return hmac.new(settings.API_KEY_PEPPER.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify(text: str) -> Credential | None:
    """The credential of a usable key, or None, whatever is wrong with it.

    The row is looked up by its digest, so an unknown prefix and a wrong secret take the same
    path, and how long the index takes tells nothing about a digest one cannot compute.
    """
    if not KEY.fullmatch(text):
        return None  # what can be no key costs no query
    usable = ApiKey.objects.usable(timezone.now()).select_related("client")
    key = usable.filter(digest=digest_of(text)).first()
    return credential_of(key) if key else None


def usable_among(key_ids: Iterable[int]) -> set[int]:
    """Which of these keys are good now."""
    usable = ApiKey.objects.usable(timezone.now()).filter(pk__in=list(key_ids))
    return set(usable.values_list("pk", flat=True))


def credential_of(key: ApiKey) -> Credential:
    # A key that was rolled is revoked at a moment to come: who remembers it must know of both ends.
    ends = [moment for moment in (key.expires_at, key.revoked_at) if moment]
    return Credential(
        key_id=key.pk,
        prefix=key.prefix,
        client_id=key.client_id,
        client=key.client.name,
        scopes=frozenset(key.scopes),
        limit_per_minute=limit_of(key),
        expires_at=min(ends, default=None),
        last_used_at=key.last_used_at,
    )


def limit_of(key: ApiKey) -> int:
    """The key's own limit, else its client's, else the platform's."""
    default: int = settings.API_DEFAULT_LIMIT_PER_MINUTE
    return key.rate_limit_per_minute or key.client.default_limit_per_minute or default


def revoke(key: ApiKey) -> None:
    """Refuse the key from now on; other processes notice within seconds."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])


@transaction.atomic
def roll(key: ApiKey, *, overlap: timedelta = ROLL_OVERLAP) -> IssuedKey:
    """Issue a successor with the same rights; the old key works on for `overlap`."""
    successor = issue(
        client=key.client,
        name=key.name,
        scopes=key.scopes,
        expires_at=key.expires_at,
        rate_limit_per_minute=key.rate_limit_per_minute,
    )
    key.replaced_by = successor.key
    # A key that was to end sooner still does: rolling must not lengthen what was cut short.
    key.revoked_at = min(filter(None, [key.revoked_at, timezone.now() + overlap]))
    key.save(update_fields=["replaced_by", "revoked_at"])
    return successor
