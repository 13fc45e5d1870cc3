"""`GET /explorer`: the bulk list as a table, as a file, and as an API call."""

import csv
import io
import re
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from predictions.pages import explorer
from predictions.services.publishing import published
from predictions.services.publishing.publication import publish
from soccerpredict.access import services as access
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_match,
    make_model_version,
    make_prediction,
    make_publication,
    make_season,
    make_team,
)
from tests.reading import content_of, json_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    yield
    published.forget()


def predicted(home, proba=(0.5, 0.3, 0.2), start=NOON, **fields):
    match = make_match(home_team=make_team(name=home), start_time_utc=start, **fields)
    return match, proba


def homes(response):
    """Home teams of the table's rows."""
    return re.findall(r'<a href="/matches/\d+">(.*?) – ', content_of(response).decode())


def publish_three():
    make_publication(
        predicted("A", (0.2, 0.3, 0.5), NOON - DAY),
        predicted("B", (0.6, 0.3, 0.1), NOON),
        predicted("C", (0.4, 0.2, 0.4), NOON + DAY),
    )


def test_it_says_how_many_were_issued(visitor):
    publish_three()

    text = text_of(visitor.get("/explorer"))

    assert ": 1 issued before kick-off, 2 worked out afterwards." in text


def test_a_row_tells_kick_off_match_and_chances(visitor):
    version = make_model_version(version=5)
    make_publication(predicted("Ajax", (0.5, 0.3, 0.2)), model_version=version)

    text = text_of(visitor.get("/explorer"))

    assert "1 prediction of the champion, model 5" in text
    assert "1 to 1 of 1" in text
    assert re.search(r"14 Mar 2026 , 12:00 Ajax – Team \d+ 50 % 30 % 20 % Home", text)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "CBA"),
        ("-kickoff", "CBA"),
        ("kickoff", "ABC"),
        ("proba_home", "ACB"),
        ("-proba_home", "BCA"),
        ("-proba_draw", "ABC"),
        ("proba_away", "BCA"),
    ],
)
def test_rows_are_sorted(visitor, sort, order):
    publish_three()

    assert "".join(homes(visitor.get(f"/explorer?sort={sort}"))) == order


def test_a_heading_sorts_and_turns_around(visitor):
    publish_three()

    page = content_of(visitor.get("/explorer")).decode()
    by_home = re.search(r'<a href="(\?[^"]*proba_home[^"]*)">Home', page)[1]
    again = content_of(visitor.get("/explorer" + by_home)).decode()

    assert 'aria-sort="descending"><a href="?sort=kickoff">Kick-off ↓' in page
    assert by_home == "?sort=-proba_home"
    assert 'aria-sort="descending"><a href="?sort=proba_home">Home ↓' in again


def test_it_shows_what_the_filters_leave(visitor):
    season = make_season()
    match, proba = predicted("Here", start=NOON + HOUR, season=season)
    make_publication((match, proba), predicted("There"), predicted("Old", start=NOON - 9 * DAY))

    for query in (
        "future_only=true",
        f"tournament_id={season.tournament_id}",
        f"region_id={season.tournament.region_id}",
        f"team_id={match.away_team_id}",
    ):
        assert homes(visitor.get(f"/explorer?{query}")) == ["Here"]
    assert homes(visitor.get("/explorer?date_to=2026-03-13")) == ["Old"]


def test_the_challenger_has_a_table_of_its_own(visitor):
    make_publication(predicted("Champ"))
    make_publication(predicted("Chall"), stage="challenger")

    assert homes(visitor.get("/explorer?stage=challenger")) == ["Chall"]


def test_long_tables_come_a_page_at_a_time(visitor):
    make_publication(*(predicted(f"T{n:02}", start=NOON + n * HOUR) for n in range(60)))

    first = visitor.get("/explorer?sort=kickoff")
    link = re.search(r'rel="next" href="([^"]+)"', content_of(first).decode())[1]
    second = visitor.get("/explorer" + link.replace("&amp;", "&"))

    assert "1 to 50 of 60" in text_of(first)
    assert "51 to 60 of 60" in text_of(second)
    assert (homes(first)[0], homes(second)[0]) == ("T00", "T50")
    back = re.search(r'rel="prev" href="([^"]+)"', content_of(second).decode())[1]
    assert back == "?sort=kickoff"


def test_the_call_beside_the_table_answers_with_its_rows(visitor, client):
    publish_three()
    key = access.issue(client=access.client_named("test")).text

    page = content_of(visitor.get("/explorer?sort=-proba_home&future_only=true")).decode()
    path = re.search(r"GET (/predict[^<]*)", page)[1].replace("&amp;", "&")
    answer = client.get(path, headers={"X-API-Key": key})

    assert [row["homeTeamName"] for row in json_of(answer)] == ["C"]
    assert parse_qs(urlsplit(path).query)["sort"] == ["-proba_home"]


