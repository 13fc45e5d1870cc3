"""Which match an event of a feed is: by names that sound alike at that moment, never by a guess."""

from datetime import timedelta

import pytest
from django.utils import timezone

from livescores.linking.spelling import likeness
from livescores.models import LinkDecision, TeamAlias, WaitingEvent
from livescores.services import event_links, link_decisions
from livescores.services.deciding import CannotDecide
from livescores.sources.records import EventRecord, Quote
from tests import forms
from tests.factories import HOUR, NOON, make_match, make_region, make_season, make_team
from tests.factories import make_tournament as make_league

# ruff: noqa: RUF001 - Russian letters are meant
pytestmark = pytest.mark.django_db


@pytest.fixture
def sweden():
    return make_season(tournament=make_league(region=make_region(name="Sweden")))


def play(season, home, away, start=NOON, **fields):
    region = season.tournament.region
    teams = {"home_team": home, "away_team": away}
    made = {side: make_team(name=name, region=region) for side, name in teams.items()}
    return make_match(season=season, start_time_utc=start, **made, **fields)


def event(home="Хельсингборг", away="Гетеборг", **changes):
    said = {"line": 1, "external_id": "7", "start_time_utc": NOON, "region": "Sweden", **changes}
    return EventRecord(home=home, away=away, **said)


def link(*events):
    return event_links.link("fonbet", events)


def waiting():
    return WaitingEvent.objects.get()


def test_a_russian_name_that_sounds_alike_is_linked(sweden):
    match = play(sweden, "Helsingborg", "Goteborg")

    assert link(event()) == {1: match.pk}
    assert not WaitingEvent.objects.exists()


@pytest.mark.parametrize(
    ("russian", "ours"),
    [
        ("Юргорден", "Djurgarden"),
        ("АФК Эскильстуна", "AFC Eskilstuna"),
        ("Эстерсунд ФК", "Ostersunds"),
        ("Боде/Глимт", "Bodo/Glimt"),
        ("Орхус", "Aarhus"),
        ("Спартак М", "Spartak Moscow"),
    ],
)
def test_likeness_hears_through_the_alphabet(russian, ours):
    assert likeness(russian, ours) > event_links.LIKE


@pytest.mark.parametrize(
    "other", ["Хельсингборг (р)", "Хельсингборг U23", "Хельсингборг-2", "Хельсингборг (ж)"]
)
def test_a_second_team_is_another_team(other):
    assert likeness(other, "Helsingborg") == 0


def test_another_region_is_another_match(sweden):
    play(sweden, "Helsingborg", "Goteborg")

    assert link(event(region="Norway")) == {}


def test_without_a_region_nothing_is_linked(sweden):
    play(sweden, "Helsingborg", "Goteborg")

    assert link(event(region="")) == {}


def test_another_kick_off_waits(sweden):
    match = play(sweden, "Helsingborg", "Goteborg", NOON + HOUR)

    assert link(event()) == {}
    assert (waiting().candidate, waiting().state) == (match, "waiting")


def test_where_only_the_day_is_known_names_must_be_closer(sweden):
    match = play(sweden, "Helsingborg", "Goteborg", has_kickoff_time=False)

    assert link(event(home="Халсинбек", start_time_utc=NOON + 5 * HOUR)) == {}
    assert link(event(start_time_utc=NOON + 5 * HOUR)) == {1: match.pk}


def test_one_side_is_not_enough(sweden):
    play(sweden, "Helsingborg", "Malmo")

    assert link(event()) == {}


def test_two_matches_that_sound_alike_are_a_doubt(sweden):
    play(sweden, "Helsingborg", "Goteborg")
    play(sweden, "Helsingborgs", "Goteborgs", NOON + timedelta(minutes=5))

    assert link(event()) == {}


def test_two_events_cannot_be_one_match(sweden):
    play(sweden, "Helsingborg", "Goteborg")

    assert link(event(), event(line=2, external_id="8", home="Хельсинборг")) == {}
    assert WaitingEvent.objects.count() == 2


def priced(at, **changes):
    quotes = [Quote("FON", "pre_match", at, 1.6, 4.2, 5.25)]
    return event(quotes=quotes, told_at=NOON - HOUR, **changes)


