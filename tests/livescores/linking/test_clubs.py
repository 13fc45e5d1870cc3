"""Which club of ours a source's club is, and when it is none for certain."""

from datetime import timedelta

import pytest

from livescores.linking.clubs import Club, link_clubs
from livescores.linking.fixtures import Calendar, agreement
from livescores.linking.spelling import likeness
from tests.livescores.linking.fixture_lists import START, WEEK, club, fixture, renamed, season

OURS = ("Arsenal", "Chelsea", "Everton", "Fulham")
MATCHES = season(OURS)
DAY = timedelta(days=1)


def link(name, told, ours=OURS, known=MATCHES, aliases=None):
    """What is decided on the club of this name, all others of the source having our names."""
    clubs = {one for match in told for one in (match.home, match.away)} | {name}
    links = link_clubs(
        [club(one) for one in sorted(clubs)],
        [one if isinstance(one, Club) else club(one) for one in ours],
        told,
        known,
        aliases,
    )
    return next((one for one in links if one.club.key == name), None)


def test_the_very_name_is_linked_without_a_match():
    found = link("ARSENAL", [])

    assert (found.state, found.ours, found.method, found.score) == (
        "linked", "Arsenal", "same_name", 1.0,
    )  # fmt: skip


def test_a_link_tells_the_matches_of_all_opponents_that_are_linked_in_the_end():
    """When its name decided, none of them was."""
    found = link("Arsenal", MATCHES)

    assert (found.method, found.evidence["matches_by_opponent"]) == ("same_name", 6)


def test_a_season_of_results_links_a_name_that_is_nothing_alike():
    found = link("The Gunners", renamed(MATCHES, {"Arsenal": "The Gunners"}))

    assert (found.state, found.ours, found.method) == ("linked", "Arsenal", "fixtures")
    assert found.evidence["results_agreed"] == 6
    assert found.evidence["results_differed"] == 0


def test_a_day_s_difference_agrees_two_do_not():
    told = [one._replace(start=one.start + DAY) for one in MATCHES]
    late = [one._replace(start=one.start + 2 * DAY) for one in MATCHES]

    assert agreement("Arsenal", "Arsenal", Calendar(told), Calendar(MATCHES)).agreed == 6
    assert agreement("Arsenal", "Arsenal", Calendar(late), Calendar(MATCHES)).days == 0


def test_a_match_without_a_result_says_nothing_and_ends_nothing():
    """The first was abandoned: those after it still tell."""
    told = [MATCHES[0]._replace(score=None), *MATCHES[1:]]

    for here, there in ((told, MATCHES), (MATCHES, told)):
        assert agreement("Arsenal", "Arsenal", Calendar(here), Calendar(there)) == (5, 0)


def test_a_name_that_is_alike_needs_a_match_with_a_linked_opponent():
    told = renamed(MATCHES[:1], {"Arsenal": "Arsenal London"})

    found = link("Arsenal London", told)

    assert (found.state, found.method) == ("linked", "fuzzy_name")
    assert found.score == round(likeness("Arsenal London", "Arsenal"), 3)
    assert found.evidence == {
        "ours": "Arsenal",
        "likeness": found.score,
        "results_agreed": 1,
        "results_differed": 0,
        "matches_by_opponent": 1,
    }


def test_a_namesake_without_a_match_is_no_rival_where_the_result_is_known():
    """Olympiacos is Olympiakos, whatever Olympiakos Volou played in other years."""
    told = renamed(MATCHES[:1], {"Arsenal": "Arsenol"})
    ours = (*OURS, "Arsenal Volou")

    assert (link("Arsenol", told, ours=ours).ours) == "Arsenal"
    unplayed = [one._replace(score=None) for one in told]
    assert link("Arsenol", unplayed, ours=ours).state == "waiting"


def test_a_name_that_is_alike_alone_waits():
    found = link("Arsenal London", [])

    assert (found.state, found.ours, found.method) == ("waiting", "Arsenal", "doubt")
    assert found.score == pytest.approx(0.95)


def test_the_same_name_but_for_the_kind_of_club_waits_without_a_match():
    assert link("FSV Everton", []).state == "waiting"


def test_one_match_confirms_the_same_name_but_for_the_kind_of_club():
    assert link("Everton FC", renamed(MATCHES, {"Everton": "Everton FC"})[:8]).state == "linked"


@pytest.mark.parametrize("name", ["Arsenal B", "Arsenal U21", "Arsenal (W)", "Arsenal II"])
def test_another_team_of_the_club_is_new(name):
    assert link(name, []).state == "new"


def test_a_namesake_that_plays_other_matches_is_not_linked():
    told = [fixture("Arsenal", f"Club {n}", START + n * WEEK, (9, 9)) for n in range(12)]

    found = link("Arsenal", told)

    assert (found.state, found.ours) == ("waiting", "Arsenal")
    assert found.evidence["results_differed"] >= 3


def test_a_name_that_is_alike_and_plays_other_matches_is_new():
    told = [fixture("Arsenal London", f"Club {n}", START + n * WEEK, (9, 9)) for n in range(12)]

    assert link("Arsenal London", told).state == "new"


def test_results_beat_a_name():
    """The source calls Chelsea what we call another club, which does not play now."""
    told = renamed(MATCHES, {"Chelsea": "Villa"})

    found = link("Villa", told, ours=(*OURS, "Villa"))

    assert (found.ours, found.method) == ("Chelsea", "fixtures")


def test_two_of_ours_with_the_same_results_leave_a_doubt():
    known = [*MATCHES, *renamed(MATCHES, {"Arsenal": "Arsenal 1886", "Chelsea": "Chelsea 2"})]

    found = link("Gunners", renamed(MATCHES, {"Arsenal": "Gunners"}), known=known,
                 ours=(*OURS, "Arsenal 1886"))  # fmt: skip

    assert found.state == "waiting"


def test_two_namesakes_of_ours_are_told_apart_by_their_very_names():
    ours = ("F Koln", "FC Koln")

    assert link("FC Koln", [], ours=ours).ours == "FC Koln"
    assert link("1. FC Köln", [], ours=ours).state == "waiting"


def test_two_clubs_that_play_on_one_day_are_not_both_ours():
    """Only the surer of the two stays linked."""
    told = [*MATCHES, fixture("arsenal", "Luton", MATCHES[0].start, (2, 2))]

    assert link("Arsenal", told).state == "linked"
    assert link("arsenal", told).state == "waiting"


def test_two_names_of_one_club_are_both_linked():
    first, second = MATCHES[:6], renamed(MATCHES[6:], {"Arsenal": "Arsenal FC"})

    assert link("Arsenal FC", [*first, *second]).ours == "Arsenal"
    assert link("Arsenal", [*first, *second]).ours == "Arsenal"


def test_an_alias_stands_and_is_not_decided_again():
    told = renamed(MATCHES[:1], {"Arsenal": "The Gunners"})

    assert link("The Gunners", told, aliases={"The Gunners": "Arsenal"}) is None


def test_without_results_opponents_of_coming_matches_confirm_a_name():
    known = [one._replace(score=None) for one in MATCHES]
    told = renamed(known, {"Fulham": "Fulham London"})

    assert link("Fulham London", told, known=known).method == "fuzzy_name"
