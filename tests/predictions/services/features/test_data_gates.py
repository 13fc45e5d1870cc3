"""Every rule with data that break it, at each of the three gates."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from django.utils import timezone

from livescores.models import Match
from predictions import tasks
from predictions.models import ModelVersion
from predictions.services.features import building, data_rules, feature_store
from predictions.services.features.data_gates import DataRefused, before_training, hold, hold_count
from predictions.services.training import fitting
from soccerpredict.jobs.models import JobRun
from tests.factories import DAY, NOON, make_match, make_model_version, make_season
from tests.predictions.pipeline import change_manifest

NOW = 1_700_000_000
HOUR = 3600


def matches():
    """Three that were played and one to come."""
    frame = pd.DataFrame(
        {
            "match_id": [1, 2, 3, 4],
            "status": ["finished", "finished", "abandoned", "scheduled"],
            "kickoff": [NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR, NOW + HOUR],
            "outcome_known": [True, False, False, False],
            "home_team_id": [1, 2, 3, 4],
            "away_team_id": [5, 6, 7, 8],
            **{name: [1.0, 2.0, np.nan, np.nan] for name in data_rules.STATISTICS},
        }
    )
    return frame.astype({"kickoff": float})


def sample():
    return pd.DataFrame(
        {
            "match_id": [1, 2, 3],
            "kickoff": np.array([NOW - 5 * HOUR, NOW - 4 * HOUR, NOW + HOUR], float),
            "known_at": [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW + 3 * HOUR],
            "outcome": [0, 2, -1],
            "has_infinite": [False, False, False],
        }
    )


def forecasts():
    return pd.DataFrame(
        {
            "match_id": [1, 2, 3],
            "kickoff": [NOW, NOW + HOUR, NOW + 2 * HOUR],
            "home": [0.5, 0.4, 0.3],
            "draw": [0.3, 0.3, 0.3],
            "away": [0.2, 0.3, 0.4],
        }
    )


def test_good_data_pass():
    hold("-", matches(), data_rules.matches(NOW))
    hold("-", sample(), data_rules.sample(NOW))
    hold("-", forecasts(), data_rules.forecasts())


MATCHES = {
    "a match stands once": ("match_id", 1, 1, "1, 1"),
    "an id is 1 or more": ("match_id", 1, 0, "0"),
    "a status is known": ("status", 1, "over", "2"),
    "a match kicks off from 1850 to 2150": ("kickoff", 3, 9e9, "4"),
    "home_score is 0 to 50": ("home_score", 1, 51.0, "2"),
    "away_score is 0 to 50": ("away_score", 1, -1.0, "2"),
    "home_half_time_score is 0 to 50": ("home_half_time_score", 1, 99.0, "2"),
    "away_half_time_score is 0 to 50": ("away_half_time_score", 1, 99.0, "2"),
    "home_shots is 0 to 150": ("home_shots", 0, 151.0, "1"),
    "away_shots is 0 to 150": ("away_shots", 0, 900.0, "1"),
    "home_red_cards is 0 to 20": ("home_red_cards", 0, 21.0, "1"),
    "away_red_cards is 0 to 20": ("away_red_cards", 0, 21.0, "1"),
    "no result lies in the future": ("kickoff", 1, NOW + 1.0, "2"),
    "no result is without a kick-off": ("kickoff", 0, np.nan, "1"),
    "a finished match has a score": ("away_score", 0, np.nan, "1"),
    "a team does not play itself": ("home_team_id", 2, 7, "3"),
}
SAMPLE = {
    "a match stands once": ("match_id", 2, 1, "1, 1"),
    "an id is 1 or more": ("match_id", 1, -5, "-5"),
    "a match kicks off from 1850 to 2150": ("kickoff", 2, -9e12, "3"),
    "an outcome is known": ("outcome", 1, 3, "2"),
    "no feature is infinite": ("has_infinite", 1, True, "2"),
    "no result lies in the future": ("kickoff", 0, NOW + 60.0, "1"),
    "no result is without a kick-off": ("kickoff", 0, np.nan, "1"),
    "a result is known after kick-off": ("known_at", 0, NOW - 9 * HOUR, "1"),
}
FORECASTS = {
    "a match stands once": ("match_id", 2, 1, "1, 1"),
    "an id is 1 or more": ("match_id", 1, 0, "0"),
    "a match kicks off from 1850 to 2150": ("kickoff", 1, 10**11, "2"),
    "a probability is a number": ("draw", 1, np.nan, "2"),
    "a probability is 0 to 1": ("home", 1, 1.5, "2"),
    "probabilities sum to 1": ("away", 2, 0.5, "3"),
}


def spoilt(frame, fault):
    column, row, value, _ = fault
    frame.loc[row, column] = value
    return frame


def left_out_by(rule, frame, rules, rows):
    """One bad match never stops the platform: it is named and left out, the others stay."""
    found = hold("Nothing is done", frame, rules)
    named = rows.split(", ")
    noun = "match" if len(named) == 1 else "matches"
    assert f"Rule '{rule}' is broken by {len(named)} {noun}: {rows}." in str(found)
    assert found.ids == {int(one) for one in named}
    assert len(frame[found.without(frame)]) == len(frame) - len(named)


@pytest.mark.parametrize("rule", MATCHES)
def test_stored_matches_that_break_a_rule_are_left_out(rule):
    fault = MATCHES[rule]

    left_out_by(rule, spoilt(matches(), fault), data_rules.matches(NOW), fault[3])


@pytest.mark.parametrize("rule", SAMPLE)
def test_a_row_of_a_sample_that_breaks_a_rule_is_left_out(rule):
    fault = SAMPLE[rule]

    left_out_by(rule, spoilt(sample(), fault), data_rules.sample(NOW), fault[3])


@pytest.mark.parametrize("rule", FORECASTS)
def test_forecasts_that_break_a_rule_are_left_out(rule):
    fault = FORECASTS[rule]

    left_out_by(rule, spoilt(forecasts(), fault), data_rules.forecasts(), fault[3])


@pytest.mark.parametrize(
    ("rules", "tried"),
    [
        (data_rules.matches(NOW), MATCHES),
        (data_rules.sample(NOW), SAMPLE),
        (data_rules.forecasts(), FORECASTS),
    ],
    ids=["matches", "sample", "forecasts"],
)
def test_every_rule_is_tried(rules, tried):
    columns = [check for column in rules.columns.values() for check in column.checks]

    assert {check.error for check in [*columns, *rules.checks]} == set(tried)


def test_every_broken_rule_is_told():
    frame = matches()
    for rule in ("a status is known", "home_shots is 0 to 150"):
        spoilt(frame, MATCHES[rule])

    assert str(hold("-", frame, data_rules.matches(NOW))).count("Rule '") == 2


@pytest.mark.parametrize(("n_broken", "is_refused"), [(2, False), (3, True)])
def test_more_than_a_share_of_broken_matches_stops_the_run(n_broken, is_refused, settings):
    """Two may always be left out, however small the world."""
    frame = matches()
    frame.loc[: n_broken - 1, "home_shots"] = 900.0

    if is_refused:
        with pytest.raises(DataRefused, match=r"^Nothing is done: .* broken by 3 matches: 1, 2, 3"):
            hold("Nothing is done", frame, data_rules.matches(NOW))
        settings.DATA_GATE_MOST_BROKEN = 0.8
    assert len(hold("Nothing is done", frame, data_rules.matches(NOW)).ids) == n_broken


def test_of_many_rows_the_first_are_named():
    frame = pd.concat([matches()] * 10, ignore_index=True)
    frame["match_id"] = np.arange(1, 41)
    frame["status"] = "over"

    named = r"by 40 matches: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and more\."
    with pytest.raises(DataRefused, match=named):
        hold("-", frame, data_rules.matches(NOW))


@pytest.mark.parametrize(("count", "last"), [(90, 100), (200, 100), (5, None), (3, 5)])
def test_about_as_many_rows_as_before_pass(count, last):
    hold_count("-", "matches", count, last)


@pytest.mark.parametrize(("count", "last"), [(89, 100), (0, 3)])
def test_a_loss_of_rows_is_refused(count, last):
    told = f"no more than 10% of the matches go' is broken: {count}, after {last} in the last good"
    with pytest.raises(DataRefused, match=told):
        hold_count("-", "matches", count, last)


@pytest.fixture
def built(db, var_dir):
    """Features of twenty matches."""
    season = make_season()
    for number in range(20):
        make_match(season=season, score=(1, 0), start_time_utc=NOON + number * DAY)
    return building.build().features


def features_are_refused(built, told, **how):
    with pytest.raises(DataRefused, match=f"^Features are not rebuilt: .*{told}"):
        building.build(**how)

    assert feature_store.current().version == built.version


PLAYED = {"status": "finished", "home_score": 1, "away_score": 1}
TOMORROW = {"score": (2, 1), "start_time_utc": timezone.now() + timedelta(days=1)}
BAD_ROWS = [  # each bad match that the database itself takes
    ("no result lies in the future", TOMORROW),
    ("no result lies in the future", TOMORROW | {"start_time_utc": NOON.replace(year=2028)}),
    ("a match kicks off from 1850 to 2150", {"start_time_utc": NOON.replace(year=2199)}),
    ("a match kicks off from 1850 to 2150", {"start_time_utc": NOON.replace(year=1066)}),
    *[
        (f"{name} is 0 to {most}", PLAYED | {name: most + 1})
        for name, most in data_rules.STATISTICS.items()
    ],
]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("rule", "fields"), BAD_ROWS)
def test_one_bad_match_is_left_out_until_it_is_mended(built, rule, fields, full):
    match = make_match(**fields)

    left = building.build(full=full)
    assert f"Rule '{rule}' is broken by 1 match: {match.pk}." in str(left)
    assert match.pk not in left.features.row_of
    assert building.build(full=full).features.version == left.features.version == built.version

    later = make_match(score=(1, 0), start_time_utc=NOON + 40 * DAY)
    assert later.pk in building.build(full=full).features.row_of

    mended = {"start_time_utc": NOON - DAY, **dict.fromkeys(data_rules.STATISTICS, 0)}
    Match.objects.filter(pk=match.pk).update(status="finished", **mended)
    assert {match.pk, later.pk} <= building.build(full=full).features.row_of.keys()
    assert feature_store.left_out() == []


def test_a_match_is_left_out_of_a_set_that_held_it(built):
    """As imported before there was such a rule, or broken by a later import."""
    match = Match.objects.first()
    Match.objects.filter(pk=match.pk).update(start_time_utc=NOON.replace(year=2028))

    left = building.build()

    assert match.pk not in left.features.row_of
    assert (len(left.features.index), feature_store.left_out()) == (19, [match.pk])


def test_the_heartbeat_names_what_was_left_out(built):
    match = make_match(score=(51, 1))

    tasks.run_features.apply()
    told = JobRun.objects.get()
    match.delete()
    tasks.run_features.apply()

    rule = f"Left out: Rule 'home_score is 0 to 50' is broken by 1 match: {match_id(told)}."
    assert (told.state, rule in told.result) == ("done", True)
    assert "Left out" not in JobRun.objects.get().result


def match_id(told):
    return told.result.rstrip(".").rpartition(" ")[2]


@pytest.mark.parametrize("full", [False, True])
def test_matches_that_are_gone_stop_the_build_until_it_is_accepted(built, full):
    Match.objects.filter(pk__in=Match.objects.values("pk")[:3]).delete()

    told = "no more than 10% of the matches go' is broken: 17, after 20"
    features_are_refused(built, told, full=full)

    assert building.build(accept_fewer=True).features.manifest["n_matches"] == 17


def test_a_set_of_another_database_is_no_measure(built):
    change_manifest(database="another")
    Match.objects.filter(pk__in=Match.objects.values("pk")[:3]).delete()

    assert building.build().features.manifest["n_matches"] == 17


def with_index(monkeypatch, change):
    found = feature_store.current()
    found.__dict__["index"] = change(found.index.copy())
    monkeypatch.setattr(feature_store, "current", lambda: found)


def test_a_bad_match_of_a_sample_is_left_out_of_training(trained, db, monkeypatch):
    def from_the_future(index):
        index.loc[index.index[5], ["kickoff", "known_at"]] = [4_000_000_000, 4_000_010_000]
        return index

    all_of_them = len(fitting.known_at(feature_store.current(), None).outcome)
    with_index(monkeypatch, from_the_future)
    found = feature_store.current()

    left = before_training(found, now=NOW + 10**9)

    assert left.ids == {int(found.index["match_id"].iloc[5])}
    assert len(fitting.known_at(found, None, left).outcome) == all_of_them - 1


def test_a_sample_with_many_bad_matches_stops_training(trained, db, monkeypatch):
    with_index(monkeypatch, lambda index: index.assign(match_id=1))
    count = ModelVersion.objects.count()

    with pytest.raises(DataRefused, match=r"^No model is trained: .*'a match stands once'"):
        fitting.train(recipe_names=["logistic"])

    assert ModelVersion.objects.count() == count


def test_results_that_are_gone_stop_training(trained, db):
    make_model_version(n_matches=10**6, registered_at=timezone.now() + DAY)

    with pytest.raises(DataRefused, match="after 1000000 in the last good run"):
        fitting.train(recipe_names=["logistic"])
