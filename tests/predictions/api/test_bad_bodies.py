"""All that is wrong in bodies, on both posting routes: refused before any worker is asked."""

import gzip
import json

import pytest

from predictions.models import PredictionJob
from tests.factories import make_match, make_team, make_tournament

pytestmark = pytest.mark.django_db
LIMIT = 64 * 1024
KICK_OFF = "2026-08-01T15:00:00Z"
both = pytest.mark.parametrize("path", ["/predict", "/predict/async"])


@pytest.fixture
def fixture(db):
    """A body that would do."""
    home, away = make_team(), make_team()
    return {"home_team_id": home.pk, "away_team_id": away.pk, "match_datetime_utc": KICK_OFF}


@pytest.fixture
def post(api):
    def post(path, body, content_type="application/json", **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return api.generic("POST", path, content, content_type=content_type, headers=headers)

    return post


def assert_refused(response, *loc, status=422):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    if status == 422:
        assert list(loc) in [error["loc"] for error in response.json()["errors"]]
    assert len(response.content) < 3000
    assert not PredictionJob.objects.exists()


@both
@pytest.mark.parametrize(
    "body",
    [
        *(b" ", b"null", b"[]", b'"x"', b"3", b"true", b"{", b"nonsense", b"{}x", b"'{}'"),
        *(b"[" * 60_000, b'{"a":' * 12_000, b"[" * 2000 + b"]" * 2000),
        b'{"home_team_id": NaN}',
        b'{"home_team_id": Infinity}',
        b'{"home_team_id": -Infinity}',
        b'{"home_team_id": 1e999}',
        b'{"home_team_id": ' + b"9" * 5000 + b"}",
        b'{"home_team_id": 1, "home_team_id": 1}',
        b'{"home_team_id": 1, "home_team_\\u0069d": 2}',
        b'{"home_team_id": 01}',
        b'{"home_team_id": 0x1}',
        b'{"home_team_id": 1,}',
        b'{"stage": "\\u0000"}',
        b'{"stage": "a\x00b"}',
        b'{"stage": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"stage": "\xff"}',
        b'{"stage": "\xed\xa0\x80"}',
        '{"stage": "champion"}'.encode("utf-16"),
        '{"stage": "champion"}'.encode("utf-32"),
        '{"stage": "champion"}'.encode("utf-8-sig"),
    ],
    ids=lambda value: repr(value)[2:40] if isinstance(value, bytes) else None,
)
def test_what_is_no_strict_json_of_an_object_is_422(post, path, body):
    assert_refused(post(path, body), "body")


@both
def test_an_empty_body_lacks_what_is_required(post, path):
    for name in ("home_team_id", "away_team_id", "match_datetime_utc"):
        assert_refused(post(path, b""), "body", name)


NOT_INTEGERS = [True, False, None, 1.0, 1.5, "1", "", [], {}, [1], "\u0661"]
BAD_IDS = [0, -1, 2**31, 2**63 - 1, -(2**31), *NOT_INTEGERS]


@both
@pytest.mark.parametrize("value", BAD_IDS, ids=repr)
@pytest.mark.parametrize("name", ["home_team_id", "away_team_id", "match_id", "tournament_id"])
def test_a_bad_id_is_422(post, fixture, path, name, value):
    assert_refused(post(path, {**fixture, name: value}), "body", name)


@both
@pytest.mark.parametrize(
    "value",
    [
        *("2026-08-01T15:00:00", "2026-08-01", "2026-02-30T15:00:00Z", "2026-08-01T25:00:00Z"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"),
        *("1849-12-31T23:59:59Z", "2151-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
        *("9999-12-31T23:59:59-14:00", "10000-01-01T00:00:00Z", "-2026-01-01T00:00:00Z"),
        *("2026-08-01 15:00:00Z", "2026-08-01t15:00:00z", "20260801T150000Z", "2026-W31-6T15:00Z"),
        *("2026-08-01T15:00:60Z", "2026-08-01T24:00:00Z", "2026-08-01T15:00:00+99:00", "now", ""),
        *(
            "2026-08-01T15:00:00+25:00",
            "2026-08-01T15:00:00Z\n",
            "\u0662\u0660\u0662\u0666-08-01T15:00:00Z",
        ),
        *("9" * 5000, 0, 1_785_596_400, 1.5, True, None, [], {}, [KICK_OFF]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_kick_off_is_422(post, fixture, path, value):
    assert_refused(
        post(path, {**fixture, "match_datetime_utc": value}), "body", "match_datetime_utc"
    )


@both
@pytest.mark.parametrize("value", [0, 1, "true", "false", None, [], {}, 1.0, ""], ids=repr)
def test_a_bad_boolean_is_422(post, fixture, path, value):
    assert_refused(post(path, {**fixture, "neutral_venue": value}), "body", "neutral_venue")


@both
@pytest.mark.parametrize(
    "stage",
    ["CHAMPION", "", "../", "x" * 10_000, "champion ", 1, True, [], {}],
    ids=lambda v: repr(v)[:20],
)
def test_an_unknown_stage_is_400(post, fixture, path, stage):
    response = post(path, {**fixture, "stage": stage})

    assert_refused(response, status=400)
    assert response.json()["code"] == "unknown_stage"


@both
@pytest.mark.parametrize(
    "name", ["unknown", "Home_team_id", "", "x" * 10_000, "__proto__", "ö", "id"]
)
def test_an_unknown_field_is_422(post, fixture, path, name):
    assert_refused(post(path, {**fixture, name: 1}), "body", name[:100])


@both
@pytest.mark.parametrize("name", ["home_team_id", "away_team_id", "match_datetime_utc"])
def test_a_missing_field_is_422(post, fixture, path, name):
    del fixture[name]

    assert_refused(post(path, fixture), "body", name)


@both
def test_a_team_does_not_play_itself(post, fixture, path):
    body = {**fixture, "away_team_id": fixture["home_team_id"]}

    assert_refused(post(path, body), "body", "away_team_id")


@both
@pytest.mark.parametrize("name", ["home_team_id", "away_team_id", "tournament_id"])
def test_an_unknown_team_or_tournament_is_422(post, fixture, path, name):
    assert_refused(post(path, {**fixture, name: 2**31 - 1}), "body", name)


@both
def test_an_unknown_match_is_404(post, fixture, path):
    response = post(path, {**fixture, "match_id": 2**31 - 1})

    assert_refused(response, status=404)
    assert response.json()["code"] == "not_found"


@both
def test_a_match_of_other_teams_is_422(post, fixture, path):
    assert_refused(post(path, {**fixture, "match_id": make_match().pk}), "body", "match_id")


@both
def test_in_an_array_the_place_is_named(post, fixture, path):
    wrong = {**fixture, "home_team_id": "1"}

    assert_refused(post(path, [fixture, wrong]), "body", 1, "home_team_id")
    assert_refused(post(path, [{**fixture, "away_team_id": 2**31 - 1}]), "body", 0, "away_team_id")
    assert_refused(post(path, [fixture, {**fixture, "extra": 1}]), "body", 1, "extra")


@both
@pytest.mark.parametrize("item", [None, 1, "x", [], True])
def test_an_array_holds_objects_only(post, fixture, path, item):
    assert_refused(post(path, [fixture, item]), "body", 1)


@both
def test_a_match_at_fault_in_an_array_is_named_by_its_place(post, fixture, path):
    other = {**fixture, "match_id": make_match().pk}

    assert_refused(post(path, [fixture, other]), "body", 1, "match_id")


@both
def test_each_of_two_bodies_for_a_match_is_checked(post, path):
    match = make_match()
    right = {
        "match_id": match.pk,
        "home_team_id": match.home_team_id,
        "away_team_id": match.away_team_id,
        "match_datetime_utc": KICK_OFF,
    }
    swapped = {**right, "home_team_id": match.away_team_id, "away_team_id": match.home_team_id}

    assert_refused(post(path, [swapped, right]), "body", 0, "match_id")
    assert_refused(post(path, [right, swapped]), "body", 1, "match_id")


@both
def test_an_array_holds_at_most_a_hundred(post, fixture, path):
    assert_refused(post(path, [fixture] * 101), "body")


@both
def test_a_body_over_64_kb_is_413(post, fixture, path):
    padded = json.dumps(fixture).encode().ljust(LIMIT + 1)

    assert_refused(post(path, padded), status=413)
    assert_refused(post(path, b"[" * 100_000), status=413)


@both
@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""),
        *("application/json; charset=utf-16", "application/xml", "text/json", "nonsense", "json"),
    ],
)
def test_another_content_type_is_415(post, fixture, path, content_type):
    assert_refused(post(path, fixture, content_type), status=415)


@both
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_gzip_bomb_is_415(post, path, coding):
    bomb = gzip.compress(b"[" * 10_000_000)

    assert_refused(post(path, bomb, **{"Content-Encoding": coding}), status=415)


@both
def test_a_body_with_a_query_is_422(post, fixture, path):
    assert_refused(post(f"{path}?stage=champion", fixture), "query", "stage")


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "x" * 129, "Ö", "a\x00b", "🏆"], ids=lambda value: repr(value)[:20]
)
def test_a_bad_idempotency_key_is_422(post, fixture, text):
    response = post("/predict/async", fixture, **{"Idempotency-Key": text})

    assert_refused(response, "header", "Idempotency-Key")


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"stage": "challenger"},
        {"neutral_venue": True},
        {"match_datetime_utc": "2026-08-01T15:00+01:00"},
        {"match_datetime_utc": "2026-08-01T15:00:00.123456-03:30"},
        {"match_datetime_utc": "1850-01-01T00:00:00Z"},
        {"match_datetime_utc": "2150-12-31T23:59:59Z"},
    ],
    ids=str,
)
def test_a_good_body_gets_as_far_as_the_worker(post, fixture, extra):
    response = post("/predict", {**fixture, **extra})

    assert (response.status_code, response.json()["code"]) == (503, "no_worker")
    assert "Retry-After" in response


def test_a_stored_match_and_its_tournament_do_too(post):
    match, tournament = make_match(), make_tournament()
    body = {
        "match_id": match.pk,
        "home_team_id": match.home_team_id,
        "away_team_id": match.away_team_id,
        "match_datetime_utc": KICK_OFF,
        "tournament_id": tournament.pk,
    }

    assert post("/predict", body).json()["code"] == "no_worker"
    assert post("/predict", [body] * 100).json()["code"] == "no_worker"


def test_a_body_of_64_kb_is_read(post, fixture):
    padded = json.dumps(fixture).encode().ljust(LIMIT)

    assert post("/predict", padded).json()["code"] == "no_worker"


@pytest.mark.parametrize("n_fixtures", [1, 100])
def test_checking_takes_one_query_however_many_fixtures(post, fixture, watched_queries, n_fixtures):
    post("/predict", fixture)

    with watched_queries() as queries:
        post("/predict", [fixture] * n_fixtures)

    assert len(queries) == 1
