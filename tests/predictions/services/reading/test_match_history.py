"""What was said of a match, and its prices, as far as they were known at a moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.models import OddsSource
from predictions.services.reading import counterparts, match_history, rating_history
from tests.factories import (
    DAY,
    HOUR,
    make_bookmaker,
    make_match,
    make_model_version,
    make_odds,
    make_publication,
    make_rating,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def match():
    """It kicks off tomorrow."""
    return make_match(start_time_utc=timezone.now().replace(microsecond=0) + DAY)


def publish(match, proba=(0.5, 0.3, 0.2), *, at, stage="champion", **fields):
    made = make_publication((match, proba), stage=stage, **fields)
    type(made).objects.filter(pk=made.pk).update(published_at=at)
    return made


class TestForecasts:
    def test_nothing_was_said(self, match):
        assert match_history.forecasts(match, until=timezone.now()) == []

    def test_all_that_was_said_in_order(self, match):
        now = timezone.now()
        publish(match, (0.4, 0.3, 0.3), at=now - HOUR, stage="challenger")
        publish(match, (0.6, 0.2, 0.2), at=now - 2 * HOUR)

        found = match_history.forecasts(match, until=now)

        assert [(one.stage, one.proba) for one in found] == [
            ("champion", (0.6, 0.2, 0.2)),
            ("challenger", (0.4, 0.3, 0.3)),
        ]

    def test_what_came_later_was_not_known(self, match):
        now = timezone.now()
        publish(match, at=now - HOUR)
        publish(match, at=now)

        assert len(match_history.forecasts(match, until=now - HOUR)) == 1
        assert match_history.forecasts(match, until=now - HOUR - timedelta(microseconds=1)) == []
        assert len(match_history.forecasts(match, until=now)) == 2

    def test_it_names_the_version(self, match):
        version = make_model_version()
        publish(match, at=timezone.now(), model_version=version)

        (found,) = match_history.forecasts(match, until=timezone.now())

        assert found.version == version.version

    def test_it_was_issued_if_it_was_made_before_kick_off(self):
        late = make_match(start_time_utc=timezone.now() - HOUR)
        publish(late, at=timezone.now())

        (found,) = match_history.forecasts(late, until=timezone.now())

        assert not found.is_issued

    def test_a_match_moved_since_does_not_make_it_late(self, match):
        publish(match, at=timezone.now())
        match.start_time_utc = timezone.now() - HOUR
        match.save()

        (found,) = match_history.forecasts(match, until=timezone.now())

        assert found.is_issued


class TestQuotes:
    def quoted(self, match, until=None):
        return match_history.quotes(match, until=until or match.start_time_utc)

    def test_prices_in_order_of_time(self, match):
        start = match.start_time_utc
        make_odds(match, (2.1, 3.3, 3.5), captured_at=start - HOUR)
        make_odds(match, (2.0, 3.4, 3.8), captured_at=start - DAY)

        assert [one.prices for one in self.quoted(match)] == [(2.0, 3.4, 3.8), (2.1, 3.3, 3.5)]

    def test_what_came_later_was_not_known(self, match):
        start = match.start_time_utc
        make_odds(match, (2.0, 3.4, 3.8), captured_at=start - DAY)
        make_odds(match, (2.1, 3.3, 3.5), captured_at=start - HOUR)

        assert len(self.quoted(match, until=start - 2 * HOUR)) == 1
        assert len(self.quoted(match, until=start - HOUR)) == 2

    def test_in_play_and_from_kick_off_on_none_counts(self, match):
        start = match.start_time_utc
        make_odds(match, (2.0, 3.4, 3.8), captured_at=start)
        make_odds(match, (9.0, 3.4, 1.3), captured_at=start - HOUR, kind="live")

        assert self.quoted(match, until=start + DAY) == []

    def test_what_may_not_be_passed_on_is_not_told(self, match):
        OddsSource.objects.update_or_create(name="secret", defaults={"may_pass_on": False})
        make_odds(match, (2.0, 3.4, 3.8), source="secret")

        assert self.quoted(match) == []

    def test_the_market_is_the_first_book_by_priority(self, match):
        second = make_bookmaker("B365", priority=20)
        first = make_bookmaker("PS", priority=10)
        mean = make_bookmaker("AVG", kind="average", priority=1)
        for book, price in ((second, 2.0), (first, 2.1), (mean, 2.2)):
            make_odds(match, (price, 3.4, 3.8), bookmaker=book)

        market = match_history.market(self.quoted(match))

        assert [one.bookmaker for one in market] == ["PS"]

    def test_of_equals_the_code_decides(self, match):
        for code in ("B", "A"):
            make_odds(match, (2.0, 3.4, 3.8), bookmaker=make_bookmaker(code))

        assert {one.bookmaker for one in match_history.market(self.quoted(match))} == {"A"}

    def test_averages_alone_are_no_market(self, match):
        make_odds(match, (2.0, 3.4, 3.8), bookmaker=make_bookmaker("AVG", kind="average"))

        assert match_history.market(self.quoted(match)) == []

    def test_the_newest_of_each_book(self, match):
        start = match.start_time_utc
        first, second = make_bookmaker("PS", priority=10), make_bookmaker("B365", priority=20)
        make_odds(match, (2.0, 3.4, 3.8), bookmaker=second, captured_at=start - 2 * HOUR)
        make_odds(match, (2.1, 3.4, 3.6), bookmaker=second, captured_at=start - HOUR)
        make_odds(match, (1.9, 3.5, 4.2), bookmaker=first, captured_at=start - 9 * HOUR)

        newest = match_history.newest(self.quoted(match))

        assert [(one.bookmaker, one.prices[0]) for one in newest] == [("PS", 1.9), ("B365", 2.1)]


class TestCounterparts:
    def test_both_stages_beside_each_other(self, match):
        make_publication((match, (0.5, 0.3, 0.2)), stage="champion")
        make_publication((match, (0.4, 0.3, 0.3)), stage="challenger")

        assert counterparts.published([match.pk]) == {
            ("champion", match.pk): (0.5, 0.3, 0.2),
            ("challenger", match.pk): (0.4, 0.3, 0.3),
        }

    def test_only_what_is_served_now(self, match):
        make_publication((match, (0.5, 0.3, 0.2)))
        make_publication((match, (0.6, 0.2, 0.2)))

        assert counterparts.published([match.pk]) == {("champion", match.pk): (0.6, 0.2, 0.2)}
        assert counterparts.published([]) == {}

    def test_the_market_is_the_last_price_without_its_margin(self, match):
        make_odds(match, (3.0, 3.0, 3.0), captured_at=match.start_time_utc - DAY)
        make_odds(match, (1.8, 3.6, 3.6), captured_at=match.start_time_utc - HOUR)
        unpriced = make_match()

        found = counterparts.market([match.pk, unpriced.pk])

        assert found.keys() == {match.pk}
        assert found[match.pk] == pytest.approx((0.5, 0.25, 0.25))


class TestRatings:
    def test_between_two_moments_the_oldest_first(self):
        team, other, now = make_team(), make_team(), timezone.now()
        for days in (1, 3, 2, 9):
            make_rating(team, at=now - days * DAY, elo=1500 + days)
        make_rating(other, at=now - DAY)

        found = rating_history.of_teams([team.pk], since=now - 9 * DAY, until=now - DAY)

        assert [one.elo for one in found[team.pk]] == [1503, 1502, 1501]
        assert found.keys() == {team.pk}

    def test_the_last_that_was_known(self):
        team, other, now = make_team(), make_team(), timezone.now()
        for days in (1, 3):
            make_rating(team, at=now - days * DAY, elo=1500 + days)

        found = rating_history.newest([team.pk, other.pk], until=now - 2 * DAY)

        assert {key: one.elo for key, one in found.items()} == {team.pk: 1503}

    def test_the_newest_so_many(self):
        team, now = make_team(), timezone.now()
        for days in (1, 3, 2):
            make_rating(team, at=now - days * DAY, elo=1500 + days)

        assert [one.elo for one in rating_history.last(team.pk, 2)] == [1502, 1501]
        assert [one.elo for one in rating_history.last(team.pk, 9)] == [1503, 1502, 1501]
