"""A source that spells its own clubs otherwise than before."""

from datetime import timedelta

import pytest

from livescores.models import LinkDecision, LinkReview, Match, Team, TeamAlias
from livescores.services import link_decisions
from livescores.services.settling import settle
from tests.livescores.services.linked_records import store
from tests.livescores.services.rounds import CLUBS, WEEK, next_season, season, unplayed

pytestmark = pytest.mark.django_db

SPELT = {"King's Ferry": "Kings Ferry"}
ALIKE = {"Esk United": "Esk Utd"}


def told(matches):
    return store("football-data", list(matches))


@pytest.fixture
def first():
    told(season())


@pytest.mark.parametrize(
    "name", ["Kings Ferry", "KING'S FERRY", "King\u2019s-Ferry", "Kíng's  Ferry."]
)
def test_case_spaces_accents_and_signs_make_no_new_club(first, name):
    told(next_season({"King's Ferry": name}))

    assert Team.objects.count() == 6
    assert TeamAlias.objects.get(name=name).team.name == "King's Ferry"
    assert TeamAlias.objects.get(name=name).method == "known_spelling"
    assert not LinkReview.objects.exists()


def test_a_name_that_is_alike_is_a_club_of_its_own_and_waits(first):
    told(next_season(ALIKE))

    review = LinkReview.objects.get()
    assert (review.team.name, review.candidate.name) == ("Esk Utd", "Esk United")
    assert (review.state, review.source) == ("waiting", "football-data")


def test_an_older_file_after_a_newer_one_waits_just_so():
    told(next_season())

    told(season(called=ALIKE | SPELT))

    review = LinkReview.objects.get()
    assert (review.team.name, review.candidate.name) == ("Esk Utd", "Esk United")
    assert Team.objects.count() == 7


def test_what_was_accepted_holds_at_the_next_import(first):
    told(next_season(ALIKE))
    link_decisions.accept(LinkReview.objects.get(), by="ada")

    told(next_season(ALIKE))

    assert Team.objects.count() == 6
    assert Match.objects.count() == 60
    assert TeamAlias.objects.get(name="Esk Utd").team.name == "Esk United"


def test_what_was_rejected_is_asked_no_more(first):
    told(next_season(ALIKE))
    link_decisions.reject(LinkReview.objects.get(), by="ada")

    told(next_season(ALIKE))
    settle("football-data")

    assert LinkReview.objects.get().state == "rejected"
    assert Team.objects.count() == 7


def test_two_spellings_in_one_file_are_one_club():
    matches = list(season())
    last = matches[-1]
    matches[-1] = last._replace(home=last.home.upper(), away=f"{last.away[:3]} {last.away[3:]}")

    told(matches)

    assert set(Team.objects.values_list("name", flat=True)) == set(CLUBS)


def test_a_spelling_of_a_club_that_it_met_is_another_club(first):
    derby = next(season())._replace(home="Kings Ferry", away="King's Ferry", line=99)

    told([derby._replace(start_time_utc=derby.start_time_utc + 30 * WEEK)])

    assert Team.objects.count() == 7


def test_clubs_that_played_on_one_day_are_two():
    """As Reggiana and Reggina."""
    told(season(("Reggiana", "Reggina", *CLUBS[:4])))

    assert Team.objects.count() == 6
    assert not LinkReview.objects.exists()


@pytest.mark.parametrize("name", ["Esk United B", "Esk United U21", "Esk United (W)"])
def test_another_team_of_a_club_is_another_club(first, name):
    told(next_season({"Esk United": name}))

    assert not LinkReview.objects.filter(candidate__name="Esk United").exists()
    assert Team.objects.filter(name=name).exists()


def test_a_fixture_list_finds_the_fixtures_that_stand_under_another_name():
    told([unplayed(one) for one in season()])

    stored = told(unplayed(one) for one in season(called=ALIKE))

    assert (stored.inserted, Team.objects.count()) == (0, 6)
    assert TeamAlias.objects.get(name="Esk Utd").method == "fuzzy_name"


def test_two_strange_names_of_one_match_are_known_by_each_other(first):
    match = next(one for one in season() if {one.home, one.away} == {"Esk United", "King's Ferry"})
    names = {"Esk United": "Esk Utd", "King's Ferry": "Kings Ferry Town"}

    told([match._replace(home=names[match.home], away=names[match.away])])

    assert Team.objects.count() == 6


def test_a_fixture_list_before_the_results_is_settled_by_them(first):
    listed = next(one for one in next_season() if "Esk United" in (one.home, one.away))
    names = {
        "home": ALIKE.get(listed.home, listed.home),
        "away": ALIKE.get(listed.away, listed.away),
    }
    told([unplayed(listed, **names)])
    assert LinkReview.objects.get().state == "waiting"

    told(next_season())
    assert settle("football-data") == 1

    assert Team.objects.count() == 6
    assert Match.objects.count() == 60
    assert LinkReview.objects.get().state == "accepted"


def test_what_a_person_took_back_is_not_settled_again(first):
    listed = next(one for one in next_season() if one.home == "Esk United")
    told([unplayed(listed, home="Esk Utd")])
    told(next_season())
    settle("football-data")

    link_decisions.undo(LinkDecision.objects.get(), by="ada")

    assert settle("football-data") == 0
    assert Team.objects.filter(name="Esk Utd").exists()


def test_doubles_of_an_earlier_version_are_settled(first):
    double = Team.objects.create(name="Kings Ferry", region=Team.objects.first().region)
    TeamAlias.objects.create(
        team=double, region=double.region, source="football-data", name="Kings Ferry"
    )

    assert settle("football-data") == 1

    assert Team.objects.filter(name__startswith="King").count() == 1


def test_a_new_club_in_a_full_league_waits_for_the_one_that_is_missing():
    matches = list(season())
    late = [one for one in matches if one.line > 18]
    told(matches[:18])

    told(one._replace(**_renamed(one, "Esk United", "Harbour Rovers")) for one in late)

    review = LinkReview.objects.get()
    assert (review.name, review.candidate.name) == ("Harbour Rovers", "Esk United")
    assert review.evidence["clubs_of_the_league"] == 6


def test_a_club_of_the_play_offs_does_not_wait(first):
    last = list(season())[-1]
    told([last._replace(away="Lower", start_time_utc=last.start_time_utc + timedelta(days=9))])

    assert not LinkReview.objects.exists()


def test_a_promoted_club_does_not_wait(first):
    told(next_season({"Esk United": "Harbour Rovers"}))

    assert not LinkReview.objects.exists()


def test_numbers_of_a_source_say_who_is_who(first):
    numbered = [one._replace(home_id=f"n{one.home}", away_id=f"n{one.away}") for one in season()]
    store("whoscored", numbered)

    store("whoscored", [numbered[0]._replace(home="Somebody")])

    assert not LinkReview.objects.exists()


def _renamed(match, name, to):
    return {side: to for side in ("home", "away") if getattr(match, side) == name}
