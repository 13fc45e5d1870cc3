"""Books that can be true, and those that cannot."""

import numpy as np
import pytest

from predictions.modelling.pricing.books import fault


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        ((0, 3.4, 3.4), "price of 1 or less"),
        ((1.0, 3.4, 3.4), "price of 1 or less"),
        ((np.nan, 3.4, 1.95), "price of 1 or less"),
        ((np.inf, 3.4, 1.2), "beyond belief"),
        ((10_000.0, 3.4, 1.4), "beyond belief"),
        ((1.44, 3, 1.57), "sums to 1.665"),
        ((9, 9, 9), "sums to 0.333"),
        ((3.07, 3.07, 3.07), "sums to 0.977"),
    ],
)
def test_a_book_that_cannot_be_true_says_why(prices, why):
    assert why in fault(*prices)


@pytest.mark.parametrize("prices", [(4.0, 3.4, 1.95), (3.06, 3.06, 3.06), (2.0, 2.0, 2.0)])
def test_a_book_between_the_limits_has_no_fault(prices):
    assert fault(*prices) is None


def test_best_prices_may_sum_to_less_than_1_but_not_be_1():
    assert fault(3.2, 3.6, 3.2, is_best=True) is None
    assert fault(1.0, 3.6, 3.2, is_best=True)
