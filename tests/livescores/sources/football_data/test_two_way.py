"""Over/under and Asian handicap prices in football-data.co.uk's forms."""

import math

import pytest

from livescores.sources.football_data import parser
from livescores.sources.records import ASIAN_HANDICAP, OVER_UNDER

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG"
ROW = "E0,14/03/26,Aldmoor,Brackwell,1,0"


def read(columns):
    """What a file of one match with these columns holds, by name and cell."""
    text = f"{HEADER},{','.join(columns)}\n{ROW},{','.join(columns.values())}\n"
    (match,) = parser.parse(text.encode(), "E0.csv").matches
    return match.two_way


def facts(columns):
    return [
        (q.bookmaker, q.market, q.line, q.kind, q.first, q.second, q.moment) for q in read(columns)
    ]


def test_goals_before_the_match_and_at_the_close():
    columns = {"B365>2.5": "1.9", "B365<2.5": "1.95", "B365C>2.5": "1.8", "B365C<2.5": "2.05"}

    assert facts(columns) == [
        ("B365", OVER_UNDER, 2.5, "pre_match", 1.9, 1.95, "habit"),
        ("B365", OVER_UNDER, 2.5, "closing", 1.8, 2.05, "kick_off"),
    ]


def test_handicaps_go_by_the_line_of_all_books_and_closing_ones_by_the_closing_line():
    columns = {"AHh": "-0.75", "B365AHH": "1.9", "B365AHA": "2"}
    closing = {"AHCh": "-1", "PCAHH": "1.95", "PCAHA": "1.97"}

    assert facts(columns | closing) == [
        ("PS", ASIAN_HANDICAP, -1.0, "closing", 1.95, 1.97, "kick_off"),
        ("B365", ASIAN_HANDICAP, -0.75, "pre_match", 1.9, 2.0, "habit"),
    ]


def test_a_book_with_a_line_of_its_own_goes_by_that():
    columns = {"AHh": "-0.75", "GBAHH": "1.9", "GBAHA": "2", "GBAH": "-0.5"}

    assert [fact[2] for fact in facts(columns)] == [-0.5]


def test_betbrains_count_of_books_is_no_line():
    columns = {"BbAH": "23", "BbAHh": "0.25", "BbMxAHH": "1.96", "BbMxAHA": "2.02"}

    assert [fact[:3] for fact in facts(columns)] == [("BbMx", ASIAN_HANDICAP, 0.25)]
    assert facts({"BbAH": "23", "BbAvAHH": "1.96", "BbAvAHA": "2.02"}) == []


@pytest.mark.parametrize(
    ("text", "line"), [('"-0.5,-1"', -0.75), ('"0,-0.5"', -0.25), ("\xa0-0.25", -0.25)]
)
def test_a_quarter_may_be_told_by_the_halves_beside_it(text, line):
    assert [q.line for q in read({"AHh": text, "AvgAHH": "1.9", "AvgAHA": "1.9"})] == [line]


def test_prices_that_are_missing_are_none():
    assert facts({"Avg>2.5": "", "Avg<2.5": " ", "AHh": "0", "AvgAHH": "", "AvgAHA": ""}) == []


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"Avg>2.5": "1;9", "Avg<2.5": "2"}, "1;9 / 2 at 2.5"),
        ({"Avg>2.5": "1.9", "Avg<2.5": ""}, "1.9 /  at 2.5"),
        ({"AHh": "", "AvgAHH": "1.9", "AvgAHA": "2"}, "1.9 / 2 at no line"),
        ({"AHh": '"-0.5,-2"', "AvgAHH": "1.9", "AvgAHA": "2"}, "1.9 / 2 at -0.5,-2"),
    ],
)
def test_what_is_no_price_is_kept_as_it_was_read(columns, text):
    quoted = {name: f'"{cell.strip(chr(34))}"' for name, cell in columns.items()}

    (quote,) = read(quoted)

    assert quote.text == text
    assert math.isnan(quote.first)


def test_woodwork_and_1x2_prices_are_none_of_them():
    assert facts({"AHW": "2", "HHW": "1", "B365H": "2", "B365D": "3", "B365A": "4"}) == []
