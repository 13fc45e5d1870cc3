"""`GET /predict/cards/`: predictions beside prices; every number worked out by hand."""

import pytest

from predictions.models import OddsSource
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_bookmaker,
    make_match,
    make_model_version,
    make_odds,
    make_publication,
    make_region,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, json_of

URL = "/predict/cards/"
EVEN = (0.5, 0.3, 0.2)
VALUES = ("implied_home", "edge_home", "best_value", "kelly_fraction", "odd_home", "bookmaker")
pytestmark = pytest.mark.django_db


def only(response):
    (card,) = json_of(response)
    return card


def publish(proba=EVEN, **fields):
    match = make_match(**fields)
    make_publication((match, proba))
    return match


def test_a_card_is_the_prediction_beside_its_price(api):
    season = make_season(
        tournament=make_tournament(region=make_region(name="Oz"), name="First, “Ö”")
    )
    match = make_match(
        season=season,
        home_team=make_team(name="Ajax"),
        away_team=make_team(name="PSV"),
        start_time_utc=NOON - DAY,
        score=(2, 1),
    )
    version = make_model_version(run_id="8f14e45f")
    make_publication((match, EVEN), model_version=version, computed_at=NOON)
    make_odds(match, (2.5, 4.0, 4.0), captured_at=NOON - 2 * DAY)

    response = api.get(URL)

    # 1/2.5 + 1/4 + 1/4 = 0.9: shares 4/9, 2.5/9, 2.5/9. Edges 0.5x2.5-1, 0.3x4-1, 0.2x4-1.
    # Kelly: 0.25 / (2.5 - 1).
    assert only(response) == {
        "match_id": match.pk,
        "homeTeamName": "Ajax",
        "awayTeamName": "PSV",
        "startTimeUtc": "2026-03-13T12:00:00+00:00",
        "proba_home": 0.5,
        "proba_draw": 0.3,
        "proba_away": 0.2,
        "predicted_class": 0,
        "predicted_label": "home_win",
        "is_future": False,
        "model_stage": "champion",
        "model_run_id": "8f14e45f",
        "predictions_computed_at": "2026-03-14T12:00:00+00:00",
        "in_sample": False,
        "region": "Oz",
        "tournament": "First, “Ö”",
        "home_score": 2,
        "away_score": 1,
        "status": "finished",
        "bookmaker": "B365",
        "odd_home": 2.5,
        "odd_draw": 4.0,
        "odd_away": 4.0,
        "odds_captured_at": "2026-03-12T12:00:00+00:00",
        "implied_home": 0.444444,
        "implied_draw": 0.277778,
        "implied_away": 0.277778,
        "edge_home": 0.25,
        "edge_draw": 0.2,
        "edge_away": -0.2,
        "best_value": "home_win",
        "kelly_fraction": 0.166667,
        "edge_is_doubtful": False,
    }
    assert response["X-Total-Count"] == "1"


def test_the_best_value_need_not_be_the_likeliest(api):
    make_odds(publish(), (1.5, 3.0, 7.0))

    card = only(api.get(URL))

    # 0.2 x 7 - 1 = 0.4, of which Kelly stakes 0.4 / 6.
    assert (card["predicted_label"], card["best_value"]) == ("home_win", "away_win")
    assert (card["edge_away"], card["kelly_fraction"]) == (0.4, 0.066667)


@pytest.mark.parametrize(("price", "is_doubtful"), [(7.5, False), (7.51, True), (300.0, True)])
def test_an_edge_beyond_belief_is_doubtful_and_no_value(api, price, is_doubtful):
    make_odds(publish(), (1.5, 3.0, price))

    card = only(api.get(URL))

    assert card["edge_away"] == pytest.approx(0.2 * price - 1)
    assert card["edge_is_doubtful"] is is_doubtful
    assert (card["best_value"] is None) is is_doubtful
    assert (card["kelly_fraction"] is None) is is_doubtful


def test_a_doubtful_edge_is_none_that_one_may_ask_for(api):
    generous, wrong = make_match(), make_match()
    make_publication((generous, EVEN), (wrong, EVEN))
    make_odds(generous, (2.4, 3.0, 4.0))
    make_odds(wrong, (1.5, 3.0, 300.0))

    response = api.get(f"{URL}?min_edge=0.1")

    assert only(response)["odd_home"] == 2.4
    assert response["X-Total-Count"] == "1"


def test_without_an_edge_nothing_is_staked(api):
    make_odds(publish(), (1.8, 3.0, 4.0))

    card = only(api.get(URL))

    # 0.5 x 1.8 - 1, 0.3 x 3 - 1 and 0.2 x 4 - 1: the first of the largest, and no stake.
    assert (card["edge_home"], card["edge_draw"], card["edge_away"]) == (-0.1, -0.1, -0.2)
    assert (card["best_value"], card["kelly_fraction"]) == ("home_win", 0.0)


