"""How lists of the admin are searched by clubs, and filtered by days."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from livescores.models import Team
from soccerpredict.back_office.admin import BigTableAdmin

MOST_WORDS = 5
MOST_DIGITS = 18
MOST_TEAMS = 100


def named(search_term: str) -> Q:
    """Matches with every word in a team's name, or of that number.

    The teams are looked up first, so that the matches come from the indexes by team.
    """
    found = Q()
    for word in search_term.split()[:MOST_WORDS]:
        teams = list(Team.objects.filter(name__icontains=word).values_list("pk", flat=True))
        meant = Q(home_team__in=teams) | Q(away_team__in=teams)
        if word.isdecimal() and len(word) <= MOST_DIGITS:
            meant |= Q(pk=int(word))
        found &= meant
    return found


class DaysFilter(RangeDateFilter):  # type: ignore[misc]
    """From the first day to the end of the last one, in UTC; unfold's own ends at its midnight."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = self.day("from"), self.day("to")
        if first:
            start = datetime.combine(first, datetime.min.time(), UTC)
            queryset = queryset.filter(**{f"{self.field_path}__gte": start})
        if last:
            end = datetime.combine(last, datetime.max.time(), UTC)
            queryset = queryset.filter(**{f"{self.field_path}__lte": end})
        return queryset

    def day(self, end: str) -> date | None:
        text = self.used_parameters.get(f"{self.field_path}_{end}")
        day: date | None = parse_date_str(text) if text else None
        return day


class OfTeamAdmin(BigTableAdmin):
    """A big table about clubs: the teams are looked up first, and their rows by an index."""

    list_select_related = ("team",)
    search_fields = ("team__name",)
    search_help_text = "Words of the club's name."

    def search(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        words = search_term.split()[:MOST_WORDS]
        teams = Team.objects.filter(*(Q(name__icontains=word) for word in words)).order_by("name")
        return queryset.filter(team__in=list(teams.values_list("pk", flat=True)[:MOST_TEAMS]))
