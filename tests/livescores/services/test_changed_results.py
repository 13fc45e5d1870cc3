"""A result that is told otherwise after the match: a court's stays beside the one on the pitch."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from livescores.models import Match, MatchConflict
from livescores.sources.records import MatchRecord, TournamentRecord, scores
from tests.livescores.services.linked_records import store

pytestmark = pytest.mark.django_db

LEAGUE = TournamentRecord("Germany", "Bundesliga", "D1", 1)


def told(full_time, half_time=None, **changes):
    record = MatchRecord(
        line=1,
        tournament=LEAGUE,
        season="2025-26",
        home="Altendorf",
        away="Neustedt",
        start_time_utc=datetime(2025, 12, 13, 14, 30, tzinfo=UTC),
        has_kickoff_time=True,
        status="finished",
        counts=scores(full_time, half_time),
    )
    return record._replace(**changes)


def stored():
    match = Match.objects.get()
    return match.home_score, match.away_score, match.home_half_time_score, match.status


def conflicts(what="score"):
    columns = ("kept_source", "kept_value", "other_source", "other_value", "state")
    return list(MatchConflict.objects.filter(what=what).values_list(*columns))


AWARDS = {
    "half-time-as-the-end": told((0, 2), (0, 2)),
    "three-goals": told((3, 0), (3, 0)),
    "half-time-that-fits-no-play": told((0, 3)),
    "said-to-be-awarded": told((0, 2), status="awarded"),
}


@pytest.mark.parametrize("later", AWARDS.values(), ids=AWARDS)
def test_the_result_on_the_pitch_stands_against_a_court(later):
    store("football-data", [told((1, 1), (1, 1))])

    store("football-data", [later])
    store("football-data", [later])  # nothing more

    assert stored() == (1, 1, 1, "finished")
    value = f"{later.counts[0]}:{later.counts[1]}"
    assert conflicts() == [("football-data", "1:1", "football-data", value, "noted")]


def test_another_source_does_not_bring_it_either():
    store("openfootball", [told((1, 1), (1, 1))])

    store("football-data", [told((0, 2), (0, 2))])

    assert stored() == (1, 1, 1, "finished")
    assert conflicts() == [("openfootball", "1:1", "football-data", "0:2", "noted")]


def test_a_correction_is_taken_and_what_stood_is_kept():
    store("football-data", [told((2, 1), (1, 0))])

    store("football-data", [told((2, 2), (1, 0))])

    assert stored() == (2, 2, 1, "finished")
    assert conflicts() == [("football-data", "2:2", "football-data", "2:1", "noted")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1, 0), (2, 0)),  # goals in the second half alone
        ((1, 1), (2, 1)),
    ],
)
def test_a_correction_that_a_court_would_make_too_needs_its_half_time(before, after):
    store("football-data", [told(before, (1, 0))])

    store("football-data", [told(after, (1, 0))])

    assert stored()[:2] == after


def test_the_same_result_is_no_conflict():
    store("football-data", [told((2, 1), (1, 0))])
    store("football-data", [told((2, 1))])

    assert conflicts() == []


def test_a_match_that_nobody_played_is_awarded():
    store("football-data", [told(None, status="scheduled")])

    store("football-data", [told((3, 0), status="awarded")])

    assert stored()[3] == "awarded"
    assert conflicts() == []


def test_an_older_copy_without_the_result_changes_nothing():
    store("football-data", [told((2, 1), (1, 0))])

    store("football-data", [told(None, status="scheduled")])
    store("football-data", [told(None, status="unknown")])

    assert stored() == (2, 1, 1, "finished")
    assert conflicts() == []


def test_both_results_are_on_the_match_s_page(admin_client):
    store("football-data", [told((1, 1), (1, 1))])
    store("football-data", [told((0, 2), (0, 2))])

    page = reverse("admin:livescores_match_change", args=[Match.objects.get().pk])

    text = admin_client.get(page).content.decode()
    assert "0:2" in text
    assert "1:1" in text
