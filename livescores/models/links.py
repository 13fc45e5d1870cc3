"""What sources call ours, how we know, and what a person decided."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from livescores.models.played import Match, Region, Season, Team, Tournament


class Method(models.TextChoices):
    """The layer of linking that was sure."""

    SAME_NAME = "same_name", "same name"
    KNOWN_SPELLING = "known_spelling", "known spelling"
    FIXTURES = "fixtures", "agreement of fixtures"
    FUZZY_NAME = "fuzzy_name", "alike, met the same opponents"
    NEW = "new", "first of its name"
    OPERATOR = "operator", "decided by an operator"


class Alias(models.Model):
    """A name that a source uses for one of ours, and how we know."""

    Method = Method

    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    source = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    method = models.CharField(max_length=20, choices=Method, default=Method.SAME_NAME)
    score = models.FloatField(default=1.0, help_text="How sure linking was, 0 to 1.")
    evidence = models.JSONField(default=dict, blank=True, help_text="What speaks for it.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"


class TeamAlias(Alias):
    """A source's name or number for a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="aliases")
    external_id = models.CharField(
        max_length=60, blank=True, default="", help_text="The source's number, where it has them."
    )

    class Meta(Alias.Meta):
        verbose_name_plural = "team aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "region", "name", "external_id"], name="alias_once"
            ),
        ]


class TournamentAlias(Alias):
    """A source's name for a tournament."""

    tournament = models.ForeignKey(Tournament, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name_plural = "tournament aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "region", "name"], name="tournament_alias_once"
            ),
        ]


class RegionAlias(Alias):
    """A source's name for a region."""

    class Meta(Alias.Meta):
        verbose_name_plural = "region aliases"
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="region_alias_once"),
        ]


