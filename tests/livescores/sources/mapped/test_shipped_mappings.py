"""Each mapping that we ship, on small tables of our own in its form."""

import io
import json

import pandas as pd
import pytest

from livescores.sources.football_data import parser as football_data
from livescores.sources.mapped.mapping import load, shipped
from livescores.sources.mapped.parser import parse


def read(mapping, content, name="table.csv", **told):
    raw = content if isinstance(content, bytes) else content.encode()
    return parse(raw, name, load(mapping), **told)


def facts(match):
    return (
        match.tournament.region,
        match.tournament.name,
        match.season,
        f"{match.start_time_utc:%Y-%m-%d %H:%M}",
        match.has_kickoff_time,
        match.home,
        match.away,
        match.status,
        match.counts[:4],
    )


def test_the_list_is_whole():
    assert shipped() == [
        *("clubelo", "football-data", "football-datasets", "footballcsv"),
        *("kaggle-european-soccer",),
        *("oddsharvester", "soccerdata", "the-odds-api-snapshot"),
    ]
    assert all(load(name).about for name in shipped())


def test_football_data_is_read_as_by_its_own_parser():
    table = (
        "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HS,AS,B365H,B365D,B365A,Avg>2.5,Avg<2.5\n"
        "E0,14/08/2021,15:00,Brentford,Middlesboro,2,0,H,1,0,8,22,4.0,3.4,1.95,2.1,1.7\n"
        "E0,21/08/2021,,Arsenal,Brentford,,,,,,,,,,,,\n"
    )

    found, own = read("football-data", table), football_data.parse(table.encode(), "E0.csv")

    assert found.matches == own.matches
    assert found.matches[0].quotes[0][3:6] == (4.0, 3.4, 1.95)
    assert found.forms == own.forms


def test_football_datasets_have_their_league_in_the_folder():
    header = "Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG"
    table = f"{header}\n2018-08-10,Man United,Leicester,2,1,H,1,0\n"

    (match,) = read("football-datasets", table, "premier-league/season-1819.csv").matches

    assert facts(match) == (
        *("England", "Premier League", "2018-19", "2018-08-10 12:00", False),
        *("Man United", "Leicester", "finished", (2, 1, 1, 0)),
    )
    assert match.tournament.code == "E0"


@pytest.mark.parametrize(
    ("day", "header"),
    [("Sat Aug 13 2016", "Date,Team 1,FT,HT,Team 2"), ("13 Aug 2016", "Date,Team 1,FT,HT,Team 2")],
)
def test_footballcsv_has_its_league_in_the_name_and_its_season_in_the_folder(day, header):
    table = f"{header}\n{day},Hull City AFC,2-1,1-0,Leicester City FC\n{day},Burnley FC,,,Swansea\n"

    first, second = read("footballcsv", table, "2016-17/eng.1.csv").matches

    assert facts(first)[:4] == ("England", "Premier League", "2016-17", "2016-08-13 12:00")
    assert (first.counts[:4], second.status) == ((2, 1, 1, 0), "unknown")


def test_kaggle_s_ids_are_looked_up_beside_it(tmp_path):
    (tmp_path / "Team.csv").write_text(
        "id,team_api_id,team_long_name\n1,9987,KRC Genk\n2,9993,Beerschot AC\n"
    )
    (tmp_path / "League.csv").write_text("id,country_id,name\n1,1,Belgium Jupiler League\n")
    table = (
        "id,league_id,season,date,match_api_id,home_team_api_id,away_team_api_id,home_team_goal,"
        "away_team_goal,B365H,B365D,B365A,LBH,LBD,LBA\n"
        "1,1,2008/2009,2008-08-17 00:00:00,492473,9987,9993,1,1,1.73,3.4,5,,,\n"
        "2,1,2008/2009,2008-08-18 00:00:00,492474,9987,77,1,1,1.73,3.4,5,,,\n"
    )

    found = read("kaggle-european-soccer", table, "Match.csv", beside=tmp_path)

    (match,) = found.matches
    assert facts(match) == (
        *("Belgium", "First Division A", "2008-09", "2008-08-17 12:00", False),
        *("KRC Genk", "Beerschot AC", "finished", (1, 1, None, None)),
    )
    assert [(q.bookmaker, q.home) for q in match.quotes] == [("B365", 1.73)]
    assert [(r.line, r.reason) for r in found.rejections] == [(3, "A team has no name.")]


