"""Every fault that real files of football-data.co.uk have, in files of our own."""

import gzip
from datetime import UTC, datetime
from math import isnan

import pytest

from livescores.sources.dates import written
from livescores.sources.football_data import parser as football_data
from livescores.sources.records import FileRejected

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
ROW = "E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95"


def parsed(*lines: str, name: str = "E0.csv"):
    return football_data.parse("\r\n".join(lines).encode(), name)


def test_it_reads_a_result_with_its_prices():
    (match,) = parsed(HEADER, ROW).matches

    assert (match.home, match.away, match.counts[:2]) == ("Brentford", "Arsenal", (2, 0))
    assert (match.season, match.status, match.tournament.name) == (
        "2021-22",
        "finished",
        "Premier League",
    )
    assert match.quotes[0][3:6] == (4.0, 3.4, 1.95)


def test_pre_match_prices_stand_since_the_last_collection_day():
    (match,) = parsed(HEADER, ROW).matches

    assert match.quotes[0].captured_at == datetime(2021, 8, 13, 14, tzinfo=UTC)


def test_closing_prices_stand_a_minute_before_kick_off():
    header = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,PSCH,PSCD,PSCA"

    (match,) = parsed(header, "E0,14/08/2021,15:00,Leeds,Everton,1,1,D,2.5,3.4,2.9").matches

    assert match.start_time_utc == datetime(2021, 8, 14, 14, tzinfo=UTC)
    assert match.quotes[0][:3] == ("PS", "closing", datetime(2021, 8, 14, 13, 59, tzinfo=UTC))


def test_it_reads_windows_1252_and_a_byte_order_mark():
    marked = football_data.parse(("\ufeff" + HEADER + "\n" + ROW).encode(), "E0.csv")
    western = football_data.parse(
        (HEADER + "\n" + ROW.replace("Arsenal", "King\u2019s Lynn")).encode("cp1252"), "EC.csv"
    )

    assert marked.matches[0].home == "Brentford"
    assert western.matches[0].away == "King\u2019s Lynn"


def test_it_reads_gzip_by_content():
    packed = gzip.compress(f"{HEADER}\n{ROW}\n".encode())

    assert len(football_data.parse(packed, "renamed.csv").matches) == 1


def test_blank_and_ragged_rows_are_no_matches_and_no_faults():
    result = parsed(HEADER + ",,,", ROW, ",,,,,,,,,,,,,", "", "E0,15/08/21,Leeds,Everton,1,1,D")

    assert (result.rows, len(result.matches), result.rejections) == (2, 2, [])


def test_a_non_breaking_space_is_a_space():
    (match,) = parsed(HEADER, ROW.replace("4.0", "4.1\xa0")).matches

    assert match.quotes[0].home == 4.1


@pytest.mark.parametrize(
    ("text", "year"), [("14/08/93", 1993), ("14/08/92", 2092), ("1/9/2002", 2002)]
)
def test_two_digit_years_start_in_1993(text, year):
    assert written(text).day("dmy").year == year


def test_greece_calls_the_teams_otherwise():
    (match,) = parsed("Div,Date,HT,AT,FTHG,FTAG,FTR", "G1,20/08/00,Veroia,Aris,1,0,H").matches

    assert (match.home, match.away) == ("Veria", "Aris")


def test_a_match_behind_the_last_result_without_score_is_unknown():
    lines = ("G1,10/05/15,Niki Volos,OFI,,,", "G1,17/05/15,Aris,PAOK,1,0,H")

    first, _ = parsed("Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR", *lines).matches

    assert first.status == "unknown"


def test_a_match_ahead_of_the_last_result_is_scheduled():
    result = parsed(HEADER, ROW, "E0,21/08/21,Arsenal,Chelsea,,,,3.5,3.4,2.1")

    assert result.matches[1].status == "scheduled"


def test_handicap_and_goals_columns_are_no_1x2_prices():
    header = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365AHH,B365AHA,B365AH,BbAHh,AHh,B365>2.5"

    (match,) = parsed(header, "E0,14/08/21,Leeds,Everton,1,1,D,1.9,1.9,0,0,0,2.0").matches

    assert match.quotes == []


