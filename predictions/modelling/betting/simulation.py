"""What betting would have returned, by group, in many ways to bet at once.

Matches are first summed up by cell: the decided matches that no group tells apart, such as those of
a league and day. Groups are then sums of cells, and the interval of each draws its days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from scipy import sparse

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.betting import bootstrap, staking
from predictions.modelling.betting.staking import NO_BET, VOID, Bets

Span = tuple[float, float]

# With fewer won or lost bets a group's interval would tell of luck alone.
FEWEST_OF_EACH = 5


@dataclass(frozen=True)
class Offers:
    """One bookmaker's prices of decided matches, and what a model thought of them.

    Attributes
    ----------
    cell : (n,), number of each match's cell
    outcome : (n,), 0 home win, 1 draw, 2 away win, or VOID
    proba, prices : (n, 3)
    line : (n, 3), the closing line's probabilities; NaN where there is none
    """

    cell: Ints
    outcome: Ints
    proba: Floats
    prices: Floats
    line: Floats


class Sums(NamedTuple):
    """Of some matches and ways to bet, each (rows, ways); money in units.

    `n_matches` are those played to the end, `n_void` the bets whose stakes went back.
    `n_lined` bets had a closing line, and `line_value` is their closing-line value summed up.
    """

    n_matches: Floats
    n_bets: Floats
    n_won: Floats
    n_void: Floats
    staked: Floats
    profit: Floats
    n_lined: Floats
    line_value: Floats

    @classmethod
    def beside(cls, parts: Sequence[Self]) -> Self:
        """The ways of several bookmakers side by side; the rows are the same."""
        return cls(*(np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True)))

    def added_up(self, to: "sparse.csr_array") -> "Sums":
        """Rows summed up, each into one row of `to`."""
        return Sums(*(to @ values for values in self))


@dataclass(frozen=True)
class Returns:
    """Groups in the order of their numbers: `sums` and bounds of the ROI are (n_groups, n_ways).

    The bounds are in per cent, NaN where too few bets were placed to tell.
    """

    group: Ints
    sums: Sums
    low: Floats
    high: Floats


def tally(offers: Offers, min_edges: Sequence[float], n_cells: int) -> Sums:
    """Bet in every way, each strategy of STRATEGIES by each threshold: (n_cells, n_ways).

    Raises:
        ValueError: the lengths of what is offered differ.

    >>> proba, prices = np.array([[0.5, 0.3, 0.2]] * 2), np.array([[2.2, 3.2, 4.0]] * 2)
    >>> offers = Offers(np.zeros(2, int), np.array([0, 1]), proba, prices, proba)
    >>> sums = tally(offers, [0.05], n_cells=1)
    >>> sums.n_bets, sums.profit.round(2)
    (array([[2., 2.]]), array([[0.2 , 0.42]]))
    """
    return tally_by_edge(offers, [(min_edge, np.inf) for min_edge in min_edges], n_cells)


def tally_by_edge(offers: Offers, spans: Sequence[Span], n_cells: int) -> Sums:
    """As `tally`, of the bets whose edge lies in each span: from its start to below its end.

    Raises
    ------
    ValueError
        If the lengths of what is offered differ.

    >>> proba, prices = np.array([[0.5, 0.3, 0.2]] * 2), np.array([[2.2, 3.2, 4.0]] * 2)
    >>> offers = Offers(np.zeros(2, int), np.array([0, 1]), proba, prices, proba)
    >>> tally_by_edge(offers, [(0.0, 0.05), (0.05, 0.2)], n_cells=1).n_bets
    array([[0., 2., 0., 2.]])
    """
    if not len(offers.cell) == len(offers.outcome) == len(offers.proba):
        raise ValueError(
            f"{len(offers.cell)} cells, {len(offers.outcome)} outcomes, "
            f"{len(offers.proba)} predictions."
        )
    lowest = min(start for start, _ in spans)
    ways = [
        way
        for strategy in staking.STRATEGIES.values()
        for way in _within(strategy(offers.proba, offers.prices, min_edge=lowest), offers, spans)
    ]
    per_cell = [_summed(way, offers, n_cells) for way in ways]
    return Sums(*(np.stack(columns, axis=1) for columns in zip(*per_cell, strict=True)))


def _within(bets: Bets, offers: Offers, spans: Sequence[Span]) -> Iterator["_Placed"]:
    profit = staking.settle(bets, offers.outcome)
    value = staking.closing_line_value(bets, offers.line)
    is_bet = (bets.selection != NO_BET) & (bets.stake > 0)
    edge = np.nan_to_num(bets.edge, nan=-np.inf)
    for start, end in spans:
        rows = np.flatnonzero(is_bet & (edge >= start) & (edge < end))
        yield _Placed(rows, bets, profit, value)


class _Placed(NamedTuple):
    rows: Ints
    bets: Bets
    profit: Floats
    line_value: Floats


def _summed(placed: _Placed, offers: Offers, n_cells: int) -> list[Floats]:
    """The fields of Sums, one number a cell."""
    is_void = offers.outcome[placed.rows] == VOID
    stands, void = placed.rows[~is_void], placed.rows[is_void]
    lined = stands[np.isfinite(placed.line_value[stands])]
    won = stands[placed.bets.selection[stands] == offers.outcome[stands]]

    def summed(rows: Ints, values: Floats | None = None) -> Floats:
        weights = None if values is None else values[rows]
        counts = np.bincount(offers.cell[rows], weights, minlength=n_cells)
        return counts.astype(np.float64)

    return [
        summed(np.flatnonzero(offers.outcome != VOID)),
        summed(stands),
        summed(won),
        summed(void),
        summed(stands, placed.bets.stake),
        summed(stands, placed.profit),
        summed(lined),
        summed(lined, placed.line_value),
    ]


def by_group(
    cells: Sums, group: Ints, day: Ints, *, seed: int = 0, n_draws: int = bootstrap.N_DRAWS
) -> Returns:
    """Sum cells up by group, with an interval of each group's return.

    Parameters
    ----------
    group, day : (n_cells,), not negative; the day is what the bootstrap draws
    seed : the same seed gives a group the same interval, whatever other groups there are

    >>> cells = Sums(*np.ones((8, 2, 1)))
    >>> by_group(cells, group=np.array([7, 7]), day=np.array([0, 1])).sums.profit
    array([[2.]])
    """
    numbers, place = np.unique(group, return_inverse=True)
    days, of_day = np.unique(np.stack([place, day]), axis=1, return_inverse=True)
    sums = cells.added_up(_belonging(place, len(numbers)))
    by_day = _belonging(of_day, days.shape[1])
    staked, profit = by_day @ cells.staked, by_day @ cells.profit
    few = np.minimum(sums.n_won, sums.n_bets - sums.n_won) < FEWEST_OF_EACH
    low, high = (np.full(few.shape, np.nan) for _ in range(2))
    ends = np.searchsorted(days[0], np.arange(len(numbers) + 1))
    for row, number in enumerate(numbers):
        ways, part = ~few[row], slice(ends[row], ends[row + 1])
        rng = np.random.default_rng([seed, int(number)])
        low[row, ways], high[row, ways] = bootstrap.roi_interval(
            staked[part, ways], profit[part, ways], rng, n_draws=n_draws
        )
    return Returns(numbers, sums, low, high)


def _belonging(place: Ints, n_rows: int) -> "sparse.csr_array":
    """Ones where a cell belongs to a row."""
    ones = np.ones(len(place))
    return sparse.csr_array((ones, (place, np.arange(len(place)))), shape=(n_rows, len(place)))
