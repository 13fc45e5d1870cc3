"""Feeds end to end: answers in, prices and live scores out, and nothing of an answer that fails."""

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from livescores.models import Match, SourcePage, WaitingEvent
from predictions.models import Odds, QuarantinedOdds
from predictions.services.importing import feeds
from predictions.services.importing import files as importing_files
from predictions.services.importing.web import SourceNotConfigured, Wanted
from tests import provider
from tests.predictions.commands import failed, run
from tests.predictions.feed_answers import followed_match, packet, prices_of, serving
from tests.provider import content

pytestmark = pytest.mark.django_db


@pytest.fixture
def match():
    return followed_match()


@pytest.fixture
def web():
    with serving() as server:
        yield server


def live_prices():
    rows = Odds.objects.filter(kind="live").order_by("captured_at", "id")
    return [(row.odd_home, row.odd_draw, row.odd_away) for row in rows]


def test_fonbet_brings_live_prices_and_the_score(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))

    assert run("import_odds", "fonbet") == (
        "1 events, 1 of them our matches; 1 of 1 prices inserted, 0 refused; "
        "1 matches under way, 0 ended.\n"
    )
    match.refresh_from_db()
    assert (match.status, match.home_score, match.minute) == ("live", 1, 29)
    assert live_prices() == [(1.5, 4.0, 6.5)]


def test_it_goes_on_from_packet_to_packet(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    web.on("/line/50", packet(match, 51, 50, 1.4))
    run("import_odds", "fonbet")

    run("import_odds", "fonbet")

    assert [path for path, _ in web.seen] == ["/line/0", "/line/50"]
    assert live_prices() == [(1.5, 4.0, 6.5), (1.4, 4.0, 6.5)]


def test_a_gap_asks_for_a_full_dump(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5), packet(match, 90, 0, 1.3, 4.5, 8.0))
    web.on("/line/50", packet(match, 81, 80, 1.4))
    run("import_odds", "fonbet")

    run("import_odds", "fonbet")

    assert [path for path, _ in web.seen] == ["/line/0", "/line/50", "/line/0"]
    assert live_prices()[-1] == (1.3, 4.5, 8.0)


