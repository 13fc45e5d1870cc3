"""OpenLigaDB, in the form that it publishes: results and flags are entered by hand."""

import json
from datetime import UTC, date, datetime

import pytest

from livescores.sources.openligadb import parser as openligadb
from livescores.sources.queries import Asked
from livescores.sources.records import FileRejected


def result(kind, home, away, name=""):
    return {
        "resultID": kind,
        "resultName": name or {1: "Halbzeit", 2: "Endergebnis"}.get(kind, ""),
        "pointsTeam1": home,
        "pointsTeam2": away,
        "resultOrderID": kind,
        "resultTypeID": kind,
        "resultDescription": "",
    }


def node(*results, is_finished=True, league="bl1", **changes):
    """A match of the published form, with changes."""
    return {
        "matchID": 77301,
        "matchDateTime": "2025-09-20T15:30:00",
        "timeZoneID": "W. Europe Standard Time",
        "leagueId": 4800,
        "leagueName": "1. Fußball-Bundesliga 2025/2026",
        "leagueSeason": 2025,
        "leagueShortcut": league,
        "matchDateTimeUTC": "2025-09-20T13:30:00Z",
        "group": {"groupName": "4. Spieltag", "groupOrderID": 4, "groupID": 1},
        "team1": {"teamId": 7001, "teamName": "SV Altendorf", "shortName": "Altendorf"},
        "team2": {"teamId": 7002, "teamName": "FC Neustedt", "shortName": "Neustedt"},
        "lastUpdateDateTime": "2025-09-20T17:28:41.53",
        "matchIsFinished": is_finished,
        "matchResults": list(results),
        "goals": [],
        "location": None,
        "numberOfViewers": None,
        **changes,
    }


def parse(*nodes):
    return openligadb.parse(json.dumps(nodes).encode(), "bl1.json")


def only(*results, **changes):
    (match,) = parse(node(*results, **changes)).matches
    return match


def reason(*results, **changes):
    (rejection,) = parse(node(*results, **changes)).rejections
    return rejection.reason


HALF, END = result(1, 1, 0), result(2, 2, 1)
LATER = {"matchDateTimeUTC": "2125-09-20T13:30:00Z"}


def test_it_reads_a_result():
    match = only(END, HALF)

    assert (match.home, match.away, match.counts[:4]) == (
        "SV Altendorf",
        "FC Neustedt",
        (2, 1, 1, 0),
    )
    assert (match.external_id, match.home_id, match.away_id) == ("77301", "7001", "7002")
    assert (match.tournament.name, match.season, match.status) == (
        "Bundesliga",
        "2025-26",
        "finished",
    )
    assert match.start_time_utc == datetime(2025, 9, 20, 13, 30, tzinfo=UTC)
    assert match.told_at == datetime(2025, 9, 20, 15, 28, 41, 530000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("results", "is_finished", "changes", "status", "counts"),
    [
        ((), False, {}, "scheduled", (None, None)),
        ((), False, LATER, "scheduled", (None, None)),
        ((result(2, 1, 1),), False, {}, "live", (1, 1)),
        ((), True, {}, "live", (None, None)),  # the flag came before the result
        ((HALF,), True, {}, "live", (None, None)),
        ((HALF, result(2, None, None)), True, {}, "live", (None, None)),
        ((), True, LATER, "scheduled", (None, None)),
    ],
)
def test_a_flag_without_a_result_ends_nothing(results, is_finished, changes, status, counts):
    match = only(*results, is_finished=is_finished, **changes)

    assert (match.status, match.counts[:2]) == (status, counts)


@pytest.mark.parametrize(
    "results",
    [
        (result(2, 1, 1), result(3, 2, 1, "nach Verlängerung")),
        (result(2, 1, 1), result(4, 2, 2, "n. Verlaengerung"), result(5, 6, 5, "n. Elfmeter")),
        (result(2, 3, 1), result(6, 1, 1, "nach 90 Minuten"), result(3, 3, 1, "Verlängerung")),
    ],
)
def test_neither_extra_time_nor_a_shoot_out_counts(results):
    assert only(*results, league="dfb").counts[:2] == (1, 1)


@pytest.mark.parametrize(
    "results",
    [
        (result(2, 2, 1), result(3, 2, 1, "nach Verlängerung")),  # no draw
        (result(2, 2, 2), result(3, 2, 2, "nach Verlängerung"), result(5, 4, 3, "Elfmeter")),
        (result(2, 2, 2), result(5, 4, 3, "nach Elfmeterschießen")),
        (result(3, 2, 1, "nach Verlängerung"),),
    ],
)
def test_a_score_that_need_not_be_that_of_90_minutes_is_refused(results):
    why = "It went on after 90 minutes, and its score then is not known."

    assert reason(*results, league="dfb") == why


def test_the_cup_s_final_is_on_ground_that_is_nobody_s():
    final = {"group": {"groupName": "Finale"}}

    assert only(END, league="dfb", **final).neutral_venue
    assert only(END, league="dfb").neutral_venue is None
    assert only(END, **final).neutral_venue is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"leagueShortcut": "xx9"}, "Unknown league 'xx9'."),
        ({"team2": {"teamId": 7001, "teamName": "SV Altendorf"}}, "SV Altendorf plays itself."),
        ({"team1": {"teamId": 1, "teamName": " "}}, "team1 is not known yet."),
        ({"matchResults": [result(2, -1, 0)]}, "-1-0 is not a score."),
    ],
)
def test_a_match_that_is_none_is_refused_with_its_number(changes, why):
    parsed = parse(node(END), node(END, **changes))

    assert [(one.line, one.reason) for one in parsed.rejections] == [(2, why)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b'{"message": "Not found"}', "valid list|array"),
        (json.dumps([node(matchDateTimeUTC="soon")]).encode(), r"Field 0\.matchDateTimeUTC: "),
    ],
)
def test_another_form_is_refused_with_the_field(content, why):
    with pytest.raises(FileRejected, match=why):
        openligadb.parse(content, "bl1.json")


def test_it_asks_for_a_season_of_each_league():
    pages = openligadb.pages(Asked(url="https://api.example", today=date(2026, 3, 14)))

    assert [page.url for page in pages] == [
        f"https://api.example/getmatchdata/{code}/2025" for code in ("bl1", "bl2", "bl3", "dfb")
    ]
