"""The forms in which people keep the source's files: saved by a spreadsheet, a program, by hand."""

import io
import zipfile

import pytest

from livescores.sources.football_data import parser as football_data
from livescores.sources.records import FileRejected
from tests.livescores.sources.test_workbooks import workbook

HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
CLUBS = ("Aldmoor", "Brackwell", "Carsby", "Dunholt", "Erling", "Fennick", "Garrow", "Holtby")
FIRST = "E0,16/08/2024,20:00,Aldmoor,Brackwell,1,0,H,1.60,4.20,5.25"
SECOND = "E0,17/08/2024,12:30,Carsby,Dunholt,0,2,A,8.50,5.50,1.33"


def parsed(*lines: str, name: str = "E0.csv", date_order: str = ""):
    return football_data.parse("\n".join(lines).encode(), name, date_order)


def starts(found):
    return [f"{match.start_time_utc:%Y-%m-%d %H:%M}" for match in found.matches]


def prices(found):
    return [match.quotes[0][3:6] for match in found.matches]


BOTH_STARTS = ["2024-08-16 19:00", "2024-08-17 11:30"]
BOTH_PRICES = [(1.6, 4.2, 5.25), (8.5, 5.5, 1.33)]


def with_(separator, comma=True):
    lines = (HEADER, FIRST, SECOND)
    return [line.replace(",", separator).replace(".", "," if comma else ".") for line in lines]


@pytest.mark.parametrize(
    ("lines", "separator", "mark"),
    [
        (with_(";"), ";", ","),
        (with_("\t"), "\t", ","),
        (with_("|", comma=False), "|", "."),
        (["sep=;", *with_(";")], ";", ","),
        ([HEADER, *(quoted.replace(".", ",") for quoted in (
            FIRST.replace("1.60,4.20,5.25", '"1.60","4.20","5.25"'),
            SECOND.replace("8.50,5.50,1.33", '"8.50","5.50","1.33"'),
        ))], ",", ","),
    ],
    ids=["semicolon", "tab", "bar", "hint", "quoted"],
)  # fmt: skip
def test_spreadsheets_of_other_countries(lines, separator, mark):
    found = parsed(*lines)

    assert (starts(found), prices(found)) == (BOTH_STARTS, BOTH_PRICES)
    assert (found.forms[0].separator, found.forms[0].decimal_mark) == (separator, mark)


def test_decimal_commas_that_nothing_quotes_are_told():
    """They would part a price in two: 1,60 / 4,20 / 5,25 is no 1 / 60 / 4."""
    loose = [line.replace("1.60,4.20,5.25", "1,60,4,20,5,25") for line in (HEADER, FIRST)]

    with pytest.raises(FileRejected, match="decimal commas need quotes"):
        parsed(*loose)


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_names_of_columns_in_any_case(change):
    found = parsed(change(HEADER), FIRST, SECOND)

    assert (starts(found), prices(found)) == (BOTH_STARTS, BOTH_PRICES)


def test_lines_quoted_as_a_whole():
    found = parsed(*(f'"{line}"' for line in (HEADER, FIRST, SECOND)))

    assert (starts(found), prices(found)) == (BOTH_STARTS, BOTH_PRICES)


def test_thousands_are_no_decimals():
    found = parsed(f"{HEADER},Attendance", f'{FIRST},"41,203"', f'{SECOND},"9,870"')

    assert (prices(found), found.forms[0].decimal_mark) == (BOTH_PRICES, ".")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("2024-08-16", "2024-08-17"),
        ("2024-08-16 00:00:00", "2024-08-17 00:00:00"),
        ("2024/08/16", "2024/08/17"),
        ("16.08.2024", "17.08.2024"),
        ("16-Aug-24", "17-Aug-24"),
        ("Fri 16 Aug 2024", "Sat 17 Aug 2024"),
        ("Aug 16, 2024", "Aug 17, 2024"),
        ("20240816", "20240817"),
        ("45520", "45521"),
        ("8/16/2024", "8/17/24"),
    ],
)
def test_dates_of_other_programs(one, two):
    found = parsed(
        HEADER, FIRST.replace("16/08/2024", f'"{one}"'), SECOND.replace("17/08/2024", f'"{two}"')
    )

    assert starts(found) == BOTH_STARTS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_unicode_in_all_its_forms(encoding):
    text = "\n".join((HEADER, FIRST.replace("Aldmoor", "Ærø")))

    found = football_data.parse(text.encode(encoding), "E0.csv")

    assert found.matches[0].home == "Ærø"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Śląsk Wrocław,Wisła Płock,Zagłębie Lubin,Jagiellonia Białystok,Widzew Łódź"),
        ("cp1251", "Спартак Москва,Зенит,Локомотив,Краснодар,Ростов"),
        ("cp1252", "Köln,Saint-Étienne,Malmö,Deportivo La Coruña,Brøndby"),
        ("cp1253", "Ολυμπιακός,Παναθηναϊκός,Άρης,Αστέρας Τρίπολης"),
        ("cp1254", "Fenerbahçe,Beşiktaş,Göztepe,Adanaspor,Gençlerbirliği"),
    ],
)
def test_code_pages_of_windows(encoding, names):
    clubs = names.split(",")
    rows = [FIRST.replace("Aldmoor", club) for club in clubs]

    found = football_data.parse("\n".join((HEADER, *rows)).encode(encoding), "E0.csv")

    assert [match.home for match in found.matches] == clubs
    assert found.forms[0].encoding == encoding


