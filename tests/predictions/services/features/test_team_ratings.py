from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from livescores.models import Match, Team
from predictions.models import TeamRating
from predictions.services.features import feature_store, team_ratings
from tests.predictions.pipeline import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stored(own_files):
    """The trained world, with files that a test may change."""


def kept():
    return {
        (rating.team_id, rating.at): (rating.elo, rating.scored, rating.conceded)
        for rating in TeamRating.objects.all()
    }


def test_every_club_is_rated_at_the_start_of_each_month_that_it_has_played():
    team_ratings.refresh()

    team = Team.objects.earliest("pk")
    played = Match.objects.settled().filter(home_team=team) | Match.objects.settled().filter(
        away_team=team
    )
    months = {(at.year, at.month) for at in played.values_list("start_time_utc", flat=True)}
    rated = list(team.ratings.order_by("at").values_list("at", flat=True))
    assert len(rated) >= len(months)
    assert all((at.day, at.hour) == (1, 0) for at in rated[:-1])
    assert rated[-1] <= NOW


def test_a_rating_is_that_of_the_state_which_features_are_read_from():
    team_ratings.refresh()

    state = feature_store.current().state()
    newest = TeamRating.objects.latest("at")
    row = state.teams.row(newest.team_id)
    assert newest.elo == pytest.approx(state.tables.team[row]["elo"])
    assert 0.3 < newest.scored < 4


def test_once_more_changes_nothing():
    first = team_ratings.refresh()
    before = kept()

    second = team_ratings.refresh()

    assert (first.is_full, second.is_full) == (True, False)
    assert second.n_ratings < first.n_ratings
    assert kept() == before


def test_it_goes_on_where_it_ended():
    team_ratings.refresh()
    whole = kept()
    TeamRating.objects.filter(at__gte=datetime(2025, 11, 2, tzinfo=UTC)).delete()

    rated = team_ratings.refresh()

    assert not rated.is_full
    assert kept() == whole


def test_ratings_of_other_results_are_made_again():
    team_ratings.refresh()
    TeamRating.objects.update(elo=1.0)

    rated = team_ratings.refresh()

    assert rated.is_full
    assert not TeamRating.objects.filter(elo=1.0).exists()


def test_a_club_that_is_no_more_is_left_out():
    team = Match.objects.earliest("pk").home_team
    successor = Team.objects.create(region=team.region, name="Phoenix")
    for side in ("home_team", "away_team"):
        Match.objects.filter(**{side: team}).update(**{side: successor})
    team.delete()

    rated = team_ratings.refresh()

    assert rated.n_ratings == TeamRating.objects.count() > 0


def test_the_command_says_what_it_did(capsys):
    call_command("rate_teams")

    assert "ratings, all made again, in" in capsys.readouterr().out
