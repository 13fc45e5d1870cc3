"""Betting simulations and what they returned."""

from django.db import models
from django.utils import timezone

from livescores.models import Region, Tournament
from predictions.models.odds import Bookmaker
from predictions.models.predictions import BatchRun, Stage


class MarginMethod(models.TextChoices):
    """How a bookmaker's margin is taken out of its prices."""

    PROPORTIONAL = "proportional"
    SHIN = "shin", "Shin"
    POWER = "power"


class BettingRun(models.Model):
    """One betting simulation over a stage's out-of-sample predictions."""

    stage = models.CharField(max_length=10, choices=Stage)
    batch = models.ForeignKey(BatchRun, models.PROTECT, related_name="betting_runs")
    computed_at = models.DateTimeField(default=timezone.now)
    n_matches = models.PositiveIntegerField(help_text="Settled matches with odds.")
    n_issued = models.PositiveIntegerField(
        "issued before kick-off",
        null=True,
        blank=True,
        help_text="Of those; the others were predicted afterwards.",
    )
    margin_method = models.CharField(
        max_length=12,
        choices=MarginMethod,
        default=MarginMethod.SHIN,
        help_text="How the closing line's margin was removed, for the closing-line value.",
    )

    class Meta:
        ordering = ("-computed_at",)

    def __str__(self) -> str:
        return f"{self.stage}, {self.computed_at:%Y-%m-%d %H:%M}"

    @property
    def n_retrospective(self) -> int | None:
        """Predicted afterwards; None in simulations that did not count them."""
        return None if self.n_issued is None else self.n_matches - self.n_issued


class Strategy(models.TextChoices):
    FLAT = "flat"
    KELLY = "kelly"


class Verdict(models.TextChoices):
    """What a return's interval proves."""

    LOSS = "loss", "a loss is proven"
    OPEN = "open", "not proven either way"
    GAIN = "gain", "a gain is proven"


class BettingReturn(models.Model):
    """What a way to bet returned on a group of matches: one table for each kind of group."""

    Strategy = Strategy

    run = models.ForeignKey(BettingRun, models.CASCADE, db_index=False)
    bookmaker = models.ForeignKey(Bookmaker, models.CASCADE, related_name="+", db_index=False)
    strategy = models.CharField(max_length=5, choices=Strategy)
    min_edge = models.FloatField(help_text="Bets are placed at this expected value or more.")
    n_matches = models.PositiveIntegerField()
    n_bets = models.PositiveIntegerField()
    n_won = models.PositiveIntegerField()
    n_void = models.PositiveIntegerField(default=0, help_text="Bets whose stakes went back.")
    staked = models.FloatField()
    profit = models.FloatField()
    roi_ci_low = models.FloatField(
        null=True, blank=True, help_text="Per cent, 90 % interval; empty: too few bets to tell."
    )
    roi_ci_high = models.FloatField(null=True, blank=True)
    clv_pct = models.FloatField(
        "closing-line value",
        null=True,
        blank=True,
        help_text="Mean profit in per cent of a unit at the price taken, if the closing line's "
        "chances are right.",
    )

    class Meta:
        abstract = True

    @property
    def bet_rate(self) -> float:
        """Share of the matches that were bet on."""
        return self.n_bets / self.n_matches if self.n_matches else 0.0

    @property
    def hit_rate(self) -> float | None:
        """Share of the bets that were won."""
        return self.n_won / self.n_bets if self.n_bets else None

    @property
    def roi_pct(self) -> float | None:
        """Profit in per cent of the stakes."""
        return 100 * self.profit / self.staked if self.staked else None

    @property
    def is_proven(self) -> bool:
        """Whether the whole interval of the return lies above nothing."""
        return self.verdict == Verdict.GAIN

    @property
    def verdict(self) -> Verdict:
        """Where the whole interval lies; with too few bets to have one, nothing is proven."""
        if self.roi_ci_low is not None and self.roi_ci_low > 0:
            return Verdict.GAIN
        if self.roi_ci_high is not None and self.roi_ci_high < 0:
            return Verdict.LOSS
        return Verdict.OPEN


class OverallReturn(BettingReturn):
    """All groups together: the sweep over thresholds."""

    class Meta:
        ordering = ("run", "bookmaker", "strategy", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "bookmaker", "strategy", "min_edge"], name="overall_return_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} {self.min_edge:g}"


class EdgeReturn(BettingReturn):
    """All groups together, by how large the edge was: from `min_edge` to below `max_edge`."""

    max_edge = models.FloatField(null=True, blank=True, help_text="Empty: without a limit.")

    class Meta:
        ordering = ("run", "bookmaker", "strategy", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "bookmaker", "strategy", "min_edge"], name="edge_return_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} {self.min_edge:g}"


class RegionReturn(BettingReturn):
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("run", "region", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "region", "bookmaker", "strategy", "min_edge"], name="return_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.strategy} {self.min_edge:g}"


class TournamentReturn(BettingReturn):
    tournament = models.ForeignKey(Tournament, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("run", "tournament", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "tournament", "bookmaker", "strategy", "min_edge"],
                name="tournament_return_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tournament} {self.strategy} {self.min_edge:g}"


class MonthReturn(BettingReturn):
    month = models.DateField(help_text="Its first day; by kick-off in UTC.")

    class Meta:
        ordering = ("run", "month", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "month", "bookmaker", "strategy", "min_edge"],
                name="month_return_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.strategy} {self.min_edge:g}"
