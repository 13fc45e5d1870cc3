"""Mappings of one's own: what they can say of a table, and what is told of a wrong one."""

import io
from datetime import datetime

import openpyxl
import pytest

from livescores.sources.mapped import mapping as mappings
from livescores.sources.mapped.mapping import loads
from livescores.sources.mapped.parser import parse
from livescores.sources.records import FileRejected

OWN = """
source = "own"
[constants]
league = "England, League One"
[columns]
date = "When"
home = "H"
away = "A"
score = "Result"
"""
TABLE = "When;H;A;Result\n16/08/2024;Aldmoor;Brackwell;2:1 (1:0)\n17/08/2024;Carsby;Dunholt;\n"


def read(mapping, content, name="own.csv", **told):
    raw = content if isinstance(content, bytes) else content.encode()
    return parse(raw, name, loads(mapping), **told)


def test_a_few_lines_suffice():
    found = read(OWN, TABLE)

    first, second = found.matches
    assert (first.tournament.code, first.season, first.counts[:2]) == ("E2", "2024-25", (2, 1))
    assert (first.has_kickoff_time, second.status) == (False, "scheduled")
    assert str(found.forms[0]).startswith("utf-8; cells parted by ;; dates day first")


def test_columns_by_their_place():
    places = OWN.replace('"When"', "1").replace('"H"', "2").replace('"A"', "3")
    places = places.replace('"Result"', "4").replace(
        'source = "own"', 'source = "own"\nheader = false'
    )

    found = read(places, TABLE.split("\n", 1)[1])

    assert [match.home for match in found.matches] == ["Aldmoor", "Carsby"]


def test_a_workbook():
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split(";"))
    content = io.BytesIO()
    book.save(content)

    assert len(read(OWN, content.getvalue(), "own.xlsx").matches) == 2


@pytest.mark.parametrize(
    ("form", "prices"),
    [
        ("decimal", "2.50,3.5,3"),
        ("fractional", "6/4,5/2,2/1"),
        ("american", "+150,+250,+200"),
        ("american", "150,250,200"),
    ],
)
def test_prices_of_all_forms(form, prices):
    mapping = (
        OWN
        + f"""
[[prices]]
bookmaker = "Bet365"
form = "{form}"
home = "P1"
draw = "PX"
away = "P2"
"""
    )
    table = f"When,H,A,Result,P1,PX,P2\n16/08/2024,Aldmoor,Brackwell,2-1,{prices}\n"

    (match,) = read(mapping, table).matches

    assert match.quotes[0][:1] + match.quotes[0][3:6] == ("B365", 2.5, 3.5, 3.0)


PRICED = OWN + '[[prices]]\nbookmaker = "X"\nhome = "P1"\ndraw = "PX"\naway = "P2"\n'


def quotes(mapping, prices, extra=""):
    header = "When,H,A,Result,P1,PX,P2,At"
    table = f"{header}\n16/08/2024,Aldmoor,Brackwell,2-1,{prices},{extra}\n"
    return read(mapping, table).matches[0].quotes


@pytest.mark.parametrize(
    ("form", "prices"), [("fractional", "Evs,5/2,2/1"), ("american", "EVENS,250,200")]
)
def test_even_money_is_a_word_in_both_forms(form, prices):
    (quote,) = quotes(f'{PRICED}form = "{form}"\n', prices)

    assert quote[3:6] == (2.0, 3.5, 3.0)


@pytest.mark.parametrize(
    ("form", "prices"),
    [("fractional", "6/0,5/2,2/1"), ("fractional", "2.5,5/2,2/1"), ("american", "99,250,200")],
)
def test_what_is_no_price_in_its_form_is_kept_as_it_was_read(form, prices):
    (quote,) = quotes(f'{PRICED}form = "{form}"\n', prices)

    assert quote.text == prices.replace(",", " / ")


