"""Where the clubs of a cup above countries are at home: there they have their league and ratings.

Some sources tell of such a cup without the clubs' countries. A club is then the one whose number
the source has told in a league, or the only one of that name in the cup's countries. One that was
first told of in a cup goes to its country once a league tells of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from livescores.linking.source_fixtures import ClubName
from livescores.linking.spelling import essence, mark
from livescores.models import Region, Team, TeamAlias
from livescores.services import import_changes
from livescores.services.names import Names
from livescores.sources.countries import ABOVE_COUNTRIES, COUNTRIES

Essence = tuple[tuple[str, ...], str]


def settle(names: Names, clubs: Iterable[ClubName]) -> None:
    """Know clubs of cups by those of the countries, as far as they are sure."""
    told = list(clubs)
    _go_home(names, [club for club in told if club.region not in ABOVE_COUNTRIES])
    strangers = [club for club in told if club.region in COUNTRIES and not names.known_team(club)]
    for region in sorted({club.region for club in strangers}):
        known = _by_name(COUNTRIES[region])
        countries = Region.objects.filter(name__in=COUNTRIES[region])
        import_changes.keep_compared(Region, countries.values_list("pk", flat=True))
        for club in strangers:
            if club.region == region and len(ours := known[_essence(club.name)]) == 1:
                _call(names, club, ours)


def _call(names: Names, club: ClubName, teams: Mapping[int, str]) -> None:
    ((team_id, country),) = teams.items()
    method = TeamAlias.Method.SAME_NAME
    alias = TeamAlias(team_id=team_id, method=method, evidence={"told_in": club.region})
    names.call(club._replace(region=country), alias)
    if not club.external_id:  # a number says who it is in the cup, too
        names.call(club, TeamAlias(team_id=team_id, method=method, evidence={"home": country}))


def _by_name(countries: Iterable[str]) -> Mapping[Essence, dict[int, str]]:
    """Teams, each with its country, by what their names say."""
    found: dict[Essence, dict[int, str]] = defaultdict(dict)
    rows = TeamAlias.objects.filter(
        team__region__name__in=countries, team__region__is_simulated=False
    )
    for team_id, country, ours, name in rows.values_list(
        "team_id", "team__region__name", "team__name", "name"
    ):
        for one in (ours, name):
            found[_essence(one)][team_id] = country
    return found


def _essence(name: str) -> Essence:
    return essence(name), mark(name)


def _go_home(names: Names, clubs: Iterable[ClubName]) -> None:
    for club in clubs:
        team_id = names.abroad.pop(club.external_id, None)
        if team_id is None:
            continue
        team = Team.objects.get(pk=team_id)
        team.region_id = names.region(club.region)
        if Team.objects.filter(region_id=team.region_id, name=team.name).exists():
            team.name = f"{team.name} ({names.source} {club.external_id})"
        team.save(update_fields=["region", "name"])
        names.call(club, TeamAlias(team=team, method=TeamAlias.Method.NEW))
