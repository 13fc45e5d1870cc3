"""Prices: whose, when they stood, how we know, and those that cannot be true."""

from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from livescores.models import Match
from livescores.sources.records import ASIAN_HANDICAP, OVER_UNDER


class Bookmaker(models.Model):
    """Who offers a price; market summaries (average, best) stand beside the books."""

    class Kind(models.TextChoices):
        BOOK = "book", "a bookmaker's own book"
        AVERAGE = "average", "mean over bookmakers"
        BEST = "best", "best price over bookmakers"

    code = models.CharField(max_length=20, unique=True, help_text="As the API shows it: B365.")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BOOK)
    priority = models.PositiveSmallIntegerField(
        default=100, help_text="Whose price a card shows where none is asked for: lowest first."
    )

    class Meta:
        ordering = ("priority", "code")

    def __str__(self) -> str:
        return self.code


class OddsSource(models.Model):
    """A source of prices, and whether its terms let us pass them on."""

    name = models.CharField(primary_key=True, max_length=40)
    may_pass_on = models.BooleanField(
        default=True,
        help_text="Off: the API leaves this source's prices out; models and simulations, whose "
        "results hold no price, still use them.",
    )
    note = models.TextField(blank=True, help_text="The terms, or where they stand.")
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PriceKind(models.TextChoices):
    OPENING = "opening"
    PRE_MATCH = "pre_match", "pre-match"
    CLOSING = "closing"
    LIVE = "live"


class PriceMoment(models.TextChoices):
    """How we know when a price stood."""

    STATED = "stated", "the source says it"
    READ = "read", "when we read it"
    HABIT = "habit", "by the source's habit"
    KICK_OFF = "kick_off", "just before kick-off: the source calls it closing, no more"


class Market(models.TextChoices):
    """What is bet on, as the API names it."""

    RESULT = "1x2", "1X2"
    OVER_UNDER = OVER_UNDER, "over/under"
    ASIAN_HANDICAP = ASIAN_HANDICAP, "Asian handicap"


IN_QUARANTINE = "Held back: nothing uses it until an operator or other prices release it."


class Odds(models.Model):
    """One bookmaker's decimal 1X2 prices at one moment.

    Append-only: the database refuses to change or delete one. Only its match may change, where two
    rows of a match turn out to be one, and whether it is held back in quarantine.
    """

    Kind = PriceKind
    Moment = PriceMoment

    id = models.BigAutoField(primary_key=True)
    match = models.ForeignKey(Match, models.PROTECT, related_name="odds", db_index=False)
    bookmaker = models.ForeignKey(Bookmaker, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=PriceKind)
    captured_at = models.DateTimeField(help_text="When the price stood.")
    moment = models.CharField(
        "how we know when", max_length=8, choices=PriceMoment, default=PriceMoment.STATED
    )
    recorded_at = models.DateTimeField(default=timezone.now, help_text="When we stored it.")
    source = models.CharField(max_length=40)
    odd_home = models.FloatField()
    odd_draw = models.FloatField()
    odd_away = models.FloatField()
    is_quarantined = models.BooleanField(
        "in quarantine", default=False, db_default=False, help_text=IN_QUARANTINE
    )

    class Meta:
        verbose_name_plural = "odds"
        constraints = [
            models.CheckConstraint(
                condition=Q(odd_home__gt=1, odd_draw__gt=1, odd_away__gt=1)
                & Q(odd_home__lt=10_000, odd_draw__lt=10_000, odd_away__lt=10_000),
                name="odds_above_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["match", "bookmaker", "captured_at", "recorded_at"], name="odds_of_match"
            ),
            # Rows come in this order, so a few bytes a block find what one job stored.
            BrinIndex(fields=["recorded_at"], name="odds_by_recording"),
        ]

    def __str__(self) -> str:
        return f"{self.odd_home:g} / {self.odd_draw:g} / {self.odd_away:g}"