@pytest.mark.parametrize(("first", "second", "line"), [(3, 2, 2), (2, 3, 1), (2, 2, 2)])
def test_an_event_that_stands_twice_in_a_feed_is_the_one_with_the_newer_prices(
    sweden, first, second, line
):
    match = play(sweden, "Helsingborg", "Goteborg")

    older = priced(NOON - first * HOUR)
    assert link(older, priced(NOON - second * HOUR, line=2, external_id="8")) == {line: match.pk}
    assert not WaitingEvent.objects.exists()


def test_it_may_stand_there_at_the_hour_from_which_it_was_moved(sweden):
    match = play(sweden, "Helsingborg", "Goteborg", NOON + 24 * HOUR)

    moved = event(line=2, external_id="8", start_time_utc=NOON + 24 * HOUR)
    assert link(event(), moved) == {2: match.pk}
    assert not WaitingEvent.objects.exists()


def test_the_kind_of_club_makes_no_other_event(sweden):
    match = play(sweden, "Helsingborg", "Goteborg")

    assert link(event(), event(line=2, external_id="8", away="Гетеборг ФК")) == {2: match.pk}


def test_a_number_that_stands_twice_in_an_answer_waits_once(sweden):
    assert link(event(), event(line=2)) == {}
    assert waiting().external_id == "7"


def test_an_event_that_is_seen_again_waits_once(sweden):
    link(event())
    first = waiting()

    link(event())

    assert waiting().first_seen_at == first.first_seen_at
    assert waiting().last_seen_at > first.last_seen_at


def test_an_event_that_waited_for_a_week_is_forgotten(sweden):
    link(event(), event(external_id="8", line=2, start_time_utc=timezone.now()))

    assert event_links.forget_old() == 1
    assert waiting().external_id == "8"


def test_accepting_makes_both_names_known(sweden):
    match = play(sweden, "HIF", "Blavitt")
    link(event())
    WaitingEvent.objects.update(candidate=match)

    link_decisions.accept_event(waiting(), by="ann")

    assert link(event(external_id="9")) == {1: match.pk}
    assert TeamAlias.objects.filter(source="fonbet", method="operator").count() == 2
    decided = WaitingEvent.objects.get(external_id="7")
    assert (decided.state, decided.decided_by) == ("accepted", "ann")


def test_a_refused_event_stays_apart(sweden):
    play(sweden, "Helsingborg", "Goteborg", NOON + HOUR)
    link(event())
    link_decisions.reject_event(waiting(), by="ann")

    assert link(event(start_time_utc=NOON + HOUR)) == {}
    assert waiting().state == "rejected"


@pytest.mark.parametrize(("action", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_an_operator_decides_in_the_admin(sweden, admin_client, action, state):
    play(sweden, "Helsingborg", "Goteborg", NOON + HOUR)
    link(event())

    forms.act(admin_client, "/admin/livescores/waitingevent/", action, waiting())

    assert (waiting().state, waiting().decided_by) == (state, "admin")


def test_an_event_that_may_be_no_match_of_ours_is_not_accepted(sweden):
    link(event())

    with pytest.raises(CannotDecide, match="there is no match that it may be"):
        link_decisions.accept_event(waiting(), by="ann")


def test_an_event_is_decided_once(sweden):
    play(sweden, "Helsingborg", "Goteborg", NOON + HOUR)
    link(event())
    link_decisions.reject_event(waiting(), by="ann")

    with pytest.raises(CannotDecide, match="it is rejected already"):
        link_decisions.accept_event(waiting(), by="bob")


@pytest.mark.parametrize("decide", ["accept_event", "reject_event"])
def test_a_decision_on_an_event_is_kept_and_can_be_undone(sweden, decide):
    match = play(sweden, "HIF", "Blavitt")
    link(event())
    WaitingEvent.objects.update(candidate=match)

    decision = getattr(link_decisions, decide)(waiting(), by="ann")
    link_decisions.undo(decision, by="bob")

    assert (waiting().state, waiting().decided_by) == ("waiting", "")
    assert not TeamAlias.objects.filter(source="fonbet").exists()
    assert list(LinkDecision.objects.values_list("decided_by", flat=True)) == ["bob", "ann"]
