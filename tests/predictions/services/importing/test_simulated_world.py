"""The invented world in the database: it goes on from day to day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, F

from livescores.models import Match, Region, Tournament
from predictions.models import Bookmaker, Odds, QuarantinedOdds
from predictions.services.importing import simulated_world
from soccerpredict.errors import InvalidInput
from tests.factories import DAY, forget_odds, make_region
from tests.predictions.pipeline import shrink_leagues

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 9, 22, 12, tzinfo=UTC)
LENGTH = timedelta(hours=2, minutes=15)


@pytest.fixture(autouse=True)
def small_world(monkeypatch):
    shrink_leagues(monkeypatch)


def simulate(now=NOW, seed=1):
    return simulated_world.simulate(seed=seed, now=now)


def forget_everything():
    forget_odds()
    Match.objects.all().delete()


def content():
    """All that is stored, without ids."""
    fields = ("home_team__name", "away_team__name", "start_time_utc", "status")
    scores = ("home_score", "away_score", "home_shots", "away_corners")
    matches = Match.objects.order_by("start_time_utc", "home_team__name")
    prices = Odds.objects.order_by(
        "match__start_time_utc", "match__home_team__name", "bookmaker__code", "captured_at"
    )
    return (
        list(matches.values_list(*fields, *scores)),
        list(prices.values_list("kind", "captured_at", "odd_home", "odd_draw", "odd_away")),
    )


def test_everything_invented_is_labelled():
    simulate()

    assert not Region.objects.filter(is_simulated=False).exists()
    assert Region.objects.get().name == "Northmark (simulated)"
    assert list(Tournament.objects.values_list("code", "tier")) == [("SIM1", 1), ("SIM2", 2)]
    assert all("simulated" in name for name in Bookmaker.objects.values_list("name", flat=True))
    assert not Match.objects.exclude(source="simulated").exists()


def test_the_same_seed_gives_the_same_world():
    simulate()
    first = content()
    forget_everything()

    simulate()

    assert content() == first


def test_another_seed_gives_another_world():
    simulate(seed=1)
    names = set(Match.objects.values_list("home_team__name", flat=True))
    forget_everything()

    simulate(seed=2)

    assert set(Match.objects.values_list("home_team__name", flat=True)) != names


def test_results_are_known_once_a_match_is_over():
    simulate()

    over = Match.objects.filter(start_time_utc__lte=NOW - LENGTH)
    coming = Match.objects.filter(start_time_utc__gt=NOW - LENGTH)
    assert set(over.values_list("status", flat=True)) == {"finished"}
    assert set(coming.values_list("status", "home_score", "home_shots")) == {
        ("scheduled", None, None)
    }


def test_a_match_under_way_has_no_score_yet():
    simulate()
    kickoff = next_kickoff()

    simulate(kickoff + timedelta(hours=1))

    match = Match.objects.filter(start_time_utc=kickoff).first()
    assert (match.status, match.home_score) == ("scheduled", None)


def next_kickoff():
    return Match.objects.filter(start_time_utc__gt=NOW).earliest("start_time_utc").start_time_utc


def test_fixtures_are_known_four_weeks_ahead():
    simulate()

    last = Match.objects.latest("start_time_utc").start_time_utc
    assert NOW + 14 * DAY < last <= NOW + 28 * DAY


def test_no_price_of_the_future_is_known():
    simulate()

    assert not Odds.objects.filter(captured_at__gt=NOW).exists()
    assert not Odds.objects.filter(captured_at__gte=F("match__start_time_utc")).exists()
    assert Odds.objects.filter(match__start_time_utc__gt=NOW, kind="opening").exists()
    assert not Odds.objects.filter(match__start_time_utc__gt=NOW + DAY, kind="closing").exists()


def test_its_bookmakers_do_not_contradict_each_other():
    simulate()

    assert Odds.objects.exists()
    assert not QuarantinedOdds.objects.exists()


def test_once_more_at_the_same_time_changes_nothing():
    simulate()
    before = content()

    report = simulate()

    assert (report.inserted, report.updated, report.odds_inserted) == (0, 0, 0)
    assert content() == before


def test_a_later_day_brings_results_fixtures_and_prices():
    simulate()

    report = simulate(NOW + 7 * DAY)

    assert (report.inserted > 0, report.updated > 0, report.odds_inserted > 0) == (True,) * 3
    doubled = Match.objects.values("season", "home_team", "away_team").annotate(n=Count("id"))
    assert not doubled.filter(n__gt=1).exists()


def test_day_by_day_comes_to_the_same_as_at_once():
    for day in range(0, 30, 5):
        simulate(NOW + day * DAY)
    by_day = content()
    forget_everything()

    simulate(NOW + 25 * DAY)

    assert by_day == content()


def test_a_new_season_begins_after_the_old_one():
    simulate(datetime(2026, 7, 25, tzinfo=UTC))

    seasons = Match.objects.values_list("season__name", flat=True).distinct()
    assert set(seasons) == {"2025-26", "2026-27"}


def test_real_data_is_never_mixed_with_it():
    make_region(is_simulated=False)

    with pytest.raises(InvalidInput, match="There is real data here"):
        simulate()

    assert not Match.objects.exists()
