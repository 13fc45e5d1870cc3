"""Who may ask: API clients and their keys. The key itself is nowhere: only a keyed digest."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

MAX_LIMIT = 1_000_000


class Scope(models.TextChoices):
    READ = "read", "read stored predictions, cards, odds and model information"
    LIVE = "live", "ask for live predictions"


def all_scopes() -> list[str]:
    return [Scope.READ.value, Scope.LIVE.value]


class ApiClient(models.Model):
    """A program or an organisation that holds keys."""

    name = models.CharField(max_length=80, unique=True)
    contact = models.CharField(max_length=200, blank=True, help_text="Whom to tell of changes.")
    is_active = models.BooleanField(default=True, help_text="Off: none of its keys works.")
    default_limit_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_LIMIT)],
        help_text="Requests a minute for a key without a limit of its own; empty: the platform's.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "API client"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, moment: datetime) -> Self:
        """Neither revoked nor expired, of a client that is active."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=moment),
            Q(revoked_at=None) | Q(revoked_at__gt=moment),
            client__is_active=True,
        )


class ApiKey(models.Model):
    """One key: told from others by its prefix, verified by the digest of its whole text."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80, blank=True, help_text="What it is used for.")
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope), default=all_scopes)
    rate_limit_per_minute = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_LIMIT)],
        help_text="Empty: the client's.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(
        null=True, blank=True, help_text="From this moment on it is refused."
    )
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To the minute."
    )
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", editable=False
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=["read", "live"]),
                name="api_key_scopes_known",
            ),
        ]

    def __str__(self) -> str:
        return f"sp_{self.prefix}_…"


class KeyUsage(models.Model):
    """How many requests a key was admitted to on a UTC day."""

    # The index of the constraint below begins with the key.
    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="usage", db_index=False)
    day = models.DateField()
    requests = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "key usage"
        ordering = ("-day", "-requests")
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="key_usage_once_a_day"),
        ]
        indexes = [models.Index(fields=["-day", "-requests"], name="key_usage_newest")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.requests:,}"


class WrongPasswords(models.Model):
    """How often in a row a sign-in failed: of an account at a place, or of all at an address."""

    account = models.CharField(max_length=64, help_text="A digest; empty: of all accounts.")
    place = models.CharField(max_length=64, help_text="An address, or a browser that is known.")
    n_tries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "wrong passwords"
        ordering = ("-last_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["account", "place"], name="wrong_passwords_once"),
        ]

    def __str__(self) -> str:
        return f"{self.n_tries} from {self.place}"
