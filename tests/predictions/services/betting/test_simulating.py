"""Betting on a tiny market, reckoned by hand.

Probabilities 0.5, 0.3, 0.2 at prices 2.4, 3, 4: edges 0.2, -0.1, -0.2. So home is backed at
every threshold, flat with 1 unit and by a quarter of Kelly with 100 * 0.25 * 0.2 / 1.4 units.
"""

import csv
from datetime import date, timedelta

import numpy as np
import pytest

from predictions.modelling.pricing import overround
from predictions.models import (
    BettingRun,
    EdgeReturn,
    MonthReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
)
from predictions.services.betting import export, returns, simulating
from predictions.services.publishing import publication
from soccerpredict.errors import InvalidInput, NotFound
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_bookmaker,
    make_match,
    make_odds,
    make_prediction,
    make_season,
    make_tournament,
)

pytestmark = pytest.mark.django_db

PRICES = (2.4, 3.0, 4.0)
KELLY_STAKE = 100 * 0.25 * 0.2 / 1.4
WON, LOST = (1, 0), (0, 0)


@pytest.fixture
def market():
    return Market()


class Market:
    """A published batch, and matches of one region to predict and price."""

    def __init__(self, **fields):
        self.batch = make_batch(**fields)
        self.season = make_season()
        publication.publish(self.batch)

    def match(self, score, prices=PRICES, *, season=None, in_sample=False, **fields):
        match = make_match(season=season or self.season, score=score, **fields)
        make_prediction(match, batch=self.batch, in_sample=in_sample)
        if prices:
            make_odds(match, prices)
        return match

    def simulate(self):
        return simulating.simulate(stage="champion")

    def returned(self, strategy="flat", min_edge=0.0, **filters):
        found = RegionReturn.objects.filter(strategy=strategy, min_edge=min_edge, **filters)
        return [
            (row.n_matches, row.n_bets, row.n_won, row.staked, pytest.approx(row.profit))
            for row in found.order_by("pk")
        ]


def test_flat_stakes_win_the_price_or_lose_the_stake(market):
    market.match(WON)
    market.match(LOST)
    market.match(LOST)

    market.simulate()

    assert market.returned() == [(3, 3, 1, 3.0, 1.4 - 1 - 1)]
    row = RegionReturn.objects.filter(strategy="flat", min_edge=0.0).get()
    assert row.roi_pct == pytest.approx(100 * -0.6 / 3)


def test_kelly_stakes_by_the_edge(market):
    market.match(WON)

    market.simulate()

    (row,) = RegionReturn.objects.filter(strategy="kelly", min_edge=0.0)
    assert row.staked == pytest.approx(KELLY_STAKE)
    assert row.profit == pytest.approx(KELLY_STAKE * 1.4)


def test_a_threshold_keeps_away_from_small_edges(market):
    market.match(WON, (2.06, 3.0, 4.0))  # an edge of 0.03

    market.simulate()

    assert [len_bets(market, edge) for edge in (0.0, 0.02, 0.05, 0.1)] == [1, 1, 0, 0]


def len_bets(market, min_edge):
    return market.returned(min_edge=min_edge)[0][1]


def test_without_an_edge_nothing_is_staked(market):
    market.match(WON, (1.9, 3.2, 4.5))

    market.simulate()

    assert market.returned() == [(1, 0, 0, 0.0, 0.0)]
    row = RegionReturn.objects.filter(strategy="flat", min_edge=0.0).get()
    assert (row.roi_pct, row.roi_ci_low, row.roi_ci_high) == (None, None, None)


@pytest.mark.parametrize(
    ("score", "prices"), [((1, 1), (1.5, 4.0, 4.0)), ((0, 2), (1.5, 3.0, 6.0))]
)
def test_draws_and_away_wins_are_settled_too(market, score, prices):
    market.match(score, prices)

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, max(prices) - 1 if score == (0, 2) else 3.0)]


def test_a_match_that_the_model_had_seen_is_never_staked(market):
    market.match(WON)
    market.match(WON, in_sample=True)

    assert market.simulate().n_matches == 1
    assert market.returned() == [(1, 1, 1, 1.0, 1.4)]