SCHEDULE = """
ENG-Premier League,2021,2020-09-12,12:30,Fulham,0–3,Arsenal,bf52349b
ENG-Premier League,2021,2021-05-23,16:00,Leeds,,Burnley,bf52349c
ESP-La Liga,2021,2020-09-12,16:00,Eibar,0–0,Celta,bf52349d
ENG-Premier League,2021,2021-01-12,,Spurs,(4) 1–1 (3),Hull,bf52349e
"""
SCHEDULE_COLUMNS = "league season date time home_team score away_team game_id"


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "xlsx"])
def test_soccerdata_s_schedules_in_any_form(form):
    content = io.BytesIO()
    rows = [row.split(",") for row in SCHEDULE.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=SCHEDULE_COLUMNS.split())
    match form:
        case "csv":
            frame.to_csv(content, index=False)
        case "parquet":
            frame.to_parquet(content, index=False)
        case "xlsx":
            frame.to_excel(content, index=False)
        case _:
            frame.to_json(content, orient="records", lines=True)

    found = read("soccerdata", content.getvalue(), f"schedule.{form}")

    first, second, third = found.matches
    assert facts(first) == (
        *("England", "Premier League", "2020-21", "2020-09-12 11:30", True),
        *("Fulham", "Arsenal", "finished", (0, 3, None, None)),
    )
    assert (second.status, second.external_id) == ("scheduled", "bf52349c")
    assert facts(third)[:4] == ("Spain", "La Liga", "2020-21", "2020-09-12 14:00")
    assert [r.reason for r in found.rejections] == [
        "'(4) 1–1 (3)' is not a score after 90 minutes."
    ]


def book(name, period="FullTime", **prices):
    return {"bookmaker_name": name, "period": period, **prices}


def test_oddsharvester_has_a_list_of_books_for_each_market():
    match = {
        "match_date": "2024-08-16 19:00:00 UTC",
        "home_team": "Manchester United",
        "away_team": "Fulham",
        "league_name": "Premier League",
        "home_score": "1",
        "away_score": "0",
        "1x2_market": [
            {
                "1": "1.60",
                "X": "4.20",
                "2": "5.25",
                "bookmaker_name": "bet365",
                "period": "FullTime",
            },
            {"1": "2.10", "X": "2.30", "2": "5.5", "bookmaker_name": "bet365", "period": "1stHalf"},
            {
                "1": "1.62",
                "X": "4.1",
                "2": "5.5",
                "bookmaker_name": "Some Book",
                "period": "FullTime",
            },
        ],
        "over_under_2_5_market": [
            {
                "odds_over": "1.55",
                "odds_under": "2.4",
                "bookmaker_name": "bwin",
                "period": "FullTime",
            }
        ],
    }

    (found,) = read("oddsharvester", json.dumps([match]), "epl.json").matches

    assert facts(found)[3:5] == ("2024-08-16 19:00", True)
    assert [(q.bookmaker, q.kind, *q[3:6]) for q in found.quotes] == [
        ("B365", "closing", 1.6, 4.2, 5.25),
        ("Some Book", "closing", 1.62, 4.1, 5.5),
    ]
    (goals,) = found.two_way
    assert (goals.bookmaker, goals.line, goals.first, goals.second) == ("BW", 2.5, 1.55, 2.4)


def test_a_snapshot_of_the_odds_api():
    def outcomes(*prices):
        names = ("Rushden", "Draw", "Selby")
        return [{"name": n, "price": p} for n, p in zip(names, prices, strict=True)]

    event = {
        "id": "e912304de2b2ce35b473ce2ecd3d1502",
        "sport_key": "soccer_epl",
        "commence_time": "2023-10-08T15:30:00Z",
        "home_team": "Rushden",
        "away_team": "Selby",
        "bookmakers": [
            {
                "key": "pinnacle",
                "last_update": "2023-10-07T11:58:00Z",
                "markets": [
                    {"key": "totals", "outcomes": [
                        {"name": "Over", "price": 1.9, "point": 2.75},
                        {"name": "Under", "price": 1.95, "point": 2.75},
                    ]},
                    {"key": "h2h", "outcomes": outcomes(2.1, 3.4, 3.6)},
                ],
            },
            {"key": "betsson", "last_update": "2023-10-07T11:50:00Z", "markets": []},
        ],
    }  # fmt: skip
    snapshot = {"timestamp": "2023-10-07T12:00:00Z", "data": [event]}

    (match,) = read("the-odds-api-snapshot", json.dumps(snapshot), "snapshot.json").matches

    assert facts(match)[:4] == ("England", "Premier League", "2023-24", "2023-10-08 15:30")
    (quote,) = match.quotes
    assert (quote.bookmaker, quote.moment, *quote[3:6]) == ("PS", "stated", 2.1, 3.4, 3.6)
    assert quote.captured_at.isoformat() == "2023-10-07T11:58:00+00:00"
    (totals,) = match.two_way
    assert (totals.line, totals.first, totals.second) == (2.75, 1.9, 1.95)
