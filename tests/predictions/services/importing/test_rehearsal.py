"""A dry run says what the import would do, and leaves nothing of it."""

import pytest
from django.core.management import CommandError, call_command

from livescores.models import ImportReport, SourcePage
from tests import provider
from tests.predictions.commands import run
from tests.predictions.feed_answers import followed_match, packet, serving
from tests.predictions.services.undoing.stored import stored
from tests.provider import content

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
ROW = "E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95"
FIXTURE = "E0,21/08/21,Arsenal,Chelsea,,,,3.5,3.4,2.1"
IMPOSSIBLE = "E0,28/08/21,Leeds,Everton,1,1,D,1.44,3,1.57"


@pytest.fixture
def season(tmp_path):
    def written(*rows):
        path = tmp_path / "E0.csv"
        path.write_text("\n".join((HEADER, *rows)))
        return str(path)

    return written


def tried(*words):
    before = stored()
    said = run(*words, "--dry-run")
    assert stored() == before
    assert said.endswith("Nothing was stored.\n")
    return said


def test_it_says_what_would_come_in(season):
    said = tried("import_matches", "football-data", season(ROW, FIXTURE, IMPOSSIBLE))

    assert "3 rows read: 3 inserted, 0 updated" in said
    assert "E0.csv: utf-8" in said
    assert "Seasons: England Premier League, 2021-22." in said
    assert "New regions: England." in said
    assert "New leagues: Premier League." in said
    assert "New clubs: Arsenal, Brentford, Chelsea, Everton, Leeds." in said
    assert "Prices that would go into quarantine: 1." in said
    assert "1.44 / 3 / 1.57" in said
    assert not ImportReport.objects.exists()


def test_it_says_what_would_change(season):
    run("import_matches", "football-data", season(ROW, FIXTURE))

    said = tried("import_matches", "football-data", season(ROW, FIXTURE.replace(",,,,", ",0,2,A,")))

    assert "0 inserted, 1 updated, 1 unchanged" in said
    assert "away score of 1" in said
    assert "status of 1" in said
    assert "New clubs: none." in said
    assert ImportReport.objects.count() == 1


def test_it_says_the_same_as_the_import_then(season):
    path = season(ROW, FIXTURE, IMPOSSIBLE)

    tried_first = tried("import_matches", "football-data", path)
    done = run("import_matches", "football-data", path)

    assert tried_first.startswith(done[: done.index("To take it back")])


def test_it_fails_as_the_import_would(tmp_path):
    path = tmp_path / "E0.csv"
    path.write_text("nothing,of,that")

    words = ("import_matches", "football-data", str(path))

    with pytest.raises(CommandError) as tried_first:
        run(*words, "--dry-run")
    with pytest.raises(CommandError) as done:
        run(*words)

    assert str(tried_first.value) == str(done.value) == "1 of 1 files were not imported."


def test_a_page_of_the_web_is_not_remembered(settings):
    with provider.running() as server:
        address = server.on("/E0.csv", content("\n".join((HEADER, ROW)).encode()))
        settings.SOURCES = {"football-data": {"url": address.rsplit("/", 1)[0]}}
        with pytest.raises(CommandError):
            call_command("import_matches", "football-data", "--dry-run")

    assert not SourcePage.objects.exists()
    assert not ImportReport.objects.exists()


def test_a_feed_is_tried_too():
    match = followed_match()
    with serving() as server:
        server.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))

        said = tried("import_odds", "fonbet")

    assert "1 of 1 prices inserted" in said
    assert not SourcePage.objects.exists()


def test_prices_of_files_are_tried_too(season):
    said = tried("import_odds", "football-data", season(ROW))

    assert "1 inserted" in said
