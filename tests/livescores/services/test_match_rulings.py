"""What a person rules of a match stands, whatever its sources go on telling."""

import pytest

from livescores.models import Match, MatchConflict
from livescores.services import corrections, match_rulings, standings
from livescores.services.deciding import CannotDecide
from tests.factories import DAY, NOON, make_match
from tests.livescores.services.linked_records import records, store

pytestmark = pytest.mark.django_db


def test_a_void_match_counts_nowhere_and_its_score_can_be_read():
    match = make_match(score=(3, 0))

    told = match_rulings.void(match)

    match.refresh_from_db()
    assert (match.status, match.home_score, match.corrected) == ("cancelled", 3, ["status"])
    assert told.endswith("is void: finished before, cancelled now.")
    assert standings.table(match.season) == []


def test_no_import_brings_a_void_match_back():
    store("football-data", records())
    match = Match.objects.order_by("pk").first()
    match_rulings.void(match)

    store("football-data", records())

    match.refresh_from_db()
    assert match.status == "cancelled"
    corrections.take(MatchConflict.objects.get(match=match, what="status"), by="ann")
    match.refresh_from_db()
    assert match.status == "finished"


def test_a_moved_match_stays_where_it_was_moved_and_comes_back_to_life():
    match = make_match(status="postponed", source="football-data")

    told = match_rulings.move(match, NOON + 9 * DAY)

    match.refresh_from_db()
    assert (match.start_time_utc, match.status) == (NOON + 9 * DAY, "scheduled")
    assert match.corrected == ["kick_off"]
    assert told.endswith("moved from 2026-03-14 12:00 to 2026-03-23 12:00.")


@pytest.mark.parametrize(
    ("fields", "to", "sentence"),
    [
        ({}, NOON, "kicks off then already"),
        ({"score": (1, 0)}, NOON + DAY, "it is over"),
    ],
)
def test_what_cannot_be_moved_is_refused(fields, to, sentence):
    with pytest.raises(CannotDecide, match=sentence):
        match_rulings.move(make_match(**fields), to)


def test_two_matches_of_a_pair_cannot_kick_off_at_once():
    match = make_match()
    same = {"home_team": match.home_team, "away_team": match.away_team, "season": match.season}
    other = make_match(start_time_utc=NOON + DAY, **same)

    with pytest.raises(CannotDecide):
        match_rulings.move(other, NOON)


def test_a_void_match_is_not_voided_twice():
    match = make_match(status="cancelled")

    with pytest.raises(CannotDecide, match="cancelled already"):
        match_rulings.void(match)
