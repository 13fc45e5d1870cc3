"""What a person decides on links: each decision, and that undoing it leaves no trace but itself."""

import json

import pytest
from django.core import serializers
from django.db import DatabaseError, transaction

from livescores.models import (
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    Team,
    TeamAlias,
    WaitingEvent,
)
from livescores.services import link_decisions
from livescores.services.deciding import CannotDecide
from predictions.models import Odds, Prediction
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_match,
    make_odds,
    make_prediction,
    make_rating,
    make_region,
    make_season,
    make_team,
    make_tournament,
)

pytestmark = pytest.mark.django_db
KEPT = (Team, TeamAlias, Match, MatchLink, MatchConflict, LinkReview, Odds, Prediction)


@pytest.fixture
def season():
    return make_season(tournament=make_tournament(region=make_region(name="England")))


@pytest.fixture
def clubs(season):
    """Arsenal as football-data has it, and as a club that openfootball may mean by it."""
    region = season.tournament.region
    arsenal, gunners, luton = (
        make_team(name=name, region=region) for name in ("Arsenal", "Gunners", "Luton")
    )
    for team, source in ((arsenal, "football-data"), (gunners, "openfootball")):
        TeamAlias.objects.create(team=team, region=region, source=source, name=team.name)
    return arsenal, gunners, luton


def play(season, home, away, source="football-data", **fields):
    return make_match(season=season, home_team=home, away_team=away, source=source, **fields)


def waiting(team, candidate):
    return LinkReview.objects.create(
        team=team, candidate=candidate, source="openfootball", name=team.name, score=0.9
    )


def everything():
    """All rows that a decision may touch, times to the millisecond: a decision keeps no more."""
    rows = {
        model.__name__: serializers.serialize("json", model.objects.order_by("pk"))
        for model in KEPT
    }
    return {name: json.loads(text.replace(".000Z", "Z")) for name, text in rows.items()}


def test_accepting_makes_two_clubs_one_row(season, clubs):
    arsenal, gunners, luton = clubs
    theirs = play(season, gunners, luton, "openfootball")

    link_decisions.accept(waiting(gunners, arsenal), by="ada")

    theirs.refresh_from_db()
    assert theirs.home_team == arsenal
    assert not Team.objects.filter(name="Gunners").exists()
    assert TeamAlias.objects.get(name="Gunners").team == arsenal
    assert LinkReview.objects.get().state == "accepted"


def test_a_match_of_both_becomes_one_with_its_odds_and_both_sources(season, clubs):
    arsenal, gunners, luton = clubs
    ours = play(season, arsenal, luton, score=(1, 0))
    theirs = play(season, gunners, luton, "openfootball", score=(2, 0), start_time_utc=NOON + HOUR)
    price = make_odds(theirs, (2.0, 3.0, 4.0))

    link_decisions.merge([arsenal, gunners], by="ada")

    price.refresh_from_db()
    assert price.match == ours == Match.objects.get()
    assert [str(link) for link in ours.links.all()] == ["openfootball"]
    assert {(c.what, c.kept_value, c.other_value) for c in ours.conflicts.all()} == {
        ("score", "1:0", "2:0"),
        ("kick_off", "2026-03-14 12:00", "2026-03-14 13:00"),
    }


def test_the_record_of_the_better_source_stays(season, clubs):
    arsenal, gunners, luton = clubs
    play(season, arsenal, luton, "whoscored", score=(1, 0))
    better = play(season, gunners, luton, "openfootball", score=(2, 0))

    link_decisions.accept(waiting(gunners, arsenal), by="ada")

    match = Match.objects.get()
    assert (match.pk, match.home_team, match.home_score) == (better.pk, arsenal, 2)


@pytest.mark.parametrize("decide", ["accept", "merge"])
def test_undoing_leaves_everything_as_it_was(season, clubs, decide):
    arsenal, gunners, luton = clubs
    batch = make_batch()
    ours = play(season, arsenal, luton, score=(1, 0))
    theirs = play(season, gunners, luton, "openfootball", score=(2, 0))
    play(season, luton, gunners, "openfootball", start_time_utc=NOON + 7 * DAY)
    for match in (ours, theirs):
        make_odds(match, (2.0, 3.0, 4.0))
        make_prediction(match, batch=batch)  # two of one batch, of which one can stay
    make_rating(gunners)
    review = waiting(gunners, arsenal)
    WaitingEvent.objects.create(source="fonbet", external_id="1", home="a", away="b",
                                start_time_utc=NOON, candidate=theirs, likeness=0.5)  # fmt: skip
    before = everything()

    if decide == "accept":
        decision = link_decisions.accept(review, by="ada")
    else:
        [decision] = link_decisions.merge([arsenal, gunners], by="ada")
    assert everything() != before
    link_decisions.undo(decision, by="bob")

    assert everything() == before
    assert WaitingEvent.objects.get().candidate == theirs


def test_rejecting_keeps_them_apart_and_can_be_undone(clubs):
    arsenal, gunners, _ = clubs
    review = waiting(gunners, arsenal)
    before = everything()

    decision = link_decisions.reject(review, by="ada")

    assert LinkReview.objects.get().state == "rejected"
    assert Team.objects.count() == 3
    link_decisions.undo(decision, by="bob")
    assert everything() == before


