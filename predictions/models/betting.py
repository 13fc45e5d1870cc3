"""Betting simulations and what they returned."""

from django.db import models
from django.utils import timezone

from livescores.models import Region
from predictions.models.odds import Bookmaker
from predictions.models.predictions import BatchRun, Stage


class BettingRun(models.Model):
    """One betting simulation over a stage's out-of-sample predictions."""

    stage = models.CharField(max_length=10, choices=Stage)
    batch = models.ForeignKey(BatchRun, models.PROTECT, related_name="betting_runs")
    computed_at = models.DateTimeField(default=timezone.now)
    n_matches = models.PositiveIntegerField(help_text="Settled matches with odds.")

    class Meta:
        ordering = ("-computed_at",)

    def __str__(self) -> str:
        return f"{self.stage}, {self.computed_at:%Y-%m-%d %H:%M}"


class RegionReturn(models.Model):
    """What a staking strategy returned in a region."""

    class Strategy(models.TextChoices):
        FLAT = "flat"
        KELLY = "kelly"

    run = models.ForeignKey(BettingRun, models.CASCADE, related_name="returns")
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    bookmaker = models.ForeignKey(Bookmaker, models.CASCADE, related_name="+")
    strategy = models.CharField(max_length=5, choices=Strategy)
    min_edge = models.FloatField(help_text="Bets are placed at this expected value or more.")
    n_matches = models.PositiveIntegerField()
    n_bets = models.PositiveIntegerField()
    n_won = models.PositiveIntegerField()
    staked = models.FloatField()
    profit = models.FloatField()
    roi_ci_low = models.FloatField(null=True, blank=True, help_text="Per cent, 90 % interval.")
    roi_ci_high = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("run", "region", "min_edge")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "region", "bookmaker", "strategy", "min_edge"], name="return_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.strategy} {self.min_edge:g}"

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
