"""Two sources, one row: what importing the second one after the first leaves in the database."""

from datetime import timedelta

import pytest

from livescores.models import (
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    Team,
    TeamAlias,
    Tournament,
    TournamentAlias,
)
from livescores.services import link_decisions
from livescores.sources.records import TournamentRecord, scores
from tests.livescores.services.linked_records import THEIRS, records, store

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def ours():
    store("football-data", records())


def test_a_second_source_finds_the_same_clubs_league_and_matches(ours):
    other = TournamentRecord("England", "Premiership")

    stored = store("openfootball", records(THEIRS, other))

    assert (stored.inserted, stored.updated, stored.unchanged) == (0, 0, 20)
    assert Team.objects.count() == 5
    assert Tournament.objects.get().name == "Premier League"
    assert Match.objects.filter(source="football-data").count() == 20
    assert MatchLink.objects.filter(source="openfootball").count() == 20


def test_each_link_keeps_how_it_was_found(ours):
    store("openfootball", records(THEIRS, TournamentRecord("England", "Premiership")))

    alias = TeamAlias.objects.get(source="openfootball", name="The Blues")
    league = TournamentAlias.objects.get(source="openfootball")

    assert (alias.team.name, alias.method, alias.score) == ("Chelsea", "fixtures", 1.0)
    assert alias.evidence["results_agreed"] == 8
    assert (league.tournament.name, league.method) == ("Premier League", "fixtures")
    assert league.evidence == {"matches": 20, "of": 20}


def test_the_order_of_sources_does_not_matter():
    store("openfootball", records(THEIRS))

    stored = store("football-data", records())

    assert (stored.inserted, stored.updated) == (0, 20)
    assert set(Match.objects.values_list("source", flat=True)) == {"football-data"}
    assert MatchLink.objects.filter(source="openfootball").count() == 20


def test_the_same_again_changes_nothing(ours):
    store("openfootball", records(THEIRS))

    assert store("openfootball", records(THEIRS)).unchanged == 20
    assert store("football-data", records()).unchanged == 20
    assert MatchLink.objects.count() == 20
    assert TeamAlias.objects.exclude(source="common").count() == 10


def test_two_matches_of_a_pair_on_two_days_keep_apart():
    """WhoScored tells of a match anew when it moved, and leaves the old one without a result."""
    first = records()[0]._replace(status="unknown", counts=scores(None), external_id="1")
    moved = first._replace(
        line=99,
        start_time_utc=first.start_time_utc + 27 * HOUR,
        status="finished",
        counts=scores((0, 2)),
        external_id="2",
    )
    store("whoscored", [moved, first])

    again = store("whoscored", [moved, first])

    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
    links = MatchLink.objects.order_by("external_id").select_related("match")
    assert [(link.external_id, link.match.status) for link in links] == [
        ("1", "unknown"),
        ("2", "finished"),
    ]


def test_numbers_of_the_source_are_kept_and_outlive_a_new_name(ours):
    numbered = [one._replace(external_id=f"m{one.line}", home_id=one.home, away_id=one.away)
                for one in records()]  # fmt: skip
    store("whoscored", numbered)

    renamed = numbered[0]._replace(home="Arsenal Women and Men", external_id="m0")
    store("whoscored", [renamed])

    assert Team.objects.count() == 5
    assert MatchLink.objects.get(match__pk__gt=0, external_id="m0").source == "whoscored"


def test_a_worse_source_s_other_score_is_kept_as_a_conflict(ours):
    told = records(THEIRS)
    told[3] = told[3]._replace(counts=scores((9, 0)))

    store("openfootball", told)

    conflict = MatchConflict.objects.get()
    assert (conflict.what, conflict.kept_source, conflict.other_source) == (
        "score", "football-data", "openfootball",
    )  # fmt: skip
    assert (conflict.kept_value, conflict.other_value) == ("3:0", "9:0")
    assert conflict.match.home_score == 3


def test_a_better_source_s_score_replaces_the_worse_one_which_is_kept():
    told = records(THEIRS)
    told[3] = told[3]._replace(counts=scores((9, 0)))
    store("openfootball", told)

    store("football-data", records())

    conflict = MatchConflict.objects.get()
    assert (conflict.kept_value, conflict.other_value) == ("3:0", "9:0")
    assert (conflict.kept_source, conflict.other_source) == ("football-data", "openfootball")
    assert conflict.match.home_score == 3


def test_another_kick_off_is_a_conflict_and_a_few_minutes_are_none(ours):
    told = records(THEIRS)
    told[1] = told[1]._replace(start_time_utc=told[1].start_time_utc + 3 * HOUR)
    told[2] = told[2]._replace(start_time_utc=told[2].start_time_utc + HOUR / 4)

    store("openfootball", told)

    conflict = MatchConflict.objects.get()
    assert conflict.what == "kick_off"
    assert (conflict.kept_value, conflict.other_value) == ("2024-08-17 14:00", "2024-08-17 17:00")


def test_a_worse_source_fills_what_is_empty():
    bare = [one._replace(status="scheduled", counts=scores(None)) for one in records()]
    store("football-data", [*records()[:-1], bare[-1]])

    store("openfootball", records(THEIRS))

    last = Match.objects.get(home_team__name="Man United", away_team__name="Fulham")
    assert (last.status, last.home_score, last.source) == ("finished", 4, "football-data")


