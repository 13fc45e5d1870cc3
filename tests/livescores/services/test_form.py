from datetime import timedelta

import pytest

from livescores.services import form
from tests.factories import DAY, HOUR, NOON, make_match, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def ajax():
    return make_team(name="Ajax")


def played(home, away, score, days_ago, **fields):
    start = NOON - days_ago * DAY
    return make_match(home_team=home, away_team=away, score=score, start_time_utc=start, **fields)


def letters(results):
    return "".join(one.letter for one in results)


def test_results_are_seen_from_the_teams_side_the_newest_first(ajax):
    played(ajax, make_team(), (2, 0), 3)
    played(make_team(), ajax, (2, 0), 2)
    played(make_team(), ajax, (1, 1), 1)

    assert letters(form.last_results(ajax.pk, known_at=NOON)) == "DLW"


def test_only_the_last_six_are_told(ajax):
    for day in range(1, 9):
        played(ajax, make_team(), (day, 0), day)

    goals = [one.match.home_score for one in form.last_results(ajax.pk, known_at=NOON)]

    assert goals == [1, 2, 3, 4, 5, 6]


def test_a_result_counts_from_when_it_was_known(ajax):
    match = played(ajax, make_team(), (1, 0), 1, finished_at=NOON - DAY + 2 * HOUR)

    before = form.last_results(ajax.pk, known_at=match.finished_at - timedelta(seconds=1))
    after = form.last_results(ajax.pk, known_at=match.finished_at)

    assert (letters(before), letters(after)) == ("", "W")


def test_meetings_are_of_these_two_at_either_ground(ajax):
    psv = make_team()
    played(ajax, psv, (1, 0), 30)
    played(psv, ajax, (3, 0), 20)
    played(ajax, make_team(), (1, 0), 10)

    assert letters(form.meetings(ajax.pk, psv.pk, known_at=NOON)) == "LW"


def test_it_takes_two_queries(ajax, django_assert_num_queries):
    for day in range(1, 5):
        played(ajax, make_team(), (1, 0), day)

    with django_assert_num_queries(2):
        [one.match.away_team.name for one in form.last_results(ajax.pk, known_at=NOON)]
