"""Lists of predictions: which rows the filters leave, in which order, page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.services.publishing import prediction_rows, publication
from predictions.services.publishing.prediction_rows import COLUMNS, SORTS, Filters
from tests.factories import (
    DAY,
    make_batch,
    make_match,
    make_prediction,
    make_region,
    make_season,
    make_team,
    make_tournament,
)

pytestmark = pytest.mark.django_db

# Days from now, probabilities of home, draw and away; the last two kick off together.
SAID = {
    "old": (-30, (0.2, 0.3, 0.5)),
    "late": (-1, (0.6, 0.25, 0.15)),
    "soon": (2, (0.45, 0.3, 0.25)),
    "twin": (2, (0.45, 0.25, 0.3)),
}


class World:
    """Two leagues of one region and one of another; `soon` is of the second, `twin` elsewhere."""

    def __init__(self):
        self.now = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
        self.here, self.there = make_region(name="Here"), make_region(name="There")
        first, second = (make_season(tournament=make_tournament(region=self.here)) for _ in "12")
        elsewhere = make_season(tournament=make_tournament(region=self.there))
        seasons = {"old": first, "late": first, "soon": second, "twin": elsewhere}
        self.second = second.tournament
        self.club = make_team(region=self.here, name="Club")
        sides = {"old": {"home_team": self.club}, "soon": {"away_team": self.club}}
        self.batch = make_batch()
        self.matches = {}
        for name, (days, proba) in SAID.items():
            start = self.now + days * DAY
            match = make_match(season=seasons[name], start_time_utc=start, **sides.get(name, {}))
            make_prediction(match, proba, batch=self.batch, in_sample=name == "old")
            self.matches[name] = match
        self.name_of = {match.pk: name for name, match in self.matches.items()}

    @property
    def facts(self):
        return publication.facts_of(self.batch)

    def rows(self, filters=None, **page):
        return list(prediction_rows.rows(self.facts, filters or Filters(), now=self.now, **page))

    def names(self, filters=None, **page):
        return [self.name_of[row["match_id"]] for row in self.rows(filters, **page)]

    def count(self, filters):
        return prediction_rows.count(self.facts, filters, now=self.now)


@pytest.fixture
def world():
    return World()


def test_without_filters_it_is_everything_by_kick_off(world):
    assert not Filters().any
    assert world.names() == ["old", "late", "soon", "twin"]


def test_a_row_has_the_columns_in_their_order(world):
    row = world.rows()[0]

    assert list(row) == list(COLUMNS)
    assert all(isinstance(row[name], kind) for name, kind in COLUMNS.items())


@pytest.mark.parametrize(
    ("name", "likeliest"), [("old", (2, "away_win")), ("late", (0, "home_win"))]
)
def test_a_row_names_the_likeliest(world, name, likeliest):
    row = next(row for row in world.rows() if row["match_id"] == world.matches[name].pk)

    assert (row["predicted_class"], row["predicted_label"]) == likeliest


def test_the_names_are_those_of_today(world):
    world.club.name = "Club of Today"
    world.club.save()

    old, _, soon, _ = world.rows()
    assert (old["homeTeamName"], soon["awayTeamName"]) == ("Club of Today", "Club of Today")


FILTERS = {
    "the future": ({"future_only": True}, ["soon", "twin"]),
    "a region": ({"region_id": "here"}, ["old", "late", "soon"]),
    "a tournament": ({"tournament_id": "second"}, ["soon"]),
    "a club, home and away": ({"team_id": "club"}, ["old", "soon"]),
    "from a day": ({"date_from": -1}, ["late", "soon", "twin"]),
    "to a day": ({"date_to": -1}, ["old", "late"]),
    "one day": ({"date_from": 2, "date_to": 2}, ["soon", "twin"]),
    "days without a match": ({"date_from": 3}, []),
    "learned from": ({"in_sample": True}, ["old"]),
    "not learned from": ({"in_sample": False}, ["late", "soon", "twin"]),
    "a region and its club": ({"region_id": "here", "team_id": "club"}, ["old", "soon"]),
    "another region": ({"region_id": "there", "team_id": "club"}, []),
    "the future of a region": ({"region_id": "here", "future_only": True}, ["soon"]),
}


def filters_of(world, given):
    """Rows of the world for their names, days for their distance."""
    return Filters(
        **{
            name: getattr(world, value).pk
            if name.endswith("_id")
            else world.now.date() + value * DAY
            if name.startswith("date_")
            else value
            for name, value in given.items()
        }
    )


@pytest.mark.parametrize(("given", "left"), FILTERS.values(), ids=FILTERS)
def test_filters_leave(world, given, left):
    found = filters_of(world, given)

    assert found.any
    assert world.names(found) == left
    assert world.count(found) == len(left)


def test_a_club_that_nobody_knows_has_no_rows(world):
    assert world.names(Filters(team_id=2**31 - 1)) == []


def test_the_moment_of_kick_off_is_not_in_the_future(world):
    kickoff = world.matches["soon"].start_time_utc
    filters = Filters(future_only=True)

    before = prediction_rows.rows(world.facts, filters, now=kickoff - timedelta(microseconds=1))
    at = prediction_rows.rows(world.facts, filters, now=kickoff)

    assert [row["is_future"] for row in before] == [True, True]
    assert list(at) == []


ORDERS = {
    "kickoff": ["old", "late", "soon", "twin"],
    "-kickoff": ["twin", "soon", "late", "old"],
    "proba_home": ["old", "soon", "twin", "late"],
    "-proba_home": ["late", "soon", "twin", "old"],
    "proba_draw": ["late", "twin", "old", "soon"],
    "-proba_draw": ["old", "soon", "late", "twin"],
    "proba_away": ["late", "soon", "twin", "old"],
    "-proba_away": ["old", "twin", "soon", "late"],
}


def test_every_order_is_tried():
    assert ORDERS.keys() == SORTS.keys()


@pytest.mark.parametrize("sort", SORTS)
def test_equals_keep_the_order_of_kick_off_and_id(world, sort):
    assert world.names(Filters(sort=sort)) == ORDERS[sort]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 3, 4, 9])
def test_pages_together_are_the_whole(world, sort, size):
    filters = Filters(sort=sort)

    pages = [world.names(filters, limit=size, offset=start) for start in range(0, 5, size)]

    assert [name for page in pages for name in page] == ORDERS[sort]
    assert all(len(page) <= size for page in pages)


def test_an_offset_alone_is_a_page_too(world):
    assert world.names(offset=2) == ["soon", "twin"]
    assert world.names(offset=4) == []


@pytest.mark.parametrize("page", [{"limit": 1}, {"limit": 2, "offset": 1}])
def test_a_page_of_filtered_rows(world, page):
    filters = Filters(region_id=world.here.pk)
    whole = world.names(filters)
    start = page.get("offset", 0)

    assert world.names(filters, **page) == whole[start : start + page["limit"]]


def test_other_batches_are_not_in_it(world):
    make_prediction(world.matches["old"], (0.1, 0.1, 0.8), batch=make_batch())

    assert world.rows()[0]["proba_away"] == 0.5
    assert world.count(Filters()) == 4


@pytest.mark.parametrize(
    ("filters", "n_joined"), [({}, 0), ({"team_id": 1}, 0), ({"region_id": 1}, 1)]
)
def test_matches_are_joined_only_where_a_filter_reads_them(filters, n_joined):
    """A count over all predictions of a batch takes twice as long with them."""
    assert Filters(**filters).joins.count("JOIN") == n_joined
