"""Matches in the admin: how they are found and corrected."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from livescores.models import Match, TeamAlias
from tests.factories import HOUR, NOON, make_match, make_season, make_team
from tests.forms import save

MATCHES = reverse("admin:livescores_match_changelist")
pytestmark = pytest.mark.django_db


def found(admin_client, words):
    answer = admin_client.get(MATCHES, {"q": words})
    return list(answer.context["cl"].result_list)


def match_of(home, away, **fields):
    season = make_season()
    region = season.tournament.region
    teams = {
        "home_team": make_team(name=home, region=region),
        "away_team": make_team(name=away, region=region),
    }
    return make_match(season=season, **teams, **fields)


def page(match):
    return reverse("admin:livescores_match_change", args=[match.pk])


def test_a_match_is_found_by_either_team(admin_client):
    match = match_of("Rovers", "United")
    match_of("Albion", "Wanderers")

    assert found(admin_client, "rove") == [match]
    assert found(admin_client, "UNITED") == [match]


def test_every_word_must_be_met(admin_client):
    match = match_of("Rovers", "United")
    match_of("Rovers", "Wanderers")

    assert found(admin_client, "united rovers") == [match]


def test_a_match_is_found_by_its_number(admin_client):
    match = match_of("Rovers", "United")
    match_of("Albion", "Wanderers")

    assert found(admin_client, str(match.pk)) == [match]


@pytest.mark.parametrize("words", ["9" * 5000, "-1", "%", "'", "\\", "ü", "a " * 200])
def test_odd_words_find_nothing(admin_client, words):
    match_of("Rovers", "United")

    assert found(admin_client, words) == []


def test_the_newest_match_comes_first(admin_client):
    early = match_of("Rovers", "United", start_time_utc=NOON)
    late = match_of("Albion", "Wanderers", start_time_utc=NOON + HOUR)

    assert list(admin_client.get(MATCHES).context["cl"].result_list) == [late, early]


def test_matches_are_filtered_by_status_region_and_day(admin_client):
    match = match_of("Rovers", "United", score=(2, 1))
    match_of("Albion", "Wanderers")
    region = match.season.tournament.region

    answer = admin_client.get(
        MATCHES,
        {
            "status__exact": "finished",
            "season__tournament__region__id__exact": region.pk,
            "start_time_utc_from": "2026-03-14",
            "start_time_utc_to": "2026-03-14",
        },
    )

    assert list(answer.context["cl"].result_list) == [match]
    assert "2 : 1" in answer.content.decode()


def test_a_day_ends_at_its_midnight(admin_client):
    match_of("Rovers", "United", start_time_utc=datetime(2026, 3, 13, 23, 59, tzinfo=UTC))
    last = match_of("Albion", "Wanderers", start_time_utc=datetime(2026, 3, 14, 23, 59, tzinfo=UTC))
    match_of("City", "Town", start_time_utc=datetime(2026, 3, 15, tzinfo=UTC))

    answer = admin_client.get(
        MATCHES, {"start_time_utc_from": "2026-03-14", "start_time_utc_to": "2026-03-14"}
    )

    assert list(answer.context["cl"].result_list) == [last]


@pytest.mark.parametrize("day", ["2026-02-30", "x", "9999-12-31", "0001-01-01", "0000-01-01"])
def test_an_odd_day_is_no_error(admin_client, day):
    answer = admin_client.get(MATCHES, {"start_time_utc_from": day, "start_time_utc_to": day})

    assert answer.status_code == 200


def test_an_unknown_filter_is_no_error_of_ours(admin_client):
    answer = admin_client.get(MATCHES, {"season__id__exact": "x", "p": "-7"})

    assert answer.status_code == 302


def test_a_corrected_match_says_when(admin_client):
    match = match_of("Rovers", "United", updated_at=datetime(2020, 1, 1, tzinfo=UTC))

    answer = save(admin_client, page(match), {"status": "postponed"})

    match.refresh_from_db()
    assert answer.status_code == 302
    assert match.status == "postponed"
    assert match.updated_at.year > 2020


def test_a_finished_match_needs_its_score(admin_client):
    match = match_of("Rovers", "United")

    answer = save(admin_client, page(match), {"status": "finished"})

    assert answer.status_code == 200
    assert "match_finished_has_score" in answer.content.decode()


def test_an_alias_of_an_operator_says_so(admin_client):
    team = make_team(name="Rovers")
    address = reverse("admin:livescores_teamalias_add")
    named = {"team": team.pk, "region": team.region_id, "source": "test", "name": "Rvrs"}

    save(admin_client, address, named)

    assert TeamAlias.objects.get().method == "operator"


def test_a_match_is_not_deleted_with_all_the_others(admin_client):
    match = match_of("Rovers", "United")

    admin_client.post(
        MATCHES,
        {"action": "delete_selected", "_selected_action": match.pk, "select_across": "1"},
    )

    assert Match.objects.get() == match
