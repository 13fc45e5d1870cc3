"""Live scores: followed while a match is played, closed when it is over, never reopened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livescores.services import live
from livescores.services.live import LiveReport
from tests.factories import HOUR, NOON, make_match

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def told(match, minutes, **changes):
    """What is told so many minutes after kick-off."""
    said = {
        "match_id": match.pk,
        "status": "live",
        "score": (1, 0),
        "half_time": None,
        "minute": minutes,
        "told_at": match.start_time_utc + minutes * MINUTE,
        **changes,
    }
    return LiveReport(**said)


def follow(match, *news):
    for one in news:
        live.follow([one], "fonbet")
    match.refresh_from_db()
    return match.status, match.home_score, match.away_score, match.minute


def test_a_match_goes_live_and_is_followed():
    match = make_match()

    assert follow(match, told(match, 0, score=(0, 0))) == ("live", 0, 0, 0)
    assert follow(match, told(match, 57)) == ("live", 1, 0, 57)
    assert match.live_at == NOON + 57 * MINUTE


def test_a_score_that_is_not_told_stays():
    match = make_match()

    assert follow(match, told(match, 57), told(match, 93, score=None, minute=90)) == (
        "live",
        1,
        0,
        90,
    )


def test_a_match_that_is_over_closes_itself():
    match = make_match()

    assert follow(match, told(match, 57), told(match, 112, status="finished")) == (
        "finished",
        1,
        0,
        None,
    )
    assert match.finished_at == NOON + 112 * MINUTE


def test_half_time_is_kept():
    match = make_match()

    follow(match, told(match, 57, half_time=(0, 0)))

    assert (match.home_half_time_score, match.away_half_time_score) == (0, 0)


@pytest.mark.parametrize("status", ["finished", "cancelled", "abandoned", "awarded"])
def test_what_is_decided_is_never_reopened(status):
    match = make_match(status=status, home_score=2, away_score=2)

    assert follow(match, told(match, 57)) == (status, 2, 2, None)


def test_a_postponed_match_that_is_played_after_all_is_live():
    match = make_match(status="postponed")

    assert follow(match, told(match, 5))[0] == "live"


@pytest.mark.parametrize("minutes", [-16, 301])
def test_what_is_told_far_from_kick_off_is_of_another_match(minutes):
    match = make_match()

    assert follow(match, told(match, minutes, minute=None))[0] == "scheduled"


def test_where_only_the_day_is_known_any_hour_of_it_will_do():
    match = make_match(has_kickoff_time=False)
    evening = NOON + 8 * HOUR

    assert follow(match, told(match, 0, told_at=evening, minute=30))[0] == "live"
    assert follow(match, told(match, 0, told_at=evening + HOUR, status="finished"))[0] == "finished"
    assert match.finished_at == evening + HOUR


def test_a_record_that_is_corrected_days_later_moves_no_final_whistle():
    match = make_match(score=(1, 0), live_at=NOON + HOUR)

    follow(match, told(match, 3 * 24 * 60, status="finished"))

    assert match.finished_at == NOON + 5 * HOUR


def test_older_news_changes_nothing():
    match = make_match()

    assert follow(match, told(match, 57), told(match, 20, score=(0, 0))) == ("live", 1, 0, 57)


def test_a_match_does_not_end_before_it_can_have():
    match = make_match()

    assert follow(match, told(match, 57), told(match, 60, status="finished"))[0] == "live"


def test_without_a_score_it_does_not_end():
    match = make_match()

    assert follow(match, told(match, 112, status="finished", score=None))[0] == "scheduled"


def test_all_are_followed_in_two_queries(django_assert_num_queries):
    matches = [make_match() for _ in range(9)]

    with django_assert_num_queries(2):
        followed = live.follow([told(match, 57) for match in matches], "fonbet")

    assert followed == (9, 0)


def test_silent_matches_are_unknown_for_good():
    now = timezone.now()
    silent = make_match(status="live", minute=70, live_at=now - 4 * HOUR, start_time_utc=now)
    spoken = make_match(status="live", minute=70, live_at=now - 2 * HOUR, start_time_utc=now)

    assert live.close_silent() == 1
    silent.refresh_from_db()
    spoken.refresh_from_db()
    assert (silent.status, silent.minute, spoken.status) == ("unknown", None, "live")


@pytest.fixture
def overdue(settings):
    """A fixture of eight days ago of which nobody told more."""
    settings.FIXTURE_SILENT_DAYS = 7
    return make_match(status="scheduled", start_time_utc=timezone.now() - 192 * HOUR)


def test_a_fixture_whose_result_never_came_is_unknown(overdue):
    recent = make_match(status="scheduled", start_time_utc=timezone.now() - 160 * HOUR)
    postponed = make_match(status="postponed", start_time_utc=overdue.start_time_utc)
    kept = make_match(
        status="scheduled", start_time_utc=overdue.start_time_utc, corrected=["status"]
    )

    assert live.close_overdue() == 1
    assert live.close_overdue() == 0

    for match, status in (
        (overdue, "unknown"),
        (recent, "scheduled"),
        (postponed, "postponed"),
        (kept, "scheduled"),
    ):
        match.refresh_from_db()
        assert match.status == status