class MatchLink(models.Model):
    """That a source tells of a match, beside the one whose record it is, with its number for it."""

    match = models.ForeignKey(Match, models.CASCADE, related_name="links")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=60, blank=True, default="")
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("match", "source")
        constraints = [
            models.UniqueConstraint(
                fields=["match", "source", "external_id"], name="match_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}".rstrip()


class MatchConflict(models.Model):
    """What a source says otherwise of a match than the source that is believed more.

    An operator's correction is believed most: a source that contradicts it waits for a decision.
    `told` holds the columns of its value, the row that it names in `told_season` or `told_team`.
    """

    class What(models.TextChoices):
        SCORE = "score", "score after 90 minutes"
        HALF_TIME = "half_time", "score at half-time"
        KICK_OFF = "kick_off", "kick-off"
        STATUS = "status", "status"
        SEASON = "season", "season"
        HOME_TEAM = "home_team", "home team"
        AWAY_TEAM = "away_team", "away team"
        NEUTRAL_VENUE = "neutral_venue", "neutral venue"
        HOME_SHOTS = "home_shots", "home shots"
        AWAY_SHOTS = "away_shots", "away shots"
        HOME_SHOTS_ON_TARGET = "home_shots_on_target", "home shots on target"
        AWAY_SHOTS_ON_TARGET = "away_shots_on_target", "away shots on target"
        HOME_CORNERS = "home_corners", "home corners"
        AWAY_CORNERS = "away_corners", "away corners"
        HOME_FOULS = "home_fouls", "home fouls"
        AWAY_FOULS = "away_fouls", "away fouls"
        HOME_YELLOW_CARDS = "home_yellow_cards", "home yellow cards"
        AWAY_YELLOW_CARDS = "away_yellow_cards", "away yellow cards"
        HOME_RED_CARDS = "home_red_cards", "home red cards"
        AWAY_RED_CARDS = "away_red_cards", "away red cards"

    class State(models.TextChoices):
        NOTED = "noted", "noted"  # the source that is believed more is kept
        WAITING = "waiting", "waits for a decision"
        KEPT = "kept", "ours is kept"
        AGREED = "agreed", "agrees by now"

    match = models.ForeignKey(Match, models.CASCADE, related_name="conflicts")
    what = models.CharField(max_length=20, choices=What)
    state = models.CharField(max_length=7, choices=State, default=State.NOTED)
    kept_source = models.CharField(max_length=40)
    kept_value = models.CharField(max_length=120)
    other_source = models.CharField(max_length=40)
    other_value = models.CharField(max_length=120)
    told = models.JSONField(default=dict, blank=True)
    told_season = models.ForeignKey(Season, models.CASCADE, null=True, related_name="+")
    told_team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-seen_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["match", "what", "kept_source", "other_source"], name="match_conflict_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.kept_value}, not {self.other_value}"


def _side(model: type[models.Model], candidates: bool) -> Any:
    """A club, league or region of a review; null for the two others, and once it is no more."""
    name = "reviews_as_candidate" if candidates else "reviews"
    told = "That it may be." if candidates else "As it is now."
    return models.ForeignKey(
        model, models.SET_NULL, null=True, blank=True, related_name=name, help_text=told
    )


class LinkReview(models.Model):
    """A club, league or region that may be another of ours: a person says whether they are one."""

    class What(models.TextChoices):
        CLUB = "club"
        LEAGUE = "league"
        REGION = "region"

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    what = models.CharField(max_length=6, choices=What, default=What.CLUB, db_default=What.CLUB)
    team = _side(Team, candidates=False)
    candidate = _side(Team, candidates=True)
    tournament = _side(Tournament, candidates=False)
    tournament_candidate = _side(Tournament, candidates=True)
    region = _side(Region, candidates=False)
    region_candidate = _side(Region, candidates=True)
    source = models.CharField(max_length=40)
    name = models.CharField(max_length=120, help_text="As the source has it.")
    score = models.FloatField(help_text="How likely they are one, 0 to 1.")
    evidence = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-score", "pk")
        constraints = [
            models.UniqueConstraint(fields=["team", "candidate"], name="link_review_once"),
            models.UniqueConstraint(
                fields=["tournament", "tournament_candidate"], name="league_review_once"
            ),
            models.UniqueConstraint(
                fields=["region", "region_candidate"], name="region_review_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"

    @property
    def sides(self) -> tuple[models.Model | None, models.Model | None]:
        """What the name stands for now, and what it may be."""
        if self.what == self.What.LEAGUE:
            return self.tournament, self.tournament_candidate
        if self.what == self.What.REGION:
            return self.region, self.region_candidate
        return self.team, self.candidate


class LinkDecision(models.Model):
    """What a person decided on links, with all that it changed, so that it can be undone.

    Rows are only ever added; undoing adds one, too.
    """

    class Action(models.TextChoices):
        ACCEPT = "accept"
        REJECT = "reject"
        MERGE = "merge"
        SPLIT = "split"
        JOIN = "join"
        UNDO = "undo"

    action = models.CharField(max_length=6, choices=Action)
    summary = models.CharField(max_length=400)
    review = models.ForeignKey(
        LinkReview, models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    changes = models.JSONField(default=dict, blank=True)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(action="undo", undoes__isnull=False)
                | (~Q(action="undo") & Q(undoes=None)),
                name="link_decision_undoes_one",
            ),
        ]

    def __str__(self) -> str:
        return self.summary


class WaitingEvent(models.Model):
    """An event of a feed that is no match of ours for certain, until a person says which."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=60)
    home = models.CharField(max_length=120)
    away = models.CharField(max_length=120)
    region = models.CharField(max_length=80, blank=True)
    competition = models.CharField(max_length=200, blank=True)
    start_time_utc = models.DateTimeField("kick-off")
    candidate = models.ForeignKey(
        Match, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The likeliest."
    )
    likeness = models.FloatField(help_text="Of the names that are less alike, 0 to 1.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-likeness", "-last_seen_at")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="waiting_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.home} v {self.away} ({self.source})"
