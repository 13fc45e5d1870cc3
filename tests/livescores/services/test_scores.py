"""`GET /livescores/`: matches with their status and score, open to everybody."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.test import Client
from django.utils import timezone
from pyarrow import parquet

from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_match,
    make_region,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, json_of

URL = "/livescores/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def at(year, month, day, hour=12, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def play(name, start, **fields):
    return make_match(home_team=make_team(name=name), start_time_utc=start, **fields)


def names(response):
    return [row["homeTeamName"] for row in json_of(response)]


def test_a_row_is_as_the_contract_says(client):
    region = make_region(name="Oz")
    tournament = make_tournament(region=region, name="First")
    season = make_season(tournament=tournament)
    home, away = make_team(name="Ajax"), make_team(name='Ö "x", 中🏆')
    match = make_match(season=season, home_team=home, away_team=away, score=(2, 0))

    response = client.get(URL)

    assert response["Content-Type"] == "application/json"
    assert json_of(response) == [
        {
            "id": match.pk,
            "startTimeUtc": "2026-03-14T12:00:00+00:00",
            "status": "finished",
            "regionId": region.pk,
            "regionName": "Oz",
            "tournamentId": tournament.pk,
            "tournamentName": "First",
            "seasonId": season.pk,
            "homeTeamId": home.pk,
            "homeTeamName": "Ajax",
            "awayTeamId": away.pk,
            "awayTeamName": 'Ö "x", 中🏆',
            "homeScore": 2,
            "awayScore": 0,
            "minute": None,
            "kickoff_known": True,
            "isCup": False,
            "neutralVenue": False,
        }
    ]


def test_before_the_whistle_there_is_no_score(client):
    play("Ajax", NOON)

    (row,) = json_of(client.get(URL))

    assert (row["homeScore"], row["awayScore"], row["status"]) == (None, None, "scheduled")


def test_a_kick_off_of_which_only_the_day_is_known_says_so(client):
    play("Ajax", NOON, has_kickoff_time=False)

    (row,) = json_of(client.get(URL))

    assert row["kickoff_known"] is False
    assert client.get(f"{URL}?format=csv").content.decode().splitlines()[1].endswith(",false")


def test_a_match_under_way_has_score_and_minute(client):
    score = {"home_score": 1, "away_score": 0}
    play("Ajax", NOON - HOUR, status="live", minute=57, live_at=NOON, **score)

    (row,) = json_of(client.get(URL))

    assert (row["status"], row["homeScore"], row["minute"]) == ("live", 1, 57)


def test_a_cup_s_final_says_so(client):
    cup = make_season(tournament=make_tournament(is_cup=True))
    make_match(season=cup, neutral_venue=True)

    (row,) = json_of(client.get(URL))

    assert (row["isCup"], row["neutralVenue"]) == (True, True)


@pytest.mark.parametrize(
    ("heard", "status", "minute"),
    [(NOON - 2 * HOUR, "live", 57), (NOON - 4 * HOUR, "unknown", None), (None, "unknown", None)],
)
def test_a_live_match_that_fell_silent_is_unknown(client, heard, status, minute):
    play("Ajax", NOON - 5 * HOUR, status="live", minute=57, live_at=heard)

    (row,) = json_of(client.get(URL))

    assert (row["status"], row["minute"]) == (status, minute)
    assert names(client.get(URL, {"status": status})) == ["Ajax"]
    assert names(client.get(URL, {"status": "live" if status == "unknown" else "unknown"})) == []


def test_a_simulated_region_says_so(client):
    tournament = make_tournament(region=make_region(name="Oz (simulated)", is_simulated=True))
    play("Ajax", NOON, season=make_season(tournament=tournament))

    (row,) = json_of(client.get(URL))

    assert row["regionName"] == "Oz (simulated)"


@pytest.fixture
def calendar(db):
    for name, start in {
        "2025": at(2025, 12, 31, 23, 59),
        "January": at(2026, 1, 1, 0, 0),
        "February": at(2026, 2, 28, 23, 59),
        "March": at(2026, 3, 1, 0, 0),
        "Pi day": at(2026, 3, 14, 0, 0),
        "Pi night": at(2026, 3, 14, 23, 59),
        "Ides": at(2026, 3, 15, 0, 0),
        "December": at(2026, 12, 31, 23, 59),
        "2027": at(2027, 1, 1, 0, 0),
    }.items():
        play(name, start)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["March", "Pi day", "Pi night", "Ides"]),
        ("format=json", ["March", "Pi day", "Pi night", "Ides"]),
        ("year=2026&month=3", ["March", "Pi day", "Pi night", "Ides"]),
        ("year=2026&month=1", ["January"]),
        ("year=2026&month=2", ["February"]),
        ("year=2026&month=12", ["December"]),
        ("year=2025", ["2025"]),
        ("year=2027", ["2027"]),
        ("year=1850", []),
        ("year=2150", []),
        ("year=2150&month=12", []),
        ("date=2026-03-14", ["Pi day", "Pi night"]),
        ("date=2026-03-15", ["Ides"]),
        ("date=2026-12-31", ["December"]),
        ("date=2150-12-31", []),
        ("limit=2", ["March", "Pi day"]),
        ("limit=2&offset=2", ["Pi night", "Ides"]),
        ("offset=3", ["Ides"]),
        ("offset=2147483647", []),
    ],
)
def test_it_goes_by_year_month_and_day_in_utc(client, calendar, query, expected):
    assert names(client.get(f"{URL}?{query}")) == expected


def test_a_year_has_all_its_months(client, calendar):
    response = client.get(f"{URL}?year=2026")

    assert names(response)[0] == "January"
    assert names(response)[-1] == "December"
    assert response["X-Total-Count"] == "7"


def test_in_december_the_current_month_ends_with_the_year(client, calendar, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2026, 12, 31, 23, 59))

    assert names(client.get(URL)) == ["December"]


@pytest.fixture
def places(db):
    """Two matches of last year and one of today, to tell filters from the current month."""
    region = make_region(name="Oz")
    tournament = make_tournament(region=region)
    season = make_season(tournament=tournament)
    other = make_season(tournament=make_tournament(region=region))
    team = make_team(name="Ajax")
    make_match(season=season, home_team=team, start_time_utc=NOON - 400 * DAY, score=(1, 1))
    make_match(
        season=other,
        home_team=make_team(name="PSV"),
        away_team=team,
        start_time_utc=NOON - 399 * DAY,
        status="postponed",
    )
    play("Today", NOON)
    return {"region": region.pk, "tournament": tournament.pk, "team": team.pk}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region_id={region}", ["Ajax", "PSV"]),
        ("tournament_id={tournament}", ["Ajax"]),
        ("team_id={team}", ["Ajax", "PSV"]),
        ("team_id={team}&status=finished", ["Ajax"]),
        ("status=postponed", ["PSV"]),
        ("status=scheduled", ["Today"]),
        ("status=live", []),
        ("region_id={region}&year=2026", []),
        ("region_id={region}&year=2025&month=2", ["Ajax", "PSV"]),
        ("region_id={region}&date=2025-02-07", ["Ajax"]),
        ("region_id=2147483647", []),
        ("", ["Today"]),
    ],
)
def test_it_filters_over_all_time(client, places, query, expected):
    response = client.get(f"{URL}?{query.format(**places)}")

    assert names(response) == expected
    assert response["X-Total-Count"] == str(len(expected))


def test_it_goes_by_kick_off_then_id(client):
    play("Late", NOON + HOUR)
    play("First", NOON)
    play("Second", NOON)

    assert names(client.get(URL)) == ["First", "Second", "Late"]


def test_pages_tell_of_the_rest(client, calendar):
    response = client.get(f"{URL}?year=2026&limit=3&offset=3")

    assert response["X-Total-Count"] == "7"
    assert response["Link"] == (
        '<http://testserver/livescores/?year=2026&limit=3&offset=6>; rel="next", '
        '<http://testserver/livescores/?year=2026&limit=3&offset=0>; rel="prev"'
    )


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_an_unchanged_poll_is_304(client, calendar, coding):
    headers = {"Accept-Encoding": coding}
    tag = client.get(URL, headers=headers)["ETag"]

    response = client.get(URL, headers={**headers, "If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")


def test_a_goal_changes_the_tag(client):
    match = play("Ajax", NOON)
    tag = client.get(URL)["ETag"]

    match.status, match.home_score, match.away_score = "live", 1, 0
    match.save()

    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_csv_runs_no_formula(client):
    play('=HYPERLINK("x")', NOON, score=(0, 0))

    text = content_of(client.get(f"{URL}?format=csv")).decode()

    assert '"\'=HYPERLINK(""x"")"' in text
    assert text.splitlines()[0].startswith("id,startTimeUtc,status,regionId,regionName,")


def test_parquet_has_the_right_types_and_nulls(client):
    play("Ajax", NOON)

    content = content_of(client.get(URL, headers={"Accept": "application/vnd.apache.parquet"}))

    table = parquet.read_table(pa.BufferReader(content))
    (row,) = table.to_pylist()
    assert (row["startTimeUtc"], row["homeScore"]) == (NOON, None)
    assert table.schema.field("homeScore").type == pa.int64()


@pytest.mark.parametrize("path", ["/livescores", "/livescores/"])
def test_it_answers_with_and_without_its_slash(client, path):
    assert client.get(path).status_code == 200


def test_head_has_the_headers_of_get(client, calendar):
    got, head = client.get(URL), client.head(URL)

    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Length", "ETag", "X-Total-Count", "Content-Type"):
        assert head[name] == got[name]


def test_a_key_is_neither_needed_nor_looked_at(client):
    assert client.get(URL, headers={"X-API-Key": "wrong"}).status_code == 200


IDS = ("region_id", "tournament_id", "team_id")
BAD_IDS = ["0", "-1", "2147483648", "9223372036854775808", "9" * 5000, "1.0", "1e3", "0x10"]
BAD_IDS += ["1_000", "١٢٣", "abc", "+1", "1 ", "%00", "%ff", "true", "null", "NaN"]


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("value", BAD_IDS, ids=lambda text: text[:20])
def test_a_bad_id_is_422(client, name, value):
    assert_refused(client.get(f"{URL}?{name}={value}"), name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *((f"year={value}", "year") for value in ("0", "-5", "10000", "99999999999", "1849")),
        *((f"year={value}", "year") for value in ("2151", "2026.0", "MMXXVI", "٢٠٢٦", "2_026")),
        *((f"year=2026&month={value}", "month") for value in ("0", "13", "-1", "3.0", "March")),
        ("month=3", "month"),
        ("year=2026&date=2026-03-14", "date"),
        *((f"date={value}", "date") for value in ("2026-02-30", "2026-3-1", "14.03.2026")),
        *(
            (f"date={value}", "date")
            for value in ("20260314", "2026-03-14T12:00:00Z", "0001-01-01")
        ),
        *((f"date={value}", "date") for value in ("9999-12-31", "today", "2026-03-14%00")),
        *((f"status={value}", "status") for value in ("FINISHED", "done", "../", "x" * 10_000)),
        *((f"limit={value}", "limit") for value in ("0", "-1", "1000000000", "5001", "1.0")),
        *((f"offset={value}", "offset") for value in ("-1", "2147483648", "9" * 5000, "x")),
        *((f"format={value}", "format") for value in ("xml", "CSV", "html", "../")),
        *((f"{name}=", name) for name in ("year", "month", "date", "status", "limit", "format")),
        ("year=2026&year=2027", "year"),
        ("limit=1&limit=1", "limit"),
        ("Year=2026", "Year"),
        ("stage=champion", "stage"),
        ("%00=1", "\x00"),
    ],
    ids=lambda text: text[:40],
)
def test_a_bad_query_is_422(client, query, name):
    assert_refused(client.get(f"{URL}?{query}"), name)


def assert_refused(response, name):
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert ["query", name] in [error["loc"] for error in problem["errors"]]
    assert len(response.content) < 2000


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_it_is_read_only(client, method):
    response = getattr(client, method)(URL)

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("n_matches", [1, 20])
def test_it_takes_two_queries_whatever_its_length(client, django_assert_num_queries, n_matches):
    for number in range(n_matches):
        play(f"Team {number}", NOON, score=(1, 0))

    with django_assert_num_queries(2):
        assert len(json_of(client.get(URL))) == n_matches
