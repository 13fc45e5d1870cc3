"""What of a club's name says which club it is."""

import pytest

from livescores.linking.spelling import essence, is_exact, is_same, likeness, mark

# ruff: noqa: RUF001 - letters of other alphabets are meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FC Bayern München", "Bayern Munchen"),
        ("Saarbruecken", "1. FC Saarbrücken"),
        ("FC Schalke 04", "Schalke"),
        ("St.Albans", "St. Albans"),
        ("A.C. Milan", "Milan"),
        ("King's Lynn", "King’s Lynn"),
        ("Sheffield Utd", "Sheffield United FC"),
        ("Brighton & Hove Albion", "Albion Brighton Hove"),
    ],
)
def test_only_the_spelling_differs(one, other):
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("Real Madrid", "Real Madrid B"),
        ("Real Madrid", "Real Madrid Castilla"),
        ("Bayern Munich", "Bayern Munich II"),
        ("Brondby", "Brondby U17"),
        ("Lyon", "Lyon (W)"),
        ("Ajax", "Jong Ajax"),
        ("Everton", "Everton Academy"),
        ("Honka", "Honka (A)"),
        ("Хельсингборг", "Хельсингборг (р)"),
    ],
)
def test_another_team_of_the_club_is_never_alike(first, other):
    assert mark(first) == ""
    assert mark(other) != ""
    assert not is_same(first, other)
    assert likeness(first, other) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Man United", "Manchester United"),
        ("Nott'm Forest", "Nottingham Forest"),
        ("Wolves", "Wolverhampton Wanderers"),
        ("PAOK", "PAOK Thessaloniki FC"),
        ("Vallecano", "Rayo Vallecano"),
    ],
)
def test_short_forms_are_alike(one, other):
    """But less than names that only the kind of club tells apart."""
    assert 0.8 <= likeness(one, other) <= 0.95
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Reggiana", "Chievo"), ("Arsenal", "Chelsea"), ("Queretaro", "Gallos Blancos")],
)
def test_other_names_are_not(one, other):
    assert likeness(one, other) < 0.6


def test_a_name_of_kinds_alone_keeps_its_words():
    assert essence("AC 1899") == ("1899", "ac")
    assert likeness("FC", "Paris FC") < 0.6


def test_the_very_name_is_more_than_the_same_name():
    assert is_same("FSV Frankfurt", "1. FC Frankfurt")
    assert not is_exact("FSV Frankfurt", "1. FC Frankfurt")
    assert is_exact("Fsv  Frankfurt", "FSV-Frankfurt")
