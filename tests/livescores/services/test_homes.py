"""Clubs of cups above countries are those of their leagues, in whatever order they are told."""

import pytest

from livescores.models import Match, Team, TeamAlias, Tournament
from livescores.sources.records import TournamentRecord
from tests.livescores.services.linked_records import records, store

pytestmark = pytest.mark.django_db

CUP = TournamentRecord("Europe", "UEFA Champions League", is_cup=True)
NUMBERS = {"home_id": "57", "away_id": "61"}


def league(**changes):
    return [records()[0]._replace(**NUMBERS, **changes)]


def cup(**changes):
    return [
        records(league=CUP)[1]
        ._replace(home="Arsenal FC", away="Chelsea FC", **NUMBERS)
        ._replace(**changes)
    ]


def clubs():
    return list(Team.objects.order_by("name").values_list("name", "region__name"))


@pytest.mark.parametrize("is_reversed", [False, True], ids=["league-first", "cup-first"])
def test_a_number_is_one_club_in_league_and_cup(is_reversed):
    imports = [league(home="Arsenal FC", away="Chelsea FC"), cup()]

    for told in reversed(imports) if is_reversed else imports:
        store("football-data-org", told)

    assert clubs() == [("Arsenal FC", "England"), ("Chelsea FC", "England")]
    assert Match.objects.count() == 2
    assert Tournament.objects.get(is_cup=True).region.name == "Europe"


def test_a_club_that_another_source_knows_is_found_by_its_name():
    store("football-data", records()[:1])

    store("football-data-org", cup())

    assert clubs() == [("Arsenal", "England"), ("Chelsea", "England")]
    assert TeamAlias.objects.get(external_id="57").evidence == {"told_in": "Europe"}


def test_two_clubs_of_that_name_are_a_doubt():
    store("football-data", records()[:1])
    store(
        "football-data",
        [
            one._replace(tournament=TournamentRecord("Wales", "Premier League"))
            for one in records()[:1]
        ],
    )

    store("football-data-org", cup())

    assert ("Arsenal FC", "Europe") in clubs()


def test_a_club_of_another_continent_is_another():
    store(
        "football-data",
        [one._replace(tournament=TournamentRecord("Uruguay", "Primera")) for one in records()[:1]],
    )

    store("football-data-org", cup())

    assert ("Arsenal FC", "Europe") in clubs()


def test_a_club_that_is_told_with_its_country_is_there():
    told = records(league=CUP)[0]._replace(home_region="England", away_region="France")

    store("openfootball", [told])

    assert clubs() == [("Arsenal", "England"), ("Chelsea", "France")]


def test_a_nation_stays_above_countries():
    world_cup = TournamentRecord("International", "FIFA World Cup", is_cup=True)

    store("football-data-org", [one._replace(tournament=world_cup) for one in league()])

    assert {region for _, region in clubs()} == {"International"}


def test_the_ground_is_kept_as_it_is_told():
    final = records()[0]._replace(neutral_venue=True)
    store("openfootball", [final, records()[1]])

    store("football-data", records()[:2])  # says nothing of it
    assert list(Match.objects.order_by("pk").values_list("neutral_venue", flat=True)) == [
        True,
        False,
    ]

    store("openfootball", [records()[1]._replace(neutral_venue=True)])
    assert Match.objects.filter(neutral_venue=True).count() == 2


def test_a_ground_that_an_operator_set_is_kept():
    store("football-data-org", records()[:1])
    Match.objects.update(corrected=["neutral_venue"], neutral_venue=False)

    store("football-data-org", [records()[0]._replace(neutral_venue=True)])

    match = Match.objects.get()
    assert not match.neutral_venue
    assert match.conflicts.get().state == "waiting"
