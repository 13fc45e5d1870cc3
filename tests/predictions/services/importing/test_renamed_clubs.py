"""Files of one source that spell its clubs otherwise, through the command, in any order."""

import pytest

from livescores.models import LinkReview, Match, Team
from livescores.services import link_decisions
from tests.livescores.services.rounds import CLUBS, START, next_season, season
from tests.predictions.commands import run

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,B365H,B365D,B365A"
NEW_NAMES = {"Esk United": "Esk Utd", "King's Ferry": "Kings Ferry"}


def line(match, played=True):
    score = f"{match.counts[0]},{match.counts[1]}" if played else ","
    day = f"{match.start_time_utc:%d/%m/%Y},15:00"
    return f"E2,{day},{match.home},{match.away},{score},2.10,3.30,3.60"


@pytest.fixture
def take(tmp_path):
    """Import matches as a file of football-data.co.uk."""

    def importing(matches, played=True):
        path = tmp_path / "E2.csv"
        path.write_text("\n".join([HEADER, *(line(one, played) for one in matches)]) + "\n")
        return run("import_matches", "football-data", str(path))

    return importing


def waiting():
    found = LinkReview.objects.filter(state="waiting")
    return [(one.name, one.candidate.name) for one in found]


def test_a_season_with_two_clubs_spelt_otherwise(take):
    take(season())
    take(next_season(NEW_NAMES))

    assert waiting() == [("Esk Utd", "Esk United")]
    assert Team.objects.filter(name__contains="Ferry").count() == 1

    link_decisions.accept(LinkReview.objects.get(), by="ada")
    take(next_season(NEW_NAMES))

    assert (Team.objects.count(), Match.objects.count()) == (6, 60)
    assert waiting() == []


def test_a_fixture_list_before_the_results(take):
    take(season())
    coming = [one for one in next_season(NEW_NAMES) if one.start_time_utc.month == 8]
    take(coming, played=False)
    assert waiting() == [("Esk Utd", "Esk United")]

    take(next_season())

    assert (Team.objects.count(), Match.objects.count()) == (6, 60)
    assert not Match.objects.filter(status="scheduled").exists()
    assert waiting() == []


def test_a_fixture_list_after_the_results_of_its_days(take):
    take(season())

    take(season(called=NEW_NAMES), played=False)

    assert (Team.objects.count(), Match.objects.count()) == (6, 30)
    assert waiting() == []


def test_every_order_of_files_ends_alike(take):
    take(next_season(NEW_NAMES))
    take(season())

    assert waiting() == [("Esk United", "Esk Utd")]
    assert {team.name for team in Team.objects.all()} == {
        *CLUBS[:4],
        "Esk United",
        "Esk Utd",
        "Kings Ferry",
    }
    assert Match.objects.filter(start_time_utc__year=START.year).exists()
