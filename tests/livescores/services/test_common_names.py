"""Names that people use for the clubs of the main leagues."""

from collections import Counter

import pytest
from django.core.management import call_command

from livescores.linking.spelling import bare, mark
from livescores.models import LinkReview, Match, Team, TeamAlias
from livescores.services import common_names
from livescores.services.known_names import KnownNames
from livescores.services.search import search
from livescores.sources.football_data.names import DIVISIONS
from livescores.sources.records import TournamentRecord
from tests.livescores.services.linked_records import store
from tests.livescores.services.rounds import season

COMMON = {
    "Man United": ("England", "Man Utd", "Manchester United", "manchester utd"),
    "Man City": ("England", "Manchester City"),
    "Tottenham": ("England", "Spurs", "Tottenham Hotspur"),
    "QPR": ("England", "Queens Park Rangers", "Queen's Park Rangers"),
    "Nott'm Forest": ("England", "Nottingham Forest", "Nottm Forest"),
    "Wolves": ("England", "Wolverhampton Wanderers"),
    "Sheffield Weds": ("England", "Sheffield Wed", "Sheffield Wednesday"),
    "Oxford": ("England", "Oxford Utd"),
    "Paris SG": ("France", "PSG", "Paris Saint-Germain", "Paris Saint Germain"),
    "Inter": ("Italy", "Internazionale Milano", "FC Internazionale", "Inter Milan"),
    "Barcelona": ("Spain", "Barça", "FC Barcelona"),
    "Ath Bilbao": ("Spain", "Athletic Club", "Athletic Bilbao"),
    "Sociedad": ("Spain", "Real Sociedad"),
    "Bayern Munich": ("Germany", "Bayern München", "FC Bayern"),
    "FC Koln": ("Germany", "1. FC Köln", "FC Köln", "Cologne"),
    "Sp Lisbon": ("Portugal", "Sporting CP", "Sporting Lisbon"),
}


def test_every_name_of_the_table_means_one_club():
    times = Counter((one.region, bare(name)) for one in common_names.clubs() for name in one.names)

    doubled = [key for key, n in times.items() if n > 1]
    twice = [one for one in doubled if len({c.names for c in common_names.clubs()
             if c.region == one[0] and one[1] in map(bare, c.names)}) > 1]  # fmt: skip
    assert twice == []


def test_a_club_s_names_are_of_one_team():
    """No second, young or women's team is a name of the first one."""
    mixed = {
        one.names[0]
        for one in common_names.clubs()
        if one.names[0] not in ("Ath Bilbao B", "Sevilla B")
        and len({mark(name) for name in one.names}) > 1
    }

    # The first two are no second teams, whatever their names end in.
    assert mixed == {"Willem II", "Inverness C", "Barcelona B"}


def test_the_table_has_clubs_of_every_country_of_the_main_leagues():
    countries = {league.region for league in DIVISIONS.values()}

    assert {one.region for one in common_names.clubs()} == countries


@pytest.fixture
def clubs(db):
    for country in {names[0] for names in COMMON.values()}:
        here = [club for club, names in COMMON.items() if names[0] == country]
        filling = [f"{country} {n}" for n in range(-len(here) % 2)]
        league = TournamentRecord(country, "League", tier=1)
        store("football-data", list(season([*here, *filling, "Abc", "Xyz"], league=league)))


@pytest.mark.parametrize("club", COMMON)
def test_people_s_names_mean_the_club(clubs, club):
    country, *names = COMMON[club]
    known = KnownNames()
    region = known.region(country)

    assert {known.club(name, region).name for name in names} == {club}


def test_a_search_finds_them(clubs):
    for name, club in (("man utd", "Man United"), ("psg", "Paris SG"), ("Spurs", "Tottenham")):
        assert [team.name for team in search(name).teams] == [club]


def test_a_source_s_other_name_for_it_makes_no_new_club(clubs):
    before = Team.objects.count()
    match = Match.objects.with_names().filter(home_team__name="Sheffield Weds").first()

    told = next(season(league=TournamentRecord("England", "League", tier=1)))
    later = match.start_time_utc.replace(year=2026)
    told = told._replace(home="Sheffield Wed", away="Oxford Utd", start_time_utc=later)
    stored = store("football-data", [told])

    assert (stored.inserted, Team.objects.count()) == (1, before)
    assert TeamAlias.objects.get(source="football-data", name="Oxford Utd").team.name == "Oxford"
    assert not LinkReview.objects.exists()


def test_what_an_operator_takes_away_stays_away(clubs):
    TeamAlias.objects.filter(name="Spurs").delete()

    store("football-data", list(season(["Tottenham", "Abc"])))
    assert not TeamAlias.objects.filter(name="Spurs").exists()

    call_command("load_common_names")
    assert TeamAlias.objects.get(name="Spurs").team.name == "Tottenham"


def test_what_an_operator_pointed_elsewhere_stays_there(clubs):
    other = Team.objects.get(name="Man City")
    TeamAlias.objects.filter(name="Man U").update(team=other, method="operator")

    call_command("load_common_names")

    assert TeamAlias.objects.get(name="Man U").team == other
