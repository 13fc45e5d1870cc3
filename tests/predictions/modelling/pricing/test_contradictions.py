"""Prices beside the others of their match: which are wrong, whatever came first."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from predictions.modelling.pricing.contradictions import Said, contradicted, distance, out_of_line

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Three real books of a match: Sheffield United v Leeds, say.
BOOKS = {"PS": (2.05, 3.4, 3.9), "B365": (2.0, 3.3, 3.8), "WH": (2.05, 3.25, 3.75)}
THIN = (1.02, 990.0, 1000.0)
SWAPPED = (3.8, 3.3, 2.0)
EVEN = (0.48, 0.28, 0.24)


def said(prices, **fields):
    """By name: prices at noon. Keys are names, so that answers are read easily."""
    return [Said(who, who, NOON, odds, **fields) for who, odds in prices.items()]


def wrong(*books, model=None):
    return set(contradicted(books, model))


def test_books_that_agree_are_left_alone():
    assert wrong(*said(BOOKS)) == set()


@pytest.mark.parametrize(
    "prices",
    [THIN, SWAPPED, (2.0, 3.3, 38.0), (1.1, 8.0, 19.0), (20.5, 1.4, 3.9), (1.9, 3.2, 21.0)],
    ids=["thin", "swapped", "point lost", "another match", "home for draw", "long shot"],
)
def test_one_that_says_otherwise_is_contradicted(prices):
    assert wrong(*said({**BOOKS, "BFE": prices})) == {"BFE"}


@pytest.mark.parametrize("n_books", [2, 3])
def test_the_order_of_arrival_does_not_matter(n_books):
    books = said(dict(list(BOOKS.items())[:n_books]) | {"BFE": THIN})

    assert {tuple(sorted(wrong(*order))) for order in permutations(books)} == {("BFE",)}


def test_two_wrong_ones_do_not_shelter_each_other():
    books = {**BOOKS, "BFE": THIN, "BFD": (1.03, 900.0, 400.0)}

    assert wrong(*said(books)) == {"BFE", "BFD"}


def test_of_two_that_contradict_each_other_nobody_is_believed():
    assert wrong(*said({"PS": BOOKS["PS"], "BFE": THIN})) == {"PS", "BFE"}


def test_the_model_tells_which_of_two_is_wrong():
    assert wrong(*said({"PS": BOOKS["PS"], "BFE": THIN}), model=EVEN) == {"BFE"}


def test_a_bookmaker_who_is_alone_is_held_beside_the_model():
    assert wrong(*said({"BFE": THIN})) == set()
    assert wrong(*said({"BFE": THIN}), model=EVEN) == {"BFE"}


def test_a_model_may_differ_from_a_bookmaker_more_than_bookmakers_do():
    strong_favourite = {"PS": (1.5, 4.3, 7.0)}

    assert wrong(*said(strong_favourite), model=EVEN) == set()


def test_what_a_person_has_released_stands_and_is_heard_where_nobody_else_is():
    released = said({"BFE": SWAPPED}, stands=True)

    assert wrong(*released, *said(BOOKS)) == set()
    assert wrong(*released, *said({"PS": BOOKS["PS"]})) == {"PS"}


def test_best_prices_are_no_voice_and_may_be_high_but_not_beyond_belief():
    best = said({"Max": (2.2, 3.6, 4.3)}, is_best=True)
    of_thin = said({"Max": (2.05, 990.0, 1000.0)}, is_best=True)

    assert wrong(*best, *said({"PS": BOOKS["PS"]})) == set()
    assert wrong(*best) == set()
    assert wrong(*of_thin, *said(BOOKS)) == {"Max"}


def test_long_shots_differ_by_much_between_true_books():
    """Olympiakos v Panthrakikos, 3 April 2016: as the source has it."""
    books = {
        "B365": (1.02, 17, 34),
        "BW": (1.05, 13.5, 19.5),
        "WH": (1.01, 17, 36),
        "VC": (1.02, 12, 61),
    }

    assert wrong(*said({**books, "IW": (1.02, 12.75, 62)})) == set()


def test_a_market_may_move_until_kick_off_but_not_at_once():
    """Pacos Ferreira v Feirense, 2017: the price of Friday and that of kick-off."""
    friday, close = (2.06, 3.41, 4.07), (4.49, 4.03, 1.76)
    early = [Said(1, "B365", NOON - 50 * HOUR, friday), Said(2, "PS", NOON - 50 * HOUR, friday)]

    assert wrong(*early, Said(3, "WH", NOON, close)) == set()
    assert wrong(*early, Said(3, "WH", NOON - 49 * HOUR, close)) == {3}


def test_first_prices_may_differ_as_widely_as_a_market_moves():
    guess, beyond_belief = (2.0, 2.2, 7.5), (1.1, 9.0, 19.0)

    assert wrong(*said({**BOOKS, "SIML": guess})) == {"SIML"}
    assert wrong(*said(BOOKS), *said({"SIML": guess}, is_opening=True)) == set()
    assert wrong(*said(BOOKS), *said({"SIML": beyond_belief}, is_opening=True)) == {"SIML"}


def test_a_bookmaker_does_not_bear_itself_out():
    own = [Said(n, "BFE", NOON - n * HOUR, THIN) for n in range(4)]

    assert wrong(*own, *said(BOOKS)) == {0, 1, 2, 3}


def test_what_was_heard_is_told():
    heard = contradicted(said({**BOOKS, "BFE": THIN}))["BFE"]  # type: ignore[index]

    assert heard is not None
    assert heard.n == 3
    assert heard.chances == pytest.approx((0.47, 0.287, 0.243), abs=0.01)


def test_distance_is_the_same_both_ways_and_none_between_equals():
    assert distance(EVEN, (0.3, 0.3, 0.4)) == distance((0.3, 0.3, 0.4), EVEN) > 0
    assert distance(EVEN, EVEN) == 0


@pytest.mark.parametrize(
    ("rises", "pairs", "keys"),
    [
        (False, {2.5: (1.9, 1.95), 3.5: (3.2, 1.35)}, set()),
        (False, {2.5: (1.9, 1.95), 3.5: (1.5, 2.6)}, {2.5, 3.5}),
        (True, {-0.5: (2.0, 1.9), 0.0: (1.5, 2.6)}, set()),
        (True, {-0.5: (1.5, 2.6), 0.0: (2.0, 1.9), 0.5: (1.4, 2.9)}, {-0.5, 0.0}),
    ],
)
def test_lines_of_one_book_agree_with_each_other(rises, pairs, keys):
    lines = {line: Said(line, "B365", NOON, pair) for line, pair in pairs.items()}

    assert out_of_line(lines, rises=rises) == keys
