"""`GET /predict/odds/`: the newest price per match and bookmaker, or all of them."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from predictions.models import OddsSource
from predictions.services.odds import listing
from tests.factories import DAY, HOUR, NOON, make_bookmaker, make_match, make_odds
from tests.reading import content_of, json_of

URL = "/predict/odds/"
pytestmark = pytest.mark.django_db


def shown(response, *names):
    rows = json_of(response)
    return [row[names[0]] if len(names) == 1 else tuple(row[n] for n in names) for row in rows]


@pytest.fixture
def market(db):
    """Two matches, the earlier made last; B365 has moved on the later, BW prices both."""
    later = make_match(start_time_utc=NOON + DAY)
    earlier = make_match(start_time_utc=NOON)
    bw = make_bookmaker("BW", priority=30)
    make_odds(later, (2.0, 3.0, 4.0), captured_at=NOON - HOUR)
    make_odds(later, (2.1, 3.1, 4.1), captured_at=NOON)
    make_odds(later, (1.9, 2.9, 3.9), captured_at=NOON, bookmaker=bw)
    make_odds(earlier, (5.0, 5.0, 5.0), captured_at=NOON - HOUR, bookmaker=bw)
    return {"later": later.pk, "earlier": earlier.pk}


def test_a_row_is_as_the_contract_says(api):
    match = make_match()
    make_odds(match, (2.0, 3.25, 4.0), captured_at=NOON - DAY)

    response = api.get(URL)

    assert response["Content-Type"] == "application/json"
    assert json_of(response) == [
        {
            "match_id": match.pk,
            "bookmaker": "B365",
            "odd_home": 2.0,
            "odd_draw": 3.25,
            "odd_away": 4.0,
            "captured_at": "2026-03-13T12:00:00+00:00",
        }
    ]


def test_it_needs_no_prediction(api, market):
    assert api.get(URL).status_code == 200


def test_it_shows_the_newest_by_kick_off_and_bookmaker(api, market):
    response = api.get(URL)

    assert shown(response, "match_id", "bookmaker", "odd_home") == [
        (market["earlier"], "BW", 5.0),
        (market["later"], "B365", 2.1),
        (market["later"], "BW", 1.9),
    ]
    assert response["X-Total-Count"] == "3"


def test_history_shows_all_the_newest_first(api, market):
    response = api.get(f"{URL}?history=true")

    assert shown(response, "odd_home") == [5.0, 2.1, 2.0, 1.9]
    assert response["X-Total-Count"] == "4"


@pytest.mark.parametrize(
    ("query", "odds"),
    [
        ("match_id={later}", [2.1, 1.9]),
        ("match_id={later}&history=true", [2.1, 2.0, 1.9]),
        ("match_id={earlier}", [5.0]),
        ("bookmaker=BW", [5.0, 1.9]),
        ("bookmaker=B365&history=true", [2.1, 2.0]),
        ("bookmaker=bw", []),
        ("match_id={earlier}&bookmaker=B365", []),
        ("match_id=2147483647", []),
        ("bookmaker=%27%20OR%201%3D1%20--", []),
        ("history=false", [5.0, 2.1, 1.9]),
    ],
)
def test_it_filters_and_counts(api, market, query, odds):
    response = api.get(f"{URL}?{query.format(**market)}")

    assert shown(response, "odd_home") == odds
    assert response["X-Total-Count"] == str(len(odds))


@pytest.mark.parametrize("history", ["true", "false"])
def test_pages_show_every_row_once(api, market, history):
    whole = json_of(api.get(f"{URL}?history={history}"))

    pages = [
        row
        for offset in range(len(whole))
        for row in json_of(api.get(f"{URL}?history={history}&limit=1&offset={offset}"))
    ]

    assert pages == whole


def test_prices_of_one_moment_come_in_one_order(api):
    match = make_match()
    for price in (2.0, 2.1, 2.2):
        make_odds(match, (price, 3.0, 3.0), recorded_at=NOON, source=f"source {price}")

    assert shown(api.get(f"{URL}?history=true"), "odd_home") == [2.2, 2.1, 2.0]
    assert shown(api.get(URL), "odd_home") == [2.2]


def test_links_lead_on(api, market):
    response = api.get(f"{URL}?limit=2&bookmaker=BW&history=true&offset=1")

    assert response["X-Total-Count"] == "2"
    assert response["Link"] == (
        f'<http://testserver{URL}?limit=2&bookmaker=BW&history=true&offset=0>; rel="prev"'
    )


def test_a_new_price_is_counted_at_once(api, market):
    api.get(URL)

    make_odds(make_match(), (2.0, 2.0, 2.0))

    assert api.get(URL)["X-Total-Count"] == "4"


def test_csv_holds_the_same(api, market):
    lines = content_of(api.get(f"{URL}?format=csv&bookmaker=B365")).decode().splitlines()

    assert lines == [
        "match_id,bookmaker,odd_home,odd_draw,odd_away,captured_at",
        f"{market['later']},B365,2.1,3.1,4.1,2026-03-14T12:00:00+00:00",
    ]


def test_csv_runs_no_formula(api):
    make_odds(make_match(), (2.0, 3.0, 4.0), bookmaker=make_bookmaker("=1+1"))

    assert b",'=1+1,2.0," in content_of(api.get(f"{URL}?format=csv"))


def test_parquet_holds_the_same(api, market):
    table = parquet.read_table(pa.BufferReader(content_of(api.get(f"{URL}?format=parquet"))))

    assert table.column("odd_home").to_pylist() == [5.0, 2.1, 1.9]
    assert table.column("captured_at").to_pylist()[1] == NOON


def test_an_unchanged_poll_is_304(api, market):
    tag = api.get(URL)["ETag"]

    assert api.get(URL, headers={"If-None-Match": tag}).status_code == 304


def test_a_long_list_comes_whole(api, monkeypatch):
    monkeypatch.setattr("predictions.services.odds.listing.AT_ONCE", 2)
    monkeypatch.setattr("soccerpredict.http.output.lists.AT_ONCE", 2)
    for n in range(5):
        make_odds(make_match(start_time_utc=NOON + n * HOUR), (2.0 + n, 3.0, 3.0))

    for coding in ("gzip", "identity"):
        response = api.get(URL, headers={"Accept-Encoding": coding})
        assert shown(response, "odd_home") == [2.0, 3.0, 4.0, 5.0, 6.0]
    assert content_of(api.get(f"{URL}?format=csv")).count(b"\r\n") == 6


@pytest.mark.parametrize("n_matches", [1, 20])
def test_its_queries_do_not_grow(api, watched_queries, n_matches):
    for _ in range(n_matches):
        make_odds(make_match(), (2.0, 3.0, 4.0))
    api.get(URL)

    listing._count.cache_clear()
    with watched_queries() as queries:
        rows = json_of(api.get(URL))

    assert (len(queries), len(rows)) == (3, n_matches)  # the newest id, the count, the rows


@pytest.fixture
def _withheld(market):
    """The prices of BW come from a source whose terms forbid to pass them on."""
    match = make_match(start_time_utc=NOON + 2 * DAY)
    make_odds(match, (8.0, 8.0, 1.5), source="closed feed")
    OddsSource.objects.create(name="closed feed", may_pass_on=False)


@pytest.mark.usefixtures("_withheld")
@pytest.mark.parametrize("history", ["true", "false"])
def test_what_may_not_be_passed_on_is_left_out(api, history):
    response = api.get(f"{URL}?history={history}")

    assert 8.0 not in shown(response, "odd_home")
    assert response["X-Total-Count"] == str(len(json_of(response)))


@pytest.mark.usefixtures("_withheld")
def test_the_switch_works_at_once(api):
    before = api.get(URL)

    OddsSource.objects.update(may_pass_on=True)

    after = api.get(URL)
    assert int(after["X-Total-Count"]) == int(before["X-Total-Count"]) + 1
    assert 8.0 in shown(after, "odd_home")
