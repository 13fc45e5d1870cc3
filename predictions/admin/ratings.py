"""How strong clubs were, month by month."""

from django.contrib import admin

from livescores.admin_search import OfTeamAdmin
from predictions.models import TeamRating


@admin.register(TeamRating)
class TeamRatingAdmin(OfTeamAdmin):
    list_display = ("team", "at", "rating", "goals_for", "goals_against")
    fields = ("team", "at", "rating", ("goals_for", "goals_against"))

    @admin.display(description="Elo")
    def rating(self, rating: TeamRating) -> str:
        return f"{rating.elo:.0f}"

    @admin.display(description="scores")
    def goals_for(self, rating: TeamRating) -> str:
        return f"{rating.scored:.2f}"

    @admin.display(description="concedes")
    def goals_against(self, rating: TeamRating) -> str:
        return f"{rating.conceded:.2f}"