def test_matches_that_were_foreseen_are_told_from_the_others():
    market = Market(computed_at=NOON)
    for hours in (-1, 0, 1):
        market.match(WON, start_time_utc=NOON + hours * HOUR)

    run = market.simulate()

    assert (run.n_matches, run.n_issued, run.n_retrospective) == (3, 1, 2)


@pytest.mark.parametrize("status", ["scheduled", "live", "abandoned", "awarded", "postponed"])
def test_only_finished_matches_are_staked(market, status):
    market.match(LOST)
    market.match(None, status=status, home_score=1, away_score=0)

    assert market.simulate().n_matches == 1


UNUSABLE = {
    "at kick-off": {"captured_at": NOON},
    "after kick-off": {"captured_at": NOON + HOUR},
    "live": {"kind": "live", "captured_at": NOON - HOUR},
}


@pytest.mark.parametrize("price", UNUSABLE.values(), ids=UNUSABLE)
def test_a_price_that_could_not_be_taken_is_never_used(market, price):
    match = market.match(WON)
    make_odds(match, (50.0, 50.0, 50.0), **price)

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, 1.4)]


@pytest.mark.parametrize("price", UNUSABLE.values(), ids=UNUSABLE)
def test_a_match_with_no_other_price_is_left_out(market, price):
    market.match(LOST)
    make_odds(market.match(WON, None), PRICES, **price)

    assert market.simulate().n_matches == 1


def test_the_last_price_before_kick_off_counts(market):
    match = market.match(WON)
    make_odds(match, (2.6, 3.0, 4.0), kind="closing", captured_at=NOON - timedelta(minutes=1))
    make_odds(match, (9.0, 3.0, 4.0), kind="opening", captured_at=NOON - 8 * DAY)

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, 1.6)]


def test_a_corrected_price_of_the_same_moment_counts(market):
    match = market.match(WON)
    first = match.odds.get()
    make_odds(match, (2.8, 3.0, 4.0), recorded_at=first.recorded_at + HOUR)

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, 1.8)]


def test_regions_are_reckoned_apart(market):
    market.match(WON)
    elsewhere = make_season(tournament=make_tournament())
    market.match(LOST, season=elsewhere)

    market.simulate()

    regions = [market.season.tournament.region, elsewhere.tournament.region]
    assert [market.returned(region=region) for region in regions] == [
        [(1, 1, 1, 1.0, 1.4)],
        [(1, 1, 0, 1.0, -1.0)],
    ]


def test_bookmakers_are_reckoned_apart(market):
    match = market.match(WON)
    other = make_bookmaker("PIN")
    make_odds(match, (2.5, 3.0, 4.0), bookmaker=other)

    run = market.simulate()

    assert run.n_matches == 1
    assert market.returned(bookmaker=other) == [(1, 1, 1, 1.0, 1.5)]
    assert market.returned(bookmaker__code="B365") == [(1, 1, 1, 1.0, 1.4)]


def test_only_what_is_published_is_staked_on(market):
    match = market.match(WON)
    make_prediction(match, (0.0, 0.0, 1.0), batch=make_batch())

    run = market.simulate()

    assert run.batch == market.batch
    assert market.returned() == [(1, 1, 1, 1.0, 1.4)]


def test_every_way_to_stake_is_kept(market):
    market.match(WON)

    market.simulate()

    ways = set(RegionReturn.objects.values_list("strategy", "min_edge"))
    edges = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15)
    assert ways == {(how, edge) for how in ("flat", "kelly") for edge in edges}


def days_of_bets(market, n=24):
    for number in range(n):
        market.match(WON if number % 2 else LOST, start_time_utc=NOON + number * DAY)


def test_with_enough_days_there_is_an_interval(market):
    days_of_bets(market)

    market.simulate()

    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert row.roi_pct == pytest.approx(20.0)  # 12 * 1.4 - 12 of 24
    assert -40 < row.roi_ci_low < 20 < row.roi_ci_high < 80
    assert not row.is_proven


def test_a_few_bets_have_no_interval(market):
    days_of_bets(market, 8)

    market.simulate()

    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert (row.n_bets, row.roi_ci_low, row.roi_ci_high) == (8, None, None)


def test_the_same_bets_give_the_same_interval(market):
    days_of_bets(market)

    market.simulate()
    market.simulate()

    bounds = RegionReturn.objects.filter(strategy="flat", min_edge=0.0).values_list(
        "roi_ci_low", "roi_ci_high"
    )
    assert bounds[0] == bounds[1]


