"""Whatever a visitor writes behind a page's address: the page, or one that says what is wrong."""

import pytest

from livescores import urls as livescores
from monitoring import urls as monitoring
from predictions import urls as predictions
from tests.factories import make_match, make_publication

ABSURD = (
    "%00",
    "-1",
    "99999999999999999999",
    "9" * 4_301,
    "1e400",
    "NaN",
    "%D9%A3",
    "%F0%9F%8F%9F",
    "%ff",
    "%ED%A0%80",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "%3Cscript%3E",
    "x" * 3_000,
)
# Each page's fields; a page that is not here fails below.
FIELDS = {
    "/": ("region_id", "tournament_id", "team_id", "date_from", "date_to", "offset"),
    "/scores": ("date", "year", "month", "region_id", "status", "offset"),
    "/scores/board": ("date", "year", "month", "offset"),
    "/matches/{match}": ("at",),
    "/matches/{match}/insight": ("at",),
    "/leagues/{league}": ("season_id",),
    "/teams/{team}": ("season_id",),
    "/record": ("stage", "window", "score", "strategy", "min_edge"),
    "/explorer": ("stage", "future_only", "sort", "date_from", "team_id", "offset"),
    "/explorer/download": ("format", "stage", "sort"),
    "/search": ("q",),
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def ids():
    match = make_match()
    make_publication((match, (0.5, 0.3, 0.2)))
    return {
        "match": match.pk,
        "league": match.season.tournament_id,
        "team": match.home_team_id,
    }


def test_every_page_has_its_line():
    pages = [*livescores.urlpatterns, *predictions.urlpatterns, *monitoring.urlpatterns]

    assert len(pages) == len(FIELDS)


@pytest.mark.parametrize("page", FIELDS)
def test_an_absurd_question_is_answered(visitor, ids, page):
    address = page.format(**ids)
    for name in (*FIELDS[page], "unknown"):
        for asked in (*(f"{name}={value}" for value in ABSURD), f"{name}=1&{name}=2", name):
            answer = visitor.get(f"{address}?{asked}")
            assert answer.status_code < 500, asked[:60]


@pytest.mark.parametrize("kind", ["matches", "leagues", "teams"])
@pytest.mark.parametrize("number", [*ABSURD, "0", "1/2", "%2e%2e"])
def test_an_absurd_number_is_answered_by_a_page(visitor, kind, number):
    answer = visitor.get(f"/{kind}/{number}")

    assert answer.status_code in (400, 404, 422)
    assert "<html" in answer.content.decode()