def test_after_a_pause_it_asks_for_a_full_dump(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    run("import_odds", "fonbet")
    SourcePage.objects.update(asked_at=timezone.now() - timedelta(minutes=11))

    run("import_odds", "fonbet")

    assert [path for path, _ in web.seen] == ["/line/0", "/line/0"]


def test_after_an_hour_of_increments_it_asks_for_a_full_dump(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    run("import_odds", "fonbet")
    row = SourcePage.objects.get()
    row.state["dumped_at"] = (timezone.now() - timedelta(minutes=61)).isoformat()
    row.save()

    run("import_odds", "fonbet")

    assert [path for path, _ in web.seen] == ["/line/0", "/line/0"]


@pytest.mark.parametrize(
    ("reaction", "why"),
    [
        (content("<html>"), "The file is a web page, not JSON."),
        (content('{"packetVersion": 51}'), "Field fromVersion: Field required."),
        (provider.reset, "asked 4 times."),
        (provider.cut_off(b"x" * 999), "asked 4 times."),
    ],
    ids=["html", "schema", "reset", "cut-off"],
)
def test_an_answer_that_fails_changes_nothing(web, match, reaction, why):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    web.on("/line/50", reaction)
    run("import_odds", "fonbet")

    text = failed("import_odds", "fonbet")

    assert text.startswith("Fetching fonbet failed: ")
    assert why in text
    assert SourcePage.objects.get().state["version"] == 50
    assert live_prices() == [(1.5, 4.0, 6.5)]


def test_an_impossible_book_is_quarantined(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.01, 1.01, 1.01))

    run("import_odds", "fonbet")

    assert live_prices() == []
    assert QuarantinedOdds.objects.get().bookmaker.code == "FON"


def test_the_odds_api_brings_prices_of_many_books(web, match):
    path = "/v4/sports/soccer_sweden_allsvenskan/odds"
    web.on(path, content(prices_of(match)))

    run("import_odds", "the-odds-api", "--league", "soccer_sweden_allsvenskan")

    odds = Odds.objects.get()
    assert (odds.bookmaker.code, odds.kind, odds.source) == ("PS", "pre_match", "the-odds-api")
    assert (odds.odd_home, odds.odd_draw, odds.odd_away) == (1.9, 3.5, 4.1)


def test_the_other_leagues_go_on(web, match):
    web.on("/v4/sports/soccer_sweden_allsvenskan/odds", content(prices_of(match)))
    words = ("--league", "soccer_epl", "--league", "soccer_sweden_allsvenskan")

    assert "has no page /v4/sports/soccer_epl/odds" in failed("import_odds", "the-odds-api", *words)
    assert Odds.objects.count() == 1


def test_scores_close_a_match(web, match):
    Match.objects.update(start_time_utc=timezone.now() - timedelta(minutes=110))
    match.refresh_from_db()
    scores = [{"name": "Helsingborg", "score": "2"}, {"name": "Goteborg", "score": "1"}]
    (event,) = json.loads(prices_of(match))
    told = {**event, "bookmakers": [], "completed": True, "scores": scores}
    web.on("/v4/sports/soccer_sweden_allsvenskan/scores", content(json.dumps([told])))

    run("import_odds", "the-odds-api", "--scores", "--league", "soccer_sweden_allsvenskan")

    match.refresh_from_db()
    assert (match.status, match.home_score, match.away_score) == ("finished", 2, 1)


def test_an_event_that_is_no_match_of_ours_waits(web, match):
    path = "/v4/sports/soccer_sweden_allsvenskan/odds"
    web.on(path, content(prices_of(match, home="Sirius")))

    run("import_odds", "the-odds-api", "--league", "soccer_sweden_allsvenskan")

    assert WaitingEvent.objects.get().home == "Sirius"
    assert (Match.objects.count(), Odds.objects.count()) == (1, 0)


def test_football_data_brings_the_prices_of_coming_matches(web):
    header = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n"
    web.on("/fixtures.csv", content(header + "E0,14/08/21,15:00,Leeds,Everton,,,,2.1,3.4,3.6\n"))
    web.on("/new_league_fixtures.csv", content("Country,League,Date,Home,Away\n"))

    assert run("import_odds", "football-data").startswith("1 matches inserted")
    assert Odds.objects.get().odd_draw == 3.4


def test_a_live_match_of_a_source_with_seasons_is_followed(web):
    start = timezone.now() - timedelta(minutes=100)
    node = {
        "id": 1,
        "utcDate": start.isoformat(),
        "status": "IN_PLAY",
        "minute": 80,
        "competition": {"code": "PL"},
        "season": {"startDate": "2025-08-15", "endDate": "2026-05-24"},
        "homeTeam": {"id": 57, "name": "Arsenal FC"},
        "awayTeam": {"id": 62, "name": "Everton FC"},
        "lastUpdated": (timezone.now() - timedelta(minutes=5)).isoformat(),
        "score": {"duration": "REGULAR", "fullTime": {"home": 1, "away": 0}},
    }
    over = {**node, "status": "FINISHED", "lastUpdated": timezone.now().isoformat()}
    documents = [content(json.dumps({"matches": [one]})) for one in (node, over)]
    web.on("/v4/matches", *documents)

    run("import_matches", "football-data-org")
    first = Match.objects.get()
    run("import_matches", "football-data-org")

    assert (first.status, first.home_score, first.minute) == ("live", 1, 80)
    last = Match.objects.get()
    assert (last.status, last.minute, bool(last.finished_at)) == ("finished", None, True)


def test_a_feed_without_an_address_says_what_to_set(settings):
    settings.SOURCES = {"fonbet": {"url": ""}, "the-odds-api": {"url": "http://x"}}

    with pytest.raises(SourceNotConfigured, match="set FONBET_URL"):
        feeds.import_web("fonbet", Wanted())
    assert failed("import_odds", "the-odds-api").endswith("set THE_ODDS_API_TOKEN.")


def test_a_broken_file_is_named_and_the_others_go_on(tmp_path, match):
    (tmp_path / "a.json").write_text("<html>")
    (tmp_path / "b.json").write_text(prices_of(match))

    text = failed("import_odds", "the-odds-api", str(tmp_path))

    assert text.startswith("Reading the-odds-api failed for 1 of 2 files: ")
    assert Odds.objects.count() == 1


def test_a_used_up_quota_is_called_so_and_ends_the_asking(web, match):
    web.otherwise = content('{"message":"Quota reached.","error_code":"OUT_OF_USAGE_CREDITS"}', 401)

    text = failed("import_odds", "the-odds-api")

    assert text.endswith("answered 401: the quota is used up.")
    assert len(web.seen) == 1


@pytest.mark.parametrize(
    ("source", "path"),
    [("fonbet", "/line/0"), ("the-odds-api", "/v4/sports/soccer_sweden_allsvenskan/odds")],
)
def test_a_feed_has_a_second_address(web, match, settings, source, path):
    with provider.running() as mirror:
        second = mirror.url + ("/line/{version}" if source == "fonbet" else "")
        settings.SOURCES[source]["second_url"] = second
        mirror.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
        mirror.on("/v4/sports/soccer_sweden_allsvenskan/odds", content(prices_of(match)))
        options = ["--league", "soccer_sweden_allsvenskan"] if "odds" in source else []

        assert "1 of 1 prices inserted" in run("import_odds", source, *options)
        assert [seen.partition("?")[0] for seen, _ in web.seen] == [path]


def test_a_match_that_a_feed_has_twice_gets_its_newer_price(web, match):
    document = json.loads(prices_of(match)) + json.loads(prices_of(match))
    document[1]["id"] = "def"
    document[1]["bookmakers"][0]["markets"][0]["outcomes"][0]["price"] = 1.95
    path = "/v4/sports/soccer_sweden_allsvenskan/odds"
    web.on(path, content(json.dumps(document)))

    said = run("import_odds", "the-odds-api", "--league", "soccer_sweden_allsvenskan")

    assert said.startswith("2 events, 1 of them our matches; 1 of 1 prices inserted")
    assert Odds.objects.get().odd_home == 1.95


def of_august_2019(path, folder):
    """The rows of that month, and the header."""
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        rows = [row for number, row in enumerate(file) if number == 0 or "/08/2019," in row]
    part = folder / path.name.removesuffix(".gz")
    part.write_text("".join(rows))
    return part


def test_a_real_evening_finds_its_matches_and_no_other(real_data, tmp_path):
    """Of its 41 events the files hold six; the prices of four of them stand."""
    extra = real_data / "football-data" / "extra"
    files = [extra / f"{code}.csv.gz" for code in ("DNK", "NOR", "RUS", "SWE")]
    importing_files.import_files(
        "football-data", [of_august_2019(path, tmp_path) for path in files]
    )
    Match.objects.filter(start_time_utc__date="2019-08-19").update(
        status="scheduled", home_score=None, away_score=None
    )

    fed = feeds.import_files("fonbet", sorted((real_data / "fonbet").glob("live_line_*.json.gz")))

    live = Match.objects.filter(status="live").select_related("home_team", "away_team")
    assert {(match.home_team.name, match.away_team.name) for match in live} == {
        ("Aarhus", "Horsens"),
        ("Djurgarden", "AFC Eskilstuna"),
        ("Elfsborg", "Ostersunds"),
        ("Helsingborg", "Goteborg"),
        ("Sarpsborg 08", "Bodo/Glimt"),
        ("Spartak Moscow", "CSKA Moscow"),
    }
    assert fed.linked == 18  # in each of three packets
    assert Odds.objects.filter(source="fonbet").count() == 4
    assert WaitingEvent.objects.count() == 35