@pytest.mark.parametrize(
    ("text", "start", "is_known"),
    [
        ("TBC", "12:00", False),
        ("", "12:00", False),
        ("?", "12:00", False),
        ("25:00", "12:00", False),
        ("15.30", "14:30", True),
        ("15.3", "14:30", True),
        ("15h30", "14:30", True),
        ("1530", "14:30", True),
        ("20:00:00", "19:00", True),
        ("4:30 PM", "15:30", True),
        ("4.30pm", "15:30", True),
        ("12:15 a.m.", "23:15", True),
        ("1899-12-30 20:00:00", "19:00", True),
        ("'20:00", "19:00", True),
        ("20.00 Uhr", "19:00", True),
        ("20:00 UTC", "12:00", False),
        ("0.645833", "14:30", True),
    ],
)
def test_a_kick_off_is_read_or_the_match_keeps_its_day(text, start, is_known):
    (match,) = parsed(HEADER, FIRST.replace("20:00", text)).matches

    assert (f"{match.start_time_utc:%H:%M}", match.has_kickoff_time) == (start, is_known)
    assert match.quotes[0].home == 1.6


MONTHS = (8, 9, 10, 11, 12, 1, 2)


def season(first_year=2024, order="{d:02}/{m:02}/{y}"):
    """Each of eight clubs at home to each other: 14 rounds of four, on the 3rd and 17th."""
    for number, clubs in enumerate(rounds()):
        month = MONTHS[number // 2]
        day = order.format(d=(3, 17)[number % 2], m=month, y=first_year + (month < 8))
        for home, away in clubs:
            yield f"E0,{day},15:00,{home},{away},1,0,H,1.60,4.20,5.25"


def rounds():
    first, *others = CLUBS
    half = []
    for _ in others:
        others = [others[-1], *others[:-1]]
        half.append([(first, others[0]), *zip(others[1:4], others[:3:-1], strict=True)])
    return half + [[(away, home) for home, away in pairs] for pairs in half]


N = 56


def test_an_american_file_is_read_month_first():
    found = parsed(HEADER, *season(order="{m:02}/{d:02}/{y}"))

    assert starts(found) == starts(parsed(HEADER, *season()))
    assert found.forms[0].date_order == "mdy"
    assert found.rejections == []


def test_a_file_of_both_orders_is_refused_with_two_lines():
    rows = list(season())
    rows[20:] = list(season(order="{m:02}/{d:02}/{y}"))[20:]

    with pytest.raises(FileRejected, match=r"line 6 \(17/08/2024\).* line 22 \(10/17/2024\)"):
        parsed(HEADER, *rows)


@pytest.mark.parametrize("order", ["{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}"])
@pytest.mark.parametrize("exchanged", [24, 8, 2])
def test_days_and_months_exchanged_in_some_rows_are_refused(order, exchanged):
    """As programs do that take for a month what can be one: every date reads well by itself."""
    rows = list(season(order=order))
    wrong = list(season(order=order.replace("{d", "{x").replace("{m", "{d").replace("{x", "{m")))
    places = [n for n, row in enumerate(season(order="{d:02}/")) if ",03/," in row][4:]
    for place in places[:exchanged]:
        rows[place] = wrong[place]

    with pytest.raises(FileRejected, match=r"Day and month are exchanged.* line \d+ .*fit only as"):
        parsed(HEADER, *rows)


def test_nothing_is_decided_by_the_order_of_rows_alone():
    """A match put off is appended at the end of many a file."""
    rows = list(season())

    found = parsed(HEADER, *rows[4:], *rows[:4])

    assert (len(found.matches), found.rejections) == (N, [])


def test_exchanged_days_of_a_shuffled_file_show_by_clubs_that_play_too_often():
    """The round of the 3rd of August becomes one of the 8th of March, and so on."""
    rows = sorted(season(), key=lambda row: row[12:])  # by club
    wrong = sorted(season(order="{m:02}/{d:02}/{y}"), key=lambda row: row[12:])
    mixed = [other if ",03/" in row else row for row, other in zip(rows, wrong, strict=True)]

    assert len(parsed(HEADER, *rows).matches) == N
    with pytest.raises(FileRejected, match="Day and month are exchanged"):
        parsed(HEADER, *mixed)


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_a_person_may_say_the_order(order):
    found = parsed(HEADER, FIRST.replace("16/08", "05/12"), date_order=order)

    day = {"dmy": "2024-12-05", "mdy": "2024-05-12"}[order]
    assert starts(found)[0].startswith(day)
    assert found.forms[0].date_order == order


def test_dates_that_read_either_way_are_the_source_s_own():
    found = parsed(HEADER, FIRST.replace("16/08", "05/09"), SECOND.replace("17/08", "06/09"))

    assert starts(found) == ["2024-09-05 19:00", "2024-09-06 11:30"]


def test_unless_only_the_other_order_makes_sense():
    """A list of coming matches, month first: day first, they would be months apart and over."""
    lines = [
        "E0,12/05/2023,15:00,Aldmoor,Brackwell,,,,1.6,4.2,5.25",
        "E0,12/06/2023,15:00,Carsby,Dunholt,,,,1.6,4.2,5.25",
        "E0,01/02/2024,15:00,Dunholt,Aldmoor,,,,1.6,4.2,5.25",
    ]

    with pytest.raises(FileRejected, match=r"cannot be told apart: line 2 \(12/05/2023\) and line"):
        parsed(HEADER, *lines)


def test_one_date_of_another_order_is_a_row_refused():
    rows = list(season())
    rows[5] = rows[5].replace("17/08/2024", "08/17/2024")

    found = parsed(HEADER, *rows)

    assert [(r.line, r.reason) for r in found.rejections] == [(7, "No such date: '08/17/2024'.")]


@pytest.mark.parametrize("wrong", ["2023", "2025", "2026", "2042", "1924"])
@pytest.mark.parametrize("place", [0, 5, 40, 55])
def test_a_year_mistyped_in_one_row_moves_no_other(wrong, place):
    rows = list(season())
    right = "2025" if rows[place].count("/2025,") else "2024"
    if wrong == right:
        pytest.skip("the right year")
    rows[place] = rows[place].replace(f"/{right},", f"/{wrong},")

    found = parsed(HEADER, *rows)

    assert {match.season for match in found.matches} == {"2024-25"}
    assert [r.line for r in found.rejections] == [place + 2]
    assert len(found.matches) == N - 1


def test_it_says_what_is_wrong_with_the_row():
    rows = list(season())
    rows[5] = rows[5].replace("/2024,", "/2023,")

    (rejection,) = parsed(HEADER, *rows).rejections

    assert rejection.reason == "2023-08-17 lies outside the season 2024-25."
    assert rejection.text.startswith("E0,17/08/2023,15:00")


def test_several_mistyped_rows_move_none_either():
    rows = [row.replace("/08/2024", "/08/2023") for row in season()]

    found = parsed(HEADER, *rows)

    assert {match.season for match in found.matches} == {"2024-25"}
    assert [r.line for r in found.rejections] == list(range(2, 10))


def test_half_a_season_with_last_year_s_date_is_refused():
    """In January the year before is written on, for a whole half of the season."""
    with pytest.raises(FileRejected, match=r"two seasons, 2024-25 .* and 2023-24 .* no pair"):
        parsed(HEADER, *(row.replace("/2025,", "/2024,") for row in season()))


def test_whole_seasons_in_one_file_are_each_of_their_own():
    found = parsed(HEADER, *season(2023), *season(2024))

    assert [match.season for match in found.matches] == ["2023-24"] * N + ["2024-25"] * N


def test_a_season_that_ends_late_is_still_one():
    late = [row.replace("/02/2025", "/07/2025").replace("/01/2025", "/06/2025") for row in season()]

    found = parsed(HEADER, *late)

    assert {match.season for match in found.matches} == {"2024-25"}
    assert found.rejections == []


def test_a_list_of_a_few_matches_may_hold_two_seasons():
    found = parsed(HEADER, FIRST.replace("16/08/2024", "25/05/2024"), SECOND)

    assert [match.season for match in found.matches] == ["2023-24", "2024-25"]


@pytest.mark.parametrize("name", ["2023-24/E0.csv", "E0_2324.csv", "2324/E0.csv", "E0 23-24.csv"])
def test_a_file_named_for_another_season_is_held_back(name):
    with pytest.raises(FileRejected, match="named for 2023-24, but most matches of E0 are of 2024"):
        parsed(HEADER, *season(), name=name)


@pytest.mark.parametrize(
    "name", ["2024-25/E0.csv", "2425/E0.csv", "2026-11-30/E0.csv", "20-21-11/E0.csv", "E0.csv"]
)
def test_a_name_that_says_the_season_or_none_is_well(name):
    assert len(parsed(HEADER, *season(), name=name).matches) == N


EXTRA = "Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PH,PD,PA"


@pytest.mark.parametrize(
    ("stated", "day", "is_in"),
    [
        ("2022/2023", "17/07/2022", True),
        ("2022/2023", "17/07/2012", False),
        ("2022/2023", "17/03/2022", False),
        ("2020", "17/12/2020", True),
        ("2020", "17/06/2021", False),
        ("2020", "17/06/2002", False),
        ("Apertura", "17/06/2002", True),
    ],
)
def test_the_season_that_a_row_states_holds_its_date(stated, day, is_in):
    found = parsed(EXTRA, f"Denmark,Superliga,{stated},{day},15:00,Brondby,Aarhus,2,0,H,1.9,3.6,4")

    assert len(found.matches) == is_in
    assert is_in or "lies outside the season" in found.rejections[0].reason


def test_a_match_half_a_year_after_its_season_is_of_it_where_it_stands_last():
    """As Argentina's, on the 29th of January 2015, for a place in a cup of the season before."""
    row = "Argentina,Liga Profesional ,{},{},15:00,{},2,0,H,1.9,3.6,4"
    found = parsed(
        EXTRA,
        row.format("2013/2014", "25/05/2014", "San Lorenzo,River Plate"),
        row.format("2013/2014", "29/01/2015", "Boca Juniors,Velez Sarsfield"),
        row.format("2014", "08/08/2014", "Godoy Cruz,Banfield"),
    )

    assert [match.season for match in found.matches] == ["2013-14", "2013-14", "2014"]


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def table(*rows: str) -> str:
    return "\n".join((HEADER, *rows))


def test_all_files_of_an_archive_are_read():
    content = zipped(**{
        "E0.csv": table(FIRST),
        "E1.CSV": table(SECOND.replace("E0", "E1")),
        "readme.md": "Notes.",
        "__MACOSX__._E0.csv": "\0",
    })  # fmt: skip

    found = football_data.parse(content, "2024-25/data.zip")

    assert [match.tournament.code for match in found.matches] == ["E0", "E1"]
    assert [match.line for match in found.matches] == [2, 100_002]
    assert [form.part for form in found.forms] == ["E0.csv", "E1.CSV"]
    assert found.rejections == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "E1.csv: The file is empty."),
        (table(*season(2023)), "E1.csv: The file is named for 2024-25, but"),
        (table(FIRST, SECOND.replace("17/08", "08/17")), "E1.csv: Day and month contradict"),
    ],
)
def test_a_file_of_an_archive_that_is_none_is_named(content, why):
    found = football_data.parse(
        zipped(**{"E0.csv": table(FIRST), "E1.csv": content}), "2024-25/data.zip"
    )

    (rejection,) = found.rejections
    assert (rejection.what, len(found.matches)) == ("file", 1)
    assert rejection.line > 100_000
    assert rejection.reason.startswith(why)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped(**{"picture.png": "none"}), "holds no table"),
        (zipped(**{"E0.csv": "E0," * 2_000_000}), "more than 200 times its size"),
        (zipped(**{"E0.csv": table(FIRST)})[:-30], "damaged"),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused(content, why):
    with pytest.raises(FileRejected, match=why):
        football_data.parse(content, "data.zip")


def test_an_archive_may_hold_workbooks():
    book = workbook(E0=[HEADER.split(","), FIRST.split(",")])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("all.xlsx", book)

    found = football_data.parse(content.getvalue(), "data.zip")

    assert (len(found.matches), found.forms[0].part) == (1, "all.xlsx/E0")