@pytest.mark.parametrize("status", ["postponed", "cancelled", "abandoned", "awarded"])
def test_stakes_on_void_matches_go_back(market, status):
    market.match(WON)
    market.match(None, status=status, home_score=0, away_score=3)

    assert market.simulate().n_matches == 1
    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert (row.n_matches, row.n_bets, row.n_void) == (1, 1, 1)
    assert (row.staked, row.profit) == (1.0, pytest.approx(1.4))


@pytest.mark.parametrize(("hours", "n_void"), [(47, 0), (49, 1), (-49, 1)])
def test_a_match_that_moved_by_two_days_is_void(market, hours, n_void):
    market.match(WON)
    moved = market.match(WON)
    moved.predictions.update(start_time_utc=moved.start_time_utc - hours * HOUR)

    market.simulate()

    assert RegionReturn.objects.get(strategy="flat", min_edge=0.0).n_void == n_void


@pytest.mark.parametrize("status", ["scheduled", "live", "unknown"])
def test_an_undecided_match_is_neither_settled_nor_void(market, status):
    market.match(WON)
    market.match(None, status=status)

    market.simulate()

    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert (row.n_matches, row.n_void) == (1, 0)


def test_a_match_that_the_model_had_seen_after_all_is_never_staked(market):
    """Its kick-off was corrected to a day that the model learned from."""
    market.match(WON)
    early = market.batch.model_version.trained_until
    market.match(WON, start_time_utc=early)
    market.match(WON, start_time_utc=early - DAY)

    assert market.simulate().n_matches == 1


def test_a_price_that_stood_only_after_the_prediction_was_not_known_then():
    market = Market(as_of=NOON - 2 * HOUR)
    match = market.match(WON)
    make_odds(match, (9.0, 3.0, 4.0), captured_at=NOON - HOUR)

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, 1.4)]


def test_a_closing_price_without_a_time_was_not_known_days_before():
    market = Market(as_of=NOON - 2 * HOUR)
    match = market.match(WON)
    make_odds(match, (9.0, 3.0, 4.0), kind="closing", moment="kick_off")

    market.simulate()

    assert market.returned() == [(1, 1, 1, 1.0, 1.4)]


def test_the_closing_line_values_the_price_that_was_taken():
    market = Market(as_of=NOON - 2 * HOUR)
    match = market.match(LOST)
    make_odds(match, (2.0, 4.0, 4.0), kind="closing", moment="kick_off")  # no margin: 0.5 home

    market.simulate()

    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert row.clv_pct == pytest.approx(100 * (0.5 * 2.4 - 1))


@pytest.mark.parametrize("method", ["proportional", "shin", "power"])
def test_the_margin_is_removed_by_the_method_asked_for(market, method):
    closing = (2.2, 3.2, 3.6)
    make_odds(market.match(WON), closing, kind="closing")

    run = simulating.simulate(stage="champion", margin_method=method)

    fair = overround.METHODS[method](np.array([closing]))[0, 0]
    assert run.margin_method == method
    row = RegionReturn.objects.get(strategy="flat", min_edge=0.0)
    assert row.clv_pct == pytest.approx(100 * (fair * 2.2 - 1))


def test_an_unknown_method_is_refused(market):
    market.match(WON)

    with pytest.raises(InvalidInput, match="'magic' is none of proportional, shin, power"):
        simulating.simulate(stage="champion", margin_method="magic")


def test_leagues_and_months_are_reckoned_apart(market):
    region = market.season.tournament.region
    second = make_season(tournament=make_tournament(region=region))
    market.match(WON)
    market.match(LOST, season=second, start_time_utc=NOON + 30 * DAY)

    market.simulate()

    asked = {"strategy": "flat", "min_edge": 0.0}
    leagues = TournamentReturn.objects.filter(**asked).values_list("tournament", "profit")
    assert dict(leagues) == {
        market.season.tournament.pk: pytest.approx(1.4),
        second.tournament.pk: -1.0,
    }
    months = MonthReturn.objects.filter(**asked).values_list("month", "profit")
    assert dict(months) == {date(2026, 3, 1): pytest.approx(1.4), date(2026, 4, 1): -1.0}
    assert OverallReturn.objects.get(**asked).profit == pytest.approx(0.4)
    assert RegionReturn.objects.get(**asked).profit == pytest.approx(0.4)


