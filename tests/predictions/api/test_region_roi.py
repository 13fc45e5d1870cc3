"""`GET /predict/region-roi/`: what the betting simulation found."""

from datetime import date
from typing import Any

import pytest

from predictions.models import BettingRun
from tests.factories import (
    HOUR,
    NOON,
    make_batch,
    make_bookmaker,
    make_month_return,
    make_region,
    make_region_return,
    make_tournament,
    make_tournament_return,
)

URL = "/predict/region-roi/"
pytestmark = pytest.mark.django_db


def make_run(stage="champion", **fields):
    batch = make_batch(stage)
    return BettingRun.objects.create(stage=stage, batch=batch, n_matches=10, **fields)


@pytest.fixture
def run(db):
    return make_run(computed_at=NOON)


def shown(response):
    return [(row["region"], row["n_bets"]) for row in response.json()]


def test_a_row_is_as_the_contract_says(api, run):
    region = make_region(name="Oz")
    make_region_return(run=run, region=region, roi_ci_low=-40.0, roi_ci_high=95.5)

    # 4 bets of a unit on 10 matches, one won at 5.0: 5 back for 4.
    assert api.get(URL).json() == [
        {
            "region_id": region.pk,
            "region": "Oz",
            "tournament_id": None,
            "tournament": None,
            "month": None,
            "n_matches": 10,
            "n_bets": 4,
            "bet_rate": 0.4,
            "hit_rate": 0.25,
            "staked": 4.0,
            "profit": 1.0,
            "roi_pct": 25.0,
            "roi_ci_low": -40.0,
            "roi_ci_high": 95.5,
            "is_proven": False,
            "n_void": 0,
            "clv_pct": None,
            "verdict": "open",
        }
    ]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-9.0, -0.1, "loss"), (-9.0, 0.0, "open"), (0.1, 9.0, "gain"), (None, None, "open")],
)
def test_a_loss_can_be_proven_too(api, run, low, high, verdict):
    make_region_return(run=run, roi_ci_low=low, roi_ci_high=high)

    assert api.get(URL).json()[0]["verdict"] == verdict


@pytest.mark.parametrize(("low", "proven"), [(0.1, True), (0.0, False), (-3.0, False)])
def test_a_gain_is_proven_if_the_whole_interval_is_one(api, run, low, proven):
    make_region_return(run=run, roi_ci_low=low, roi_ci_high=9.0)

    assert api.get(URL).json()[0]["is_proven"] is proven


def test_leagues_are_named_with_their_region(api, run):
    league = make_tournament(region=make_region(name="Oz"), name="Emerald League")
    make_tournament_return(run=run, tournament=league, n_bets=3)

    (row,) = api.get(f"{URL}?by=tournament").json()

    assert (row["region"], row["tournament"]) == ("Oz", "Emerald League")
    assert (row["tournament_id"], row["n_bets"], row["month"]) == (league.pk, 3, None)


def test_months_go_by_time(api, run):
    for month in (date(2026, 3, 1), date(2025, 12, 1)):
        make_month_return(run=run, month=month)

    rows = api.get(f"{URL}?by=month").json()

    assert [row["month"] for row in rows] == ["2025-12", "2026-03"]
    assert [row["region_id"] for row in rows] == [None, None]


@pytest.mark.parametrize("by", ["team", "Region", "overall"])
def test_an_unknown_grouping_is_422(api, run, by):
    assert api.get(f"{URL}?by={by}").status_code == 422


@pytest.mark.parametrize("by", ["region", "tournament", "month"])
def test_any_grouping_takes_three_queries(api, run, watched_queries, by):
    for month in range(1, 9):
        make_region_return(run=run)
        make_tournament_return(run=run)
        make_month_return(run=run, month=date(2026, month, 1))
    api.get(f"{URL}?by={by}")

    with watched_queries() as queries:
        rows = api.get(f"{URL}?by={by}").json()

    assert (len(queries), len(rows)) == (3, 8)


def test_without_bets_there_is_no_rate_to_show(api, run):
    make_region_return(run=run, n_bets=0, n_won=0, staked=0.0, profit=0.0)

    (row,) = api.get(URL).json()

    names = ("hit_rate", "roi_pct", "roi_ci_low", "roi_ci_high")
    assert [row[name] for name in names] == [None] * 4
    assert row["bet_rate"] == 0.0


