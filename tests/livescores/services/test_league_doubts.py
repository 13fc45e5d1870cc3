"""Leagues and regions that a source calls otherwise than before."""

from datetime import timedelta

import pytest

from livescores.models import (
    LinkReview,
    Match,
    Region,
    RegionAlias,
    Season,
    Team,
    Tournament,
    TournamentAlias,
)
from livescores.services import link_decisions
from livescores.services.deciding import CannotDecide
from livescores.sources.records import TournamentRecord
from tests.livescores.services.linked_records import store
from tests.livescores.services.rounds import CLUBS, START, next_season, season

pytestmark = pytest.mark.django_db

OLD = TournamentRecord("Norway", "Tippeligaen", tier=1)
NEW = TournamentRecord("Norway", "Eliteserien", tier=1)


def told(matches):
    return store("football-data", list(matches))


def in_league(matches, league):
    return [one._replace(tournament=league) for one in matches]


@pytest.fixture
def first():
    told(in_league(season(), OLD))


@pytest.mark.parametrize("name", ["TIPPELIGAEN", "Tippe-Ligaen", " Tippeligaen "])
def test_a_league_s_other_spelling_is_the_same_league(first, name):
    told(in_league(next_season(), OLD._replace(name=name)))

    assert Tournament.objects.get().seasons.count() == 2
    assert TournamentAlias.objects.get(name=name).method == "known_spelling"


@pytest.mark.parametrize("name", ["NORWAY", "Nórway", " Norway"])
def test_a_region_s_other_spelling_is_the_same_region(first, name):
    told(in_league(next_season(), OLD._replace(region=name)))

    assert Region.objects.get().name == "Norway"
    assert RegionAlias.objects.get(name=name).method == "known_spelling"
    assert Team.objects.count() == 6


def test_a_league_with_the_clubs_of_one_that_ended_waits(first):
    told(in_league(next_season(), NEW))

    review = LinkReview.objects.get()
    assert (review.what, review.name, review.source) == ("league", "Eliteserien", "football-data")
    assert [str(side) for side in review.sides] == ["Eliteserien", "Tippeligaen"]
    assert review.evidence["clubs_in_common"] == 1.0


def test_an_older_file_after_the_newer_one_waits_just_so():
    told(in_league(next_season(), NEW))

    told(in_league(season(), OLD))

    assert [str(side) for side in LinkReview.objects.get().sides] == ["Tippeligaen", "Eliteserien"]


def test_a_league_that_is_played_meanwhile_is_another(first):
    told(in_league(season(start=START + timedelta(days=3)), NEW._replace(name="Cup")))

    assert not LinkReview.objects.exists()


@pytest.mark.parametrize(
    "league",
    [
        TournamentRecord("Norway", "Tippeligaen 2"),
        TournamentRecord("Norway", "Tippeligan", tier=2),
    ],
)
def test_another_tier_is_another_league(first, league):
    told(in_league(next_season(), league))

    assert not LinkReview.objects.exists()


def test_an_accepted_league_is_one_and_can_be_two_again(first):
    told(in_league(next_season(), NEW))

    decision = link_decisions.accept(LinkReview.objects.get(), by="ada")

    assert Tournament.objects.get().name == "Tippeligaen"
    told(in_league(next_season(), NEW))
    assert (Tournament.objects.count(), Match.objects.count()) == (1, 60)

    link_decisions.undo(decision, by="ada")
    assert Tournament.objects.count() == 2
    assert Match.objects.filter(season__tournament__name="Eliteserien").count() == 30


def test_of_one_season_under_two_names_one_is_left(first):
    later = [
        one._replace(start_time_utc=one.start_time_utc + timedelta(days=140)) for one in season()
    ]
    told(in_league(later, NEW))

    link_decisions.accept(LinkReview.objects.get(), by="ada")

    assert Season.objects.get().matches.count() == 60


def test_a_rejected_league_is_asked_about_no_more(first):
    told(in_league(next_season(), NEW))
    link_decisions.reject(LinkReview.objects.get(), by="ada")

    told(in_league(next_season(), NEW))

    assert LinkReview.objects.get().state == "rejected"


def test_a_region_with_another_s_clubs_waits(first):
    told(in_league(next_season(), NEW._replace(region="Kingdom of Norway")))

    review = LinkReview.objects.get()
    assert (review.what, review.evidence["clubs_in_common"]) == ("region", 6)

    decision = link_decisions.accept(review, by="ada")
    assert Region.objects.get().name == "Norway"
    assert (Team.objects.count(), Match.objects.count()) == (6, 60)

    link_decisions.undo(decision, by="ada")
    assert (Team.objects.count(), Region.objects.count()) == (12, 2)


def test_a_region_with_other_clubs_does_not_wait(first):
    clubs = [f"{name} City" for name in CLUBS]
    told(in_league(next_season(clubs=clubs), NEW._replace(region="Sweden")))

    assert not LinkReview.objects.exists()


def test_leagues_of_two_regions_are_never_one(first):
    told(in_league(next_season(), NEW._replace(region="Sweden")))
    one, other = Tournament.objects.order_by("pk")
    review = LinkReview.objects.create(
        what="league", tournament=other, tournament_candidate=one, source="x", name="y", score=1.0
    )

    with pytest.raises(CannotDecide, match="different regions"):
        link_decisions.accept(review, by="ada")
