"""Search for better trees by walking forward through past seasons; every trial is kept."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from predictions.modelling.evaluation import backtest, scoring
from predictions.modelling.evaluation.backtest import Fold
from predictions.modelling.features.feature_names import places_of
from predictions.modelling.fitting import boosted, recipes
from predictions.modelling.fitting.models import Sample
from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.services.features import feature_store
from predictions.services.training.backtest import BacktestMatches
from soccerpredict.errors import InvalidInput

if TYPE_CHECKING:
    from optuna import Study, Trial

FOLDER = "optuna"


@dataclass(frozen=True)
class Tuned:
    """The best trial of a study, among `n_trials` that it holds, and where it is kept."""

    log_loss: float
    parameters: dict[str, Any]
    n_trials: int
    path: Path


def tune(*, letter: str, since: datetime, until: datetime, n_trials: int, seed: int = 0) -> Tuned:
    """Go on with the class's study: each trial learns before every season and predicts it.

    Only seasons between `since` and `until` are looked at: later ones are kept to measure on.

    Raises:
        InvalidInput: no match lies there. FeaturesMissing, FeaturesCorrupt: run build_features.
    """
    field = BacktestMatches.of(feature_store.current())
    # Whole seasons, chosen by their start: cut off at `until`, the last would be a part of one.
    spans = backtest.folds(field.played, since=int(since.timestamp()))
    spans = [span for span in spans if span.start < until.timestamp()]
    if not spans:
        raise InvalidInput(f"No match lies between {since:%Y-%m-%d} and {until:%Y-%m-%d}.")
    path = settings.VAR_DIR / FOLDER / f"{letter}.journal"
    study = _study(path, letter, seed)
    study.optimize(lambda trial: _tried(trial, RecipeClass[letter], field, spans), n_trials)
    return Tuned(study.best_value, study.best_params, len(study.trials), path)


def _study(path: Path, letter: str, seed: int) -> "Study":
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A journal, not a database: a study that was killed goes on from its last line.
    return optuna.create_study(
        study_name=f"trees of class {letter}",
        storage=JournalStorage(JournalFileBackend(str(path))),
        sampler=optuna.samplers.TPESampler(seed=seed),
        load_if_exists=True,
    )


def _suggested(trial: "Trial") -> dict[str, Any]:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.15, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 31),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 100, 2000, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 1.0, 200.0, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.1, 0.8),
        "rounds": trial.suggest_int("rounds", 50, 600, log=True),
    }


def _tried(trial: "Trial", seen: RecipeClass, field: BacktestMatches, spans: list[Fold]) -> float:
    """Mean log-loss over the matches of all spans."""
    parameters = _suggested(trial)
    losses = [_loss(parameters, seen, field, span) for span in spans]
    return float(np.concatenate(losses).mean())


def _loss(
    parameters: dict[str, Any], seen: RecipeClass, field: BacktestMatches, span: Fold
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    played = field.played
    learned = span.known_before(played)
    backtest.refuse_later(played, learned, span)
    features = played.features[learned]
    places = places_of(seen.compared)
    sample = Sample(
        seen.compared,
        np.nan_to_num(features[:, places]),
        played.outcome[learned],
        recipes.recency(played.kickoff[learned]),
        recipes.teacher_of(seen, features),
    )
    # One seed for all trials, which are to differ by their parameters alone.
    trees = boosted.fit_boosted(sample, seed=0, threads=boosted.AS_SETTLED, parameters=parameters)
    asked = np.nan_to_num(played.features[span.rows][:, places])
    return np.asarray(scoring.log_loss(trees.predict_proba(asked), played.outcome[span.rows]))
