"""Imports from the web: pages in, rows in Postgres out, and nothing of a page that fails."""

import gzip
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from livescores.models import ImportReport, Match, SourcePage
from predictions.models import Odds
from predictions.services.importing import web as importing_web
from predictions.services.importing.web import SourceNotConfigured, Wanted
from soccerpredict.errors import InvalidInput
from tests import provider
from tests.predictions.commands import failed, run
from tests.provider import Provider, content

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n"
ROW = "E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95\n"
PAGE = "/mmz4281/2122/E0.csv"
WORDS = ("import_matches", "football-data", "--season", "2021-22", "--league", "E0")


@pytest.fixture
def web(settings) -> Iterator[Provider]:
    with provider.running() as server:
        settings.SOURCES = {name: {"url": server.url} for name in settings.SOURCES}
        settings.FETCH_PAGE_SECONDS = 20
        yield server


def test_a_season_comes_by_its_address(web):
    web.on(PAGE, content(HEADER + ROW))

    assert "1 files, 1 rows read: 1 inserted" in run(*WORDS)
    assert (Match.objects.get().home_score, Odds.objects.count()) == (2, 1)


def test_a_page_that_did_not_change_is_not_sent_again(web):
    web.on(PAGE, content(HEADER + ROW, ETag='"7"'), content(b"", 304))
    run(*WORDS)

    assert "1 pages are as they were." in run(*WORDS)
    assert web.seen[1][1]["If-None-Match"] == '"7"'


def test_again_reads_it_all_the_same(web):
    web.on(PAGE, content(HEADER + ROW, ETag='"7"'))
    run(*WORDS)

    assert "1 unchanged" in run(*WORDS, "--refetch")
    assert "If-None-Match" not in web.seen[1][1]


def test_a_page_that_was_refused_is_asked_for_anew(web):
    web.on(PAGE, content("<html>", ETag='"7"'), content(HEADER + ROW))
    failed(*WORDS)
    run(*WORDS)

    assert "If-None-Match" not in web.seen[1][1]
    assert Match.objects.count() == 1


@pytest.mark.parametrize(
    ("reaction", "sentence"),
    [
        (content("<!DOCTYPE html><html>"), "The file is a web page, not a table."),
        (content("Datum,Heim\n1,2\n"), "No column HomeTeam or HT or Home in the header (Datum, H"),
        (content(gzip.compress(b"x" * 9999)[:-30]), "The gzip file is damaged"),
        (provider.reset, "127.0.0.1:"),
        (content(b"", 404), "has no page /mmz4281/2122/E0.csv."),
    ],
    ids=["html", "other-schema", "truncated-file", "reset", "missing"],
)
def test_a_page_that_fails_changes_nothing_and_is_one_sentence(web, reaction, sentence):
    web.on(PAGE, reaction)

    text = failed(*WORDS)

    assert text.startswith("Fetching football-data failed: ")
    assert sentence in text
    assert (Match.objects.count(), SourcePage.objects.count()) == (0, 0)
    assert ImportReport.objects.get().status == "failed"


@pytest.fixture
def mirror(web, settings) -> Iterator[Provider]:
    """A second address of football-data."""
    with provider.running() as server:
        settings.SOURCES = {"football-data": {"url": web.url, "second_url": server.url}}
        settings.FETCH_PAGE_SECONDS = 1
        yield server


@pytest.mark.parametrize(
    "reaction",
    [content(b"", 404), content("<html>We'll be back"), content(b"", 403), provider.reset],
    ids=["missing", "html", "refused", "reset"],
)
def test_the_second_address_is_asked_where_the_first_fails(web, mirror, reaction):
    web.on(PAGE, reaction)
    mirror.on(PAGE, content(HEADER + ROW, ETag='"7"'), content(b"", 304))

    assert "1 inserted" in run(*WORDS)
    assert SourcePage.objects.get().url == mirror.url + PAGE
    assert "1 pages are as they were." in run(*WORDS)
    assert mirror.seen[1][1]["If-None-Match"] == '"7"'


def test_a_first_address_that_answers_is_enough(web, mirror):
    web.on(PAGE, content(HEADER + ROW))
    run(*WORDS)

    assert mirror.seen == []


def test_both_addresses_are_in_the_sentence_where_both_fail(web, mirror):
    web.on(PAGE, content("<html>"))

    text = failed(*WORDS)

    assert "The file is a web page, not a table. At the second address: 127.0.0.1" in text


def test_a_used_up_plan_is_not_asked_elsewhere(web, mirror):
    web.on(PAGE, content(b'{"message": "Monthly quota reached"}', 403))

    text = failed(*WORDS, "--league", "E1")

    assert text.endswith("answered 403: the quota is used up.")
    assert (len(web.seen), mirror.seen) == (1, [])
    reasons = [one.reason for one in ImportReport.objects.get().rejections.order_by("pk")]
    assert reasons[1].endswith("was not asked again: its quota is used up.")


def test_the_other_pages_go_on(web):
    web.on("/fixtures.csv", content("<html>"))
    web.on("/mmz4281/2122/E1.csv", content(HEADER + ROW.replace("E0", "E1")))

    text = failed(*WORDS, "--league", "E1")

    assert text.endswith("has no page /mmz4281/2122/E0.csv.")
    assert Match.objects.get().season.tournament.name == "Championship"


def test_a_season_that_has_not_begun_is_no_failure(web):
    web.on("/fixtures.csv", content(HEADER))
    web.on("/new_league_fixtures.csv", content("Country,League,Date,Home,Away\n"))
    for code in ("ARG", "AUT", "BRA", "CHN", "DNK", "FIN", "IRL", "JPN", "MEX"):
        web.on(f"/new/{code}.csv", content("Country,League,Date,Home,Away\n"))
    for code in ("NOR", "POL", "ROU", "RUS", "SWE", "SWZ", "USA"):
        web.on(f"/new/{code}.csv", content("Country,League,Date,Home,Away\n"))

    assert "40 files, 0 rows read" in run("import_matches", "football-data")


def test_a_source_without_an_address_says_what_to_set(settings):
    settings.SOURCES = {"whoscored": {"url": ""}}

    with pytest.raises(SourceNotConfigured, match="set WHOSCORED_URL"):
        importing_web.pages_of("whoscored", Wanted())


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted(season="2021/22"), "'2021/22' is no season"),
        (Wanted(season="2021-23"), "'2021-23' is no season"),
        (Wanted(season="٢٠٢١-22"), "is no season"),
        (Wanted(leagues=["../E0"]), "Unknown league '../E0': choose E0, E1"),
    ],
)
def test_a_season_or_league_that_is_none_is_named(wanted, why):
    with pytest.raises(InvalidInput, match=f"football-data: .*{why}"):
        importing_web.pages_of("football-data", wanted)


def test_files_have_no_season_to_choose(tmp_path):
    with pytest.raises(CommandError, match="choose pages of the web"):
        call_command("import_matches", "football-data", str(tmp_path), "--season", "2021-22")