def test_without_odds_the_card_is_there_and_its_values_are_null(api):
    publish()

    card = only(api.get(URL))

    priced = list(card)[list(card).index("bookmaker") :]
    assert {card[name] for name in priced} == {None}
    assert len(priced) == 14
    assert (card["home_score"], card["away_score"], card["status"]) == (None, None, "scheduled")
    assert card["proba_home"] == 0.5


def test_null_is_an_empty_cell_in_csv(api):
    publish()

    line = content_of(api.get(f"{URL}?format=csv")).decode().splitlines()[1]

    assert line.endswith(",scheduled" + 14 * "," + "false,")


def test_the_newest_price_is_shown(api):
    match = publish()
    make_odds(match, (2.0, 3.0, 4.0), captured_at=match.start_time_utc - HOUR)
    make_odds(match, (9.0, 9.0, 9.0), captured_at=match.start_time_utc - 2 * HOUR)

    assert only(api.get(URL))["odd_home"] == 2.0


def test_of_prices_of_one_moment_the_one_read_last_is_shown(api):
    match = publish()
    make_odds(match, (2.0, 3.0, 4.0), recorded_at=NOON)
    make_odds(match, (9.0, 9.0, 9.0), recorded_at=NOON - HOUR)

    assert only(api.get(URL))["odd_home"] == 2.0


def test_in_play_prices_are_never_used(api):
    match = publish()
    make_odds(match, (9.0, 9.0, 9.0), kind="live", captured_at=match.start_time_utc - HOUR)
    make_odds(match, (8.0, 8.0, 8.0), kind="live", captured_at=match.start_time_utc + HOUR)

    assert only(api.get(URL))["odd_home"] is None


def test_a_price_from_after_kick_off_is_never_used(api):
    match = publish()
    make_odds(match, (9.0, 9.0, 9.0), kind="closing", captured_at=match.start_time_utc + HOUR)
    make_odds(match, (2.0, 3.0, 4.0), kind="opening", captured_at=match.start_time_utc - DAY)

    assert only(api.get(URL))["odd_home"] == 2.0


def test_the_bookmaker_of_the_lowest_priority_number_comes_first(api):
    match = publish()
    for code, priority, price in (("BW", 30, 3.0), ("PS", 10, 2.0), ("IW", 20, 4.0)):
        bookmaker = make_bookmaker(code, priority=priority)
        make_odds(match, (price, 3.0, 3.0), bookmaker=bookmaker)

    card = only(api.get(URL))

    assert (card["bookmaker"], card["odd_home"]) == ("PS", 2.0)


def test_a_bookmaker_who_has_no_price_for_it_is_passed_over(api):
    match, other = make_match(), make_match()
    make_publication((match, EVEN), (other, EVEN))
    make_odds(other, (2.0, 3.0, 3.0), bookmaker=make_bookmaker("PS", priority=10))
    make_odds(match, (3.0, 3.0, 3.0), bookmaker=make_bookmaker("BW", priority=30))

    assert [card["bookmaker"] for card in json_of(api.get(URL))] == ["BW", "PS"]


def test_a_market_average_is_shown_only_when_asked_for(api):
    match = publish()
    make_odds(match, (9.0, 9.0, 9.0), bookmaker=make_bookmaker("AVG", priority=1, kind="average"))

    assert only(api.get(URL))["bookmaker"] is None
    assert only(api.get(f"{URL}?bookmaker=AVG"))["odd_home"] == 9.0


def test_the_bookmaker_can_be_chosen(api):
    match = publish()
    make_odds(match, (2.0, 3.0, 4.0))
    make_odds(match, (2.2, 3.1, 4.1), bookmaker=make_bookmaker("BW", priority=30))

    assert only(api.get(f"{URL}?bookmaker=BW"))["odd_home"] == 2.2
    assert only(api.get(f"{URL}?bookmaker=nobody"))["odd_home"] is None


def priced(*odds):
    """A match for each, an hour apart, of 0.5, 0.3, 0.2 and this price of a home win."""
    matches = [make_match(start_time_utc=NOON + n * HOUR) for n in range(len(odds))]
    make_publication(*((match, EVEN) for match in matches))
    for match, odd in zip(matches, odds, strict=True):
        if odd:
            make_odds(match, (odd, 1.01, 1.01))


