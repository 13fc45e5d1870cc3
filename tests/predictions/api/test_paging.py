"""Pages, tags and representations of the prediction list."""

import csv
import io
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from predictions.services.publishing.prediction_rows import COLUMNS
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_match,
    make_model_version,
    make_publication,
    make_team,
)
from tests.reading import content_of, json_of

URL = "/predict/predictions/"
EVEN = (0.5, 0.3, 0.2)
HOST = "http://testserver"
pytestmark = pytest.mark.django_db


@pytest.fixture
def five(db):
    """Five matches, an hour apart, all of them past but the last."""
    matches = [make_match(start_time_utc=NOON + hours * HOUR) for hours in (-4, -3, -2, -1, 1)]
    make_publication(*((match, EVEN) for match in matches))
    return [match.pk for match in matches]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("limit=2", slice(0, 2)),
        ("limit=2&offset=2", slice(2, 4)),
        ("limit=2&offset=4", slice(4, 5)),
        ("limit=5000", slice(0, 5)),
        ("offset=3", slice(3, 5)),
        ("offset=5", slice(5, 5)),
        ("offset=2147483647", slice(5, 5)),
        ("offset=0", slice(0, 5)),
    ],
)
def test_a_page_is_a_part_of_the_list(api, five, query, shown):
    response = api.get(f"{URL}?{query}")

    assert [row["match_id"] for row in json_of(response)] == five[shown]
    assert response["X-Total-Count"] == "5"


SORTED = [
    ("kickoff", [0, 1, 2]),
    ("-kickoff", [2, 1, 0]),
    ("proba_home", [1, 0, 2]),
    ("-proba_home", [0, 2, 1]),  # of equals the earlier first
    ("-proba_draw", [1, 0, 2]),
    ("proba_away", [0, 2, 1]),
]


@pytest.mark.parametrize("url", [URL, "/predict/cards/"])
@pytest.mark.parametrize(("sort", "order"), SORTED)
@pytest.mark.parametrize("page", ["", "&limit=3", "&limit=3&future_only=false"])
def test_rows_come_in_the_order_asked_for(api, url, sort, order, page):
    chances = [(0.6, 0.2, 0.2), (0.3, 0.4, 0.3), (0.6, 0.15, 0.25)]
    matches = [make_match(start_time_utc=NOON + n * HOUR) for n in range(3)]
    make_publication(*zip(matches, chances, strict=True))

    rows = json_of(api.get(f"{url}?sort={sort}{page}"))

    assert [row["match_id"] for row in rows] == [matches[place].pk for place in order]


def test_an_order_goes_over_all_pages(api, five):
    rows = json_of(api.get(f"{URL}?sort=-kickoff&limit=2&offset=2"))

    assert [row["match_id"] for row in rows] == [five[2], five[1]]


def test_the_first_page_leads_to_the_next(api, five):
    response = api.get(f"{URL}?limit=2")

    assert response["Link"] == f'<{HOST}{URL}?limit=2&offset=2>; rel="next"'


def test_a_middle_page_leads_both_ways(api, five):
    response = api.get(f"{URL}?limit=2&offset=2")

    assert response["Link"] == (
        f'<{HOST}{URL}?limit=2&offset=4>; rel="next", <{HOST}{URL}?limit=2&offset=0>; rel="prev"'
    )


def test_the_last_page_leads_back(api, five):
    response = api.get(f"{URL}?limit=2&offset=4")

    assert response["Link"] == f'<{HOST}{URL}?limit=2&offset=2>; rel="prev"'


@pytest.mark.parametrize("query", ["", "?limit=5", "?limit=5000", "?offset=2"])
def test_a_list_that_is_one_page_has_no_links(api, five, query):
    assert "Link" not in api.get(URL + query)


def test_links_keep_the_other_parameters(api, five):
    response = api.get(f"{URL}?future_only=false&date_from=2026-03-14&limit=1&format=json")

    assert response["Link"] == (
        f"<{HOST}{URL}?future_only=false&date_from=2026-03-14&limit=1&format=json&offset=1>;"
        ' rel="next"'
    )


def test_following_the_links_shows_every_row_once(api, five):
    url, seen = f"{URL}?limit=2", []
    while url:
        response = api.get(url)
        seen += [row["match_id"] for row in json_of(response)]
        links = dict(
            reversed(link.split("; ")) for link in response.get("Link", "").split(", ") if link
        )
        url = links.get('rel="next"', "").strip("<>")

    assert seen == five


