"""What the quality report says of a handful of matches, worked out by hand."""

from datetime import timedelta
from io import StringIO
from math import log

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monitoring import tasks
from monitoring.models import QualityReport
from monitoring.services.reports import quality
from predictions.services.publishing.publication import publish
from soccerpredict.errors import NotFound
from soccerpredict.jobs.runs import NothingToDo
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_bookmaker,
    make_match,
    make_model_version,
    make_odds,
    make_prediction,
    make_season,
    make_tournament,
)
from tests.monitoring.published import make_published

AS_OF = NOON + 10 * DAY
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


@pytest.fixture
def batch():
    return make_published()


def move(prediction, by):
    """As if the match had been foreseen for an earlier time."""
    prediction.start_time_utc -= by
    prediction.save()


def groups(**wanted):
    content = quality.report(as_of=AS_OF).content
    return [
        group
        for group in content["groups"]
        if all(group[name] == value for name, value in wanted.items())
    ]


def newest_90_days(stage="champion"):
    [group] = groups(stage=stage, window="90d", league=None)
    return group


def test_it_scores_a_home_win_and_a_draw(batch):
    make_prediction(make_match(score=(1, 0)), (0.5, 0.3, 0.2), batch=batch)
    make_prediction(make_match(score=(1, 1)), (0.5, 0.3, 0.2), batch=batch)

    group = newest_90_days()

    model = {name: score["value"] for name, score in group["model"].items()}
    assert group["n_matches"] == 2
    assert model["log_loss"] == pytest.approx(-(log(0.5) + log(0.3)) / 2, abs=1e-5)
    assert model["brier"] == pytest.approx((0.38 + 0.78) / 2)
    assert model["rps"] == pytest.approx((0.145 + 0.145) / 2)
    assert model["hit_rate"] == 0.5


def test_before_any_result_class_frequencies_are_thirds(batch):
    make_prediction(make_match(score=(1, 0)), batch=batch)

    group = newest_90_days()

    assert group["class_frequencies"]["log_loss"]["value"] == pytest.approx(log(3), abs=1e-5)
    apart = group["log_loss_minus_class_frequencies"]
    assert apart["value"] == pytest.approx(log(2) - log(3), abs=1e-5)


def test_class_frequencies_are_those_of_results_before_the_windows(batch):
    for score in [(1, 0), (1, 0), (0, 0)]:
        make_match(score=score, start_time_utc=NOON - 500 * DAY)
    make_prediction(make_match(score=(1, 0)), batch=batch)

    content = quality.report(as_of=AS_OF).content

    # One is added to each, as nothing is impossible.
    assert list(content["class_frequencies"].values()) == pytest.approx([3 / 6, 2 / 6, 1 / 6], 1e-3)


def test_the_closing_line_is_scored_on_the_matches_that_have_one(batch):
    priced, unpriced = make_match(score=(1, 0)), make_match(score=(0, 1))
    make_odds(priced, (2.0, 4.0, 4.0), kind="closing")
    make_prediction(priced, (0.6, 0.2, 0.2), batch=batch)
    make_prediction(unpriced, (0.6, 0.2, 0.2), batch=batch)

    closing = newest_90_days()["closing_line"]

    assert closing["n_matches"] == 1
    assert closing["scores"]["log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)
    assert closing["model_on_the_same"]["log_loss"]["value"] == pytest.approx(-log(0.6), abs=1e-5)
    apart = closing["log_loss_minus_closing_line"]["value"]
    assert apart == pytest.approx(log(0.5) - log(0.6), abs=1e-5)


def test_the_closing_line_is_the_first_bookmakers(batch):
    match = make_match(score=(1, 0))
    make_odds(match, (2.0, 4.0, 4.0), kind="closing", bookmaker=make_bookmaker("PS", priority=10))
    make_odds(match, (4.0, 2.0, 4.0), kind="closing", bookmaker=make_bookmaker("WH", priority=40))
    make_prediction(match, batch=batch)

    closing = newest_90_days()["closing_line"]

    assert closing["scores"]["log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)


def test_a_price_of_the_day_before_is_no_closing_line(batch):
    match = make_match(score=(1, 0))
    make_odds(match, (2.0, 4.0, 4.0), kind="pre_match")
    make_prediction(match, batch=batch)

    assert newest_90_days()["closing_line"] is None


def test_the_best_of_the_market_is_no_closing_line(batch):
    match = make_match(score=(1, 0))
    best = make_bookmaker("Max", kind="best", priority=1)
    make_odds(match, (2.0, 4.0, 4.0), kind="closing", bookmaker=best)
    make_prediction(match, batch=batch)

    assert newest_90_days()["closing_line"] is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "postponed"}, "postponed"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "abandoned"}, "abandoned"),
        ({"status": "awarded", "home_score": 3, "away_score": 0}, "awarded"),
        ({"status": "scheduled"}, "result_missing"),
        ({"status": "unknown"}, "result_missing"),
        ({"status": "live", "start_time_utc": AS_OF - HOUR}, "not_over"),
        ({"score": (1, 0), "finished_at": AS_OF + HOUR}, "not_over"),
    ],
)
def test_a_match_without_a_result_is_counted_with_the_reason(batch, fields, reason):
    make_prediction(make_match(**fields), batch=batch)

    group = newest_90_days()

    assert (group["n_matches"], group["without_result"], group["model"]) == (0, {reason: 1}, None)


