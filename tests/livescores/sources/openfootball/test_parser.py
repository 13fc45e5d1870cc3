"""openfootball's seasons, complete and under way, and what is wrong in a file."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from livescores.sources.openfootball import parser as openfootball
from livescores.sources.records import FileRejected

PLAYED = {
    "round": "Matchday 1",
    "date": "2022-08-06",
    "time": "15:30",
    "team1": "VfL Bochum 1848",
    "team2": "1. FSV Mainz 05",
    "score": {"ht": [1, 1], "ft": [1, 2]},
}


def parse(*matches, name="de.1.json", title="Deutsche Bundesliga 2022/23"):
    content = json.dumps({"name": title, "matches": matches}).encode()
    return openfootball.parse(content, name)


def reasons(*matches):
    return [(rejection.line, rejection.reason) for rejection in parse(*matches).rejections]


def test_a_played_match_has_its_scores_and_utc_kick_off():
    match = parse(PLAYED).matches[0]

    assert (match.home, match.away, match.status) == (
        "VfL Bochum 1848",
        "1. FSV Mainz 05",
        "finished",
    )
    assert match.counts[:4] == (1, 2, 1, 1)
    assert match.start_time_utc == datetime(2022, 8, 6, 13, 30, tzinfo=UTC)
    assert (match.tournament.region, match.tournament.name) == ("Germany", "Bundesliga")
    assert match.season == "2022-23"


@pytest.mark.parametrize(
    ("title", "season"),
    [("J League 2020", "2020"), ("X 1999-2000", "1999-00"), ("X 2020/21", "2020-21")],
)
def test_the_title_tells_the_season(title, season):
    assert parse(PLAYED, title=title).matches[0].season == season


def test_without_a_time_noon_stands_for_the_day():
    match = parse({**PLAYED, "time": None}).matches[0]

    assert match.start_time_utc == datetime(2022, 8, 6, 12, tzinfo=UTC)
    assert not match.has_kickoff_time


def test_the_score_after_90_minutes_counts():
    score = {"ht": [1, 0], "ft": [1, 1], "et": [2, 2], "p": [3, 4]}

    match = parse({**PLAYED, "score": score}, name="de.cup.json").matches[0]

    assert match.counts[:4] == (1, 1, 1, 0)


@pytest.mark.parametrize("score", [{}, None])
def test_a_coming_match_is_scheduled(score):
    coming = {**PLAYED, "date": "2022-08-13", "score": score}

    assert [match.status for match in parse(PLAYED, coming).matches] == ["finished", "scheduled"]


def test_a_match_left_behind_without_a_score_is_unknown():
    behind = {**PLAYED, "date": "2022-08-05", "score": {}}

    assert parse(PLAYED, behind).matches[1].status == "unknown"


@pytest.mark.parametrize(
    ("stated", "status"),
    [("AWARDED", "awarded"), ("cancelled", "cancelled"), ("postponed", "postponed")],
)
def test_a_stated_status_is_taken(stated, status):
    assert parse({**PLAYED, "status": stated}).matches[0].status == status


def test_a_zipped_season_reads_alike():
    content = gzip.compress(json.dumps({"name": "B 2022/23", "matches": [PLAYED]}).encode())

    assert len(openfootball.parse(content, "de.1.json.gz").matches) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date": "2022-02-30"}, "Unreadable date '2022-02-30'."),
        ({"time": "25:00"}, "Unreadable time '25:00'."),
        ({"team1": " "}, "team1 has no name."),
        ({"team1": "1. FSV Mainz 05"}, "1. FSV Mainz 05 plays itself."),
        ({"score": {"ft": [1]}}, "'[1]' is not a score (ft)."),
        ({"score": {"ft": [True, 1]}}, "'[True, 1]' is not a score (ft)."),
        ({"score": {"ht": [1, 1]}}, "There is a score, but none after 90 minutes."),
        ({"score": {"ht": [2, 0], "ft": [1, 0]}}, "More goals at half-time than at the end."),
        (
            {"score": {"ft": [2, 0], "et": [1, 0]}},
            "Fewer goals after extra time than after 90 minutes.",
        ),
        ({"score": "1:0"}, "The score is not an object."),
        ({"status": "eaten"}, "Unknown status 'eaten'."),
    ],
)
def test_a_wrong_match_is_named_by_its_number_and_reason(change, reason):
    assert reasons(PLAYED, {**PLAYED, **change}) == [(2, reason)]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "de.1.json", "The file is empty."),
        (b"<html>", "de.1.json", "a web page, not JSON"),
        (b'{"matches": [', "de.1.json", "This is not JSON"),
        (b'{"name": "B 2022/23"}', "de.1.json", "no list of matches"),
        (b'{"name": "B", "matches": []}', "de.1.json", "names no season"),
        (b'{"name": "B 2022/23", "matches": [1]}', "de.1.json", "Match 1 is not an object"),
        (b"{}", "results.json", "names no league"),
        (b"{}", "xx.1.json", "Unknown league 'xx.1'"),
        (gzip.compress(b"{}" * 500, mtime=0)[:20], "de.1.json", "gzip file is damaged"),
    ],
)
def test_another_file_is_refused_with_its_reason(content, name, reason):
    with pytest.raises(FileRejected, match=reason):
        openfootball.parse(content, name)


@pytest.mark.real_data
def test_a_snapshot_of_december_holds_played_and_coming_matches(real_data):
    folder = real_data / "openfootball" / "in-progress-2020-12-17" / "2020-21"
    files = [openfootball.parse(path.read_bytes(), path.name) for path in folder.iterdir()]
    matches = [match for parsed in files for match in parsed.matches]

    assert not any(parsed.rejections for parsed in files)
    assert sum(match.status == "finished" for match in matches) == 523
    assert sum(match.counts[0] is None for match in matches) == 1913