@pytest.mark.parametrize("query", ["", "?limit=2", "?future_only=true", "?format=csv"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_an_unchanged_poll_is_304(api, five, query, coding):
    headers = {"Accept-Encoding": coding}
    first = api.get(URL + query, headers=headers)

    second = api.get(URL + query, headers={**headers, "If-None-Match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert (second["ETag"], second["Vary"]) == (first["ETag"], "Accept, Accept-Encoding")
    assert not first["ETag"].startswith("W/")
    assert "Content-Length" not in second


def test_each_representation_has_a_tag_of_its_own(api, five):
    tags = {
        api.get(URL + query, headers={"Accept-Encoding": coding})["ETag"]
        for query in ("", "?format=csv", "?format=parquet", "?limit=2", "?limit=2&offset=2")
        for coding in ("identity",)
    }

    assert len(tags) == 5


def test_gzip_and_plain_bytes_differ_in_their_tags(api, five):
    gzipped = api.get(URL, headers={"Accept-Encoding": "gzip"})["ETag"]
    plain = api.get(URL, headers={"Accept-Encoding": "identity"})

    assert gzipped != plain["ETag"]
    again = api.get(URL, headers={"Accept-Encoding": "identity", "If-None-Match": gzipped})
    assert again.status_code == 200


@pytest.mark.parametrize("form", ['"other", {tag}', "W/{tag}", "*", ' {tag} , "x"'])
def test_if_none_match_takes_lists_weak_tags_and_a_star(api, five, form):
    tag = api.get(URL)["ETag"]

    response = api.get(URL, headers={"If-None-Match": form.format(tag=tag)})

    assert response.status_code == 304


@pytest.mark.parametrize("form", ['"other"', "nonsense", "", "x" * 60_000])
def test_another_tag_gets_the_list(api, five, form):
    assert api.get(URL, headers={"If-None-Match": form}).status_code == 200


def test_the_tag_depends_on_the_content_only(api, settings):
    settings.PUBLICATION_POLL_SECONDS = 0
    publication = make_publication((make_match(), EVEN))
    before = api.get(URL)["ETag"]

    make_publication(batch=publication.batch)
    same = api.get(URL)["ETag"]
    make_publication((make_match(), EVEN))

    assert (same == before, api.get(URL)["ETag"] == before) == (True, False)


def test_neither_coding_is_406(api, five):
    response = api.get(URL, headers={"Accept-Encoding": "gzip;q=0, identity;q=0"})

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/json", "application/json"),
        ("", "text/csv", "text/csv"),
        ("", "application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("", "text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("", "text/*", "text/csv"),
        ("?format=csv", "application/json", "text/csv"),
        ("?format=csv", "text/html", "text/csv"),
        ("?format=json", "text/csv", "application/json"),
        ("?format=parquet", "*/*", "application/vnd.apache.parquet"),
    ],
)
def test_the_representation_goes_by_format_then_accept(api, five, query, accept, media_type):
    response = api.get(URL + query, headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"].partition(";")[0] == media_type


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0, text/x"])
def test_another_media_type_is_406(api, five, accept):
    response = api.get(URL, headers={"Accept": accept})

    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


def test_csv_has_a_header_line_and_the_same_rows(api):
    match = make_match(home_team=make_team(name="Ajax"), away_team=make_team(name="PSV"))
    version = make_model_version(run_id="8f14e45f")
    make_publication((match, (0.2, 0.3, 0.5)), model_version=version, computed_at=NOON - DAY)

    lines = content_of(api.get(f"{URL}?format=csv")).decode().splitlines()

    assert lines == [
        "match_id,homeTeamName,awayTeamName,startTimeUtc,proba_home,proba_draw,proba_away,"
        "predicted_class,predicted_label,is_future,model_stage,model_run_id,"
        "predictions_computed_at,in_sample",
        f"{match.pk},Ajax,PSV,2026-03-14T12:00:00+00:00,0.2,0.3,0.5,2,away_win,false,champion,"
        "8f14e45f,2026-03-13T12:00:00+00:00,false",
    ]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("1=1", "1=1"),
        ('Ö "quoted", 中文🏆', 'Ö "quoted", 中文🏆'),
        ("two\r\nlines", "two\r\nlines"),
    ],
)
def test_csv_runs_no_formula_and_keeps_every_name(api, name, cell):
    make_publication((make_match(home_team=make_team(name=name)), EVEN))

    text = content_of(api.get(f"{URL}?format=csv")).decode()

    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["homeTeamName"] == cell


def test_parquet_holds_the_rows_in_their_types(api):
    match = make_match(home_team=make_team(name='Ö "x", =1'), start_time_utc=NOON + HOUR)
    make_publication((match, EVEN), computed_at=NOON)

    table = parquet.read_table(pa.BufferReader(content_of(api.get(f"{URL}?format=parquet"))))

    moment = pa.timestamp("us", tz="UTC")
    kinds = {int: pa.int64(), float: pa.float64(), str: pa.string(), bool: pa.bool_()}
    assert {field.name: field.type for field in table.schema} == {
        name: kinds.get(kind, moment) for name, kind in COLUMNS.items()
    }
    (row,) = table.to_pylist()
    assert (row["match_id"], row["homeTeamName"]) == (match.pk, 'Ö "x", =1')
    assert row["startTimeUtc"] == datetime(2026, 3, 14, 13, tzinfo=UTC)
    assert (row["proba_home"], row["is_future"]) == (0.5, True)


@pytest.mark.parametrize(
    "path", [URL, "/predict/cards/", "/predict/odds/", "/livescores/?year=2026"]
)
def test_an_empty_list_has_every_representation(api, path):
    make_publication()
    mark = "&" if "?" in path else "?"

    assert json_of(api.get(path)) == []
    text = content_of(api.get(f"{path}{mark}format=csv")).decode()
    table = parquet.read_table(pa.BufferReader(content_of(api.get(f"{path}{mark}format=parquet"))))
    assert (text.count("\r\n"), table.num_rows) == (1, 0)
    assert text.strip().split(",") == table.column_names
