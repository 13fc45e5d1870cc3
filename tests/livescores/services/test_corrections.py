"""What an operator set in the back office stands, whatever sources tell, until it is given back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from livescores.models import Match, MatchConflict, Season, Team, TeamAlias
from livescores.services import event_links, link_decisions, live
from livescores.sources.records import EventRecord
from predictions.services.importing import files
from tests.factories import make_match, make_team
from tests.forms import form_in, save

pytestmark = pytest.mark.django_db
HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,HS,AS"
ROW = "E0,{day},15:00,Arsenal,Leeds,{home},{away},H,1,0,H,{shots},8"


@pytest.fixture
def told(tmp_path):
    """Import a season as the source has it."""

    def importing(day="14/03/2026", home=2, away=1, shots=12):
        row = ROW.format(day=day, home=home, away=away, shots=shots)
        other = "E0,15/03/2026,15:00,Everton,Fulham,0,0,D,0,0,D,4,5"
        file = tmp_path / "E0.csv"
        file.write_text("\n".join([HEADER, row, other]) + "\n")
        return files.import_files("football-data", [file])

    importing()
    return importing


def the_match():
    return Match.objects.order_by("pk").first()


def address(match=None):
    return reverse("admin:livescores_match_change", args=[(match or the_match()).pk])


def correct(client, match=None, **changes):
    answer = save(client, address(match), changes)
    assert answer.status_code == 302, answer.context["errors"]


def waiting():
    found = MatchConflict.objects.filter(kept_source="operator", state="waiting")
    return [(one.what, one.kept_value, one.other_value, one.other_source) for one in found]


def decide(client, action, what):
    lists = reverse("admin:livescores_matchconflict_changelist")
    form = form_in(client.get(lists, {"what__exact": what}), having="_selected_action")
    box = next(one for one in form.controls if one.name == "_selected_action")
    sent = form.filled({"action": action, "_selected_action": box.choices}, "index")
    return client.post(lists, sent, follow=True).content.decode()


def other_season():
    season = the_match().season
    return Season.objects.create(tournament=season.tournament, name="1999-00")


FIELDS = [  # fact, what the form is given, what the match has then
    ("score", {"home_score": 5}, {"home_score": 5, "away_score": 1}),
    ("half_time", {"home_half_time_score": 0}, {"home_half_time_score": 0}),
    ("home_shots", {"home_shots": 30}, {"home_shots": 30}),
    ("status", {"status": "abandoned"}, {"status": "abandoned"}),
    (
        "kick_off",
        {"start_time_utc_0": "2026-04-20", "start_time_utc_1": "17:30"},
        {"start_time_utc": datetime(2026, 4, 20, 17, 30, tzinfo=UTC)},
    ),
]


@pytest.mark.parametrize(("what", "changes", "stands"), FIELDS)
def test_a_correction_survives_the_next_import(admin_client, told, what, changes, stands):
    before = Match.objects.filter(pk=the_match().pk).values(*stands)[0]
    correct(admin_client, **changes)

    report = told()
    told()

    assert (report.inserted, Match.objects.count()) == (0, 2)
    assert Match.objects.filter(pk=the_match().pk).values(*stands)[0] == stands
    assert [one[0] for one in waiting()] == [what]
    assert "conflict" in admin_client.get(address()).content.decode()

    decide(admin_client, "take", what)

    assert Match.objects.filter(pk=the_match().pk).values(*stands)[0] == before
    assert (the_match().corrected, MatchConflict.objects.count()) == ([], 0)
    assert "taken from football-data" in LogEntry.objects.latest("pk").get_change_message()
    assert told().updated == 0


def test_other_teams_and_another_season_make_no_second_match(admin_client, told):
    everton = Match.objects.order_by("pk").last().home_team
    season = other_season()
    correct(admin_client, home_team=everton.pk, season=season.pk)

    told(day="15/03/2026")

    assert Match.objects.count() == 2
    found = the_match()
    assert (found.home_team, found.season) == (everton, season)
    assert found.start_time_utc.day == 15  # what nobody corrected follows the source
    assert {(what, ours, theirs) for what, ours, theirs, _ in waiting()} == {
        ("home_team", "Everton", "Arsenal"),
        ("season", "1999-00", "2025-26"),
    }


def test_ours_is_kept_until_the_source_tells_something_new(admin_client, told):
    correct(admin_client, home_score=5)
    told()

    decide(admin_client, "keep", "score")
    told()
    settled = waiting()
    told(home=3)

    assert settled == []
    assert waiting() == [("score", "5:1", "3:1", "football-data")]
    assert the_match().home_score == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("action", "goals"), [("take", 2), ("keep", 5)])
def test_either_decision_is_made_where_no_transaction_is_open(admin_client, told, action, goals):
    """As the back office's lists call for it."""
    correct(admin_client, home_score=5)
    told()

    decide(admin_client, action, "score")

    assert (waiting(), the_match().home_score) == ([], goals)


def test_a_conflict_closes_once_both_agree(admin_client, told):
    correct(admin_client, home_score=5)
    told()

    told(home=5)

    assert waiting() == []
    assert MatchConflict.objects.get().state == "agreed"
    told(home=2)
    assert waiting() == [("score", "5:1", "2:1", "football-data")]


def test_a_save_without_a_change_corrects_nothing(admin_client, told):
    correct(admin_client)

    assert the_match().corrected == []
    told(home=3)
    assert the_match().home_score == 3