@pytest.mark.parametrize("prices", ["4.0,,1.95", "x,3.4,1.95"])
def test_what_is_not_three_prices_is_handed_on_as_read(prices):
    (match,) = parsed(HEADER, ROW.replace("4.0,3.4,1.95", prices)).matches

    assert isnan(match.quotes[0].home)
    assert match.quotes[0].text == prices.replace(",", " / ")


def test_a_book_without_any_price_is_none():
    (match,) = parsed(HEADER, ROW.replace("4.0,3.4,1.95", ",,")).matches

    assert match.quotes == []


def test_a_price_says_how_its_moment_is_known():
    header = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,PSH,PSD,PSA,PSCH,PSCD,PSCA"

    (match,) = parsed(header, "E0,14/08/21,Leeds,Everton,1,1,D,2,3,4,2,3,4").matches

    assert [(q.kind, q.moment) for q in match.quotes] == [
        ("pre_match", "habit"),
        ("closing", "kick_off"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW.replace("E0,", "Q9,"), "Unknown division 'Q9'."),
        (ROW.replace("14/08/21", "31/02/21"), "No such date: '31/02/21'."),
        (ROW.replace("14/08/21", "soon"), "Unreadable date 'soon'."),
        (ROW.replace("Arsenal", "Brentford"), "Brentford plays itself."),
        (ROW.replace("Arsenal", ""), "A team has no name."),
        (ROW.replace("2,0,H", "2,,H"), "Only one side has a score."),
        (ROW.replace("2,0,H", "2,0,A"), "The result A contradicts the score 2-0."),
        (ROW.replace("2,0,H", "-2,0,H"), "'-2' is not a count."),
    ],
)
def test_a_row_that_is_no_match_is_refused_with_line_and_reason(row, why):
    result = parsed(HEADER, row, ROW)

    assert len(result.matches) == 1
    assert [(r.what, r.line, r.reason) for r in result.rejections] == [("row", 2, why)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"Div\x00Date", "binary"),
        (b"PK\x03\x04\x00\x00", "The workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "The workbook is damaged"),
        (b"\x1f\x8b\x08\x00damaged", "damaged"),
        (b"a,b,c\n1,2,3\n", "No column"),
    ],
)
def test_a_file_of_another_form_is_refused_whole(content, why):
    with pytest.raises(FileRejected, match=why):
        football_data.parse(content, "E0.csv")


EXTRA = "Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PH,PD,PA"


def test_the_extra_leagues_hold_closing_prices_whatever_they_are_called():
    row = "Denmark,Superliga ,2022/2023,17/07/2022,15:00,Brondby,Aarhus,2,0,H,1.9,3.6,4.1"

    (match,) = parsed(EXTRA, row).matches

    assert (match.season, match.tournament.name) == ("2022-23", "Superliga")
    assert match.quotes[0][:2] == ("PS", "closing")


def test_an_extra_fixture_list_has_pre_match_prices_and_a_season_by_its_country():
    header = EXTRA.replace("Season,", "").replace("HG,AG,Res,", "")
    rows = ("Japan,J1 League,14/11/2020,05:00,Kobe,Tokyo,2.1,3.4,3.5",)

    (match,) = parsed(header, *rows).matches

    assert (match.season, match.status, match.quotes[0].kind) == ("2020", "scheduled", "pre_match")


def test_it_reads_all_the_real_files(real_data):
    files = sorted((real_data / "football-data" / "2018-19").glob("*.csv*"))

    matches = [m for f in files for m in football_data.parse(f.read_bytes(), f.name).matches]

    assert len(matches) == 6802


def test_it_says_how_it_read_a_table():
    western = (HEADER + "\n" + ROW.replace("Arsenal", "King\u2019s Lynn")).encode("cp1252")

    (form,) = football_data.parse(western, "EC.csv").forms

    assert (form.encoding, form.separator, form.date_order) == ("cp1252", ",", "dmy")
    assert (form.decimal_mark, form.seasons) == (".", ("2021-22",))
    assert str(form) == (
        "cp1252; cells parted by ,; dates day first; decimals with .; season 2021-22"
    )
