"""What the newest simulation says of bets: in all, and of those with an edge like this one."""

from math import inf
from typing import Any

import pytest

from predictions.models import BettingRun
from predictions.services.betting import verdicts
from predictions.services.betting.region_returns import EDGE_SPANS
from tests.factories import (
    DAY,
    NOON,
    make_betting_run,
    make_bookmaker,
    make_edge_return,
    make_edge_returns,
    make_overall_return,
)

pytestmark = pytest.mark.django_db

STAGE = "champion"
EVERY = [(-5.0, 3.0)] * len(EDGE_SPANS)


def run(days=0, **fields):
    return make_betting_run(stage=STAGE, computed_at=NOON + days * DAY, **fields)


@pytest.fixture
def books():
    """Both bet by the simulation; the second has the better priority."""
    return make_bookmaker("B365", priority=20), make_bookmaker("PS", priority=10)


class TestNewest:
    def test_before_the_first_simulation_there_is_none(self):
        found = verdicts.newest(STAGE)

        assert (found.run, found.bookmaker, found.total, found.by_edge) == (None, None, None, [])
        assert not verdicts.is_outdated(STAGE)

    def test_it_is_of_the_first_bookmaker(self, books):
        made = run()
        for book in books:
            make_overall_return(run=made, bookmaker=book)
            make_edge_returns(made, *EVERY, bookmaker=book)

        found = verdicts.newest(STAGE)

        assert (found.run, found.bookmaker) == (made, "PS")
        assert found.total.bookmaker.code == "PS"
        assert [one.min_edge for one in found.by_edge] == [start for start, _ in EDGE_SPANS]
        assert {one.bookmaker.code for one in found.by_edge} == {"PS"}

    def test_another_bookmaker_can_be_asked_for(self, books):
        made = run()
        for book in books:
            make_overall_return(run=made, bookmaker=book)

        assert verdicts.newest(STAGE, bookmaker="B365").total.bookmaker.code == "B365"
        assert verdicts.newest(STAGE, bookmaker="NONE").total is None

    def test_an_older_simulation_says_nothing(self, books):
        make_overall_return(run=run(), bookmaker=books[0])
        newest = run(1)

        found = verdicts.newest(STAGE)

        assert (found.run, found.total) == (newest, None)

    def test_stages_are_kept_apart(self, books):
        make_overall_return(run=make_betting_run(stage="challenger"), bookmaker=books[0])

        assert verdicts.newest(STAGE).run is None

    @pytest.mark.parametrize("way", [{"strategy": "kelly"}, {"min_edge": 0.05}])
    def test_other_ways_to_bet(self, books, way):
        made = run()
        make_overall_return(run=made, bookmaker=books[0])
        assert verdicts.newest(STAGE, **way).total is None

        other = make_overall_return(run=made, bookmaker=books[0], **way)

        assert verdicts.newest(STAGE, **way).total == other


def test_a_simulation_without_edges_is_outdated(books):
    made = run()
    make_overall_return(run=made, bookmaker=books[0])
    assert verdicts.is_outdated(STAGE)

    make_edge_return(run=made, bookmaker=books[0])

    assert not verdicts.is_outdated(STAGE)


class TestBetsLikeIt:
    @pytest.fixture
    def found(self, books):
        made = run()
        for book in books:
            make_edge_returns(made, *EVERY, bookmaker=book)
        return verdicts.bets_like_it(STAGE)

    def test_books_come_by_priority(self, found):
        assert list(found.books) == ["PS", "B365"]

    @pytest.mark.parametrize(("start", "end"), EDGE_SPANS)
    def test_an_edge_belongs_to_its_span(self, found, start, end):
        last = end - 1e-9 if end < inf else 9.0

        for edge in (start, last):
            assert found.of(edge, "B365").min_edge == start

    def test_without_an_edge_there_is_no_bet(self, found):
        assert found.of(-0.001, "PS") is None

    def test_a_bookmaker_that_was_not_simulated_is_judged_by_the_first(self, found):
        assert found.of(0.06, "UNHEARD").bookmaker.code == "PS"

    def test_before_the_first_simulation_nothing_is_like_it(self):
        assert verdicts.bets_like_it(STAGE).of(0.06, "PS") is None

    def test_flat_stakes_at_bookmakers_alone_count(self):
        made = run()
        make_edge_return(run=made, bookmaker=make_bookmaker("AVG", kind="average"))
        make_edge_return(run=made, bookmaker=make_bookmaker("B365"), strategy="kelly")

        assert verdicts.bets_like_it(STAGE).books == {}

    def test_it_takes_one_query(self, books, django_assert_num_queries):
        for days in range(3):
            made = run(days)
            for book in books:
                make_edge_returns(made, *EVERY, bookmaker=book)

        with django_assert_num_queries(1):
            found = verdicts.bets_like_it(STAGE)
            assert found.of(0.06, "PS").run_id == made.pk


def test_totals_of_many_runs_come_with_them(books, django_assert_num_queries):
    for days in range(3):
        made = run(days)
        for book in books:
            make_overall_return(run=made, bookmaker=book)
            make_overall_return(run=made, bookmaker=book, min_edge=0.05)

    with django_assert_num_queries(2):
        found: list[Any] = list(verdicts.with_totals(BettingRun.objects.order_by("computed_at")))

    assert [[one.bookmaker.code for one in each.totals] for each in found] == [["PS", "B365"]] * 3


def test_returns_are_told_book_by_book(books):
    made = run()
    for book in books:
        make_overall_return(run=made, bookmaker=book)
        make_overall_return(run=made, bookmaker=book, strategy="kelly")
        make_edge_return(run=made, bookmaker=book)
        make_overall_return(run=made, bookmaker=book, min_edge=0.05)

    found = [
        (one.bookmaker.code, one.strategy, type(one).__name__) for one in verdicts.returns_of(made)
    ]

    assert found == [
        ("PS", "flat", "OverallReturn"),
        ("PS", "kelly", "OverallReturn"),
        ("B365", "flat", "OverallReturn"),
        ("B365", "kelly", "OverallReturn"),
        ("PS", "flat", "EdgeReturn"),
        ("B365", "flat", "EdgeReturn"),
    ]
