"""The invented world: reproducible, consistent, and worth learning from."""

from collections import Counter
from datetime import UTC, timedelta
from itertools import pairwise

import numpy as np
import pytest

from predictions.modelling import world

SEED = 1
N_OF_SEASON = world.N_TIERS * world.N_TEAMS * (world.N_TEAMS - 1)
SHARP, HIGH_STREET, LAZY = (book.code for book in world.BOOKS)


@pytest.fixture(scope="module")
def league():
    return world.leagues(SEED)[0]


@pytest.fixture(scope="module")
def played(league):
    """Matches of each season, by year."""
    return dict(world.seasons(league, SEED, world.FIRST_YEAR + 2))


@pytest.fixture(scope="module")
def matches(played):
    return [match for season in played.values() for match in season]


def outcome(match):
    home, away = match.goals
    return 0 if home > away else 1 if home == away else 2


def implied(match, code, kind="closing"):
    (price,) = (p for p in match.prices if (p.bookmaker, p.kind) == (code, kind))
    chances = 1 / np.array([price.home, price.draw, price.away])
    return chances / chances.sum()


def log_loss(matches, code, kind="closing"):
    return -np.mean([np.log(implied(match, code, kind)[outcome(match)]) for match in matches])


def test_the_same_seed_gives_the_same_world(league, played):
    assert world.leagues(SEED)[0] == league
    assert dict(world.seasons(league, SEED, world.FIRST_YEAR + 2)) == played


def test_another_seed_gives_another_world(league, played):
    other = world.leagues(SEED + 1)[0]
    _, season = next(world.seasons(other, SEED + 1, world.FIRST_YEAR))

    assert set(other.towns) != set(league.towns)
    goals = [match.goals for match in season]
    assert goals != [match.goals for match in played[world.FIRST_YEAR]]


def test_one_more_season_changes_none_before_it(league, played):
    longer = dict(world.seasons(league, SEED, world.FIRST_YEAR + 3))

    assert {year: longer[year] for year in played} == played
    assert len(longer) == len(played) + 1


def test_every_region_says_that_it_is_invented():
    leagues = world.leagues(SEED)

    assert len({league.region for league in leagues}) == 4
    assert all(league.region.endswith("(simulated)") for league in leagues)
    assert all("simulated" in book.name for book in world.BOOKS)


def test_everybody_meets_everybody_at_home_and_away_once(played):
    for season in played.values():
        assert len(season) == N_OF_SEASON
        assert len({(match.home, match.away) for match in season}) == N_OF_SEASON
        assert set(Counter(match.home for match in season).values()) == {world.N_TEAMS - 1}


def test_nobody_plays_twice_in_three_days(matches):
    last = {}
    for match in matches:
        for club in (match.home, match.away):
            assert match.kickoff - last.get(club, match.kickoff - timedelta(9)) > timedelta(3)
            last[club] = match.kickoff


def test_seasons_come_in_order_of_kick_off_and_do_not_overlap(matches):
    kickoffs = [match.kickoff for match in matches]

    assert kickoffs == sorted(kickoffs)
    assert {kickoff.tzinfo for kickoff in kickoffs} == {UTC}


def test_three_clubs_move_up_and_three_down(played):
    tops = [{match.home for match in season if match.tier == 0} for season in played.values()]

    for before, after in pairwise(tops):
        assert len(after) == world.N_TEAMS
        assert len(before - after) == len(after - before) == world.N_MOVING


def test_counts_fit_each_other(matches):
    for match in matches:
        counts = (match.half_time_goals, match.goals, match.shots_on_target, match.shots)
        for fewer, more in pairwise(counts):
            assert 0 <= fewer[0] <= more[0]
            assert 0 <= fewer[1] <= more[1]


def test_home_is_an_advantage(matches):
    goals = np.array([match.goals for match in matches])

    assert goals[:, 0].mean() > goals[:, 1].mean() + 0.15


def test_every_book_keeps_a_margin(matches):
    for book in world.BOOKS:
        sums = [
            1 / price.home + 1 / price.draw + 1 / price.away
            for match in matches
            for price in match.prices
            if price.bookmaker == book.code
        ]
        assert min(sums) > 1
        assert np.mean(sums) == pytest.approx(1 + book.margin, abs=0.005)


def test_prices_are_possible_and_stood_before_kick_off(matches):
    for match in matches:
        assert Counter((p.bookmaker, p.kind) for p in match.prices).most_common(1)[0][1] == 1
        assert len(match.prices) == 9
        for price in match.prices:
            assert price.captured_at < match.kickoff
            assert min(price.home, price.draw, price.away) > 1


def test_closing_prices_come_last(matches):
    order = {"opening": 0, "pre_match": 1, "closing": 2}
    for match in matches[:50]:
        kinds = [price.kind for price in sorted(match.prices, key=lambda p: p.captured_at)]
        assert kinds == sorted(kinds, key=order.get)


def test_there_is_something_to_learn(matches):
    outcomes = np.array([outcome(match) for match in matches])
    frequencies = np.bincount(outcomes) / len(outcomes)
    floor = -np.log(frequencies[outcomes]).mean()

    assert log_loss(matches, SHARP) < floor - 0.02


def test_the_sharper_the_book_the_better_its_prices(matches):
    losses = [log_loss(matches, code) for code in (SHARP, HIGH_STREET, LAZY)]

    assert losses == sorted(losses)
    assert log_loss(matches, LAZY, "opening") > log_loss(matches, LAZY, "closing")


@pytest.mark.parametrize(("first_month", "name"), [(8, "2025-26"), (2, "2025")])
def test_a_season_is_named_by_its_years(first_month, name):
    league = world.League("x", ("a", "b"), first_month, ())

    assert league.season_name(2025) == name


def test_the_turn_of_the_century_is_written_with_two_digits():
    assert world.League("x", ("a", "b"), 8, ()).season_name(2099) == "2099-00"


@pytest.mark.parametrize("first_month", [2, 8])
def test_match_days_are_saturdays_and_leave_time_for_the_next_season(first_month):
    days = world.match_days(2025, first_month, 30)

    assert {day.weekday() for day in days} == {5}
    assert len(set(days)) == 30
    assert days[-1] - days[0] < timedelta(days=300)


def test_a_round_robin_of_four_is_six_rounds():
    rounds = world.double_round_robin(np.arange(4), np.random.default_rng(0))

    assert len(rounds) == 6
    assert all(sorted(club for pair in pairs for club in pair) == [0, 1, 2, 3] for pairs in rounds)
    assert len({pair for pairs in rounds for pair in pairs}) == 12
