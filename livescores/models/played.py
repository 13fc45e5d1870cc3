"""What is played: regions, tournaments, seasons, teams and their matches."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

# A match with its stoppages and half-time is over by then; used where no final whistle is stored.
USUAL_LENGTH = timedelta(hours=2, minutes=15)
# Extra time, penalties and interruptions included.
LONGEST_LENGTH = timedelta(hours=5)
# Noon UTC stands for an unknown time of day: by next morning every match of the day is over, and
# until then its result must not be taken for known.
DAY_ONLY_LENGTH = timedelta(hours=18)
# A match that sources call live, and then none of them does any more.
LONGEST_SILENCE = timedelta(hours=3)


class Region(models.Model):
    """A country or another area that runs its own tournaments."""

    name = models.CharField(max_length=80, unique=True)
    is_simulated = models.BooleanField(
        default=False, help_text="An invented world, made by simulate_world."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Tournament(models.Model):
    """A league or cup of a region."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="tournaments")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=20, blank=True, help_text="The source's code, as E0.")
    tier = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 is the top league.")
    is_cup = models.BooleanField(
        default=False, db_default=False, help_text="It has no table, and its clubs have leagues."
    )

    class Meta:
        ordering = ("region__name", "tier", "name")
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="tournament_once_per_region"),
        ]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """One edition of a tournament."""

    tournament = models.ForeignKey(Tournament, models.PROTECT, related_name="seasons")
    name = models.CharField(max_length=20, help_text="2022-23, or 2022 in calendar-year leagues.")
    told_name = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="What sources call it, where an operator named it otherwise.",
    )

    class Meta:
        ordering = ("tournament", "name")
        constraints = [
            models.UniqueConstraint(fields=["tournament", "name"], name="season_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A club, under the one name that the platform shows."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="team_once_per_region"),
        ]

    def __str__(self) -> str:
        return self.name


class PointsDeduction(models.Model):
    """Points that a league took from a club, or gave back on appeal, and when that was known."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="deductions")
    team = models.ForeignKey(Team, models.PROTECT, related_name="deductions")
    points = models.SmallIntegerField(help_text="Taken away; negative: given back on appeal.")
    decided_at = models.DateTimeField(
        "decided", help_text="From then on it counts in tables and features, never before."
    )
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("-decided_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="deduction_of_some_points"),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.season}: {-self.points:+d}"

    def clean(self) -> None:
        if self.decided_at and self.decided_at > timezone.now():
            raise ValidationError({"decided_at": "It lies in the future: enter it once decided."})
        if self.team_id and self.season_id and not self._plays():
            raise ValidationError({"team": "It plays no match of this season."})

    def _plays(self) -> bool:
        sides = Q(home_team=self.team_id) | Q(away_team=self.team_id)
        return Match.objects.filter(sides, season=self.season_id).exists()


class MatchStatus(models.TextChoices):
    SCHEDULED = "scheduled"
    LIVE = "live"
    FINISHED = "finished"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    AWARDED = "awarded"
    UNKNOWN = "unknown"


class MatchQuerySet(models.QuerySet["Match"]):
    def standing(self) -> Self:
        """One row a match: without those that turned out to be another's."""
        return self.filter(same_as=None)

    def settled(self) -> Self:
        """Matches played to the end: the only ones that a bet or a score is settled on."""
        return self.standing().filter(status=MatchStatus.FINISHED)

    def as_of(self, moment: datetime) -> Self:
        """Matches whose result was known at `moment`: all that a model may learn from."""
        return self.settled().filter(
            Q(finished_at__lte=moment)
            | Q(finished_at=None)
            & (
                Q(has_kickoff_time=True, start_time_utc__lte=moment - USUAL_LENGTH)
                | Q(has_kickoff_time=False, start_time_utc__lte=moment - DAY_ONLY_LENGTH)
            )
        )

    def silent(self, now: datetime) -> Self:
        """Live matches that no source has confirmed for hours."""
        heard = self.annotate(heard_at=Coalesce("live_at", "start_time_utc"))
        return heard.filter(status=MatchStatus.LIVE, heard_at__lt=now - LONGEST_SILENCE)

    def overdue(self, before: datetime) -> Self:
        """Fixtures that kicked off before that moment, and of which no source told more."""
        return self.filter(status=MatchStatus.SCHEDULED, start_time_utc__lt=before)

    def as_shown(self, now: datetime) -> Self:
        """With `shown_status`: nobody knows how a silent match stands."""
        silent = Q(status=MatchStatus.LIVE, heard_at__lt=now - LONGEST_SILENCE)
        return self.standing().annotate(
            heard_at=Coalesce("live_at", "start_time_utc"),
            shown_status=Case(When(silent, then=Value(MatchStatus.UNKNOWN)), default="status"),
            shown_minute=Case(When(silent, then=Value(None)), default="minute"),
        )

    def in_order(self) -> Self:
        return self.order_by("start_time_utc", "id")

    def with_names(self) -> Self:
        return self.select_related("home_team", "away_team", "season__tournament__region")


