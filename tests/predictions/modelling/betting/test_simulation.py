"""What betting would have returned, on markets whose truth we made."""

import numpy as np
import pytest

from predictions.modelling.betting import bootstrap, simulation
from predictions.modelling.betting.simulation import Offers, Sums, by_group, tally, tally_by_edge
from predictions.modelling.betting.staking import VOID
from predictions.modelling.pricing.overround import METHODS

MARGIN = 0.05
EVERY = (-1.0,)  # every match is bet on: the largest edge may be a loss
FLAT, KELLY = 0, 1


def market(n, *, seed):
    """True chances, prices with the margin in proportion, and what happened."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet((9, 6, 5), size=n)
    outcome = (rng.random((n, 1)) > proba.cumsum(axis=1)).sum(axis=1)
    return proba, 1 / (proba * (1 + MARGIN)), outcome


def offers(proba, prices, outcome, *, cell=None, line=None):
    n = len(outcome)
    cell = np.zeros(n, int) if cell is None else np.asarray(cell)
    line = np.full((n, 3), np.nan) if line is None else line
    return Offers(cell, np.asarray(outcome), np.asarray(proba), np.asarray(prices), line)


# Edges of home: 0.2 at 2.4, 0 at 2.0, -0.1 at 1.8; no other outcome is worth a bet.
def five_matches(**options):
    home = np.array([2.4, 2.4, 2.0, 1.8, 2.4])
    prices = np.column_stack([home, np.full(5, 3.0), np.full(5, 4.0)])
    return offers(np.tile([0.5, 0.3, 0.2], (5, 1)), prices, [0, 1, 0, 0, VOID], **options)


def test_bets_are_counted_by_threshold():
    sums = tally(five_matches(), (0.0, 0.1, 0.5), 1)

    assert sums.n_matches.tolist() == [[4] * 6]
    assert sums.n_bets.tolist() == [[3, 2, 0, 2, 2, 0]]  # Kelly stakes nothing without an edge
    assert sums.n_won[0, :3].tolist() == [2, 1, 0]
    assert sums.staked[0, :3].tolist() == [3.0, 2.0, 0.0]
    assert sums.profit[0, :3].tolist() == pytest.approx([1.4 - 1 + 1, 1.4 - 1, 0])


def test_an_edge_between_two_spans_is_counted_in_the_upper_one_alone():
    chances, prices = [[0.5, 0.3, 0.2]], [[2.5, 3.0, 4.0]]  # an edge of 0.25 exactly

    sums = tally_by_edge(offers(chances, prices, [0]), [(0.0, 0.25), (0.25, np.inf)], 1)

    assert sums.n_bets.tolist() == [[0, 1, 0, 1]]


def test_kelly_stakes_by_the_edge():
    sums = tally(five_matches(), (0.1,), 1)

    stake = 100 * 0.25 * 0.2 / 1.4
    assert sums.staked[0, KELLY] == pytest.approx(2 * stake)
    assert sums.profit[0, KELLY] == pytest.approx(0.4 * stake)


def test_a_void_match_gives_the_stake_back_and_is_counted_apart():
    sums = tally(five_matches(), (0.0,), 1)

    assert (sums.n_matches[0, FLAT], sums.n_bets[0, FLAT], sums.n_void[0, FLAT]) == (4, 3, 1)


def test_cells_are_kept_apart():
    sums = tally(five_matches(cell=[0, 2, 2, 0, 0]), (0.0,), 3)

    assert sums.n_bets[:, FLAT].tolist() == [1, 0, 2]
    assert sums.n_void[:, FLAT].tolist() == [1, 0, 0]


def test_the_closing_line_tells_what_a_price_was_worth():
    line = np.tile([0.4, 0.35, 0.25], (5, 1))
    line[1] = np.nan

    sums = tally(five_matches(line=line), (0.0,), 1)

    # Bets at 2.4 and 2.0 with a line, at 2.4 without; the void one does not count.
    assert sums.n_lined[0, FLAT] == 2
    assert sums.line_value[0, FLAT] == pytest.approx(0.4 * 2.4 - 1 + 0.4 * 2.0 - 1)


def test_matches_of_another_length_are_refused():
    with pytest.raises(ValueError, match="2 cells, 5 outcomes, 5 predictions"):
        tally(five_matches(cell=[0, 0]), (0.0,), 1)


def played(stakes, profits, *, n_won=10, n_bets=20):
    """Cells of one way to bet."""
    values = {name: np.zeros((len(stakes), 1)) for name in Sums._fields}
    values["staked"], values["profit"] = (np.array(x, float)[:, None] for x in (stakes, profits))
    values["n_bets"] += n_bets
    values["n_won"] += n_won
    return Sums(**values)


def test_groups_come_in_the_order_of_their_numbers():
    cells = played([1.0, 2.0, 3.0], [0.5, -2.0, 1.0])

    found = by_group(cells, np.array([7, 3, 7]), np.array([1, 1, 2]))

    assert found.group.tolist() == [3, 7]
    assert found.sums.staked.tolist() == [[2.0], [4.0]]
    assert found.sums.profit.tolist() == [[-2.0], [1.5]]


def test_no_cells_are_no_groups():
    found = by_group(played([], []), np.zeros(0, int), np.zeros(0, int))

    assert (len(found.group), found.low.shape) == (0, (0, 1))


def test_cells_of_one_day_are_one_draw():
    """Ten leagues on one day are one day: too few to tell."""
    cells = played([1.0] * 10, [1.0, -1.0] * 5)
    group = np.zeros(10, int)

    one_day = by_group(cells, group, np.full(10, 5))
    ten_days = by_group(cells, group, np.arange(10))

    assert np.isnan(one_day.low).all()
    assert ten_days.low[0, 0] < 0 < ten_days.high[0, 0]


@pytest.mark.parametrize(("n_won", "n_bets"), [(0, 40), (1, 40), (4, 40), (40, 40), (36, 40)])
def test_with_hardly_a_bet_won_or_lost_nothing_is_known(n_won, n_bets):
    cells = played([1.0] * 20, [1.0] * 20)
    total = {"n_won": [[n_won / 20]] * 20, "n_bets": [[n_bets / 20]] * 20}
    cells = cells._replace(**{name: np.array(value) for name, value in total.items()})

    found = by_group(cells, np.zeros(20, int), np.arange(20))

    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_a_group_has_the_same_interval_whatever_groups_stand_beside_it():
    rng = np.random.default_rng(0)
    cells = played(np.ones(60), rng.normal(size=60))
    day = np.arange(60) % 30

    apart = by_group(played(np.ones(30), cells.profit[30:, 0]), np.ones(30, int), day[30:])
    beside = by_group(cells, np.repeat([0, 1], 30), day)

    assert apart.low[0, 0] == beside.low[1, 0]
    assert apart.high[0, 0] == beside.high[1, 0]


def season(proba, prices, outcome, min_edges=EVERY, *, n_days=100, **options):
    """Returns of all matches together, dealt to days in turn."""
    day = np.arange(len(outcome)) % n_days
    sums = tally(offers(proba, prices, outcome, cell=day, **options), min_edges, n_days)
    return by_group(sums, np.zeros(n_days, int), np.arange(n_days))


def test_a_model_equal_to_the_market_returns_minus_the_margin():
    proba, prices, outcome = market(60_000, seed=2)

    found = season(proba, prices, outcome)

    # 100 / 1.05 - 100; with 60,000 bets the standard error is near half a per cent.
    truth = 100 / (1 + MARGIN) - 100
    assert found.sums.n_bets[0, FLAT] == 60_000
    roi = 100 * found.sums.profit[0, FLAT] / found.sums.staked[0, FLAT]
    assert roi == pytest.approx(truth, abs=1.5)
    assert found.low[0, FLAT] < truth < found.high[0, FLAT] < 0


@pytest.mark.parametrize("method", METHODS)
def test_the_markets_own_chances_see_no_edge_in_its_prices(method):
    _, prices, outcome = market(2000, seed=4)

    found = season(METHODS[method](prices), prices, outcome, (0.0, 0.01))

    assert found.sums.n_bets.sum() == 0
    assert np.isnan(found.low).all()


def test_the_markets_own_closing_line_values_its_prices_at_minus_the_margin():
    proba, prices, outcome = market(2000, seed=5)

    sums = season(proba, prices, outcome, line=METHODS["proportional"](prices)).sums

    mean = sums.line_value[0, FLAT] / sums.n_lined[0, FLAT]
    assert mean == pytest.approx(1 / (1 + MARGIN) - 1)


def test_a_model_that_knows_better_is_proven():
    rng = np.random.default_rng(6)
    proba, _, outcome = market(20_000, seed=6)
    biased = proba * rng.uniform(0.8, 1.2, size=proba.shape)
    prices = 1 / (biased / biased.sum(axis=1, keepdims=True) * (1 + MARGIN))

    found = season(proba, prices, outcome, (0.0, 0.05))

    assert (found.low[0, :2] > 0).all()


def dealt(rng, n_seasons, n_days, per_day):
    """The day of each match, and its luck: a third of a day's matches share one."""
    n = n_seasons * n_days * per_day
    place = np.arange(n) // per_day
    own, shared = rng.random(n), rng.random(n_seasons * n_days)[place]
    return place, np.where(rng.random(n) < 1 / 3, shared, own)


