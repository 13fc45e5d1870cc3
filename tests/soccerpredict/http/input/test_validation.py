from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from soccerpredict.errors import InvalidInput
from soccerpredict.http.input.validation import _cached, validated, validated_many
from tests.soccerpredict.http.urls import CachedQuery, FixtureBody, ListQuery

FIXTURE = {
    "home_team_id": 1,
    "away_team_id": 2,
    "match_datetime_utc": "2026-03-14T15:00:00Z",
}


def read(text: str) -> dict:
    return validated(ListQuery, QueryDict(text))


def refused(serializer_class, data) -> list:
    with pytest.raises(InvalidInput) as caught:
        validated(serializer_class, data)
    return caught.value.errors


@pytest.mark.parametrize(
    "text",
    [
        *("limit=0", "limit=-1", "limit=5001", "limit=1000000000", "limit=" + "9" * 5000),
        *("limit=1.0", "limit=1e3", "limit=0x10", "limit=1_000", "limit=abc", "limit=+1"),
        *("limit=%D9%A1%D9%A2", "limit=%EF%BC%91", "limit=%C2%B2", "limit=1%0A", "limit=%201"),
        *("limit=1%00", "limit=true", "limit=NaN", "offset=-1", "offset=2147483648"),
        *("region_id=0", "region_id=-1", "region_id=2147483648", "region_id=9223372036854775808"),
        *("year=0", "year=-5", "year=10000", "year=99999999999"),
        *("year=2026&month=0", "year=2026&month=13"),
        *("future_only=True", "future_only=1", "future_only=yes", "future_only=TRUE"),
        *("date_from=2026-02-30", "date_from=20260228", "date_from=2026-2-3", "date_from=today"),
        *("date_from=0001-01-01", "date_from=9999-12-31", "date_from=2026-02-28T00:00:00Z"),
        *("date_from=2026-W08-6", "date_from=%D9%A2026-02-28"),
        *("since=2026-02-28T12:00:00", "since=2026-02-28", "since=2026-02-28T25:00:00Z"),
        *("since=0001-01-01T00:00:00%2B14:00", "since=9999-12-31T23:59:59-14:00"),
        *("since=2026-02-28T12:00:00%2B99:00", "since=2026-02-28T12:00:60Z"),
        *("min_edge=NaN", "min_edge=Infinity", "min_edge=1e-2", "min_edge=.5", "min_edge=11"),
        *("bookmaker=" + "x" * 21, "bookmaker=a%00b", "bookmaker=a%0Ab", "bookmaker=%ED%A0%80"),
        *("format=xml", "format=JSON"),
    ],
)
def test_it_refuses_a_value_out_of_type_or_range(text):
    with pytest.raises(InvalidInput) as caught:
        read(text)

    name = "month" if "month" in text else text.partition("=")[0]
    assert [error["loc"] for error in caught.value.errors] == [["query", name]]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("limit=1&limit=2", "limit", "repeated"),
        ("limit=", "limit", "empty"),
        ("limit", "limit", "empty"),
        ("nonsense=1", "nonsense", "unknown"),
        ("X-API-Key=sp_1", "X-API-Key", "unknown"),
        ("LIMIT=1", "LIMIT", "unknown"),
        ("month=3", "month", "invalid"),
    ],
)
def test_it_names_what_is_wrong_with_a_parameter(text, name, kind):
    with pytest.raises(InvalidInput) as caught:
        read(text)

    (error,) = caught.value.errors
    assert (error["loc"], error["type"]) == (["query", name], kind)


def test_it_names_every_violation_at_once():
    errors = refused(ListQuery, QueryDict("limit=0&offset=-1&region_id=x"))

    assert [error["loc"][1] for error in errors] == ["limit", "offset", "region_id"]


def test_it_refuses_reversed_dates():
    (error,) = refused(ListQuery, QueryDict("date_from=2026-03-02&date_to=2026-03-01"))

    assert error == {"loc": ["query"], "msg": "date_from is after date_to.", "type": "order"}


def test_it_reads_each_parameter_as_its_type():
    values = read(
        "limit=5000&future_only=true&stage=challenger&region_id=2147483647&min_edge=-0.05"
        "&bookmaker=B365&date_from=2024-02-29&since=2026-02-28T13:00:00%2B01:00"
    )

    assert values == {
        "limit": 5000,
        "offset": 0,
        "future_only": True,
        "stage": "challenger",
        "region_id": 2_147_483_647,
        "min_edge": -0.05,
        "bookmaker": "B365",
        "date_from": date(2024, 2, 29),
        "since": datetime(2026, 2, 28, 12, tzinfo=UTC),
    }