def _count(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Match(models.Model):
    """One match; the score is the one after 90 minutes, which settles 1X2."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="matches")
    home_team = models.ForeignKey(Team, models.PROTECT, related_name="home_matches")
    away_team = models.ForeignKey(Team, models.PROTECT, related_name="away_matches")
    start_time_utc = models.DateTimeField("kick-off")
    has_kickoff_time = models.BooleanField(
        default=True, help_text="False: the source gave the day only, and noon UTC stands for it."
    )
    status = models.CharField(max_length=10, choices=MatchStatus, default=MatchStatus.SCHEDULED)
    neutral_venue = models.BooleanField(default=False)
    source = models.CharField(max_length=40, help_text="Where this record comes from.")
    home_score = _count("home goals")
    away_score = _count("away goals")
    home_half_time_score = _count("home goals at half-time")
    away_half_time_score = _count("away goals at half-time")
    home_shots = _count("home shots")
    away_shots = _count("away shots")
    home_shots_on_target = _count("home shots on target")
    away_shots_on_target = _count("away shots on target")
    home_corners = _count("home corners")
    away_corners = _count("away corners")
    home_fouls = _count("home fouls")
    away_fouls = _count("away fouls")
    home_yellow_cards = _count("home yellow cards")
    away_yellow_cards = _count("away yellow cards")
    home_red_cards = _count("home red cards")
    away_red_cards = _count("away red cards")
    minute = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The minute under way, where a source tells it."
    )
    live_at = models.DateTimeField(
        null=True, blank=True, help_text="When a source last told of it while it was played."
    )
    finished_at = models.DateTimeField(
        null=True, blank=True, help_text="The final whistle, where the source tells it."
    )
    updated_at = models.DateTimeField(default=timezone.now)
    corrected = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        db_default=[],
        help_text="What an operator has set: no source rewrites it.",
    )

    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="joined",
        help_text="The row that stands for this match, where two rows turned out to be one.",
    )

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        ordering = ("start_time_utc", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(home_team=F("away_team")), name="match_team_does_not_play_itself"
            ),
            models.CheckConstraint(
                condition=Q(home_score=None, away_score=None)
                | Q(home_score__isnull=False, away_score__isnull=False),
                name="match_score_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="finished") | Q(home_score__isnull=False),
                name="match_finished_has_score",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MatchStatus.values), name="match_status_known"
            ),
            models.UniqueConstraint(
                fields=["home_team", "away_team", "start_time_utc"],
                condition=Q(same_as=None),
                name="match_once_per_kick_off",
            ),
        ]
        indexes = [
            models.Index(fields=["start_time_utc", "id"], name="match_in_order"),
            models.Index(fields=["season", "start_time_utc"], name="match_by_season"),
            models.Index(fields=["away_team", "start_time_utc"], name="match_by_away_team"),
            models.Index(fields=["home_team", "start_time_utc"], name="match_by_home_team"),
            models.Index(fields=["status", "start_time_utc"], name="match_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.home_team} v {self.away_team}, {self.start_time_utc:%Y-%m-%d}"

    @property
    def longest(self) -> timedelta:
        """From its kick-off until it is over, whatever delayed it."""
        return LONGEST_LENGTH if self.has_kickoff_time else DAY_ONLY_LENGTH

    def go_on(self, minute: int | None, at: datetime) -> None:
        """It was under way at that moment. Not saved."""
        self.status, self.minute = MatchStatus.LIVE, minute
        self.live_at, self.updated_at = at, timezone.now()

    def finish(self, at: datetime) -> bool:
        """The final whistle; without a score nothing is settled, and it stays open. Not saved."""
        if self.home_score is None:
            return False
        self.status, self.minute = MatchStatus.FINISHED, None
        # A provider may correct a record days later: the whistle was blown long before.
        self.finished_at = self.live_at = min(at, self.start_time_utc + self.longest)
        self.updated_at = timezone.now()
        return True