def test_bets_are_told_apart_by_the_size_of_their_edge(market):
    for home, score in (
        (2.0, WON),
        (2.08, LOST),
        (2.1, WON),
        (2.19, LOST),
        (2.4, LOST),
        (3.2, LOST),
    ):
        market.match(score, (home, 3.0, 4.0))  # edges 0, 0.04, 0.05, 0.095, 0.2, 0.6

    market.simulate()

    found = EdgeReturn.objects.filter(strategy="flat").order_by("min_edge")
    assert [(row.min_edge, row.max_edge, row.n_bets, row.profit) for row in found] == [
        (0.0, 0.05, 2, pytest.approx(1.0 - 1)),
        (0.05, 0.1, 2, pytest.approx(1.1 - 1)),
        (0.1, 0.15, 0, 0.0),
        (0.15, 0.5, 1, -1.0),
        (0.5, None, 1, -1.0),
    ]
    assert {row.n_matches for row in found} == {6}
    assert OverallReturn.objects.get(strategy="flat", min_edge=0.0).n_bets == 6


def test_each_size_of_edge_has_an_interval_and_a_closing_line_value(market):
    for day in range(30):
        market.match(WON if day % 3 else LOST, start_time_utc=NOON + day * DAY)

    market.simulate()

    row = EdgeReturn.objects.get(strategy="flat", min_edge=0.15)
    whole = OverallReturn.objects.get(strategy="flat", min_edge=0.0)
    interval = pytest.approx((whole.roi_ci_low, whole.roi_ci_high), rel=1e-6)
    assert (row.roi_ci_low, row.roi_ci_high) == interval
    assert row.roi_ci_low is not None
    assert row.clv_pct == whole.clv_pct


def test_old_runs_are_forgotten(market, monkeypatch):
    monkeypatch.setattr(returns, "KEPT_RUNS", 2)
    market.match(WON)

    runs = [market.simulate() for _ in range(4)]

    assert set(BettingRun.objects.all()) == set(runs[2:])
    assert set(RegionReturn.objects.values_list("run", flat=True)) == {run.pk for run in runs[2:]}


def test_the_csv_holds_every_return(market, tmp_path):
    region = market.season.tournament.region
    type(region).objects.filter(pk=region.pk).update(name="=Oz()")
    market.match(WON)

    run = market.simulate()

    with export.write(run, tmp_path / "a" / "b.csv").open() as file:
        found = list(csv.DictReader(file))
    assert len(found) == 4 * 16 + 10
    by_edge = [row for row in found if row["grouped_by"] == "edge" and row["strategy"] == "flat"]
    assert [(row["min_edge"], row["max_edge"], row["n_bets"]) for row in by_edge] == [
        ("0.0", "0.05", "0"),
        ("0.05", "0.1", "0"),
        ("0.1", "0.15", "0"),
        ("0.15", "0.5", "1"),
        ("0.5", "", "0"),
    ]
    (row,) = (
        row
        for row in found
        if (row["grouped_by"], row["strategy"], row["min_edge"]) == ("region", "flat", "0.0")
    )
    assert row["region"] == "'=Oz()"  # no formula for a spreadsheet
    assert (row["month"], row["bookmaker"], row["profit"]) == ("", "B365", "1.4")
    assert (row["roi_pct"], row["roi_ci_low"], row["is_proven"]) == ("140.0", "", "false")
    newest = export.path_of("champion")
    assert newest.read_bytes() == (tmp_path / "a" / "b.csv").read_bytes()


def test_without_a_publication_it_says_what_to_run():
    with pytest.raises(NotFound, match="Nothing is published for the stage champion: run batch"):
        simulating.simulate(stage="champion")


def test_without_settled_prices_nothing_is_kept(market):
    market.match(WON, in_sample=True)

    with pytest.raises(NotFound, match="No match that the model had not seen has both"):
        market.simulate()

    assert not BettingRun.objects.exists()


def test_a_failure_keeps_nothing(market, monkeypatch):
    market.match(WON)
    monkeypatch.setattr(returns, "as_rows", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        market.simulate()

    assert not BettingRun.objects.exists()
