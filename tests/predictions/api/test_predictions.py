"""`GET /predict/predictions/`: what it shows, and in which order."""

import pytest

from predictions.services.publishing import published
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_match,
    make_model_version,
    make_publication,
    make_region,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, json_of

URL = "/predict/predictions/"
EVEN = (0.5, 0.3, 0.2)
pytestmark = pytest.mark.django_db


def names(response):
    return [row["homeTeamName"] for row in json_of(response)]


def one_match(**fields):
    ajax, psv = make_team(name="Ajax"), make_team(name="PSV")
    return make_match(home_team=ajax, away_team=psv, **fields)


@pytest.fixture
def league():
    """Alpha's match is over; Beta's comes in an hour, Gamma's in a day, abroad."""
    home, abroad = make_region(name="Home"), make_region(name="Abroad")
    first = make_season(tournament=make_tournament(region=home))
    second = make_season(tournament=make_tournament(region=home))
    third = make_season(tournament=make_tournament(region=abroad))
    alpha, beta, gamma, guest = (
        make_team(region=home, name=name) for name in ("Alpha", "Beta", "Gamma", "Guest")
    )
    matches = [
        make_match(season=first, home_team=alpha, away_team=guest, start_time_utc=NOON - DAY),
        make_match(season=second, home_team=beta, start_time_utc=NOON + HOUR),
        make_match(season=third, home_team=gamma, away_team=alpha, start_time_utc=NOON + DAY),
    ]
    make_publication(*((match, EVEN) for match in matches))
    return {"home": home, "second": second.tournament, "alpha": alpha, "guest": guest}


@pytest.mark.parametrize("query", ["", "?limit=1", "?future_only=true", "?format=json"])
def test_a_row_is_as_the_reference_shows_it(api, query):
    match = one_match(start_time_utc=NOON + HOUR)
    version = make_model_version(run_id="8f14e45f")
    make_publication((match, (0.2, 0.3, 0.5)), model_version=version, computed_at=NOON - DAY)

    response = api.get(URL + query)

    assert response["Content-Type"] == "application/json"
    assert json_of(response) == [
        {
            "match_id": match.pk,
            "homeTeamName": "Ajax",
            "awayTeamName": "PSV",
            "startTimeUtc": "2026-03-14T13:00:00+00:00",
            "proba_home": 0.2,
            "proba_draw": 0.3,
            "proba_away": 0.5,
            "predicted_class": 2,
            "predicted_label": "away_win",
            "is_future": True,
            "model_stage": "champion",
            "model_run_id": "8f14e45f",
            "predictions_computed_at": "2026-03-13T12:00:00+00:00",
            "in_sample": False,
        }
    ]


@pytest.mark.parametrize(
    ("proba", "label"),
    [
        ((0.5, 0.3, 0.2), (0, "home_win")),
        ((0.3, 0.4, 0.3), (1, "draw")),
        ((0.2, 0.3, 0.5), (2, "away_win")),
        ((0.4, 0.4, 0.2), (0, "home_win")),
        ((0.2, 0.4, 0.4), (1, "draw")),
        ((0.4, 0.2, 0.4), (0, "home_win")),
    ],
)
def test_the_likeliest_outcome_is_predicted_the_first_of_equals(api, proba, label):
    make_publication((make_match(), proba))

    (row,) = json_of(api.get(URL))

    assert (row["predicted_class"], row["predicted_label"]) == label


def test_probabilities_sum_to_one(api):
    thirds = (1 / 3, 1 / 3, 1 - 2 / 3)
    make_publication((make_match(), thirds), (make_match(), (1.0, 0.0, 0.0)))

    for row in json_of(api.get(URL)):
        assert row["proba_home"] + row["proba_draw"] + row["proba_away"] == pytest.approx(
            1, abs=1e-6
        )


@pytest.mark.parametrize("query", ["", "?limit=5000", "?future_only=false"])
def test_it_goes_by_kick_off_then_match_id(api, query):
    late, first, second = (make_match(start_time_utc=NOON + hours * HOUR) for hours in (2, 1, 1))
    early = make_match(start_time_utc=NOON - DAY)
    make_publication(*((match, EVEN) for match in (second, late, early, first)))

    found = [row["match_id"] for row in json_of(api.get(URL + query))]

    assert found == [early.pk, first.pk, second.pk, late.pk]