def test_splitting_takes_the_source_s_own_matches_along(season, clubs):
    arsenal, gunners, luton = clubs
    alias = TeamAlias.objects.get(name="Gunners")
    TeamAlias.objects.filter(pk=alias.pk).update(team=arsenal)
    gunners.delete()
    shared = play(season, arsenal, luton)
    MatchLink.objects.create(match=shared, source="openfootball")
    own = play(season, luton, arsenal, "openfootball", start_time_utc=NOON + 7 * DAY)
    alias.refresh_from_db()
    before = everything()

    decision = link_decisions.split(alias, by="ada")

    own.refresh_from_db()
    alias.refresh_from_db()
    assert own.away_team == alias.team != arsenal
    assert alias.team.name == "Gunners"
    assert not shared.links.exists()
    link_decisions.undo(decision, by="bob")
    assert everything() == before


def test_a_club_with_one_name_cannot_be_split(clubs):
    with pytest.raises(CannotDecide, match="no other name"):
        link_decisions.split(TeamAlias.objects.get(name="Arsenal"), by="ada")


def test_two_names_of_one_source_cannot_be_told_apart(clubs):
    arsenal = clubs[0]
    other = TeamAlias.objects.create(
        team=arsenal, region=arsenal.region, source="football-data", name="Woolwich"
    )

    with pytest.raises(CannotDecide, match="told apart"):
        link_decisions.split(other, by="ada")


def test_clubs_that_have_met_are_not_merged(season, clubs):
    arsenal, gunners, _ = clubs
    play(season, arsenal, gunners)

    with pytest.raises(CannotDecide, match="played each other"):
        link_decisions.accept(waiting(gunners, arsenal), by="ada")

    assert LinkReview.objects.get().state == "waiting"


@pytest.mark.parametrize("way_round", [1, -1])
def test_no_file_joins_clubs_that_a_person_keeps_apart(clubs, way_round):
    arsenal, gunners, luton = clubs
    link_decisions.reject(waiting(*clubs[:2][::way_round]), by="ada")

    with transaction.atomic():
        assert not link_decisions.join(arsenal, gunners)
        assert link_decisions.join(gunners, luton)

    assert set(Team.objects.all()) == {arsenal, luton}


def test_no_file_joins_clubs_that_have_met(season, clubs):
    arsenal, gunners, _ = clubs
    play(season, gunners, arsenal)

    with transaction.atomic():
        assert not link_decisions.join(arsenal, gunners)


def test_one_club_is_merged_with_nobody(clubs):
    with pytest.raises(CannotDecide, match="takes two clubs"):
        link_decisions.merge(clubs[:1], by="ada")


def test_a_review_of_a_club_that_is_gone_is_not_decided(clubs):
    arsenal, gunners, _ = clubs
    review = waiting(gunners, arsenal)
    arsenal.aliases.all().delete()
    arsenal.delete()
    review.refresh_from_db()

    with pytest.raises(CannotDecide, match="one of the two clubs is no more"):
        link_decisions.accept(review, by="ada")


def test_clubs_of_two_regions_are_not_merged(clubs):
    with pytest.raises(CannotDecide, match="regions"):
        link_decisions.merge([clubs[0], make_team(name="Arsenal")], by="ada")


def test_what_is_decided_is_not_decided_again(clubs):
    review = waiting(clubs[1], clubs[0])
    decision = link_decisions.reject(review, by="ada")

    with pytest.raises(CannotDecide, match="rejected already"):
        link_decisions.accept(review.__class__.objects.get(), by="ada")

    undone = link_decisions.undo(decision, by="ada")
    for one in (decision, undone):
        with pytest.raises(CannotDecide, match="cannot be undone again"):
            link_decisions.undo(one, by="ada")


def test_a_decision_that_others_build_on_is_undone_after_them(season, clubs):
    arsenal, gunners, luton = clubs
    [first] = link_decisions.merge([arsenal, gunners], by="ada")
    [second] = link_decisions.merge(
        [Team.objects.get(name=first.summary.split(" is ")[1]), luton], by="ada"
    )

    with pytest.raises(CannotDecide, match="later decisions"):
        link_decisions.undo(first, by="ada")

    link_decisions.undo(second, by="ada")
    link_decisions.undo(first, by="ada")
    assert Team.objects.count() == 3


def test_every_decision_is_kept_with_who_and_when(clubs):
    decision = link_decisions.reject(waiting(clubs[1], clubs[0]), by="ada")
    link_decisions.undo(decision, by="bob")

    kept = list(LinkDecision.objects.order_by("pk").values_list("action", "decided_by", "summary"))
    assert kept == [
        ("reject", "ada", "Gunners is not Arsenal"),
        ("undo", "bob", "Undone: Gunners is not Arsenal"),
    ]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_no_program_changes_a_decision(clubs, change):
    decision = link_decisions.reject(waiting(clubs[1], clubs[0]), by="ada")
    rows = LinkDecision.objects.filter(pk=decision.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(decided_by="eve") if change == "update" else rows.delete()