@pytest.mark.parametrize(
    ("min_edge", "edges"),
    [
        ("-1", [0.05, 0.1, -0.25]),
        ("0", [0.05, 0.1]),
        ("0.05", [0.05, 0.1]),
        ("0.050001", [0.1]),
        ("0.1", [0.1]),
        ("0.2", []),
        ("1000", []),
    ],
)
def test_min_edge_leaves_cards_with_such_an_edge(api, min_edge, edges):
    priced(2.1, None, 2.2, 1.5)  # edges 0.05, none, 0.1, -0.25

    response = api.get(f"{URL}?min_edge={min_edge}")

    assert [card["edge_home"] for card in json_of(response)] == edges
    assert response["X-Total-Count"] == str(len(edges))


def test_a_card_that_shows_the_edge_has_it(api):
    match = publish(proba=(0.35, 0.35, 0.3))
    make_odds(match, (3.0, 1.5, 1.5))  # 0.35 x 3 - 1 is 0.0499999… in floating point

    assert only(api.get(f"{URL}?min_edge=0.05"))["edge_home"] == 0.05


def test_any_outcome_may_have_the_edge(api):
    make_odds(publish(), (1.01, 1.01, 6.0))  # 0.2 x 6 - 1 = 0.2

    assert only(api.get(f"{URL}?min_edge=0.2"))["best_value"] == "away_win"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("future_only=true", [1, 2]),
        ("limit=1", [0]),
        ("limit=1&offset=1", [1]),
        ("offset=2", [2]),
        ("date_from=2026-03-15", []),
        ("date_to=2026-03-14&future_only=true", [1, 2]),
        ("min_edge=0&limit=1&offset=1", [2]),
    ],
)
def test_it_takes_the_query_of_the_prediction_list(api, query, expected):
    matches = [make_match(start_time_utc=NOON + n * HOUR) for n in range(3)]
    make_publication(*((match, EVEN) for match in matches))
    for match in (matches[0], matches[2]):
        make_odds(match, (2.5, 3.0, 3.0))

    found = [card["match_id"] for card in json_of(api.get(f"{URL}?{query}"))]

    assert found == [matches[place].pk for place in expected]


def test_region_tournament_and_team_filter(api):
    match, _ = make_match(), make_match()
    make_publication((match, EVEN), (_, EVEN))
    tournament = match.season.tournament

    for query in (
        f"region_id={tournament.region_id}",
        f"tournament_id={tournament.pk}",
        f"team_id={match.away_team_id}",
    ):
        assert only(api.get(f"{URL}?{query}"))["match_id"] == match.pk


def test_pages_tell_of_the_rest(api):
    priced(2.1, 2.2, 2.3)

    response = api.get(f"{URL}?min_edge=0.06&limit=1")

    assert response["X-Total-Count"] == "2"
    assert response["Link"].endswith('min_edge=0.06&limit=1&offset=1>; rel="next"')


def test_stage_chooses_the_predictions(api):
    match = publish()
    make_publication((match, (0.1, 0.1, 0.8)), stage="challenger")

    assert only(api.get(f"{URL}?stage=challenger"))["proba_away"] == 0.8


def test_before_anything_is_published_it_is_503(api):
    assert api.get(URL).json()["code"] == "nothing_published"


def test_a_new_price_changes_the_tag(api):
    match = publish()
    make_odds(match, (2.0, 3.0, 4.0))
    tag = api.get(URL)["ETag"]
    unchanged = api.get(URL, headers={"If-None-Match": tag}).status_code

    make_odds(match, (2.1, 3.0, 4.0), captured_at=match.start_time_utc - HOUR)

    assert (unchanged, api.get(URL, headers={"If-None-Match": tag}).status_code) == (304, 200)


@pytest.mark.parametrize("n_matches", [1, 20])
def test_it_takes_two_queries_whatever_its_length(api, watched_queries, n_matches):
    for _ in range(n_matches):
        make_odds(make_match(), EDGELESS)
    priced(*[2.0] * n_matches)
    api.get(URL)

    with watched_queries() as queries:
        api.get(URL)

    assert len(queries) == 2


EDGELESS = (1.5, 1.5, 1.5)


def test_a_price_that_may_not_be_passed_on_is_as_if_there_were_none(api):
    match = publish()
    make_odds(match, (2.5, 4.0, 4.0), source="closed feed")
    OddsSource.objects.create(name="closed feed", may_pass_on=False)

    card = only(api.get(URL))

    assert {card[name] for name in (*VALUES, "odds_captured_at", "edge_away")} == {None}
    assert json_of(api.get(f"{URL}?min_edge=-1")) == []


def test_a_price_of_an_open_source_stands_in_for_it(api):
    match = publish()
    make_odds(match, (2.5, 4.0, 4.0), source="closed feed")
    make_odds(match, (2.4, 4.0, 4.0), captured_at=NOON - 3 * DAY)
    OddsSource.objects.create(name="closed feed", may_pass_on=False)

    assert only(api.get(URL))["odd_home"] == 2.4
