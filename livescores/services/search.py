"""Teams and leagues by a part of their name."""

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Length

from livescores.models import Team, TeamAlias, Tournament, TournamentAlias

MOST = 20  # of each


@dataclass(frozen=True)
class Found:
    """Teams and leagues of such names; more of them may exist than are listed."""

    teams: list[Team]
    leagues: list[Tournament]


def search(text: str) -> Found:
    """Those whose name has every word in it, the shortest names first; of a league, or region.

    A name is also each under which a source or an operator knows them.
    """
    alias = _every_word(text, "name")
    teams = Team.objects.filter(alias | Q(pk__in=TeamAlias.objects.filter(alias).values("team")))
    leagues = Tournament.objects.filter(
        _every_word(text, "name", "region__name")
        | Q(pk__in=TournamentAlias.objects.filter(alias).values("tournament"))
    )
    return Found(
        list(teams.select_related("region").order_by(Length("name"), "name", "pk")[:MOST]),
        list(leagues.select_related("region").order_by("region__name", "tier", "name")[:MOST]),
    )


def _every_word(text: str, *columns: str) -> Q:
    wanted = Q()
    for word in text.split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        wanted &= anywhere
    return wanted
