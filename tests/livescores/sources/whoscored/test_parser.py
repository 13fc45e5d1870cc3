"""WhoScored's records: statuses, scores after 90 minutes, ids and what is wrong."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from livescores.sources.records import FileRejected
from livescores.sources.whoscored import parser as whoscored

RECORD = {
    "matchId": 904241,
    "tournamentName": "Premier League",
    "regionName": "England",
    "homeId": 15,
    "awayId": 13,
    "homeName": "Chelsea",
    "awayName": "Arsenal",
    "status": 6,
    "elapsed": "FT",
    "homeScore": 2,
    "awayScore": 0,
    "periodResults": "HT 1:0 - FT 2:0",
    "startTimeUtc": "2015-09-19T11:45:00.0000000Z",
}


def parse(*changes):
    lines = [json.dumps({**RECORD, **change}) for change in changes]
    return whoscored.parse("\n".join(lines).encode(), "matches.jsonl")


def only(**change):
    return parse(change).matches[0]


def test_a_finished_match_keeps_the_ids_of_the_source():
    match = only()

    assert (match.home, match.away, match.counts[:4]) == ("Chelsea", "Arsenal", (2, 0, 1, 0))
    assert (match.external_id, match.home_id, match.away_id) == ("904241", "15", "13")
    assert match.start_time_utc == datetime(2015, 9, 19, 11, 45, tzinfo=UTC)
    assert match.season == "2015-16"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, "scheduled"),
        (2, "postponed"),
        (3, "live"),
        (4, "unknown"),
        (5, "abandoned"),
        (6, "finished"),
        (7, "cancelled"),
        (8, "unknown"),
    ],
)
def test_each_code_has_its_status(code, status):
    assert only(status=code).status == status


@pytest.mark.parametrize("code", [1, 2, 5, 7, 8])
def test_what_was_not_finished_has_no_result(code):
    assert only(status=code, homeScore=0, awayScore=0).counts[:2] == (None, None)


@pytest.mark.parametrize("elapsed", ["AET", "PEN"])
def test_the_score_after_90_minutes_counts(elapsed):
    periods = "HT 1:0 - FT 1:1 - ET 2:2 - PS 4:5"

    match = only(elapsed=elapsed, homeScore=2, awayScore=2, periodResults=periods)

    assert match.counts[:4] == (1, 1, 1, 0)


def test_the_long_form_holds_the_record_inside():
    line = json.dumps({"matchId": 7, "info": RECORD, "liveMatch": {}}).encode()

    assert whoscored.parse(line, "matches.jsonl").matches[0].external_id == "7"


def test_a_calendar_year_league_has_its_year_as_season():
    assert only(regionName="Norway").season == "2015"


def test_a_club_is_at_home_where_it_plays_its_league():
    cup = {"regionName": "Europe", "tournamentName": "UEFA Champions League", "matchId": 2}

    assert parse({}, cup).matches[1].home_region == "England"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": 0}, "An empty record, status 0."),
        ({"status": 9}, "Unknown status '9'."),
        ({"homeId": 0}, "The record has no homeId."),
        ({"awayId": 15}, "Chelsea plays itself."),
        ({"homeName": None}, "The record has no homeName."),
        ({"startTimeUtc": "0001-01-01T00:00:00"}, "Unreadable startTimeUtc '0001-01-01T00:00:00'."),
        ({"startTimeUtc": "2015-13-19T11:45:00"}, "Unreadable startTimeUtc '2015-13-19T11:45:00'."),
        ({"periodResults": "HT 1:0 - FT 2:1"}, "HT 1:0 - FT 2:1 contradicts the score."),
        (
            {"elapsed": "PEN", "periodResults": ""},
            "A finished match without its score after 90 minutes.",
        ),
    ],
)
def test_a_wrong_record_is_named_by_its_line_and_reason(change, reason):
    parsed = parse({}, change)

    assert [(r.line, r.reason) for r in parsed.rejections] == [(2, reason)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"<html>", "a web page"),
        (b"{]", "This is not JSON"),
        (b"[]", "no match record"),
        (b'{"matchId": 1}', "no match record"),
        (gzip.compress(b"{}" * 500, mtime=0)[:20], "gzip file is damaged"),
    ],
)
def test_another_file_is_refused_with_its_reason(content, reason):
    with pytest.raises(FileRejected, match=reason):
        whoscored.parse(content, "matches.jsonl")


@pytest.mark.real_data
def test_the_real_records_are_all_understood(real_data):
    path = real_data / "whoscored" / "matches_info.jsonl.gz"

    parsed = whoscored.parse(path.read_bytes(), path.name)

    assert len(parsed.matches) == 68_897
    assert len(parsed.rejections) == 995