class TwoWayOdds(models.Model):
    """One bookmaker's decimal prices of a market with two sides and a line, at one moment.

    A table beside `Odds`, and append-only like it: what reads 1X2 prices never meets these rows.
    """

    id = models.BigAutoField(primary_key=True)
    match = models.ForeignKey(Match, models.PROTECT, related_name="two_way_odds", db_index=False)
    bookmaker = models.ForeignKey(Bookmaker, models.PROTECT, related_name="+", db_index=False)
    captured_at = models.DateTimeField(help_text="When the price stood.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="When we stored it.")
    line = models.FloatField(help_text="Goals in all, or goals added to the home side's score.")
    odd_first = models.FloatField("over or home", help_text="Decimal: of over, or of home.")
    odd_second = models.FloatField("under or away", help_text="Decimal: of under, or of away.")
    is_quarantined = models.BooleanField(
        "in quarantine", default=False, db_default=False, help_text=IN_QUARANTINE
    )
    market = models.CharField(max_length=14, choices=Market.choices[1:])
    kind = models.CharField(max_length=9, choices=PriceKind)
    moment = models.CharField(
        "how we know when", max_length=8, choices=PriceMoment, default=PriceMoment.STATED
    )
    source = models.CharField(max_length=40)

    class Meta:
        verbose_name = "two-way odds"
        verbose_name_plural = "two-way odds"
        constraints = [
            models.CheckConstraint(
                condition=Q(odd_first__gt=1, odd_second__gt=1)
                & Q(odd_first__lt=10_000, odd_second__lt=10_000),
                name="two_way_odds_above_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["match", "bookmaker", "captured_at"], name="two_way_odds_of_match"
            ),
            BrinIndex(fields=["recorded_at"], name="two_way_odds_by_recording"),
        ]

    def __str__(self) -> str:
        return f"{self.odd_first:g} / {self.odd_second:g} at {self.line:g}"


class QuarantineQuerySet(models.QuerySet["QuarantinedOdds"]):
    def waiting(self) -> Self:
        return self.filter(state=QuarantinedOdds.State.WAITING)


class QuarantinedOdds(models.Model):
    """Prices that cannot be true, or that others contradict; nothing uses them until released."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RELEASED = "released"
        DISCARDED = "discarded"
        CLEARED = "cleared", "cleared by other prices"

    class Rule(models.TextChoices):
        IMPOSSIBLE = "impossible", "cannot be a book"
        CONTRADICTED = "contradicted", "others say otherwise"

    match = models.ForeignKey(
        Match, models.CASCADE, related_name="quarantined_odds", db_index=False
    )
    bookmaker = models.ForeignKey(Bookmaker, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=PriceKind)
    captured_at = models.DateTimeField(help_text="When the price stood.")
    moment = models.CharField("how we know when", max_length=8, choices=PriceMoment)
    source = models.CharField(max_length=40)
    market = models.CharField(
        max_length=14, choices=Market, default=Market.RESULT, db_default=Market.RESULT
    )
    market_line = models.FloatField(
        "line", null=True, blank=True, help_text="Of a market with two sides."
    )
    as_read = models.CharField("prices as read", max_length=200)
    odd_home = models.FloatField(null=True, help_text="Empty: what was read is no number.")
    odd_draw = models.FloatField(null=True)
    odd_away = models.FloatField(null=True)
    rule = models.CharField(
        max_length=12, choices=Rule, default=Rule.IMPOSSIBLE, db_default=Rule.IMPOSSIBLE
    )
    reason = models.CharField(max_length=200)
    file = models.CharField(max_length=300, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField("why", max_length=300, blank=True)
    released_as = models.OneToOneField(
        Odds,
        models.PROTECT,
        verbose_name="stored as",
        null=True,
        blank=True,
        related_name="released_from",
        help_text="The row that holds these prices; contradicted ones are held back in it.",
    )
    released_as_two_way = models.OneToOneField(
        TwoWayOdds,
        models.PROTECT,
        verbose_name="stored as two-way odds",
        null=True,
        blank=True,
        related_name="released_from",
    )

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        verbose_name = "quarantined odds"
        verbose_name_plural = "quarantined odds"
        ordering = ("-found_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["match", "bookmaker", "kind", "source", "as_read"],
                condition=Q(rule="impossible"),
                name="quarantined_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bookmaker} {self.as_read}"
