"""How strong clubs were, month by month."""

from django.contrib import admin
from django.db.models import Q, QuerySet

from livescores.admin import MOST_WORDS
from livescores.models import Team
from predictions.models import TeamRating
from soccerpredict.back_office.admin import BigTableAdmin

MOST_TEAMS = 100


@admin.register(TeamRating)
class TeamRatingAdmin(BigTableAdmin):
    list_display = ("team", "at", "rating", "goals_for", "goals_against")
    list_select_related = ("team",)
    search_fields = ("team__name",)
    search_help_text = "Words of the club's name."
    fields = ("team", "at", "rating", ("goals_for", "goals_against"))

    def search(self, queryset: QuerySet[TeamRating], search_term: str) -> QuerySet[TeamRating]:
        words = search_term.split()[:MOST_WORDS]
        teams = Team.objects.filter(*(Q(name__icontains=word) for word in words)).order_by("name")
        return queryset.filter(team__in=list(teams.values_list("pk", flat=True)[:MOST_TEAMS]))

    @admin.display(description="Elo")
    def rating(self, rating: TeamRating) -> str:
        return f"{rating.elo:.0f}"

    @admin.display(description="scores")
    def goals_for(self, rating: TeamRating) -> str:
        return f"{rating.scored:.2f}"

    @admin.display(description="concedes")
    def goals_against(self, rating: TeamRating) -> str:
        return f"{rating.conceded:.2f}"