def test_it_fills_in_defaults():
    assert read("") == {"offset": 0, "future_only": False, "stage": "champion"}


@pytest.mark.parametrize("stage", ["CHAMPION", "../", "x" * 10_000, "champion%20", "production"])
def test_an_unknown_stage_is_a_bad_request(client, stage):
    response = client.get(f"/predict/echo/?stage={stage}")

    assert (response.status_code, response.json()["code"]) == (400, "unknown_stage")
    assert len(response.content) < 1000


def test_a_remembered_query_is_read_once():
    _cached.cache_clear()

    for _ in range(3):
        validated(CachedQuery, QueryDict("limit=7"))

    assert _cached.cache_info().misses == 1


def test_a_remembered_query_is_not_shared_between_callers():
    validated(CachedQuery, QueryDict("limit=7"))["limit"] = 8

    assert validated(CachedQuery, QueryDict("limit=7"))["limit"] == 7


def test_a_long_query_is_not_remembered():
    _cached.cache_clear()

    refused(CachedQuery, QueryDict("bookmaker=" + "x" * 1000))

    assert _cached.cache_info().currsize == 0


def test_it_bounds_the_name_of_an_unknown_parameter():
    (error,) = refused(ListQuery, QueryDict("x" * 5000 + "=1"))

    assert error["loc"] == ["query", "x" * 100]


def test_it_reads_a_body():
    values = validated(FixtureBody, {**FIXTURE, "note": "Derby"})

    assert values["match_datetime_utc"] == datetime(2026, 3, 14, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("home_team_id", value) for value in (0, -1, 2**31, 2**63, 10**18)],
        *[("home_team_id", value) for value in (True, 3.0, "3", None, [3], {"id": 3})],
        *[("match_datetime_utc", value) for value in ("2026-03-14T15:00:00", "2026-03-14", "now")],
        *[("match_datetime_utc", value) for value in (1773500400, None, "2026-02-30T15:00:00Z")],
        *[("match_datetime_utc", f"{year}-01-01T00:00:00Z") for year in ("0001", "9999")],
        *[("neutral_venue", value) for value in (0, 1, "true", None, [])],
        *[("note", value) for value in (3, "x" * 11, "a\x00b", "\ud800", "", None)],
        *[("stage", value) for value in (None,)],
    ],
)
def test_it_coerces_nothing_in_a_body(name, value):
    (error,) = refused(FixtureBody, {**FIXTURE, name: value})

    assert error["loc"] == ["body", name]


@pytest.mark.parametrize("data", [None, [], "x", 3, True])
def test_a_body_is_an_object(data):
    errors = refused(FixtureBody, data)

    assert [error["loc"] for error in errors] == [["body"]]


def test_it_refuses_unknown_members():
    (error,) = refused(FixtureBody, {**FIXTURE, "home_team": "Ajax"})

    assert (error["loc"], error["type"]) == (["body", "home_team"], "unknown")


def test_it_names_missing_members():
    errors = refused(FixtureBody, {})

    assert [error["loc"][1] for error in errors] == [
        "home_team_id",
        "away_team_id",
        "match_datetime_utc",
    ]


def test_a_team_does_not_play_itself():
    (error,) = refused(FixtureBody, {**FIXTURE, "away_team_id": 1})

    assert (error["loc"], error["type"]) == (["body"], "same_team")


def test_it_names_the_item_of_an_array():
    with pytest.raises(InvalidInput) as caught:
        validated_many(FixtureBody, [FIXTURE, {**FIXTURE, "home_team_id": "1"}], max_items=100)

    assert caught.value.errors[0]["loc"] == ["body", 1, "home_team_id"]


@pytest.mark.parametrize("items", [[], [FIXTURE] * 3, {"0": FIXTURE}])
def test_it_bounds_the_length_of_an_array(items):
    with pytest.raises(InvalidInput):
        validated_many(FixtureBody, items, max_items=2)


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "2147483648", "9223372036854775808", "9" * 4000, "1.0", "1e3", "0x10"),
        *("1_000", "%D9%A1", "abc", "1;x", "%00", "1%00", "%201", "null", "NaN", "+1"),
    ],
)
def test_it_refuses_a_path_id(client, text):
    response = client.get(f"/predict/{text}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["path", "match_id"]
    assert len(response.content) < 5000


def test_it_accepts_a_path_id(client):
    assert client.get("/predict/2147483647").json() == {"match_id": 2_147_483_647}
