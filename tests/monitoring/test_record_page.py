"""`GET /record`: how good the predictions were, between floor and ceiling."""

import pytest

from monitoring import track_record
from monitoring.services import quality
from tests.factories import (
    DAY,
    NOON,
    make_match,
    make_odds,
    make_prediction,
    make_region,
    make_region_return,
    make_season,
    make_tournament,
)
from tests.monitoring.test_quality import make_published
from tests.reading import content_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
AS_OF = NOON + 10 * DAY


def interval(low, value, high):
    return {"low": low, "value": value, "high": high}


def scores(value):
    return {name: interval(value - 0.1, value, value + 0.1) for name in track_record.MEASURES}


def group(**changed):
    return {
        "stage": "champion",
        "window": "season",
        "league": None,
        "n_matches": 100,
        "model": scores(1.0),
        "class_frequencies": scores(1.08),
        "log_loss_minus_class_frequencies": interval(-0.1, -0.08, -0.06),
        "closing_line": {
            "n_matches": 50,
            "scores": scores(0.9),
            "model_on_the_same": scores(0.95),
            "log_loss_minus_closing_line": interval(-0.01, 0.05, 0.11),
        },
        **changed,
    }


@pytest.mark.parametrize(
    ("low", "high", "verdict", "kind"),
    [
        (-0.2, -0.1, "Better", "good"),
        (0.1, 0.2, "Worse", "bad"),
        (-0.1, 0.1, "Not proven", "open"),
        (0.0, 0.2, "Not proven", "open"),
    ],
)
def test_an_interval_that_holds_nothing_proves_nothing(low, high, verdict, kind):
    apart = interval(low, (low + high) / 2, high)

    found = track_record.beside_floor(group(log_loss_minus_class_frequencies=apart))

    assert (found.verdict, found.kind) == (verdict, kind)


def test_a_whisker_lies_on_its_scale():
    place = track_record.scale_of([interval(-1.0, 0.0, 3.0)])

    found = track_record.beside_floor(
        group(log_loss_minus_class_frequencies=interval(-1.0, 1.0, 3.0)), place
    )

    assert (found.low, found.zero, found.value, found.high) == (6.0, 28.0, 50.0, 94.0)
    assert (found.text, found.interval) == ("+1.0000", "−1.0000 to +3.0000")


def test_the_gauge_goes_from_ceiling_to_floor():
    marks = track_record.marks(group())

    assert [(mark.name, mark.text) for mark in marks] == [
        ("Closing line", "0.9000"),
        ("Model", "0.9500"),
        ("Class frequencies", "1.0800"),
    ]
    assert (marks[0].place, marks[-1].place) == (6.0, 94.0)


def test_without_a_closing_line_the_gauge_has_no_ceiling():
    marks = track_record.marks(group(closing_line=None))

    assert [(mark.name, mark.text) for mark in marks] == [
        ("Model", "1.0000"),
        ("Class frequencies", "1.0800"),
    ]


def test_every_score_is_told_of_all_forecasts():
    log_loss, *_, hits = track_record.rows(group())

    assert [value.text for value in log_loss.values] == ["1.0000", "1.0800", "0.9000", "0.9500"]
    assert log_loss.values[0].interval == "0.9000 to 1.1000"
    assert hits.values[2] == ("90\u00a0%", "80\u00a0% to 100\u00a0%")


def test_what_is_not_there_is_a_dash():
    first, *_ = track_record.rows(group(closing_line=None))

    assert [value.text for value in first.values] == ["1.0000", "1.0800", "–", "–"]


def publish(*outcomes):
    """A report on published predictions: (score, probabilities, days ago)."""
    batch = make_published()
    season = make_season(tournament=make_tournament(name="Eredivisie"))
    for score, proba, days in outcomes:
        match = make_match(season=season, score=score, start_time_utc=NOON - days * DAY)
        make_odds(match, (2.0, 4.0, 4.0), kind="closing")
        make_prediction(match, proba, batch=batch)
    quality.report(as_of=AS_OF)


def test_it_shows_scores_leagues_and_charts(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 0), ((0, 0), (0.4, 0.3, 0.3), 20))

    text = text_of(visitor.get("/record"))

    assert "Of results up to 24 Mar 2026, 12:00" in text
    assert "2 matches" in text
    # -(ln 0.5 + ln 0.3) / 2
    assert "Log-loss 0.9486" in text
    assert "Log-loss by month" in text
    assert "Said and come true" in text
    assert "Eredivisie" in text


def test_the_score_over_time_can_be_chosen(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 0), ((0, 0), (0.4, 0.3, 0.3), 20))

    assert "RPS by month" in text_of(visitor.get("/record?score=rps"))


def test_of_a_window_without_results_it_says_so(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 20))

    assert "No result to score" in text_of(visitor.get("/record?window=7d"))
    assert "No result to score" in text_of(visitor.get("/record?stage=challenger"))


def test_before_the_first_report_it_says_so(visitor):
    response = visitor.get("/record")

    assert response.status_code == 200
    assert "No report yet" in text_of(response)


def make_returns(*returns, **common):
    run_of = None
    for name, low, high in returns:
        made = make_region_return(
            region=make_region(name=name), run=run_of, roi_ci_low=low, roi_ci_high=high, **common
        )
        run_of = made.run


def test_returns_are_told_per_region_with_what_is_proven(visitor):
    make_returns(("Austria", 5.0, 45.0), ("Belgium", -20.0, 60.0), ("Croatia", -40.0, -2.0))

    text = text_of(visitor.get("/record"))

    assert "Austria 4 25 % +1.0 Gain +25.0 % (+5.0 to +45.0 %)" in text
    assert "Belgium 4 25 % +1.0 Not proven +25.0 % (−20.0 to +60.0 %)" in text
    assert "Croatia 4 25 % +1.0 Loss" in text


def test_a_region_without_a_bet_has_no_return(visitor):
    make_returns(("Austria", None, None), n_bets=0, n_won=0, staked=0.0, profit=0.0)

    assert "Austria 0 – 0.0 –" in text_of(visitor.get("/record"))


def test_stakes_and_edge_can_be_chosen(visitor):
    make_returns(("Austria", 1.0, 2.0), strategy="kelly", min_edge=0.05)

    other, chosen = (
        text_of(visitor.get(f"/record{query}")) for query in ("", "?strategy=kelly&min_edge=0.05")
    )

    assert "No stake was simulated yet" in other
    assert "What kelly stakes at B365 on an edge of 5 % or more would have returned" in chosen


@pytest.mark.parametrize("path", ["/record", "/record/"])
def test_every_spelling_answers(visitor, path):
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("window=year", 422, "window"),
        ("score=brier", 422, "score"),
        ("min_edge=0.04", 422, "min_edge"),
        ("min_edge=x", 422, "min_edge"),
        ("strategy=all", 422, "strategy"),
        ("nonsense=1", 422, "nonsense"),
        ("stage=old", 400, "champion"),
    ],
)
def test_a_wrong_field_is_named(visitor, query, status, field):
    response = visitor.get(f"/record?{query}")

    assert response.status_code == status
    assert field in content_of(response).decode()


def test_it_takes_few_queries_however_many_leagues(visitor, django_assert_num_queries):
    publish(*(((1, 0), (0.5, 0.3, 0.2), days) for days in range(0, 60, 10)))
    make_returns(("Austria", 1.0, 2.0), ("Belgium", 1.0, 2.0))

    with django_assert_num_queries(4):
        visitor.get("/record")
