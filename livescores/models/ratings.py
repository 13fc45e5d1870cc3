"""What others think of a club's strength."""

from django.db import models

from livescores.models.played import Team


class ClubRating(models.Model):
    """Another's rating of a club from a day on: a prior, never an outcome of ours."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="club_ratings")
    source = models.CharField(max_length=40)
    rating = models.FloatField()
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("team", "source", "first_day")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "source", "first_day"], name="club_rating_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.rating:.0f} from {self.first_day} ({self.source})"
