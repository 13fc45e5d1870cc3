"""Walk-forward: folds, what may be learned, and a harness that notices what may not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from predictions.modelling.evaluation import backtest
from predictions.modelling.evaluation.backtest import (
    Fold,
    LeakFound,
    PlayedMatches,
    folds,
    walk_forward,
)
from predictions.modelling.features.feature_names import FEATURE_NAMES, OWN_PRICES
from predictions.modelling.features.machine import History, walk
from predictions.modelling.fitting import recipes
from tests.predictions.modelling.played import season, seconds

pytestmark = pytest.mark.usefixtures("few_trees")

DAY = 86_400
START = int(np.datetime64("2022-01-01", "s").astype(np.int64))


def played(n=400, *, days=2, delay=7200):
    """One match every `days` days, over two years."""
    rng = np.random.default_rng(3)
    kickoff = START + np.arange(n) * days * DAY
    features = rng.random((n, len(FEATURE_NAMES)))
    return PlayedMatches(features, rng.integers(0, 3, n), kickoff, kickoff + delay)


def test_seasons_run_from_july_to_june():
    found = folds(played(), since=START)

    assert [fold.name for fold in found] == ["2021-22", "2022-23", "2023-24"]
    first_july = int(np.datetime64("2022-07-01", "s").astype(np.int64))
    assert first_july <= found[1].start < first_july + 2 * DAY


def test_months_are_those_of_the_calendar():
    found = folds(played(60), since=START, by="month")

    assert [fold.name for fold in found] == ["2022-01", "2022-02", "2022-03", "2022-04"]
    assert [len(fold.rows) for fold in found] == [16, 14, 15, 15]


def test_matches_before_the_beginning_are_in_no_fold():
    matches = played()

    found = folds(matches, since=START + 100 * DAY)

    assert min(fold.rows.min() for fold in found) == 50


def test_only_what_was_known_at_the_start_is_learned():
    matches = played(100, delay=5 * DAY)
    fold = folds(matches, since=START + 100 * DAY)[0]

    learned = fold.known_before(matches)

    assert learned.max() == 47  # its result came five days after day 94
    assert (matches.known_at[learned] <= fold.start).all()


def test_every_match_of_the_folds_is_predicted_and_no_other():
    matches = played()
    spans = folds(matches, since=START + 400 * DAY)

    proba = walk_forward("logistic", matches, spans)

    assert np.isnan(proba[:200]).all()
    assert_allclose(proba[200:].sum(axis=1), 1.0)


def test_later_results_do_not_change_a_prediction():
    matches = played()
    spans = folds(matches, since=START + 400 * DAY)
    changed = matches.outcome.copy()
    changed[spans[1].rows] = 0

    proba = walk_forward("logistic", matches, spans)
    other = walk_forward("logistic", replace(matches, outcome=changed), spans)

    assert_allclose(other[spans[0].rows], proba[spans[0].rows])


def test_frequencies_are_those_before_the_fold():
    matches = replace(played(4, days=200), outcome=np.array([0, 0, 1, 2]))
    spans = folds(matches, since=START + 600 * DAY)

    assert_allclose(backtest.frequencies(matches, spans)[3], [2 / 3, 1 / 3, 0])


def test_a_harness_that_would_teach_later_results_stops(monkeypatch):
    matches = played()
    spans = folds(matches, since=START + 400 * DAY)
    monkeypatch.setattr(Fold, "known_before", lambda fold, played: np.arange(len(played)))

    with pytest.raises(LeakFound, match="200 results known after"):
        walk_forward("logistic", matches, spans)


@pytest.fixture(scope="module")
def walked():
    """Real features of a small world, and how to read them anew."""
    frame = season(300)
    features, _ = walk(frame)
    history = History.of(frame)
    goals = frame[["home_score", "away_score"]].to_numpy()
    outcome = np.where(goals[:, 0] > goals[:, 1], 0, np.where(goals[:, 0] < goals[:, 1], 2, 1))
    kickoff, known_at = (
        np.array([seconds(time) for time in frame[name]]) for name in ("kickoff", "known_at")
    )
    ids = frame[["home_team_id", "away_team_id", "tournament_id"]].to_numpy()

    def read(rows):
        states = (history.state_at(int(kickoff[row])) for row in rows)
        return np.nan_to_num(
            [
                s.features_of(*(*ids[r].tolist(), int(kickoff[r])))
                for s, r in zip(states, rows, strict=True)
            ]
        )

    return PlayedMatches(features, outcome, kickoff, known_at), read


def test_features_of_the_walk_are_those_of_their_kick_off(walked):
    matches, read = walked
    spans = folds(matches, since=int(matches.kickoff[150]))

    assert backtest.check_features(matches, spans, read) == backtest.N_CHECKED


@pytest.mark.parametrize("column", [0, 40, OWN_PRICES.start - 1])
def test_a_planted_leak_is_caught(walked, column):
    matches, read = walked
    spans = folds(matches, since=int(matches.kickoff[150]))
    features = matches.features.copy()
    features[:, column] += 0.01 * (matches.outcome == 0)  # the match's own result

    with pytest.raises(LeakFound, match=f"Feature {column} of row"):
        backtest.check_features(replace(matches, features=features), spans, read)


def test_a_leak_would_have_looked_like_quality(walked):
    matches, _ = walked
    spans = folds(matches, since=int(matches.kickoff[150]))
    features = matches.features.copy()
    features[:, 0] += 5.0 * (matches.outcome == 0)

    honest = walk_forward("logistic", matches, spans)
    leaky = walk_forward("logistic", replace(matches, features=features), spans)

    rows = spans[-1].rows
    won = rows[matches.outcome[rows] == 0]
    assert leaky[won, 0].mean() > honest[won, 0].mean() + 0.2


def test_an_unknown_recipe_is_refused():
    matches = played()

    with pytest.raises(recipes.UnknownRecipe):
        walk_forward("magic", matches, folds(matches, since=START + 400 * DAY))
