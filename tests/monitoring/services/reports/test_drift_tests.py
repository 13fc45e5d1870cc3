"""The verdicts on drift: worked out by hand, and held to their promises by simulation."""

import numpy as np
import pytest
from scipy import stats

from monitoring.services.reports import drift_tests
from monitoring.services.reports.drift_tests import (
    Pool,
    benjamini_hochberg,
    variation_between,
    verdicts,
)

RUNS = 2000
N_FEATURES = 8
N_REFERENCE = 1000


def alarms(draw, n, rng, runs=RUNS):
    """Share of runs without drift in which any feature is called drifted."""
    level = Pool(draw(N_REFERENCE, rng), draw(n, rng)).level(deals=9999)
    chosen = np.arange(N_REFERENCE, N_REFERENCE + n)
    found = 0
    for _ in range(runs):
        _, p_value = Pool(draw(N_REFERENCE, rng), draw(n, rng)).compared(chosen)
        found += benjamini_hochberg(p_value).min() < level
    return found / runs


def independent(n, rng):
    return rng.standard_normal((n, N_FEATURES))


def hanging_together(n, rng):
    return 0.3 * rng.standard_normal((n, N_FEATURES)) + rng.standard_normal((n, 1))


def of_few_values(n, rng):
    return rng.integers(0, 3, (n, N_FEATURES)).astype(float)


@pytest.mark.parametrize("n", [50, 300, 1000, 5000])
def test_without_drift_one_run_in_a_hundred_raises_an_alarm(n):
    assert alarms(independent, n, np.random.default_rng(n)) == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize("draw", [hanging_together, of_few_values])
def test_neither_ties_nor_features_that_hang_together_change_that(draw):
    assert alarms(draw, 300, np.random.default_rng(7)) == pytest.approx(0.01, abs=0.005)


def test_half_a_standard_deviation_in_one_of_72_features_is_found():
    rng = np.random.default_rng(5)
    level = Pool(rng.standard_normal((2000, 72)), rng.standard_normal((300, 72))).level(deals=499)
    found = 0
    for _ in range(100):
        current = rng.standard_normal((300, 72))
        current[:, 40] += 0.5
        _, p_value = Pool(rng.standard_normal((2000, 72)), current).compared(np.arange(2000, 2300))
        found += benjamini_hochberg(p_value)[40] < level

    assert found >= 95


def test_it_names_the_feature_that_drifted():
    rng = np.random.default_rng(3)
    reference, current = rng.standard_normal((2000, 20)), rng.standard_normal((300, 20))
    current[:, 4] += 0.5

    found = verdicts(reference, current)

    assert np.flatnonzero(found.drifted).tolist() == [4]
    assert 0 < found.level < 0.1


def test_the_same_samples_get_the_same_verdict():
    rng = np.random.default_rng(3)
    reference, current = rng.standard_normal((500, 5)), rng.standard_normal((100, 5))

    assert verdicts(reference, current).level == verdicts(reference, current).level


def test_distances_and_p_values_are_scipys():
    rng = np.random.default_rng(4)
    reference, current = rng.integers(0, 30, (400, 1)) / 1.0, rng.integers(2, 32, (150, 1)) / 1.0

    found = verdicts(reference, current)

    theirs = stats.ks_2samp(reference[:, 0], current[:, 0])
    assert found.distance[0] == pytest.approx(theirs.statistic)
    assert np.log(found.p_value[0]) == pytest.approx(np.log(theirs.pvalue), rel=0.1)


def test_a_constant_has_not_drifted():
    found = verdicts(np.zeros((100, 2)), np.zeros((60, 2)))

    assert (found.distance.tolist(), found.p_value.tolist()) == ([0, 0], [1, 1])
    assert not found.drifted.any()


def test_apart_means_a_distance_of_1():
    found = verdicts(np.zeros((100, 1)), np.ones((60, 1)))

    assert (found.distance[0], bool(found.drifted[0])) == (1, True)


def test_benjamini_and_hochberg_by_hand():
    # Sorted: 0.01 · 4/1 = 0.04, 0.02 · 4/2 = 0.04, 0.04 · 4/3 = 0.0533, 0.5 · 4/4 = 0.5.
    adjusted = benjamini_hochberg(np.array([0.5, 0.01, 0.04, 0.02]))

    assert adjusted == pytest.approx([0.5, 0.04, 0.04 * 4 / 3, 0.04])


def test_it_adjusts_many_rows_at_once():
    rows = np.array([[0.01, 0.9], [0.2, 0.2]])

    assert benjamini_hochberg(rows) == pytest.approx(np.array([[0.02, 0.9], [0.2, 0.2]]))


def test_alarms_are_one_in_a_hundred():
    assert drift_tests.FALSE_ALARMS == 0.01


def windows(n, n_windows, rng, *, spread, k=20):
    """Rows of several windows, each with means of its own; the window of each row."""
    means = spread * rng.standard_normal((n_windows, k))
    part = np.repeat(np.arange(n_windows), n)
    return means[part] + rng.standard_normal((len(part), k)), part


def test_windows_of_one_kind_have_no_variation_between_them():
    rows, part = windows(100, 8, np.random.default_rng(1), spread=0.0, k=200)

    assert (variation_between(rows, part).variance > 0).mean() < 0.05


def test_few_windows_tell_nothing():
    rows, part = windows(100, 3, np.random.default_rng(1), spread=1.0)

    assert not variation_between(rows, part).variance.any()


def test_a_window_that_differs_as_windows_do_has_not_drifted():
    """Without their variation every such window would be called drifted."""
    rng = np.random.default_rng(2)
    plain = careful = 0
    for _ in range(20):
        rows, part = windows(100, 26, rng, spread=0.4)
        reference, current = rows[part > 0], rows[part == 0]
        between = variation_between(reference, part[part > 0])
        pool, chosen = Pool(reference, current), np.arange(len(reference), len(rows))
        plain += benjamini_hochberg(pool.compared(chosen)[1]).min() < 0.01
        careful += benjamini_hochberg(pool.compared(chosen, between)[1]).min() < 0.01

    assert (plain, careful) == (20, 0)


def test_half_a_standard_deviation_is_found_beside_windows_of_one_kind():
    rng = np.random.default_rng(4)
    reference, part = windows(150, 8, rng, spread=0.0, k=72)
    between = variation_between(reference, part)
    found = 0
    for _ in range(20):
        current = rng.standard_normal((300, 72))
        current[:, 40] += 0.5
        pool = Pool(reference, current)
        _, p_value = pool.compared(np.arange(len(reference), len(reference) + 300), between)
        found += benjamini_hochberg(p_value)[40] < 0.01

    assert found == 20


def test_what_goes_missing_has_drifted():
    rng = np.random.default_rng(3)
    reference, current = rng.standard_normal((2000, 3)), rng.standard_normal((300, 3))
    reference[:100, 1] = np.nan
    current[:150, 1] = np.nan

    assert verdicts(reference, current).drifted.tolist() == [False, True, False]


def test_what_was_always_missing_has_not():
    both = np.full((400, 2), np.nan)

    assert not verdicts(both, both).drifted.any()
