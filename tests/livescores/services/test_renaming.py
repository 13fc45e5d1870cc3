"""What an operator renames in the back office keeps its matches, whichever source comes next."""

import pytest
from django.urls import reverse

from livescores.models import Match, Region, Season, Team, TeamAlias, Tournament
from livescores.services import event_links
from livescores.sources.records import EventRecord
from tests.forms import save
from tests.livescores.services.linked_records import THEIRS, records, store

pytestmark = pytest.mark.django_db
MODELS = (Region, Tournament, Season, Team)


@pytest.fixture
def ours():
    store("football-data", records())


def rename(client, row, **changes):
    address = reverse(f"admin:livescores_{row._meta.model_name}_change", args=[row.pk])
    answer = save(client, address, changes)
    assert answer.status_code == 302, answer.context["errors"]


def counts():
    return [model.objects.count() for model in (*MODELS, Match)]


def arsenal():
    return Team.objects.get(aliases__name="Arsenal", aliases__source="football-data")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("source", ["football-data", "openfootball", "whoscored"])
def test_an_import_makes_no_second_row(admin_client, ours, model, source):
    row = arsenal() if model is Team else model.objects.get()
    before, of_row = counts(), list(Match.objects.values_list("season", "home_team"))
    rename(admin_client, row, name="Another Name")

    for _ in range(2):
        store(source, records(THEIRS if source == "openfootball" else None))

    assert counts() == before
    assert list(Match.objects.values_list("season", "home_team")) == of_row
    assert model.objects.get(pk=row.pk).name == "Another Name"


def test_a_season_that_is_renamed_twice_and_back_is_still_found(admin_client, ours):
    season = Season.objects.get()
    told = season.name
    for name in ("Another Name", "A Third", told):
        rename(admin_client, Season.objects.get(), name=name)
        store("football-data", records())

    assert Season.objects.get() == season
    assert (Season.objects.get().name, Season.objects.get().told_name) == (told, "")


def test_two_seasons_that_change_names_stay_two(admin_client, ours):
    """The source's next season takes the name that an operator gave to the last."""
    rename(admin_client, Season.objects.get(), name="2025-26")
    season = Season.objects.get()

    store("football-data", records())

    assert Season.objects.get() == season


def test_feeds_find_matches_of_a_renamed_region(admin_client, ours):
    rename(admin_client, Region.objects.get(), name="Angleterre")
    match = Match.objects.with_names().first()

    event = EventRecord(
        line=1,
        external_id="7",
        home=match.home_team.name,
        away=match.away_team.name,
        start_time_utc=match.start_time_utc,
        region="England",
    )

    assert event_links.link("fonbet", [event]) == {1: match.pk}
    assert event_links.link("fonbet", [event._replace(region="Angleterre")]) == {1: match.pk}


def test_what_an_operator_says_that_a_name_means_stands(admin_client, ours):
    store("openfootball", [records(THEIRS)[0]._replace(home="Woolwich", away="Luton")])
    alias = TeamAlias.objects.get(name="Woolwich")
    luton = TeamAlias.objects.get(name="Luton", source="openfootball")
    rename(admin_client, alias, team=luton.team_id)

    store("openfootball", records({**THEIRS, "Arsenal": "Woolwich"}))

    alias.refresh_from_db()
    assert (alias.team.name, alias.method) == ("Luton", "operator")
