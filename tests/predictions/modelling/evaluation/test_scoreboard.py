"""Forecasts side by side: figures worked out by hand."""

import numpy as np
import pytest

from predictions.modelling.evaluation import scoreboard
from predictions.modelling.evaluation.scoreboard import Forecast, Market, lines, markdown
from predictions.modelling.evaluation.scoring import Difference

N = 40
EVEN = np.full((N, 3), 1 / 3)
OUTCOME = np.tile([0, 0, 1, 2], N // 4)
SURE = np.tile([0.5, 0.25, 0.25], (N, 1))
ALL = {"all": np.ones(N, dtype=bool)}


def one(forecast=SURE, yardstick=EVEN, shin=EVEN, scopes=ALL):
    market = Market(yardstick, shin)
    (found,) = lines([Forecast("ours", "A odds-free", forecast)], market, OUTCOME, scopes)
    return found


def test_scores_by_hand():
    found = one()

    # Half of the matches are home wins: log 2 for them and log 4 for the others.
    assert found.log_loss == pytest.approx(1.5 * np.log(2))
    assert found.brier == pytest.approx((0.375 + 0.875) / 2)
    assert found.rps == pytest.approx((0.15625 * 2 + 0.15625 + 0.40625) / 4)
    assert found.ece == pytest.approx(0.0)
    assert found.hit_rate == 0.5
    assert found.behind == pytest.approx(1.5 * np.log(2) - np.log(3))
    assert found.n == N


def test_standard_errors_are_those_of_the_mean():
    found = one()

    assert found.hit_rate_se == pytest.approx(0.5 / np.sqrt(N - 1))
    assert found.log_loss_se == pytest.approx(np.log(2) / 2 / np.sqrt(N - 1))


def test_the_difference_is_paired():
    found = one(yardstick=SURE)

    assert (found.behind, found.behind_se, found.p_value) == (0.0, 0.0, 1.0)


def test_the_difference_to_shin_is_another():
    found = one(yardstick=SURE, shin=EVEN)

    assert found.behind == 0.0
    assert found.behind_shin == pytest.approx(1.5 * np.log(2) - np.log(3))


def test_a_forecast_that_is_right_errs_by_chance():
    # 40 matches, so 40 and 80 probabilities in two bins: near 0.8 sqrt(p q / n) off in each.
    expected = 0.8 * (np.sqrt(0.25 / 40) / 3 + 2 * np.sqrt(0.1875 / 80) / 3)

    assert one().ece_by_chance == pytest.approx(expected, rel=0.35)


def test_the_error_of_a_calibration_is_as_sure_as_redrawn_matches_say(monkeypatch):
    """Where a share p < 0.9 of what is said at 0.9 comes, the error is (1.8 - 2 p) / 3."""
    bold = np.tile([0.9, 0.05, 0.05], (N, 1))
    drawn = np.random.default_rng(0)
    p = [(OUTCOME[drawn.integers(0, N, N)] == 0).mean() for _ in range(2)]

    monkeypatch.setattr(scoreboard, "ECE_DRAWS", 2)
    two = scoreboard.ece_standard_error(bold, OUTCOME)
    monkeypatch.undo()

    assert two == pytest.approx(2 / 3 * abs(p[0] - p[1]) / np.sqrt(2))
    expected = 2 / 3 * 0.5 / np.sqrt(N)
    assert one(bold).ece_se == pytest.approx(expected, rel=0.3)


def test_two_standard_errors_happen_once_in_twenty():
    assert scoreboard.two_sided(Difference(1.96, 1.0, 9)) == pytest.approx(0.05, abs=1e-3)
    assert scoreboard.two_sided(Difference(-1.96, 1.0, 9)) == pytest.approx(0.05, abs=1e-3)


def test_only_matches_that_both_priced_count():
    forecast, yardstick = SURE.copy(), EVEN.copy()
    forecast[0], yardstick[1] = np.nan, np.nan

    assert one(forecast, yardstick).n == N - 2


def test_a_scope_of_few_matches_says_nothing():
    few = {"few": np.arange(N) < scoreboard.FEWEST - 1}

    assert not list(lines([Forecast("ours", "A", SURE)], Market(EVEN, EVEN), OUTCOME, few))


def test_the_table_names_forecast_and_class():
    text = markdown([one()])

    assert "| ours | A odds-free | 40 | 1.0397 ± 0.0555 |" in text
    assert "behind the closing average" in text