def test_a_worse_source_takes_no_result_back(ours):
    bare = [one._replace(status="postponed", counts=scores(None)) for one in records(THEIRS)]
    store("openfootball", records(THEIRS))
    store("openfootball", bare)

    assert Match.objects.filter(status="finished").count() == 20


def test_a_mistyped_year_is_the_same_match_in_conflict(ours):
    told = records(THEIRS)
    told[5] = told[5]._replace(start_time_utc=told[5].start_time_utc - timedelta(days=366))

    assert store("openfootball", told).inserted == 0
    assert MatchConflict.objects.get().what == "kick_off"


def test_a_doubtful_club_is_a_club_of_its_own_and_waits(ours):
    one = records()[0]._replace(
        home="Arsenal London", away="Luton", start_time_utc=records()[0].start_time_utc + 50 * HOUR
    )
    store("openfootball", [one])

    review = LinkReview.objects.get()
    assert (review.team.name, review.candidate.name) == ("Arsenal London", "Arsenal")
    assert (review.state, review.source) == ("waiting", "openfootball")
    assert Match.objects.count() == 21


@pytest.mark.parametrize("name", ["Arsenal B", "Arsenal U21", "Arsenal (W)"])
def test_second_youth_and_women_s_teams_are_clubs_of_their_own(ours, name):
    store("openfootball", [records()[0]._replace(home=name)])

    assert Team.objects.filter(name=name).exists()
    assert not LinkReview.objects.exists()


def test_a_namesake_abroad_is_another_club(ours):
    league = TournamentRecord("Argentina", "Liga Profesional")

    store("openfootball", [records(league=league)[0]])

    assert Team.objects.filter(name="Arsenal").count() == 2


def test_a_namesake_with_other_matches_is_a_club_of_its_own(ours):
    others = [
        one._replace(home="Arsenal", away=f"Club {one.line}", counts=scores((7, 7)))
        for one in records()
    ]

    store("openfootball", others)

    assert Team.objects.filter(name="Arsenal (openfootball)").exists()
    assert LinkReview.objects.get(name="Arsenal").candidate.name == "Arsenal"


def test_an_operator_s_match_is_believed_most(ours):
    Match.objects.update(source="operator", home_score=8, away_score=8)

    store("football-data", records())

    assert set(Match.objects.values_list("home_score", flat=True)) == {8}
    assert MatchConflict.objects.filter(kept_source="operator").count() == 20


def unplayed(told, **changes):
    return told._replace(status="scheduled", counts=scores(None), **changes)


def test_an_old_list_of_fixtures_finds_the_match_that_was_played_later(ours):
    early = records()[5]
    early = unplayed(early, start_time_utc=early.start_time_utc - timedelta(days=40))

    stored = store("openfootball", [early])

    assert stored.inserted == 0
    match = Match.objects.get(pk=stored.ids[5])
    assert (match.status, match.home_score) == ("finished", 0)
    assert match.start_time_utc == records()[5].start_time_utc
    assert match.conflicts.get().what == "kick_off"


def test_the_same_source_s_old_list_moves_no_match_that_was_played(ours):
    early = records()[5]
    store("football-data", [unplayed(early, start_time_utc=early.start_time_utc - HOUR)])

    assert Match.objects.filter(start_time_utc=early.start_time_utc).exists()


def test_a_coming_match_of_a_pair_that_met_is_another_one(ours):
    again = records(THEIRS)[5]
    again = unplayed(again, start_time_utc=again.start_time_utc + timedelta(days=90))

    assert store("openfootball", [again]).inserted == 1


def test_of_a_pair_that_meets_twice_an_old_list_finds_none(ours):
    one = records()[5]
    store("football-data", [one._replace(start_time_utc=one.start_time_utc + timedelta(days=90))])

    early = unplayed(one, start_time_utc=one.start_time_utc - timedelta(days=40))

    assert store("openfootball", [early]).inserted == 1


def test_a_club_that_stood_alone_is_joined_once_results_leave_no_doubt(ours):
    """Promoted from a league that only the second source has."""
    lower = TournamentRecord("England", "League One")
    before = records(THEIRS)[4]
    before = before._replace(
        tournament=lower,
        home="The Blues",
        away="Luton",
        start_time_utc=before.start_time_utc - timedelta(days=365),
    )
    store("openfootball", [before])
    assert Team.objects.filter(name="The Blues").exists()

    store("openfootball", records(THEIRS))

    assert not Team.objects.filter(name="The Blues").exists()
    alias = TeamAlias.objects.get(name="The Blues")
    assert (alias.team.name, alias.method) == ("Chelsea", "fixtures")
    assert Match.objects.count() == 21
    assert Match.objects.get(source="openfootball").home_team.name == "Chelsea"
    decision = LinkDecision.objects.get()
    assert (decision.action, decision.decided_by) == ("merge", "linking")


def test_what_a_person_split_is_not_joined_again(ours):
    store("openfootball", records(THEIRS))
    link_decisions.split(TeamAlias.objects.get(name="The Blues"), by="ada")

    store("openfootball", records(THEIRS))

    assert TeamAlias.objects.get(name="The Blues").team.name == "The Blues"
    assert not LinkDecision.objects.filter(decided_by="linking").exists()
