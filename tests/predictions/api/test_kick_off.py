"""What happens to the lists when a kick-off passes: the clock moves, no publication does."""

import zlib

import pytest

from soccerpredict.server import answer_cache
from tests.factories import DAY, HOUR, NOON, make_match, make_publication, make_team
from tests.reading import content_of, json_of

URL = "/predict/predictions/"
EVEN = (0.5, 0.3, 0.2)
GZIP = {"Accept-Encoding": "gzip"}
PAST, SOON, LATER = NOON - DAY, NOON + HOUR, NOON + 2 * HOUR
pytestmark = pytest.mark.django_db


def publish(*kickoffs):
    make_publication(*((make_match(start_time_utc=kickoff), EVEN) for kickoff in kickoffs))


def future(response):
    return [row["is_future"] for row in json_of(response)]


@pytest.mark.parametrize(
    "path",
    [URL, f"{URL}?limit=10", f"{URL}?date_from=2026-01-01", "/predict/cards/"],
)
def test_is_future_turns_at_kick_off(api, clock, path):
    publish(PAST, SOON, LATER)
    seen = [future(api.get(path))]

    clock.move(HOUR - HOUR / 3600)
    seen.append(future(api.get(path)))
    clock.move(HOUR / 3600)
    seen.append(future(api.get(path)))
    clock.move(DAY)
    seen.append(future(api.get(path)))

    assert seen == [
        [False, True, True],
        [False, True, True],
        [False, False, True],
        [False, False, False],
    ]


def test_future_only_drops_a_match_at_kick_off(api, clock):
    publish(PAST, SOON, LATER)
    before = api.get(f"{URL}?future_only=true")

    clock.move(HOUR)
    after = api.get(f"{URL}?future_only=true")

    assert (before["X-Total-Count"], after["X-Total-Count"]) == ("2", "1")
    assert json_of(before)[1]["match_id"] == json_of(after)[0]["match_id"]


@pytest.mark.parametrize("query", ["", "?limit=10", "?format=csv", "?future_only=true"])
def test_the_tag_changes_at_kick_off_and_not_before(api, clock, query):
    publish(PAST, SOON, LATER)
    tag = api.get(URL + query)["ETag"]

    clock.move(HOUR / 2)
    assert api.get(URL + query, headers={"If-None-Match": tag}).status_code == 304
    clock.move(HOUR / 2)
    assert api.get(URL + query, headers={"If-None-Match": tag}).status_code == 200


def test_one_match_turns_too(api, clock):
    match = make_match(start_time_utc=SOON)
    make_publication((match, EVEN))
    before = json_of(api.get(f"/predict/precomputed/{match.pk}"))["is_future"]

    clock.move(HOUR)

    assert before is True
    assert json_of(api.get(f"/predict/precomputed/{match.pk}"))["is_future"] is False


def test_csv_and_parquet_turn_too(api, clock):
    publish(SOON)
    before = api.get(f"{URL}?format=csv").content

    clock.move(HOUR)

    assert b",true," in before
    assert b",false," in api.get(f"{URL}?format=csv").content


@pytest.mark.parametrize("passed", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "kickoffs",
    [(), (PAST,), (PAST, PAST + HOUR), (SOON,), (SOON, LATER), (PAST, SOON), (PAST, SOON, LATER)],
    ids=["none", "one past", "past", "one coming", "coming", "both", "past and two"],
)
def test_the_gzip_stream_is_whole_at_any_time(api, clock, kickoffs, passed):
    publish(*kickoffs)
    clock.move(passed * HOUR)

    packed = api.get(URL, headers=GZIP)
    plain = api.get(URL, headers={"Accept-Encoding": "identity"})

    assert packed["Content-Encoding"] == "gzip"
    assert packed["Content-Length"] == str(len(packed.content))
    assert len(json_of(packed)) == len(kickoffs)
    assert content_of(plain) == content_of(packed)
    assert plain["Content-Length"] == str(len(content_of(packed)))
    assert "Content-Encoding" not in plain


def test_nothing_follows_the_end_of_the_stream(api):
    publish(PAST, SOON)
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)

    unpacker.decompress(api.get(URL, headers=GZIP).content)

    assert (unpacker.eof, unpacker.unused_data) == (True, b"")


def test_the_two_ways_to_a_list_agree(api):
    publish(PAST, SOON, LATER)

    assert json_of(api.get(URL)) == json_of(api.get(f"{URL}?limit=5000"))


def test_a_long_list_is_published_in_several_pieces(api, monkeypatch):
    monkeypatch.setattr("predictions.services.publishing.publication.AT_ONCE", 2)
    publish(*(PAST + minutes * HOUR / 60 for minutes in range(5)), SOON)

    rows = json_of(api.get(URL))

    assert future(api.get(URL)) == [False] * 5 + [True]
    assert len({row["match_id"] for row in rows}) == 6


def test_names_do_not_break_the_stream(api):
    strange = 'Ö "quoted", ] 中文🏆'
    home = make_team(name=strange)
    make_publication(
        (make_match(start_time_utc=PAST, home_team=home), EVEN),
        (make_match(start_time_utc=SOON, home_team=home), EVEN),
    )

    rows = json_of(api.get(URL, headers=GZIP))

    assert [row["homeTeamName"] for row in rows] == [strange, strange]


@pytest.mark.parametrize("path", [URL, f"{URL}?limit=10", "/predict/precomputed/{soon}"])
def test_an_answer_may_be_given_again_until_kick_off(api, clock, path):
    [*_, soon] = [make_match(start_time_utc=kickoff) for kickoff in (PAST, SOON)]
    make_publication((soon, EVEN))
    terms = api.get(path.format(soon=soon.pk)).wsgi_request.META[answer_cache.ENVIRON]
    assert terms.holds()

    clock.move(HOUR - HOUR / 3600)
    assert terms.holds()
    clock.move(HOUR / 3600)
    assert not terms.holds()


def test_an_answer_may_be_given_again_until_something_else_is_published(api, settings):
    publish(PAST)
    terms = api.get(URL).wsgi_request.META[answer_cache.ENVIRON]
    settings.PUBLICATION_POLL_SECONDS = 0
    publish(PAST)

    api.get(URL)

    settings.PUBLICATION_POLL_SECONDS = 3600
    assert not terms.holds()


def test_with_traces_on_no_answer_is_given_again(api, settings):
    publish(PAST)
    settings.TRACES_URL = "http://localhost:4318/v1/traces"

    assert answer_cache.ENVIRON not in api.get(URL).wsgi_request.META