def test_the_curl_line_is_one_command_whatever_the_query(visitor):
    publish_three()

    page = content_of(visitor.get("/explorer?date_from=2026-01-01")).decode()

    line = re.search(r'id="curl">([^<]*)<', page)[1]
    words = shlex.split(line.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&"))
    assert words[:3] == ["curl", "-H", "X-API-Key: $API_KEY"]
    assert words[3].startswith("http://testserver/predict/predictions/?stage=champion&")
    assert len(words) == 4


@pytest.mark.parametrize("path", ["/explorer/download", "/explorer/download/"])
def test_the_rows_are_a_file(visitor, path):
    publish_three()

    response = visitor.get(f"{path}?sort=kickoff&format=csv")

    rows = list(csv.DictReader(io.StringIO(content_of(response).decode())))
    assert response["Content-Disposition"] == 'attachment; filename="predictions.csv"'
    assert response["Content-Type"] == "text/csv"
    assert [row["homeTeamName"] for row in rows] == ["A", "B", "C"]


@pytest.mark.parametrize(("form", "beginning"), [("json", b'[{"match_id":'), ("parquet", b"PAR1")])
def test_other_forms_are_offered(visitor, form, beginning):
    publish_three()

    response = visitor.get(f"/explorer/download?format={form}")

    assert content_of(response).startswith(beginning)


def test_a_formula_in_a_name_is_disarmed(visitor):
    make_publication(predicted("=1+1"))

    assert "'=1+1" in content_of(visitor.get("/explorer/download")).decode()


def test_before_anything_is_published_it_says_so(visitor):
    assert "Nothing published yet" in text_of(visitor.get("/explorer"))
    assert visitor.get("/explorer/download").status_code == 503


def test_without_a_row_that_fits_it_says_so(visitor):
    publish_three()

    assert "No predictions found" in text_of(visitor.get("/explorer?date_from=2030-01-01"))


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("sort=name", 422, "sort"),
        ("stage=CHAMPION", 400, "Write one of champion, challenger."),
        ("future_only=yes", 422, "future_only"),
        ("offset=1e3", 422, "offset"),
        ("limit=7", 422, "limit"),
    ],
)
@pytest.mark.parametrize("path", ["/explorer", "/explorer/download"])
def test_a_wrong_field_is_named(visitor, path, query, status, told):
    response = visitor.get(f"{path}?{query}")

    assert response.status_code == status
    assert told in text_of(response)


def test_an_unknown_form_is_named(visitor):
    response = visitor.get("/explorer/download?format=xlsx")

    assert response.status_code == 422
    assert "Write one of json, csv, parquet." in text_of(response)


def test_it_takes_few_queries_however_many_rows(visitor, django_assert_num_queries):
    make_publication(*(predicted(f"T{n}") for n in range(60)))
    visitor.get("/explorer")

    with django_assert_num_queries(3):
        visitor.get("/explorer")


def publish_learned():
    batch = make_batch()
    for name, learned in (("Known", True), ("New", False)):
        match, _ = predicted(name)
        make_prediction(match, batch=batch, in_sample=learned)
    publish(batch)


def test_a_match_that_the_model_learned_from_is_marked(visitor):
    publish_learned()

    text = text_of(visitor.get("/explorer"))

    assert text.count("The model learned from this match.") == 1
    assert re.search(r"Known – Team \d+ The model learned from this match\.", text)


@pytest.mark.parametrize(("choice", "expected"), [("true", ["Known"]), ("false", ["New"])])
def test_the_form_asks_for_what_the_model_learned_from_or_not(visitor, choice, expected):
    publish_learned()

    response = visitor.get(f"/explorer?date_from=&in_sample={choice}")

    page = content_of(response).decode()
    assert homes(response) == expected
    assert f'<option value="{choice}" selected>' in page
    assert f"in_sample={choice}" in re.search(r'id="curl">([^<]*)', page)[1]
    assert f"in_sample={choice}" in re.search(r'href="(/explorer/download[^"]*)"', page)[1]


def test_a_download_says_what_the_model_learned_from(visitor):
    publish_learned()

    text = content_of(visitor.get("/explorer/download?format=csv")).decode()

    rows = csv.DictReader(io.StringIO(text))
    assert {row["homeTeamName"]: row["in_sample"] for row in rows} == {
        "Known": "true",
        "New": "false",
    }


def test_a_wrong_day_is_told_beside_its_field_and_the_table_stays(visitor):
    publish_three()

    response = visitor.get("/explorer?date_from=2026-03-14&date_to=2026-03-01")

    page = content_of(response).decode()
    assert (response.status_code, homes(response)) == (422, ["C", "B"])
    assert 'id="to-fault" role="alert">The last day is before the first.<' in page
    assert 'value="2026-03-01"' in page
    assert "2026-03-01" not in re.search(r'id="curl">([^<]*)<', page)[1]


@pytest.mark.parametrize(
    ("sort", "back", "on"),
    [
        ("", "Later", "Earlier"),
        ("-kickoff", "Later", "Earlier"),
        ("kickoff", "Earlier", "Later"),
        ("proba_home", "Previous", "Next"),
    ],
)
def test_the_pager_says_what_its_pages_hold(visitor, monkeypatch, sort, back, on):
    monkeypatch.setattr(explorer, "N_ROWS", 1)
    publish_three()
    query = f"?offset=1&sort={sort}" if sort else "?offset=1"

    text = text_of(visitor.get(f"/explorer{query}"))

    assert f"← {back}" in text
    assert f"{on} →" in text