def test_it_shows_what_is_published_and_no_later_batch(api):
    match = make_match()
    make_publication((match, EVEN))
    make_batch()

    (row,) = json_of(api.get(URL))

    assert row["match_id"] == match.pk


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("future_only=true", ["Beta", "Gamma"]),
        ("future_only=false", ["Alpha", "Beta", "Gamma"]),
        ("region_id={home}", ["Alpha", "Beta"]),
        ("tournament_id={second}", ["Beta"]),
        ("team_id={alpha}", ["Alpha", "Gamma"]),
        ("team_id={guest}", ["Alpha"]),
        ("date_from=2026-03-14", ["Beta", "Gamma"]),
        ("date_to=2026-03-14", ["Alpha", "Beta"]),
        ("date_from=2026-03-14&date_to=2026-03-14", ["Beta"]),
        ("region_id={home}&future_only=true", ["Beta"]),
        ("team_id={alpha}&date_to=2026-03-13", ["Alpha"]),
        ("region_id=2147483647", []),
        ("date_from=2150-12-31", []),
        ("date_to=1850-01-01", []),
    ],
)
def test_it_filters(api, league, query, expected):
    ids = {name: row.pk for name, row in league.items()}

    response = api.get(f"{URL}?{query.format(**ids)}")

    assert names(response) == expected
    assert response["X-Total-Count"] == str(len(expected))


def test_days_are_utc_and_end_at_midnight(api):
    midnight = NOON + 12 * HOUR
    make_publication(
        (make_match(start_time_utc=midnight - HOUR / 3600, home_team=make_team(name="Late")), EVEN),
        (make_match(start_time_utc=midnight, home_team=make_team(name="Next day")), EVEN),
    )

    assert names(api.get(f"{URL}?date_to=2026-03-14")) == ["Late"]
    assert names(api.get(f"{URL}?date_from=2026-03-15")) == ["Next day"]


def test_each_stage_has_its_own_list(api):
    make_publication((one_match(), EVEN))
    challenger = make_model_version(run_id="rival")
    make_publication((make_match(), EVEN), stage="challenger", model_version=challenger)

    (row,) = json_of(api.get(f"{URL}?stage=challenger"))

    assert (row["model_stage"], row["model_run_id"]) == ("challenger", "rival")
    assert names(api.get(f"{URL}?stage=champion")) == names(api.get(URL)) == ["Ajax"]


@pytest.mark.parametrize("query", ["", "?limit=1", "?format=csv", "?stage=champion"])
def test_before_anything_is_published_it_is_503(api, query):
    response = api.get(URL + query)

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert (json_of(response)["code"], "Retry-After" in response) == ("nothing_published", True)


def test_a_stage_without_a_publication_is_503_beside_one_that_has_it(api):
    make_publication((make_match(), EVEN))

    assert api.get(f"{URL}?stage=challenger").status_code == 503
    assert api.get(URL).status_code == 200


def test_a_new_publication_is_noticed(api, settings):
    settings.PUBLICATION_POLL_SECONDS = 0
    make_publication((make_match(home_team=make_team(name="Old")), EVEN))
    before = names(api.get(URL))

    make_publication((make_match(home_team=make_team(name="New")), EVEN))

    assert (before, names(api.get(URL))) == (["Old"], ["New"])


def test_an_empty_publication_is_an_empty_array(api):
    make_publication()

    response = api.get(URL)

    assert (json_of(response), response["X-Total-Count"]) == ([], "0")
    assert json_of(api.get(f"{URL}?limit=10")) == []


def test_any_name_comes_through(api):
    strange = 'Ö "quoted", 中文 \\ <b>&amp;\u2028🏆\n\t'
    make_publication((make_match(home_team=make_team(name=strange)), EVEN))

    for query in ("", "?limit=1"):
        assert names(api.get(URL + query)) == [strange]


def test_the_whole_list_takes_no_query(api, django_assert_num_queries):
    make_publication(*((make_match(), EVEN) for _ in range(3)))
    api.get(URL)

    with django_assert_num_queries(0):
        api.get(URL)


@pytest.mark.parametrize("n_matches", [1, 30])
def test_a_filtered_list_takes_two_queries_whatever_its_length(
    api, django_assert_num_queries, n_matches
):
    make_publication(*((make_match(start_time_utc=NOON + HOUR), EVEN) for _ in range(n_matches)))
    content_of(api.get(URL))

    with django_assert_num_queries(2):
        rows = json_of(api.get(f"{URL}?future_only=true"))

    assert len(rows) == n_matches


def test_a_page_that_was_asked_before_takes_no_query(api, django_assert_num_queries):
    make_publication(*((make_match(), EVEN) for _ in range(3)))
    api.get(f"{URL}?limit=2")

    with django_assert_num_queries(0):
        assert len(json_of(api.get(f"{URL}?limit=2"))) == 2


def test_with_the_database_away_the_list_is_served_on(api, settings, monkeypatch):
    make_publication((one_match(), EVEN))
    api.get(URL)
    settings.PUBLICATION_POLL_SECONDS = 0
    monkeypatch.setattr(published, "_newest", _away)

    assert names(api.get(URL)) == ["Ajax"]


def _away(stage, held):
    from django.db import OperationalError

    raise OperationalError("gone")
