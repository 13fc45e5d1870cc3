"""How strong clubs are, by month."""

from django.db import models

from livescores.models import Team


class TeamRating(models.Model):
    """How strong a club was at the start of a month in which it had played, or is by now."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="ratings", db_index=False)
    at = models.DateTimeField(help_text="Results known by then count.")
    elo = models.FloatField(help_text="1500 is where a club begins.")
    scored = models.FloatField(help_text="Goals a match against an average side of its league.")
    conceded = models.FloatField()

    class Meta:
        ordering = ("team", "at")
        constraints = [
            models.UniqueConstraint(fields=["team", "at"], name="team_rating_once"),
        ]

    def __str__(self) -> str:
        return f"{self.elo:.0f}"
