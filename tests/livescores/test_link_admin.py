"""The review queue in the admin: what waits side by side, what is decided, and by whom."""

import pytest
from django.urls import reverse

from livescores.models import LinkDecision, LinkReview, MatchConflict, MatchLink, Team, TeamAlias
from livescores.services import link_decisions
from tests import forms
from tests.factories import make_match, make_region, make_season, make_team, make_tournament

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_region(name="England")


def waiting(region, name="Gunners", candidate="Arsenal"):
    team, other = (make_team(name=one, region=region) for one in (name, candidate))
    for one, source in ((team, "openfootball"), (other, "football-data")):
        TeamAlias.objects.create(team=one, region=region, source=source, name=one.name)
    return LinkReview.objects.create(
        team=team,
        candidate=other,
        source="openfootball",
        name=name,
        score=0.9,
        evidence={"ours": candidate, "likeness": 0.9, "results_agreed": 2},
    )


def act(client, model, action, *rows):
    """Do something with rows of a list; what the admin says of it."""
    address = reverse(f"admin:livescores_{model._meta.model_name}_changelist")
    answer = forms.act(client, address, action, *rows)
    return [str(message) for message in answer.context["messages"]]


def page(client, row):
    name = f"admin:livescores_{row._meta.model_name}_change"
    return client.get(reverse(name, args=[row.pk])).content.decode()


def test_a_review_shows_both_clubs_side_by_side(admin_client, region):
    review = waiting(region)
    season = make_season(tournament=make_tournament(region=region))
    make_match(season=season, home_team=review.team, score=(3, 1), source="openfootball")
    make_match(season=season, away_team=review.candidate, score=(2, 2), source="football-data")

    shown = page(admin_client, review)

    for text in ("Gunners (openfootball)", "Arsenal (football-data)", "3:1", "2:2", "likeness"):
        assert text in shown


def test_reviews_are_accepted_together(admin_client, region):
    reviews = [waiting(region), waiting(region, "Spurs", "Tottenham")]

    said = act(admin_client, LinkReview, "accept", *reviews)

    assert said == ["2 became others."]
    assert set(Team.objects.values_list("name", flat=True)) == {"Arsenal", "Tottenham"}
    assert set(LinkDecision.objects.values_list("action", "decided_by")) == {("accept", "admin")}


def test_reviews_are_rejected_and_not_accepted_any_more(admin_client, region):
    review = waiting(region)
    act(admin_client, LinkReview, "reject", review)

    said = act(admin_client, LinkReview, "accept", review)

    assert said == ["Gunners (openfootball): it is rejected already.", "0 became others."]
    assert Team.objects.count() == 2


def test_teams_are_merged_and_decisions_undone_the_last_first(admin_client, region):
    teams = [make_team(name=name, region=region) for name in ("A", "B", "C")]

    assert act(admin_client, Team, "merge", *teams) == ["2 clubs became another."]
    assert Team.objects.count() == 1

    said = act(admin_client, LinkDecision, "undo", *LinkDecision.objects.all())
    assert said == ["2 decisions were undone."]
    assert Team.objects.count() == 3
    assert LinkDecision.objects.count() == 4


def test_clubs_of_two_regions_are_not_merged(admin_client, region):
    said = act(admin_client, Team, "merge", make_team(region=region), make_team())

    assert said == ["Clubs of different regions are not one club."]


def test_a_name_is_split_from_its_club(admin_client, region):
    review = waiting(region)
    link_decisions.accept(review, by="ada")
    alias = TeamAlias.objects.get(name="Gunners")

    assert act(admin_client, TeamAlias, "split", alias) == ["1 names are clubs of their own."]

    alias.refresh_from_db()
    assert alias.team.name == "Gunners"


def test_a_match_shows_its_sources_and_their_conflicts(admin_client, region):
    match = make_match(score=(1, 0))
    MatchLink.objects.create(match=match, source="whoscored", external_id="829513")
    MatchConflict.objects.create(
        match=match,
        what="score",
        kept_source="football-data",
        kept_value="1:0",
        other_source="whoscored",
        other_value="7:0",
    )

    shown = page(admin_client, match)

    assert "829513" in shown
    assert "7:0" in shown


def test_who_may_only_look_decides_nothing(client, region, django_user_model):
    person = django_user_model.objects.create_user("eve", is_staff=True)
    client.force_login(person)

    address = reverse("admin:livescores_linkreview_changelist")
    review = waiting(region)
    client.post(address, {"action": "accept", "_selected_action": [review.pk]})

    review.refresh_from_db()
    assert review.state == "waiting"