def test_headers_name_the_simulation(api, run):
    make_region_return(run=run)

    response = api.get(URL)

    assert response["X-Simulation-Run"] == str(run.pk)
    assert response["X-Simulation-Computed-At"] == "2026-03-14T12:00:00+00:00"
    assert response["X-Bookmaker"] == "B365"


def test_before_the_first_simulation_it_is_empty(api):
    response = api.get(URL)

    assert (response.status_code, response.json()) == (200, [])
    assert "X-Simulation-Run" not in response


def test_regions_go_by_name(api, run):
    for name in ("Oz", "Atlantis", "Ys"):
        make_region_return(run=run, region=make_region(name=name))

    assert [region for region, _ in shown(api.get(URL))] == ["Atlantis", "Oz", "Ys"]


def test_the_newest_simulation_of_the_stage_counts(api, run):
    region = make_region(name="Oz")
    make_region_return(run=run, region=region, n_bets=1)
    old = make_run(computed_at=NOON - HOUR)
    make_region_return(run=old, region=region, n_bets=2)
    rival = make_run("challenger", computed_at=NOON + HOUR)
    make_region_return(run=rival, region=region, n_bets=3)

    assert shown(api.get(URL)) == [("Oz", 1)]
    assert shown(api.get(f"{URL}?stage=challenger")) == [("Oz", 3)]


@pytest.mark.parametrize(
    ("query", "n_bets"),
    [
        ("", 1),
        ("strategy=flat", 1),
        ("strategy=kelly", 2),
        ("min_edge=0", 1),
        ("min_edge=0.0", 1),
        ("min_edge=0.02", 3),
        ("min_edge=0.1", 4),
        ("bookmaker=BW", 5),
        ("strategy=flat&min_edge=0.02&bookmaker=B365&stage=champion", 3),
    ],
)
def test_the_way_to_stake_can_be_chosen(api, run, query, n_bets):
    region = make_region(name="Oz")
    bw = make_bookmaker("BW", priority=90)
    ways: list[dict[str, Any]] = [
        {},
        {"strategy": "kelly"},
        {"min_edge": 0.02},
        {"min_edge": 0.1},
        {"bookmaker": bw},
    ]
    for number, way in enumerate(ways, start=1):
        make_region_return(run=run, region=region, n_bets=number, **way)

    assert shown(api.get(f"{URL}?{query}")) == [("Oz", n_bets)]


def test_the_first_bookmaker_is_a_book_and_no_average(api, run):
    average = make_bookmaker("AVG", priority=1, kind="average")
    make_region_return(run=run, bookmaker=average)
    make_region_return(run=run, bookmaker=make_bookmaker("BW", priority=50))

    assert api.get(URL)["X-Bookmaker"] == "BW"
    assert len(api.get(f"{URL}?bookmaker=AVG").json()) == 1


@pytest.mark.parametrize("bookmaker", ["nobody", "b365", "a'b\"c,d"])
def test_an_unknown_bookmaker_has_no_returns(api, run, bookmaker):
    make_region_return(run=run)

    response = api.get(URL, {"bookmaker": bookmaker})

    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize("min_edge", ["0.04", "0.020001", "1", "-0.5"])
def test_a_threshold_that_is_not_simulated_is_422(api, run, min_edge):
    response = api.get(f"{URL}?min_edge={min_edge}")

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "loc": ["query", "min_edge"],
            "msg": "Write one of 0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15.",
            "type": "unknown",
        }
    ]


def test_an_unchanged_poll_is_304(api, run):
    make_region_return(run=run)
    tag = api.get(URL)["ETag"]

    assert api.get(URL, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("n_regions", [1, 20])
def test_it_takes_three_queries_however_many_regions(api, run, watched_queries, n_regions):
    for _ in range(n_regions):
        make_region_return(run=run)
    api.get(URL)

    with watched_queries() as queries:
        rows = api.get(URL).json()

    assert (len(queries), len(rows)) == (3, n_regions)