def test_live_scores_leave_a_correction_alone(admin_client, told):
    now = datetime(2026, 3, 14, 15, 30, tzinfo=UTC)
    Match.objects.filter(pk=the_match().pk).update(
        status="live", home_score=0, away_score=0, start_time_utc=now, live_at=now
    )
    correct(admin_client, home_score=1)

    later = now + timedelta(minutes=100)
    live.follow([live.LiveReport(the_match().pk, "finished", (0, 0), None, None, later)], "feed")

    found = the_match()
    assert (found.status, found.home_score, found.away_score) == ("finished", 1, 0)
    assert waiting() == [("score", "1:0", "0:0", "feed")]


@pytest.fixture
def twice(told):
    """The same match once more: openfootball's, of a club that it calls otherwise."""
    ours = the_match()
    region = ours.home_team.region
    gunners = make_team(name="Gunners", region=region)
    TeamAlias.objects.create(team=gunners, region=region, source="openfootball", name="Gunners")
    return make_match(
        season=ours.season,
        home_team=gunners,
        away_team=ours.away_team,
        start_time_utc=ours.start_time_utc,
        source="openfootball",
        score=(2, 2),
    )


def merge(client):
    lists = reverse("admin:livescores_team_changelist")
    teams = Team.objects.filter(name__in=["Arsenal", "Gunners"])
    form = form_in(client.get(lists), having="_selected_action")
    chosen = {"action": "merge", "_selected_action": [team.pk for team in teams]}
    return client.post(lists, form.filled(chosen, "index"), follow=True).content.decode()


MERGED = [
    ({"home_score": 4}, {"home_score": 4, "away_score": 2}),
    ({"home_shots": 31}, {"home_shots": 31}),
    (
        {"start_time_utc_0": "2026-03-14", "start_time_utc_1": "18:45"},
        {"start_time_utc": datetime(2026, 3, 14, 18, 45, tzinfo=UTC)},
    ),
]


@pytest.mark.parametrize(("changes", "stands"), MERGED)
def test_a_correction_survives_that_its_match_becomes_another(
    admin_client, told, twice, changes, stands
):
    correct(admin_client, twice, **changes)

    assert "1 clubs became another." in merge(admin_client)
    told()

    assert Match.objects.count() == 2
    found = the_match()
    assert Match.objects.filter(pk=found.pk).values(*stands)[0] == stands
    assert found.source == "football-data"
    assert [one[0] for one in waiting()] == found.corrected


def test_a_corrected_season_and_club_survive_it_too(admin_client, told, twice):
    season, everton = other_season(), Match.objects.order_by("pk")[1].home_team
    correct(admin_client, twice, season=season.pk, away_team=everton.pk)
    ours = the_match()
    correct(admin_client, ours, away_team=everton.pk)

    merge(admin_client)
    told()

    found = the_match()
    assert Match.objects.count() == 2
    assert (found.season, found.away_team) == (season, everton)
    assert sorted(found.corrected) == ["away_team", "season"]
    assert {what for what, *_ in waiting()} == {"away_team", "season"}


def test_undoing_the_merge_gives_both_their_own_again(admin_client, told, twice):
    correct(admin_client, twice, home_score=4)
    before = list(Match.objects.order_by("pk").values("pk", "corrected", "home_score"))
    teams = Team.objects.filter(name__in=["Arsenal", "Gunners"])
    [decision] = link_decisions.merge(list(teams), by="ada")

    link_decisions.undo(decision, by="ada")

    assert list(Match.objects.order_by("pk").values("pk", "corrected", "home_score")) == before


def test_a_name_that_is_split_off_takes_what_it_told_along(admin_client, told):
    """A correction of the club is found again by the club that the source means from now on."""
    ours = the_match()
    arsenal, everton = ours.home_team, Match.objects.order_by("pk")[1].home_team
    TeamAlias.objects.create(
        team=arsenal, region=arsenal.region, source="openfootball", name="Gunners"
    )
    correct(admin_client, home_team=everton.pk)
    alias = TeamAlias.objects.get(source="football-data", name="Arsenal")

    decision = link_decisions.split(alias, by="ada")
    told()

    alias.refresh_from_db()
    assert alias.team != arsenal
    assert Match.objects.count() == 2
    assert the_match().home_team == everton
    assert MatchConflict.objects.get(what="home_team").told_team == alias.team
    link_decisions.undo(decision, by="ada")
    assert MatchConflict.objects.get(what="home_team").told_team == arsenal


def test_a_split_leaves_a_corrected_club_alone(admin_client, told):
    match = Match.objects.order_by("pk")[1]
    arsenal = the_match().home_team
    TeamAlias.objects.create(
        team=arsenal, region=arsenal.region, source="openfootball", name="Gunners"
    )
    correct(admin_client, match, home_team=arsenal.pk)

    link_decisions.split(TeamAlias.objects.get(source="football-data", name="Arsenal"), by="ada")

    match.refresh_from_db()
    assert match.home_team == arsenal
    assert the_match().home_team != arsenal


@pytest.mark.parametrize("moved_to", [("2026-03-14", "19:30"), ("2026-05-02", "12:00")])
def test_a_feed_finds_a_match_that_an_operator_moved(admin_client, told, moved_to):
    """At the source's kick-off, and at the operator's."""
    before = the_match().start_time_utc
    day, hour = moved_to
    correct(admin_client, start_time_utc_0=day, start_time_utc_1=hour)
    told()

    names: Any = {"home": "Arsenal", "away": "Leeds", "region": "England"}
    events = [
        EventRecord(line=1, external_id="7", start_time_utc=start, **names)
        for start in (before, the_match().start_time_utc)
    ]

    assert [event_links.link("fonbet", [one]) for one in events] == [{1: the_match().pk}] * 2
