import gzip
from typing import IO, cast

import pytest
from django.test import RequestFactory

from soccerpredict.errors import InvalidInput
from soccerpredict.http.input.parsers import parse_json, read_bounded

FIXTURE = (
    b'{"home_team_id": 1, "away_team_id": 2, "match_datetime_utc": "2026-03-14T15:00:00+01:00"}'
)
LIMIT = 64 * 1024


def post(client, body: bytes, content_type: str = "application/json", **headers):
    return client.generic("POST", "/predict", body, content_type=content_type, headers=headers)


def test_it_takes_a_json_object(client):
    response = post(client, FIXTURE)

    assert response.status_code == 200
    assert response.json()["match_datetime_utc"] == "2026-03-14T14:00:00+00:00"


def test_it_takes_an_array_of_objects(client):
    response = post(client, b"[" + FIXTURE + b"," + FIXTURE + b"]")

    assert (response.status_code, len(response.json())) == (200, 2)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b'"x"', b"3", b"true", b"{}", b"[null]", b"[[]]", b"{", b"nonsense"),
        *(b"[" * 60_000, b'{"a":' * 12_000, b"[" * 2000 + b"]" * 2000, b"[" * 30 + b"]" * 30),
        FIXTURE.replace(b"1,", b"9" * 5000 + b","),
        FIXTURE.replace(b"1,", b"-" + b"9" * 20 + b","),
        *(FIXTURE.replace(b"1,", value + b",") for value in (b"NaN", b"Infinity", b"-Infinity")),
        *(FIXTURE.replace(b"1,", value + b",") for value in (b"true", b"1.0", b'"1"', b"1e999")),
        *(FIXTURE.replace(b"1,", value + b",") for value in (b"null", b"01", b"0x1", b"1e0")),
        FIXTURE.replace(b"{", b'{"home_team_id": 3, '),
        FIXTURE.replace(b"{", b'{"unknown": 3, '),
        FIXTURE.replace(b"{", b'{"note": "a\\u0000b", '),
        FIXTURE.replace(b"{", b'{"note": "\\ud800", '),
        FIXTURE.replace(b"{", b'{"note\\u0000": 1, '),
        FIXTURE.replace(b"{", b'{"note": "a\x00b", '),
        FIXTURE.replace(b"{", b'{"note": "\xff", '),
        FIXTURE.replace(b"{", b'{"note": "\xed\xa0\x80", '),
        FIXTURE.decode().encode("utf-16"),
        FIXTURE.decode().encode("utf-8-sig"),
        FIXTURE + FIXTURE,
        FIXTURE.replace(b"}", b",}"),
    ],
)
def test_it_refuses_what_is_not_strict_json_of_the_schema(client, body):
    response = post(client, body)

    problem = response.json()
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert problem["errors"][0]["loc"][0] == "body"


def test_a_hundred_thousand_brackets_are_over_the_limit(client):
    assert post(client, b"[" * 100_000).status_code == 413


def test_a_hundred_thousand_brackets_do_not_crash_the_parser():
    with pytest.raises(InvalidInput):
        parse_json(b"[" * 100_000)


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
        *("application/json; charset=utf-16", "application/problem+json", "nonsense", "x" * 5000),
        *("application/xml", "text/json"),
    ],
)
def test_another_content_type_is_415(client, content_type):
    assert post(client, FIXTURE, content_type).status_code == 415


def test_no_content_type_is_415(client):
    request = {"CONTENT_TYPE": ""}

    response = client.generic("POST", "/predict", FIXTURE, **request)

    assert response.status_code == 415


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP", "identity, gzip"])
def test_a_compressed_body_is_415(client, coding):
    bomb = gzip.compress(b"0" * 10_000_000)

    response = post(client, bomb, **{"Content-Encoding": coding})

    assert response.status_code == 415


def test_a_charset_of_utf_8_is_welcome(client):
    assert post(client, FIXTURE, 'application/json; charset="UTF-8"').status_code == 200


def test_a_body_of_the_limit_is_read(client):
    padded = FIXTURE + b" " * (LIMIT - len(FIXTURE))

    assert post(client, padded).status_code == 200


def test_a_body_over_the_limit_is_413(client):
    padded = FIXTURE + b" " * (LIMIT - len(FIXTURE) + 1)

    response = post(client, padded)

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_it_does_not_trust_the_stated_length():
    request = RequestFactory().post("/", b"x" * 70_000, content_type="application/json")
    request.META["CONTENT_LENGTH"] = "2"
    stream = RequestFactory().post("/", b"x" * 70_000, content_type="application/json")

    with pytest.raises(Exception, match="65536"):
        read_bounded(request, cast("IO[bytes]", stream))


def test_integers_of_nineteen_digits_are_read_exactly():
    assert parse_json(b"[9223372036854775807]") == [2**63 - 1]


def test_it_says_where_the_json_breaks():
    with pytest.raises(InvalidInput, match="at character 6"):
        parse_json(b'{"a": }')