@pytest.mark.parametrize(
    ("at", "moment", "stood"),
    [
        ("2024-08-10T10:00:00+02:00", "stated", "2024-08-10 08:00"),
        ("2024-08-10 10:00", "stated", "2024-08-10 10:00"),
        ("last week", "habit", "2024-08-15 12:00"),
    ],
)
def test_prices_whose_moment_cannot_be_read_stood_a_day_before_the_match(at, moment, stood):
    (quote,) = quotes(f'{PRICED}captured_at = "At"\n', "2.5,3.5,3", at)

    assert (quote.moment, quote.captured_at) == (moment, datetime.fromisoformat(f"{stood}+00:00"))


def test_prices_that_are_none_are_kept_as_they_were_read():
    mapping = OWN + '[[prices]]\nbookmaker = "X"\nhome = "P1"\ndraw = "PX"\naway = "P2"\n'
    table = "When,H,A,Result,P1,PX,P2\n16/08/2024,Aldmoor,Brackwell,2-1,6/4,3,\n"

    assert read(mapping, table).matches[0].quotes[0].text == "6/4 / 3 / "


def test_a_row_for_each_bookmaker_is_one_match():
    mapping = OWN + (
        '[[prices]]\nbookmaker_column = "Book"\ncaptured_at = "At"\n'
        'home = "P1"\ndraw = "PX"\naway = "P2"\n'
    )
    table = (
        "When,H,A,Result,Book,At,P1,PX,P2\n"
        "16/08/2024,Aldmoor,Brackwell,2-1,Pinnacle,2024-08-16T10:00:00Z,2,3,4\n"
        "16/08/2024,Aldmoor,Brackwell,2-1,bet365,2024-08-16 11:00:00,2.1,3,4\n"
    )

    found = read(mapping, table)

    (match,) = found.matches
    assert [(q.bookmaker, q.captured_at.hour) for q in match.quotes] == [("PS", 10), ("B365", 11)]
    assert (found.rows, found.rejections) == (2, [])


def test_an_asian_handicap_has_a_line_of_its_own():
    mapping = OWN + (
        '[[prices]]\nbookmaker = "PS"\nmarket = "asian_handicap"\nkind = "closing"\n'
        'home = "AH1"\naway = "AH2"\nline = "Line"\n'
    )
    table = "When,H,A,Result,AH1,AH2,Line\n16/08/2024,Aldmoor,Brackwell,2-1,1.9,2.0,-0.75\n"

    (quote,) = read(mapping, table).matches[0].two_way

    assert (quote.market, quote.line, quote.first, quote.second) == (
        *("asian_handicap", -0.75),
        *(1.9, 2.0),
    )


@pytest.mark.parametrize(
    ("extra", "columns", "cells", "start"),
    [
        ('zone = "Europe/Madrid"', "", ",21:00", "19:00"),
        ("", "", ",21:00", "21:00"),
        ("", 'zone = "Zone"\n', ",21:00,America/New_York", "01:00"),
        ("", "", ",4:30 PM", "16:30"),
        ("", "", ",21:00+02:00", "19:00"),
        ("", "", ",TBC", "12:00"),
    ],
)
def test_times_and_their_zones(extra, columns, cells, start):
    mapping = f"{extra}\n{OWN}time = 'T'\n{columns}"
    table = f"When,H,A,Result,T,Zone\n2024-08-16,Aldmoor,Brackwell,2-1{cells}\n"

    (match,) = read(mapping, table).matches

    assert f"{match.start_time_utc:%H:%M}" == start
    assert match.has_kickoff_time == (cells != ",TBC")


@pytest.mark.parametrize(
    ("season", "kind", "name"),
    [
        ("2024/25", "autumn", "2024-25"),
        ("2425", "autumn", "2024-25"),
        ("2024", "autumn", "2024-25"),
        ("2024", "calendar", "2024"),
        ("", "calendar", "2024"),
        ("", "autumn", "2024-25"),
    ],
)
def test_seasons_stated_or_by_their_dates(season, kind, name):
    mapping = f'seasons = "{kind}"\n' + OWN.replace("[columns]", f'season = "{season}"\n[columns]')

    assert read(mapping, TABLE).matches[0].season == name


def test_dates_that_do_not_tell_day_from_month_are_refused():
    table = TABLE.replace("16/08", "05/08").replace("17/08", "06/08")

    with pytest.raises(FileRejected, match=r"told apart: line 2 \(05/08/2024\) and line 3"):
        read(OWN, table)
    assert read(OWN, table, date_order="mdy").matches[0].start_time_utc.month == 5
    assert read('date_order = "dmy"\n' + OWN, table).matches[0].start_time_utc.month == 8


