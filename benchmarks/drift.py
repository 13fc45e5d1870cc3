"""`python -m benchmarks.drift`: how often drift is called that is none, and found that is.

The verdicts are the report's own: 72 features that hang together, some of few values, judged
beside eight windows of other years. In the first tables nothing tells those windows apart. In the
last each window has means of its own, as if no two years were alike.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from monitoring.services.reports.drift_tests import (
    FALSE_ALARMS,
    Pool,
    benjamini_hochberg,
    variation_between,
)
from predictions.modelling.arrays import Floats, Ints

N_FEATURES, N_FACTORS = 72, 10
N_WINDOWS, N_OF_WINDOW = 8, 160
SIZES = (50, 100, 300, 1000, 5000)
DEALS = 9999
SHIFT, SHIFTED, N_SHIFTED = 0.5, 40, 300
YEARS = ((0.1, 8), (0.1, 25), (0.3, 8), (0.3, 25), (0.5, 8), (0.5, 25))


class DrawnMatches:
    """Draws windows of matches whose features share factors; every sixth has few values."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.loadings = 0.3 * self.rng.standard_normal((N_FACTORS, N_FEATURES))

    def window(self, n: int, apart: float = 0.0) -> Floats:
        """`apart` is how far its means lie from those of others, in standard deviations."""
        factors = self.rng.standard_normal((n, N_FACTORS))
        rows = factors @ self.loadings + self.rng.standard_normal((n, N_FEATURES))
        rows += apart * self.rng.standard_normal(N_FEATURES)
        rows[:, ::6] = np.round(2 * rows[:, ::6])
        return np.asarray(rows)

    def other_years(self, n_windows: int, apart: float = 0.0) -> tuple[Floats, Ints]:
        rows = [self.window(N_OF_WINDOW, apart) for _ in range(n_windows)]
        return np.concatenate(rows), np.repeat(np.arange(n_windows), N_OF_WINDOW)


def adjusted(reference: Floats, year: Ints, current: Floats) -> Floats:
    """As `drift_tests.verdicts`, whose level is the same for all draws of one kind."""
    chosen = np.arange(len(reference), len(reference) + len(current))
    between = variation_between(reference, year)
    return benjamini_hochberg(Pool(reference, current).compared(chosen, between)[1])


def level(matches: DrawnMatches, n: int, n_windows: int = N_WINDOWS, apart: float = 0.0) -> float:
    reference, _ = matches.other_years(n_windows, apart)
    return Pool(reference, matches.window(n, apart)).level(deals=DEALS)


def draws(
    matches: DrawnMatches, n: int, runs: int, n_windows: int, apart: float
) -> Iterator[Floats]:
    for _ in range(runs):
        reference, year = matches.other_years(n_windows, apart)
        yield adjusted(reference, year, matches.window(n, apart))


def alarms(n: int, runs: int, n_windows: int = N_WINDOWS, apart: float = 0.0) -> str:
    """Share of windows in which anything is called drifted, though nothing has."""
    matches = DrawnMatches(seed=n)
    limit = level(matches, n, n_windows, apart)
    found = sum(one.min() < limit for one in draws(matches, n, runs, n_windows, apart))
    return f"{found / runs:.2%} (of {runs:,})"


def power(runs: int) -> str:
    """Share of windows in which the one feature that moved is named."""
    matches = DrawnMatches(seed=1)
    limit = level(matches, N_SHIFTED)
    found = 0
    for _ in range(runs):
        reference, year = matches.other_years(N_WINDOWS)
        current = matches.window(N_SHIFTED)
        current[:, SHIFTED] += SHIFT * reference[:, SHIFTED].std()
        found += adjusted(reference, year, current)[SHIFTED] < limit
    return f"{found / runs:.1%} (of {runs:,})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    parser.add_argument("--runs", type=int, default=3000, help="windows of each row")
    runs = parser.parse_args().runs
    error = np.sqrt(FALSE_ALARMS * (1 - FALSE_ALARMS) / runs)
    print(f"Standard error of 1 %: {error:.2%}\n")
    print(f"| matches, of {N_FEATURES} features none has drifted | reach | any called drifted |")
    print("|---|---|---|")
    for n in SIZES:
        print(f"| {n:,} | 0.5 to 1.5 % | {alarms(n, runs)} |", flush=True)
    print("\n| one of them has moved | reach | named |\n|---|---|---|")
    print(f"| by {SHIFT} standard deviations, {N_SHIFTED} matches | >= 95 % | {power(runs)} |")
    print("\n| means of each window differ by | other years | any called drifted |\n|---|---|---|")
    for apart, n_windows in YEARS:
        found = alarms(N_SHIFTED, runs // 10, n_windows, apart)
        print(f"| {apart} standard deviations | {n_windows} | {found} |", flush=True)


if __name__ == "__main__":
    main()