@pytest.mark.parametrize(
    ("n_days", "per_day", "longest"), [(30, 4, 3.5), (100, 3, 6.0)], ids=["a month", "a season"]
)
def test_nine_intervals_in_ten_cover_the_truth(n_days, per_day, longest):
    rng = np.random.default_rng(7)
    n_seasons = 1000
    place, luck = dealt(rng, n_seasons, n_days, per_day)
    price = rng.uniform(1.4, longest, size=len(luck))
    outcome = np.where(luck < 1 / (price * (1 + MARGIN)), 0, 2)
    prices = np.column_stack([price, np.full((len(price), 2), 1.01)])
    sure = np.tile([1.0, 0.0, 0.0], (len(price), 1))

    sums = tally(offers(sure, prices, outcome, cell=place), (0.0,), n_seasons * n_days)
    cells = np.arange(n_seasons * n_days)
    found = by_group(sums, cells // n_days, cells % n_days, n_draws=400)

    truth = 100 / (1 + MARGIN) - 100
    known = np.isfinite(found.low)
    covered = ((found.low <= truth) & (truth <= found.high)).sum(axis=0) / known.sum(axis=0)
    assert known.mean() > 0.99
    # Standard error over 1,000 seasons: 1 per cent.
    assert (covered >= 0.87).all()
    assert (covered <= 0.93).all()


def test_drawing_single_bets_would_promise_too_much():
    """Why days are drawn: with shared luck, an interval over bets is too narrow."""
    rng = np.random.default_rng(8)
    place, luck = dealt(rng, 300, 30, 10)
    cells = played(np.ones(len(luck)), np.where(luck < 0.5, 1.0, -1.0))
    group = place // 30

    bets = by_group(cells, group, np.arange(len(luck)), n_draws=200)
    days = by_group(cells, group, place, n_draws=200)

    assert np.mean((bets.low <= 0) & (bets.high >= 0)) < 0.87
    assert np.mean((days.low <= 0) & (days.high >= 0)) > 0.87


def test_an_interval_is_of_as_many_draws_as_were_asked_for():
    profit = np.tile([0.9, -1.0], 20)
    cells = played(np.ones(40), profit)
    group, day = np.full(40, 7), np.arange(40)

    found = by_group(cells, group, day, seed=3, n_draws=50)

    of_seven = np.random.default_rng([3, 7])
    low, high = bootstrap.roi_interval(cells.staked, cells.profit, of_seven, n_draws=50)
    assert (found.low[0], found.high[0]) == (low, high)
    assert by_group(cells, group, day, seed=3).low != found.low


def test_fewest_of_each_is_what_the_docs_say():
    assert simulation.FEWEST_OF_EACH == 5
