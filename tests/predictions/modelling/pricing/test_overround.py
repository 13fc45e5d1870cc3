"""Margins taken out, against books made by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from predictions.modelling.pricing.overround import (
    METHODS,
    ImpossibleBook,
    implied,
    overround,
    power,
    proportional,
    shin,
)

# Inverse prices 0.525, 0.315 and 0.21: a book of 1.05.
BOOK = 1 / np.array([[0.525, 0.315, 0.21]])
methods = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def shins_book(proba, insiders):
    """Prices of Shin's bookmaker: his own formula, forwards."""
    root = np.sqrt(insiders * proba + (1 - insiders) * proba**2)
    return 1 / (root * root.sum())


def test_the_margin_is_what_inverse_prices_exceed_1_by():
    assert overround(BOOK)[0] == pytest.approx(0.05)
    assert overround(np.array([[2.0, 2.0], [2.5, 2.5]])) == pytest.approx([0.0, -0.2])


def test_proportional_divides_by_the_book():
    assert_allclose(proportional(BOOK), [[0.5, 0.3, 0.2]])


def test_power_finds_the_exponent():
    # (2/3)^2 + (2/3)^2 + (1/3)^2 = 1.
    assert_allclose(power(np.array([[1.5, 1.5, 3.0]])), [[4 / 9, 4 / 9, 1 / 9]], atol=1e-12)


def test_shin_of_two_outcomes_takes_the_same_off_each():
    # Inverse prices 0.8 and 0.25: half the margin of 0.05 off each (Strumbelj 2014).
    assert_allclose(shin(np.array([[1.25, 4.0]])), [[0.775, 0.225]], atol=1e-12)


@pytest.mark.parametrize("insiders", [0.0, 0.01, 0.025, 0.1])
def test_shin_gives_back_what_his_bookmaker_believed(insiders):
    believed = np.array([0.62, 0.24, 0.14])

    assert_allclose(shin(shins_book(believed, insiders)[None])[0], believed, atol=1e-9)


@methods
def test_a_book_without_margin_is_taken_at_its_word(method):
    assert_allclose(method(np.array([[2.0, 4.0, 4.0]])), [[0.5, 0.25, 0.25]], atol=1e-9)


@methods
def test_equal_prices_are_equal_chances(method):
    assert_allclose(method(np.array([[2.7, 2.7, 2.7]])), [[1 / 3] * 3], atol=1e-12)


@methods
def test_rows_do_not_touch_each_other(method):
    other = np.array([[1.05, 12.0, 30.0]])

    assert_allclose(method(np.vstack([BOOK, other])), np.vstack([method(BOOK), method(other)]))


def test_shin_and_power_take_more_off_longshots():
    favourite = np.array([[1.2, 7.0, 13.0]])

    for method in (shin, power):
        assert method(favourite)[0, 2] < proportional(favourite)[0, 2]
        assert method(favourite)[0, 0] > proportional(favourite)[0, 0]


@settings(deadline=None)
@given(
    st.lists(st.floats(0.02, 1.0), min_size=2, max_size=5),
    st.floats(1e-6, 0.25),
    st.sampled_from(sorted(METHODS)),
)
def test_any_book_gives_chances_in_its_own_order(weights, margin, name):
    proba = np.array(weights) / sum(weights)
    prices = 1 / np.minimum(proba * (1 + margin), 0.999)
    if (1 / prices).sum() < 1:
        return

    found = METHODS[name](prices[None])[0]

    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found > 0).all()
    assert (np.diff(found[np.argsort(-prices)]) >= -1e-12).all()


@methods
@pytest.mark.parametrize(
    "prices",
    [
        [[2.5, 4.0, 5.0]],
        [[1.0, 3.0, 5.0]],
        [[0.0, 3.0, 5.0]],
        [[-2.0, 3.0, 5.0]],
        [[np.nan, 3.0, 5.0]],
        [[np.inf, 3.0, 1.2]],
        [1.5, 1.5, 3.0],
    ],
)
def test_what_is_no_book_is_refused(method, prices):
    with pytest.raises(ImpossibleBook):
        method(np.array(prices))


def test_the_first_impossible_row_is_named():
    with pytest.raises(ImpossibleBook, match=r"\[3\.0, 4\.0, 5\.0\]"):
        shin(np.array([[1.5, 1.5, 3.0], [3.0, 4.0, 5.0], [9.0, 9.0, 9.0]]))


def test_a_book_short_of_1_by_rounding_is_accepted():
    assert_allclose(power(np.array([[2.0, 2.0 + 1e-10]])), [[0.5, 0.5]], atol=1e-9)


@methods
def test_implied_takes_the_margin_out_by_the_method(method):
    assert_allclose(implied(BOOK, method.__name__), method(BOOK))


@pytest.mark.parametrize("name", METHODS)
def test_a_book_without_a_margin_is_only_scaled(name):
    books = np.array([[2.0, 4.0, 4.0], [2.02, 4.04, 4.04]])

    assert_allclose(implied(books, name), [[0.5, 0.25, 0.25]] * 2)
