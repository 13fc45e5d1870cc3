"""Which match of ours a match of linked clubs is, and which league theirs."""

from collections.abc import Hashable
from datetime import timedelta

import pytest

from livescores.linking.leagues import link_leagues
from livescores.linking.pairing import MatchesByClubs
from tests.livescores.linking.fixture_lists import START, WEEK, fixture, season

LINKS: dict[Hashable, Hashable] = {"Gunners": "Arsenal", "Blues": "Chelsea"}
OURS = fixture("Arsenal", "Chelsea", START, (2, 1))


def find(start=START, score=(2, 1), ours=(OURS,), **fields):
    return MatchesByClubs(ours).find(fixture("Gunners", "Blues", start, score, **fields), LINKS)


@pytest.mark.parametrize("hours", [-30, 0, 30])
def test_the_same_clubs_within_thirty_hours_play_one_match(hours):
    assert find(START + timedelta(hours=hours)) is OURS


def test_another_score_is_the_same_match():
    assert find(score=(3, 0)) is OURS


def test_home_and_away_are_not_the_same():
    assert MatchesByClubs([OURS]).find(fixture("Blues", "Gunners"), LINKS) is None


def test_a_club_without_a_link_has_no_match():
    assert MatchesByClubs([OURS]).find(fixture("Gunners", "Luton"), LINKS) is None


def test_the_second_leg_with_the_same_score_is_another_match():
    assert find(START + timedelta(days=4)) is None
    assert find(START + 20 * WEEK) is None


def test_a_year_that_was_mistyped_is_seen_by_day_score_and_season():
    year = timedelta(days=366)

    assert find(START - year) is OURS
    assert find(START - year, score=(0, 0)) is None
    assert find(START - year, season="2023-24") is None


@pytest.mark.parametrize(("hours", "is_seen"), [(-48, True), (48, True), (-49, False), (49, False)])
def test_a_mistyped_year_is_at_most_two_days_off(hours, is_seen):
    """A leap day, and the local time of a match at night."""
    apart = timedelta(days=365, hours=12 + hours)

    assert (find(START + apart) is OURS) == is_seen
    assert (find(START - apart) is OURS) == is_seen


def test_two_matches_that_it_may_be_are_none():
    assert find(ours=(OURS, OURS._replace(start=START + timedelta(hours=20)))) is None


def test_a_league_is_the_one_of_its_matches():
    told = season("ABCDE", league="Premier")
    ours = season("ABCDE", league="E0")

    found = link_leagues(zip(told, ours, strict=True))["Premier"]

    assert (found.ours, found.n_matches, found.score, found.is_sure) == ("E0", 20, 1.0, True)


def test_a_league_is_the_one_of_most_matches_and_says_of_how_many():
    told = season("ABCDE", league="Premier")
    ours = [one._replace(league="E1" if n < 3 else "E0") for n, one in enumerate(told)]

    found = link_leagues(zip(told, ours, strict=True))["Premier"]

    assert (found.ours, found.n_matches, found.n_linked) == ("E0", 17, 20)
    assert found.is_sure


def test_a_cup_whose_matches_are_of_many_leagues_is_none_of_them():
    told = season("ABCDE", league="Cup")
    ours = [one._replace(league=f"E{n % 2}") for n, one in enumerate(told)]

    assert not link_leagues(zip(told, ours, strict=True))["Cup"].is_sure
    assert not link_leagues(zip(told[:9], told[:9], strict=True))["Cup"].is_sure