def test_a_match_moved_by_days_is_void(batch):
    move(make_prediction(make_match(score=(1, 0)), batch=batch), 3 * DAY)

    assert newest_90_days()["without_result"] == {"moved": 1}


def test_a_match_moved_by_hours_counts(batch):
    move(make_prediction(make_match(score=(1, 0)), batch=batch), 3 * HOUR)

    assert newest_90_days()["n_matches"] == 1


def test_what_the_model_learned_from_is_not_scored(batch):
    make_prediction(make_match(score=(1, 0)), batch=batch, in_sample=True)

    assert newest_90_days()["without_result"] == {"in_sample": 1}


def test_what_was_not_published_is_not_scored(batch):
    make_prediction(make_match(score=(1, 0)), batch=batch)
    make_prediction(make_match(score=(1, 0)), batch=make_batch())

    assert newest_90_days()["n_matches"] == 1


def test_the_last_word_before_kick_off_counts(batch):
    match = make_match(score=(1, 0))
    make_prediction(match, (0.2, 0.3, 0.5), batch=batch)
    make_prediction(match, (0.5, 0.3, 0.2), batch=make_published(at=NOON - HOUR))
    make_prediction(match, (0.9, 0.05, 0.05), batch=make_published(at=NOON + DAY))

    group = newest_90_days()

    assert group["model"]["log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)
    assert (group["n_matches"], group["n_published_before_kickoff"]) == (1, 1)


def issued_at(moment, stage="champion"):
    """What is published at once, of a batch that was made then."""
    batch = make_published(stage, at=moment)
    batch.computed_at = moment
    batch.save()
    return batch


def test_what_was_issued_is_told_from_what_was_worked_out(batch):
    said = make_match(score=(1, 0), start_time_utc=NOON + HOUR)
    make_prediction(said, (0.5, 0.3, 0.2), batch=issued_at(NOON))
    make_prediction(said, (0.9, 0.05, 0.05), batch=issued_at(NOON + DAY))
    make_prediction(make_match(score=(1, 0), start_time_utc=NOON - HOUR), batch=issued_at(NOON))

    group = newest_90_days()

    assert (group["n_matches"], group["n_issued"], group["n_retrospective"]) == (2, 1, 1)
    assert group["model"]["log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)


def test_at_kick_off_it_is_too_late_to_be_issued():
    make_prediction(make_match(score=(1, 0)), batch=issued_at(NOON))

    assert newest_90_days()["n_issued"] == 0


def test_the_kick_off_known_then_decides():
    """Put off by an hour after the forecast was made, or brought forward before it was."""
    later, sooner = (make_match(score=(1, 0), start_time_utc=NOON + by * HOUR) for by in (1, -1))
    for match in (later, sooner):
        foreseen = make_prediction(match, batch=issued_at(NOON))
        move(foreseen, match.start_time_utc - (NOON + HOUR / 2))

    group = newest_90_days()

    # Nobody could read of the second before it began, though it was made in time as known then.
    assert (group["n_issued"], group["n_retrospective"]) == (1, 1)


def test_every_figure_says_both(batch):
    match = make_match(score=(1, 0), start_time_utc=NOON + HOUR)
    make_odds(match, (2.0, 4.0, 4.0), kind="closing")
    make_prediction(match, batch=issued_at(NOON))
    make_prediction(make_match(score=(1, 0)), batch=batch)

    content = quality.report(as_of=AS_OF).content

    [month], [model, line] = content["months"], content["reliability"]
    [total] = [
        group
        for group in content["groups"]
        if (group["stage"], group["window"], group["league"]) == ("champion", "unseen", None)
    ]
    for figure, n in [(total, 2), (total["closing_line"], 1), (month, 2), (model, 2), (line, 1)]:
        assert (figure["n_matches"], figure["n_issued"]) == (n, 1)
        assert figure["n_retrospective"] == n - 1


def test_windows_of_data_that_end_in_the_past_end_at_the_newest_result(batch):
    long_ago = AS_OF - 1000 * DAY
    league = make_tournament()
    old, new = make_season(tournament=league, name="2021-22"), make_season(tournament=league)
    for season, days in [(old, 300), (new, 40), (new, 3), (new, 0)]:
        match = make_match(season=season, score=(1, 0), start_time_utc=long_ago - days * DAY)
        make_prediction(match, (0.5, 0.3, 0.2), batch=batch)
    batch.model_version.trained_until = long_ago - 350 * DAY
    batch.model_version.save()

    found = groups(stage="champion", league=None)

    newest = long_ago.isoformat()
    told = {group["window"]: (group["n_matches"], group["ends_at"]) for group in found}
    moved = {group["window"] for group in found if group["ends_at_newest_result"]}
    assert moved == {"7d", "30d", "90d", "season"}
    assert told == {
        "7d": (2, newest),
        "30d": (2, newest),
        "90d": (3, newest),
        "season": (3, newest),
        "holdout": (0, AS_OF.isoformat()),
        "unseen": (4, newest),
    }
    assert (found[-1]["first_kickoff"], found[-1]["last_kickoff"]) == (
        (long_ago - 300 * DAY).isoformat(),
        newest,
    )


def test_what_is_scored_is_not_in_the_class_frequencies_of_data_that_end_in_the_past(batch):
    make_match(score=(0, 0), start_time_utc=AS_OF - 1100 * DAY)
    for _ in range(3):
        match = make_match(score=(1, 0), start_time_utc=AS_OF - 1000 * DAY)
        make_prediction(match, batch=batch)
    batch.model_version.trained_until = AS_OF - 1050 * DAY
    batch.model_version.save()

    content = quality.report(as_of=AS_OF).content

    assert list(content["class_frequencies"].values()) == pytest.approx([1 / 4, 2 / 4, 1 / 4])


def test_a_single_result_of_years_ago_is_scored(batch):
    match = make_match(score=(1, 0), start_time_utc=AS_OF - 3000 * DAY)
    make_prediction(match, (0.5, 0.3, 0.2), batch=batch)
    batch.model_version.trained_until = AS_OF - 3001 * DAY
    batch.model_version.save()

    kept = quality.report(as_of=AS_OF)

    assert (kept.n_matches, kept.ends_at, kept.ends_early) == (1, match.start_time_utc, True)
    assert kept.log_loss == pytest.approx(log(2), abs=1e-5)
    [month] = kept.content["months"]
    assert (month["n_matches"], month["n_retrospective"]) == (1, 1)


def test_a_window_with_a_result_ends_at_the_given_moment(batch):
    make_prediction(make_match(score=(1, 0), start_time_utc=AS_OF - DAY), batch=batch)
    make_prediction(make_match(score=(1, 0), start_time_utc=AS_OF - 20 * DAY), batch=batch)

    found = groups(stage="champion", window="7d", league=None)

    assert [(one["n_matches"], one["ends_at_newest_result"]) for one in found] == [(1, False)]
    assert found[0]["ends_at"] == AS_OF.isoformat()


def test_what_has_no_result_yet_is_counted_in_a_window_that_ends_early(batch):
    make_prediction(make_match(score=(1, 0), start_time_utc=AS_OF - 20 * DAY), batch=batch)
    waiting = make_match(status="scheduled", start_time_utc=AS_OF - DAY)
    make_prediction(waiting, batch=batch)

    [group] = groups(stage="champion", window="7d", league=None)

    assert (group["n_matches"], group["without_result"]) == (1, {"result_missing": 1})


def test_the_hold_out_is_what_the_version_that_serves_was_measured_on():
    version = make_model_version(
        trained_until=NOON - 30 * DAY, evaluated_until=NOON, registered_at=NOON + 2 * DAY
    )
    served = make_batch(model_version=version)
    for days, in_sample in [(-31, True), (-29, False), (0, False), (1, False)]:
        match = make_match(score=(1, 0), start_time_utc=NOON + days * DAY)
        make_prediction(match, (0.5, 0.3, 0.2), batch=served, in_sample=in_sample)
        # Another version said something else, in time.
        if not in_sample:
            make_prediction(match, (0.2, 0.3, 0.5), batch=issued_at(NOON - 60 * DAY))
    publish(served)

    [holdout] = groups(stage="champion", window="holdout", league=None)
    [unseen] = groups(stage="champion", window="unseen", league=None)

    assert (holdout["n_matches"], holdout["n_issued"]) == (2, 0)
    assert holdout["model"]["log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)
    assert holdout["ends_at"] == NOON.isoformat()
    assert (unseen["n_matches"], unseen["n_issued"]) == (3, 3)


def test_a_version_that_did_not_note_its_hold_out_knew_the_results_of_its_time():
    version = make_model_version(trained_until=NOON - 30 * DAY, registered_at=NOON + DAY)
    served = make_batch(model_version=version)
    for days in (-1, 2):
        match = make_match(score=(1, 0), start_time_utc=NOON + days * DAY)
        make_prediction(match, batch=served)
    publish(served)

    [holdout] = groups(stage="champion", window="holdout", league=None)

    assert holdout["n_matches"] == 1


def test_without_a_result_no_window_moves(batch):
    make_prediction(make_match(status="scheduled", start_time_utc=AS_OF - 20 * DAY), batch=batch)

    kept = quality.report(as_of=AS_OF)

    assert all(not group["ends_at_newest_result"] for group in kept.content["groups"])
    assert (kept.n_matches, kept.n_issued, kept.log_loss) == (0, 0, None)
    assert (kept.ends_at, kept.ends_early) == (AS_OF, False)


def test_windows_end_at_the_given_moment(batch):
    for days in (1, 20, 60, 200):
        make_prediction(
            make_match(score=(1, 0), start_time_utc=AS_OF - days * DAY, season=make_season()),
            batch=batch,
        )

    sizes = {group["window"]: group["n_matches"] for group in groups(stage="champion", league=None)}

    assert sizes == {"7d": 1, "30d": 2, "90d": 3, "season": 4, "holdout": 0, "unseen": 4}


def test_the_season_is_each_leagues_newest(batch):
    league = make_tournament()
    old, new = make_season(tournament=league, name="2024-25"), make_season(tournament=league)
    for season, days in [(old, 250), (new, 100), (new, 3)]:
        match = make_match(season=season, score=(1, 0), start_time_utc=AS_OF - days * DAY)
        make_prediction(match, batch=batch)

    [group] = groups(stage="champion", window="season", league=None)

    assert group["n_matches"] == 2


def test_each_league_and_stage_has_its_own_scores(batch):
    league = make_tournament(name="First League")
    match = make_match(season=make_season(tournament=league), score=(1, 0))
    make_prediction(match, (0.5, 0.3, 0.2), batch=batch)
    make_prediction(match, (0.25, 0.5, 0.25), batch=make_published("challenger"))

    found = [group for group in groups(window="30d") if group["league"]]

    assert [
        (group["stage"], group["league"]["name"], group["model"]["log_loss"]["value"])
        for group in found
    ] == [
        ("champion", "First League", pytest.approx(log(2), abs=1e-5)),
        ("challenger", "First League", pytest.approx(log(4), abs=1e-5)),
    ]


def test_before_results_come_in_it_says_what_to_expect(batch):
    make_prediction(make_match(start_time_utc=AS_OF + DAY), (0.5, 0.5, 0.0), batch=batch)
    make_prediction(make_match(start_time_utc=AS_OF + 8 * DAY), (1.0, 0.0, 0.0), batch=batch)

    [champion, challenger] = quality.report(as_of=AS_OF).content["coming"]

    assert (champion["n_matches"], challenger["expected_log_loss"]) == (1, None)
    assert champion["expected_log_loss"]["value"] == pytest.approx(log(2), abs=1e-5)


def test_the_route_serves_it_and_history_keeps_it(batch, client):
    make_prediction(make_match(score=(1, 0)), batch=batch)

    quality.report(as_of=AS_OF - timedelta(days=1))
    kept = quality.report(as_of=AS_OF)

    response = client.get("/monitoring/quality")
    assert orjson.loads(response.content) == kept.content
    assert QualityReport.objects.count() == 2
    assert kept.log_loss == pytest.approx(log(2), abs=1e-5)


def test_no_half_written_file_is_left(batch, var_dir):
    make_prediction(make_match(score=(1, 0)), batch=batch)

    quality.report(as_of=AS_OF)

    assert [path.name for path in (var_dir / "reports" / "quality").iterdir()] == ["latest.json"]


def test_it_refuses_where_nothing_is_published():
    with pytest.raises(NotFound, match="No match of the seasons"):
        quality.report(as_of=AS_OF)


def test_the_command_tells_the_headline(batch):
    make_prediction(make_match(score=(1, 0)), batch=batch)
    out = StringIO()

    call_command("quality_report", "--as-of", AS_OF.isoformat(), stdout=out)

    assert out.getvalue() == (
        "Champion on 1 matches of 90 days: log-loss 0.6931 (class frequencies 1.0986); 0 issued "
        "before kick-off, 1 worked out afterwards.\n"
    )


def test_the_command_says_when_the_newest_result_was(batch):
    make_prediction(make_match(score=(1, 0)), batch=batch)
    out = StringIO()

    call_command("quality_report", "--as-of", (NOON + 200 * DAY).isoformat(), stdout=out)

    assert "on 1 matches of 90 days to the newest result, 2026-03-14: log-loss" in out.getvalue()


def test_the_command_says_so_when_nothing_is_settled(batch):
    make_prediction(make_match(start_time_utc=timezone.now() - HOUR), batch=batch)
    out = StringIO()

    call_command("quality_report", stdout=out)

    assert out.getvalue().startswith("No match of the last 90 days has a result")


def test_the_job_finds_nothing_to_do_where_there_is_nothing():
    with pytest.raises(NothingToDo, match="has a published prediction"):
        tasks.run_quality_report.run()


def test_the_command_fails_where_there_is_nothing():
    with pytest.raises(CommandError, match="has a published prediction"):
        call_command("quality_report")


def test_every_month_is_scored_by_itself(batch):
    make_prediction(make_match(score=(1, 0)), (0.5, 0.3, 0.2), batch=batch)
    last_month = make_match(score=(0, 0), start_time_utc=NOON - 20 * DAY)
    make_prediction(last_month, (0.5, 0.3, 0.2), batch=batch)

    months = quality.report(as_of=AS_OF).content["months"]

    assert [(one["stage"], one["month"], one["n_matches"]) for one in months] == [
        ("champion", "2026-02", 1),
        ("champion", "2026-03", 1),
    ]
    losses = [one["model"]["log_loss"]["value"] for one in months]
    assert losses == pytest.approx([-log(0.3), -log(0.5)], abs=1e-5)


def test_what_was_said_stands_beside_how_often_it_came_true(batch):
    for score in [(1, 0), (0, 1)]:
        make_prediction(make_match(score=score), (0.5, 0.3, 0.2), batch=batch)

    [diagram] = quality.report(as_of=AS_OF).content["reliability"]

    assert (diagram["stage"], diagram["forecast"]) == ("champion", "model")
    told = [(one["stated"], one["value"], one["n"]) for one in diagram["bins"]]
    assert told == [(0.2, 0.5, 2), (0.3, 0.0, 2), (0.5, 0.5, 2)]
    # Wilson's interval of none of two
    assert (diagram["bins"][1]["low"], diagram["bins"][1]["high"]) == pytest.approx(
        (0, 0.6576), abs=1e-4
    )


def test_the_closing_line_has_a_diagram_of_its_own(batch):
    priced = make_match(score=(1, 0))
    make_odds(priced, (2.0, 4.0, 4.0), kind="closing")
    make_prediction(priced, batch=batch)
    make_prediction(make_match(score=(1, 0)), batch=batch)

    model, line = quality.report(as_of=AS_OF).content["reliability"]

    assert (model["forecast"], line["forecast"]) == ("model", "closing_line")
    assert sum(one["n"] for one in line["bins"]) == 3