def test_faulty_rows_are_refused_with_line_and_reason():
    rows = ("16/08/2024;Aldmoor;Aldmoor;1-0", "16/08/2024;Aldmoor;Carsby;x", "17/08/2024;;Carsby;")

    found = read(OWN, TABLE + "\n".join(rows))

    assert [(r.line, r.reason) for r in found.rejections] == [
        (4, "Aldmoor plays itself."),
        (5, "'x' is not a score after 90 minutes."),
        (6, "A team has no name."),
    ]
    assert found.rejections[1].text == "16/08/2024, Aldmoor, Carsby, x"


@pytest.mark.parametrize(
    ("columns", "cells", "why"),
    [
        ('home_score = "HG"\naway_score = "AG"\n', "2,,,", "Only one side has a score."),
        ('status = "S"\n', ",,FT,", "A finished match without its score."),
        ('time = "T"\nzone = "Zone"\n', ",,,Europe/Nowhere,21:00", "Unknown zone 'Europe/Nowhere'"),
    ],
)
def test_a_row_that_says_half_of_it_is_refused(columns, cells, why):
    mapping = OWN.replace('score = "Result"\n', columns)
    table = f"When,H,A,HG,AG,S,Zone,T\n16/08/2024,Aldmoor,Brackwell,{cells}\n"

    assert read(mapping, table).rejections[0].reason.startswith(why)


def test_statuses_in_words_of_the_table():
    mapping = OWN + 'status = "S"\n[statuses]\nAbgesagt = "postponed"\n'
    table = (
        "When,H,A,Result,S\n16/08/2024,Aldmoor,Brackwell,,Abgesagt\n"
        "17/08/2024,Carsby,Dunholt,1-0,FT\n18/08/2024,Erling,Fennick,1-0,Hm\n"
    )

    found = read(mapping, table)

    assert [match.status for match in found.matches] == ["postponed", "finished"]
    assert found.rejections[0].reason == "Unknown status 'Hm'."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("source", "sauce"), "source: Field required"),
        (('"own"', '"Own Table"'), "source: String should match"),
        (("score", "goals"), "columns.goals: unknown field: choose league"),
        (('date = "When"\n', ""), "columns.date is missing"),
        (('source = "own"', "source = own"), "no TOML"),
        (("[columns]", '[statuses]\nX = "over"\n[columns]'), "statuses.X: unknown status"),
        (("[columns]", '[[prices]]\nhome = "P"\n[columns]'), "a bookmaker or its column"),
        (("[columns]", '[[prices]]\nbookmaker = "P"\n[columns]'), "column of the market"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_by_its_field(change, why):
    with pytest.raises(FileRejected, match=why):
        loads(OWN.replace(*change))


@pytest.mark.parametrize(
    ("mapping", "content", "why"),
    [
        (OWN, TABLE.replace("When", "Date"), "No column When for date in the header"),
        (OWN, "{}", "No league|names no country|None|list of records"),
        (OWN, "PAR1nonsense", "The Parquet file is damaged"),
        (OWN, "[1, 2]", "holds no list of records"),
        (OWN, '{"a": 1', "not JSON"),
        (OWN.replace('"H"', '{ column = "H", file = "T.csv", key = "id", value = "n" }'), TABLE,
         "looks up T.csv, which is not beside it"),
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused(mapping, content, why, tmp_path):
    if content == "{}":
        assert read(mapping, content).rejections[0].reason == "A team has no name."
        return
    with pytest.raises(FileRejected, match=why):
        read(mapping, content, beside=tmp_path)


def test_a_league_without_a_country_is_told():
    found = read(OWN.replace("England, League One", "League One"), TABLE)

    assert found.rejections[0].reason.startswith("'League One' names no country and league: write")


def test_there_is_no_such_mapping():
    with pytest.raises(FileRejected, match=r"There is no mapping 'nowhere'.* football-data,"):
        mappings.load("nowhere")
