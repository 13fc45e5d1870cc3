import pytest

from livescores.models import TeamAlias
from livescores.services.search import MOST, search
from tests.factories import make_region, make_team, make_tournament

pytestmark = pytest.mark.django_db


def names(found):
    return [one.name for one in found]


def test_a_part_of_a_name_is_enough_whatever_its_case():
    for name in ("Manchester United", "Man City", "Leeds"):
        make_team(name=name)

    assert names(search("MAN").teams) == ["Man City", "Manchester United"]


def test_every_word_must_be_there():
    make_team(name="Manchester United"), make_team(name="Leeds United")

    assert names(search("united man").teams) == ["Manchester United"]


def test_a_club_is_found_once_by_each_of_its_names():
    wolves = make_team(name="Wolverhampton")
    for source in ("one", "other"):
        TeamAlias.objects.create(
            team=wolves, region=wolves.region, source=source, name="Wolves, the"
        )

    assert search("wolves").teams == [wolves]
    assert search("the wolverhampton").teams == []


def test_leagues_are_found_by_their_region_too():
    make_tournament(region=make_region(name="England"), name="Premier League")
    make_tournament(region=make_region(name="Russia"), name="Premier League")

    assert [one.region.name for one in search("england premier").leagues] == ["England"]


def test_signs_of_patterns_are_plain_text():
    make_team(name="Ajax"), make_team(name="100% FC")

    assert names(search("%").teams) == ["100% FC"]
    assert names(search("_").teams) == []


def test_a_long_list_is_cut():
    for n in range(MOST + 5):
        make_team(name=f"Club {n:02}")

    assert len(search("club").teams) == MOST
