"""The reach between sources, measured on records and on real files."""

import gzip
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from livescores.linking import coverage
from livescores.sources.known import SOURCES
from livescores.sources.records import MatchRecord, TournamentRecord, scores
from livescores.sources.whoscored import parser as whoscored
from tests.livescores.linking.fixture_lists import season

NAMES = ("Arsenal", "Chelsea", "Everton", "Fulham", "Luton")


def records(names=NAMES, league="Premier League", half_time=(0, 0)):
    tournament = TournamentRecord("England", league)
    return [
        MatchRecord(one.id, tournament, one.season, str(one.home), str(one.away), one.start, True,
                    "finished", scores(one.score, half_time))
        for one in season(names)
    ]  # fmt: skip


def test_all_is_linked_where_all_agrees():
    found = coverage.measure(records(league="Premiership"), records())

    assert (found.reach.played, found.reach.linked, found.reach.missed) == (20, 20, [])
    assert found.half_times[True] == 20
    assert (found.conflicts, found.wrong) == ([], [])


def test_a_match_that_ours_lacks_is_told_from_one_that_was_missed():
    ours = records()
    ours[0] = ours[0]._replace(away="Fulham")  # on its day, another one
    del ours[-1]  # no match of ours is on its day

    found = coverage.measure(records(), ours).reach

    assert (found.lacking, len(found.missed), found.linked) == (1, 1, 18)


def test_a_match_that_ours_has_two_days_later_was_missed():
    ours = records()
    ours[-1] = ours[-1]._replace(start_time_utc=ours[-1].start_time_utc + timedelta(days=2))

    found = coverage.measure(records(), ours).reach

    assert (found.lacking, len(found.missed), found.linked) == (0, 1, 19)


def test_another_score_is_a_conflict_and_with_another_half_time_a_wrong_link():
    ours = records()
    ours[3] = ours[3]._replace(counts=scores((9, 9), (0, 0)))
    ours[7] = ours[7]._replace(counts=scores((9, 9), (5, 5)))

    found = coverage.measure(records(), ours)

    assert len(found.conflicts) == 2
    assert [told.line for told, _ in found.wrong] == [7]


def test_two_of_the_source_s_matches_that_are_one_of_ours_are_wrong():
    told = records()
    told.append(told[4]._replace(start_time_utc=told[4].start_time_utc + timedelta(days=1)))

    assert len(coverage.measure(told, records()).wrong) == 1


def parsed(source, folder, *names):
    files = [path for name in names for path in sorted(folder.glob(name))]
    parse = SOURCES[source].parse
    return [one for path in files for one in parse(path.read_bytes(), path.name).matches]


def test_openfootball_reaches_all_of_football_data(real_data):
    ours = parsed("football-data", real_data / "football-data", "20*-2[0-3]/E0.csv*", "2020-21/D1*")
    told = parsed("openfootball", real_data / "openfootball", "20*/en.1.json", "2020-21/de.1.json")

    found = coverage.measure(told, ours)

    assert found.reach.linked == 4 * 380 + 306  # 66 of them mistyped by a year
    assert found.reach.share == 1.0
    assert found.wrong == []


def test_whoscored_reaches_leagues_of_football_data(real_data):
    ours = parsed("football-data", real_data / "football-data", "201[4-7]-*/E[0-2].csv*")
    packed = (real_data / "whoscored" / "matches_info.jsonl.gz").read_bytes()
    english = [line for line in gzip.decompress(packed).splitlines() if b'"England"' in line]
    told = whoscored.parse(b"\n".join(english), "matches_info.jsonl").matches

    found = coverage.measure(told, ours, range(2015, 2019))

    assert found.reach.linked > 1500
    assert found.reach.share >= 0.99
    assert found.wrong == []


def test_the_command_prints_the_table(tmp_path, capsys):
    for source, name, text in (
        (
            "football-data",
            "E0.csv",
            "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,14/08/21,A,B,2,0,H",
        ),
        ("openfootball", "en.1.json", '{"name": "Premier League 2021/22", "matches": []}'),
    ):
        (tmp_path / source).mkdir()
        (tmp_path / source / name).write_text(text)
    with pytest.raises(CommandError, match="no file of whoscored"):
        call_command("link_report", tmp_path)

    assert "openfootball to football-data" in capsys.readouterr().out
