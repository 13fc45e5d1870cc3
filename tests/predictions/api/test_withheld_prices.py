"""Prices of a source whose terms forbid to pass them on: no route, page or export shows them."""

import pytest
from django.utils import timezone

from predictions.models import OddsSource
from predictions.services.odds import listing
from predictions.services.publishing import published
from tests.factories import DAY, HOUR, NOON, make_match, make_odds, make_publication, make_season
from tests.reading import text_of

pytestmark = pytest.mark.django_db

# Prices that stand nowhere else on a page.
WITHHELD, OPEN = (3.71, 3.72, 1.93), (2.61, 3.31, 2.87)
SHOWN = ("3.71", "3.72", "1.93")


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    listing._count.cache_clear()
    yield
    published.forget()


@pytest.fixture
def match():
    """Its newest price is withheld, an older one is open."""
    match = make_match(season=make_season(), start_time_utc=NOON + 6 * HOUR)
    make_odds(match, OPEN, captured_at=NOON - DAY)
    make_odds(match, WITHHELD, captured_at=NOON - HOUR, source="closed feed")
    make_publication((match, (0.5, 0.3, 0.2)), computed_at=NOON)
    OddsSource.objects.create(name="closed feed", may_pass_on=False)
    return match


PLACES = {
    "odds": "/predict/odds/",
    "odds of a match": "/predict/odds/?match_id={0}",
    "history": "/predict/odds/?history=true",
    "odds as CSV": "/predict/odds/?history=true&format=csv",
    "cards": "/predict/cards/",
    "cards as CSV": "/predict/cards/?format=csv",
    "cards by edge": "/predict/cards/?min_edge=-1",
    "ROI": "/predict/region-roi/",
}
PAGES = {
    "first page": "/",
    "match": "/matches/{0}",
    "match at a moment": "/matches/{0}?at=2026-03-14T11:30:00Z",
    "explorer": "/explorer",
    "download": "/explorer/download",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_no_route_shows_them(api, match, place):
    response = api.get(place.format(match.pk))
    content = b"".join(response) if response.streaming else response.content

    assert response.status_code == 200
    assert not any(price in content.decode() for price in SHOWN)


@pytest.mark.parametrize("place", ["/predict/odds/", "/predict/cards/"])
def test_parquet_is_no_way_round(api, match, place):
    size = len_of(api.get(f"{place}?format=parquet"))
    OddsSource.objects.update(may_pass_on=True)
    listing._count.cache_clear()

    after = api.get(f"{place}?format=json")
    content = b"".join(after) if after.streaming else after.content

    assert size > 0
    assert all(price in content.decode() for price in SHOWN)


def len_of(response):
    import io

    from pyarrow import parquet

    content = b"".join(response) if response.streaming else response.content
    table = parquet.read_table(io.BytesIO(content)).to_pydict()
    assert not set(WITHHELD) & set(table["odd_home"] + table["odd_draw"] + table["odd_away"])
    return len(table["odd_home"])


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_page_shows_them(visitor, match, page):
    response = visitor.get(page.format(match.pk))

    assert response.status_code == 200
    assert not any(price in text_of(response) for price in SHOWN)


def test_an_open_price_stands_in_for_them(visitor, match):
    assert "2.61" in text_of(visitor.get(f"/matches/{match.pk}"))


def test_once_they_may_be_passed_on_the_page_shows_them(visitor, match):
    OddsSource.objects.update(may_pass_on=True)

    assert "3.71" in text_of(visitor.get(f"/matches/{match.pk}"))
