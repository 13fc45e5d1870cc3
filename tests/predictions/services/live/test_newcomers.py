"""Clubs of which nothing is known, asked for live: they have what newcomers to the league have."""

import numpy as np
import pytest

from livescores.models import Match, Tournament
from predictions.outcomes import LABELS
from predictions.services.live import inference
from predictions.services.live.fixtures import Fixture
from tests.factories import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client")]

WEEK = 7 * 86_400


@pytest.fixture
def asked(trained, monkeypatch):
    """A worker that holds the trained world: answers for pairs of clubs of its first league."""
    monkeypatch.setattr(inference, "worker_state", inference.WorkerState())
    league = Tournament.objects.get(name="First League", region=region())
    kickoff = inference.worker_state.known().state.as_of + WEEK

    def probabilities(*pairs):
        fixtures = [
            Fixture(
                home_team_id=home.pk,
                away_team_id=away.pk,
                kickoff=kickoff,
                stage="champion",
                tournament_id=league.pk,
                neutral_venue=False,
            )
            for home, away in pairs
        ]
        answers = inference.predict_fixtures(fixtures)
        return np.array([[one["probabilities"][label] for label in LABELS] for one in answers])

    return probabilities


def region():
    return Match.objects.earliest("pk").home_team.region


def best():
    """The club of the league that is most ahead in goals."""
    ahead: dict[int, int] = {}
    league = Match.objects.filter(
        season__tournament__name="First League",
        season__tournament__region=region(),
        status="finished",
    )
    for one in league.with_names():
        margin = one.home_score - one.away_score
        ahead[one.home_team_id] = ahead.get(one.home_team_id, 0) + margin
        ahead[one.away_team_id] = ahead.get(one.away_team_id, 0) - margin
    top = max(ahead, key=lambda club: ahead[club])
    return next(one.home_team for one in league.with_names() if one.home_team_id == top)


def test_newcomers_stand_between_the_best_at_home_and_the_best_away(asked):
    new, other = (make_team(region=region(), name=name) for name in ("Fresh", "Novel"))
    top = best()

    newcomers, at_the_best, with_the_best = asked((new, other), (top, new), (new, top))

    home, draw, away = newcomers
    assert 0.35 < home < 0.56
    assert 0.18 < draw < 0.34
    assert away < home
    assert at_the_best[0] > home + 0.1 > with_the_best[0] + 0.2
