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


@pytest.mark.parametrize(
    ("russian", "ours"),
    [
        ("Хельсингборг", "Helsingborg"),
        ("Вест Хэм", "West Ham"),
        ("Байер", "Bayer Leverkusen"),
        ("ФК Шахтёр", "Shakhtar Donetsk"),
        ("Объединённые", "Obedinennye"),
    ],
)
def test_names_of_two_scripts_are_compared_by_their_sound(russian, ours):
    assert likeness(russian, ours) == likeness(ours, russian) >= 0.8


def test_names_of_one_script_are_compared_by_their_letters():
    assert likeness("Ротор", "Ратер") == likeness("Rotor", "Rater") < 0.8


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Лион (ж)", "women"),
        ("Лион (жен.)", "women"),
        ("Лион (мол)", "youth"),
        ("Лион до 19", "youth"),
        ("Лион (рез.)", "second"),
        ("Лион-2", "second"),
        ("Лион Б", "second"),
        ("Лион III", "third"),
    ],
)
def test_a_team_is_marked_alike_in_both_alphabets(name, what):
    assert mark(name) == what
    assert likeness(name, "Lyon") == 0.0


def test_a_name_of_kinds_alone_keeps_its_words():
    assert essence("AC 1899") == ("1899", "ac")
    assert likeness("FC", "Paris FC") < 0.6


def test_the_very_name_is_more_than_the_same_name():
    assert is_same("FSV Frankfurt", "1. FC Frankfurt")
    assert not is_exact("FSV Frankfurt", "1. FC Frankfurt")
    assert is_exact("Fsv  Frankfurt", "FSV-Frankfurt")
