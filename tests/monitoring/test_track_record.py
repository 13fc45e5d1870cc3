"""`GET /record`: how good the predictions were, between floor and ceiling."""

import orjson
import pytest

from monitoring import track_record
from monitoring.services.reports import quality, report_files
from predictions.models import ModelVersion
from tests.factories import (
    DAY,
    NOON,
    make_edge_returns,
    make_match,
    make_odds,
    make_overall_return,
    make_prediction,
    make_region,
    make_region_return,
    make_season,
    make_tournament,
)
from tests.monitoring.published import make_published
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


def publish(*outcomes, trained_until=NOON - 365 * DAY):
    """A report on published predictions: (score, probabilities, days ago)."""
    batch = make_published()
    ModelVersion.objects.update(trained_until=trained_until)
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
    assert "Calibration" in text
    assert "Eredivisie" in text


def test_the_score_over_time_can_be_chosen(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 0), ((0, 0), (0.4, 0.3, 0.3), 20))

    assert "RPS by month" in text_of(visitor.get("/record?score=rps"))


def test_a_window_without_results_ends_at_the_newest_and_says_so(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 20))

    moved, whole = (text_of(visitor.get(f"/record?window={window}")) for window in ("7d", "season"))

    said = "Nothing was scored in this window up to 24 Mar 2026, so it ends at the newest result:"
    assert f"{said} 22 Feb 2026 ." in moved
    assert "1 match 0 of 1 forecast was issued before kick-off. It was worked out" in moved
    assert "Nothing was scored in this window" not in whole


def test_of_a_stage_without_results_it_says_so(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 20))

    assert "No result to score" in text_of(visitor.get("/record?stage=challenger"))
    assert "No result to score" in text_of(visitor.get("/record?window=holdout"))


def test_it_says_plainly_that_none_was_issued(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 0), ((0, 0), (0.4, 0.3, 0.3), 20))

    text = text_of(visitor.get("/record"))

    assert "0 of 2 forecasts were issued before kick-off. All were worked out afterwards" in text
    # Both charts, the scores and the leagues.
    assert text.count("0 issued before kick-off, 2 worked out afterwards") == 3
    assert "2 0 issued, 2 afterwards" in text


def test_it_says_how_many_were_issued(visitor):
    batch = make_published(at=NOON - DAY)
    batch.computed_at = NOON - DAY
    batch.save()
    for days in (0, 2, 3):
        match = make_match(score=(1, 0), start_time_utc=NOON - days * DAY)
        make_prediction(match, batch=batch)
    quality.report(as_of=AS_OF)

    text = text_of(visitor.get("/record"))

    assert "1 of 3 forecasts was issued before kick-off , 2 worked out afterwards" in text
    assert "All unseen 3 1 2 0.6931 11 Mar 2026 to 14 Mar 2026" in text


def test_data_that_end_years_ago_have_a_record(visitor):
    until = NOON - 2100 * DAY
    long_ago = ((1, 0), (0.5, 0.3, 0.2), 2000), ((0, 0), (0.4, 0.3, 0.3), 2001)
    publish(*long_ago, trained_until=until)

    for window in ("7d", "30d", "90d", "season", "unseen"):
        text = text_of(visitor.get(f"/record?window={window}"))
        assert "0 of 2 forecasts were issued before kick-off." in text
        assert text.count("ends at the newest result") == 4 + (window != "unseen")
        assert "None" not in text
        assert "nan" not in text.lower().split()


def test_a_report_of_an_older_version_is_still_shown(visitor):
    publish(((1, 0), (0.5, 0.3, 0.2), 0))
    report = orjson.loads(report_files.newest("quality").content)
    new = ("ends_at", "ends_at_newest_result", "n_issued", "n_retrospective")
    for figure in [*report["groups"], *report["months"], *report["reliability"]]:
        for name in (*new, "first_kickoff", "last_kickoff"):
            figure.pop(name, None)
    report["groups"] = [one for one in report["groups"] if one["window"] in ("90d", "season")]
    report_files.write("quality", report)

    text = text_of(visitor.get("/record"))

    assert "1 of 1 forecast was issued before kick-off" in text
    assert "Season 1 1 0 0.6931 –" in text


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

    assert "Austria 4 25 % +1.0 A gain is proven +25.0 % (+5.0 to +45.0 %)" in text
    assert "Belgium 4 25 % +1.0 Not proven either way +25.0 % (−20.0 to +60.0 %)" in text
    assert "Croatia 4 25 % +1.0 A loss is proven" in text


def test_the_total_comes_first_with_its_interval_and_closing_value(visitor):
    total = make_overall_return(
        n_bets=1500, profit=-0.2, roi_ci_low=-7.3, roi_ci_high=-1.2, clv_pct=-2.6
    )
    losing, unknown = (-20.0, -1.0), (-5.0, 5.0)
    make_edge_returns(total.run, unknown, losing, losing, losing, (None, None))
    make_region_return(run=total.run, region=make_region(name="Austria"))

    text = text_of(visitor.get("/record"))

    assert (
        "All bets: 1,500 A loss is proven −5.0 % (−7.3 to −1.2 %) "
        "Profit, units −0.2 Closing-line value −2.6 %"
    ) in text
    assert "0 to 5 % 4 – +1.0 Not proven either way" in text
    assert "5 to 10 % 4 – +1.0 A loss is proven" in text
    assert "50 % and more, doubtful 4 – +1.0 +25.0 % (4 bets, too few to tell)" in text
    assert text.index("All bets") < text.index("0 to 5 %") < text.index("Austria")


def test_a_simulation_of_before_edges_were_told_apart_still_shows(visitor):
    total = make_overall_return()
    make_region_return(run=total.run, region=make_region(name="Austria"))

    text = text_of(visitor.get("/record"))

    assert "All bets: 4 +25.0 % (4 bets, too few to tell)" in text
    assert "By the size of the edge" not in text
    assert "Austria" in text


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

    with django_assert_num_queries(8):
        visitor.get("/record")
