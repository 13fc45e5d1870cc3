"""`GET /predict/odds/?market=`: prices on goals and handicaps."""

from typing import Any

import pytest

from predictions.models import TwoWayOdds
from tests.factories import DAY, HOUR, NOON, make_bookmaker, make_match, make_odds
from tests.factories import make_two_way_odds as make
from tests.reading import content_of, json_of

GOALS, HANDICAPS = "/predict/odds/?market=over_under", "/predict/odds/?market=asian_handicap"
HANDICAP: dict[str, Any] = {"market": "asian_handicap", "line": -0.75}
pytestmark = pytest.mark.django_db


def test_a_row_of_goals_names_its_line_and_sides(api):
    match = make_match()
    make(match, (1.9, 2.0))

    assert json_of(api.get(GOALS)) == [
        {
            "match_id": match.pk,
            "bookmaker": "B365",
            "market": "over_under",
            "line": 2.5,
            "odd_over": 1.9,
            "odd_under": 2.0,
            "captured_at": "2026-03-13T12:00:00+00:00",
        }
    ]


def test_a_row_of_a_handicap_names_home_and_away(api):
    match = make_match()
    make(match, (1.85, 2.05), **HANDICAP)

    assert json_of(api.get(HANDICAPS)) == [
        {
            "match_id": match.pk,
            "bookmaker": "B365",
            "market": "asian_handicap",
            "line": -0.75,
            "odd_home": 1.85,
            "odd_away": 2.05,
            "captured_at": "2026-03-13T12:00:00+00:00",
        }
    ]


def test_the_markets_are_lists_of_their_own_and_1x2_is_what_comes_without_asking(api):
    match = make_match()
    make_odds(match, (2.0, 3.25, 4.0))
    make(match)
    make(match, **HANDICAP)

    plain, asked = api.get("/predict/odds/"), api.get("/predict/odds/?market=1x2")

    assert [row["odd_draw"] for row in json_of(plain)] == [3.25]
    assert content_of(plain) == content_of(asked)
    assert len(json_of(api.get(GOALS))) == len(json_of(api.get(HANDICAPS))) == 1


@pytest.fixture
def market(db):
    """Two matches; B365 has two lines on the later, and the newest price of one has moved."""
    later, earlier = make_match(start_time_utc=NOON + DAY), make_match(start_time_utc=NOON)
    make(later, (1.9, 2.0), captured_at=NOON - HOUR)
    make(later, (1.8, 2.1), captured_at=NOON)
    make(later, (2.9, 1.4), line=3.5, captured_at=NOON - HOUR)
    make(earlier, (1.7, 2.2), captured_at=NOON - DAY, bookmaker=make_bookmaker("BW"))
    return {"later": later.pk, "earlier": earlier.pk}


@pytest.mark.parametrize(
    ("query", "overs"),
    [
        ("", [1.7, 1.8, 2.9]),
        ("&history=true", [1.7, 1.8, 1.9, 2.9]),
        ("&line=3.5", [2.9]),
        ("&line=2.5&history=true", [1.7, 1.8, 1.9]),
        ("&bookmaker=BW", [1.7]),
        ("&match_id={later}", [1.8, 2.9]),
        ("&line=4.5", []),
    ],
)
def test_it_filters_and_counts(api, market, query, overs):
    response = api.get(GOALS + query.format(**market))

    assert [row["odd_over"] for row in json_of(response)] == overs
    assert response["X-Total-Count"] == str(len(overs))


def test_pages_join_to_the_whole(api, market):
    pages = [json_of(api.get(f"{GOALS}&history=true&limit=1&offset={n}")) for n in range(4)]

    assert [page[0] for page in pages] == json_of(api.get(f"{GOALS}&history=true"))


def test_the_same_as_csv(api, market):
    lines = content_of(api.get(f"{GOALS}&format=csv")).decode().splitlines()

    assert lines[0] == "match_id,bookmaker,market,line,odd_over,odd_under,captured_at"
    assert len(lines) == 4


def test_what_is_held_back_is_not_listed(api, market):
    TwoWayOdds.objects.filter(line=3.5).update(is_quarantined=True)

    assert [row["line"] for row in json_of(api.get(GOALS))] == [2.5, 2.5]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("market=2x1", "market"),
        ("market=", "market"),
        ("line=2.5", "line"),
        ("market=over_under&line=x", "line"),
        ("market=over_under&line=1e3", "line"),
        ("market=over_under&line=999", "line"),
    ],
)
def test_what_no_market_has_is_refused_with_its_name(api, query, field):
    response = api.get(f"/predict/odds/?{query}")

    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [["query", field]]
