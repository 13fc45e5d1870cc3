"""Fit recipes on what is known, measure them on a year they have not seen, register them."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.utils import timezone

from predictions import registry
from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.evaluation import scoring
from predictions.modelling.fitting import artifacts, recipes
from predictions.modelling.fitting.recipes import CannotFit, Fitted, UnknownRecipe
from predictions.models import ModelVersion
from predictions.outcomes import LABELS
from predictions.services.features import data_gates, feature_store
from predictions.services.features.data_gates import LeftOut
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from soccerpredict import progress
from soccerpredict.errors import InvalidInput

DAY = 86_400
FEWEST = 1000  # matches to learn from, below which a model says nothing
# What decides how a model comes out, besides the data.
CODE = Path(recipes.__file__).parent.parent


@dataclass(frozen=True)
class LabelledMatches:
    """Matches with a known result, in order of kick-off."""

    features: Floats
    outcome: Ints
    kickoff: Ints

    def part(self, which: "Bools") -> "LabelledMatches":
        return LabelledMatches(self.features[which], self.outcome[which], self.kickoff[which])


def train(
    *,
    recipe_names: Sequence[str] | None = None,
    as_of: datetime | None = None,
    seed: int = 0,
    accept_fewer: bool = False,
) -> list[ModelVersion]:
    """Fit each recipe and register it; the newest HOLDOUT_DAYS before `as_of` are kept back.

    `accept_fewer`: it is no mistake that many matches are gone since the last model.

    Raises:
        InvalidInput: an unknown recipe, or too few matches.
        DataRefused: too many data break a rule.
        FeaturesMissing, FeaturesCorrupt, RegistryAway: what training needs is not there.
    """
    names = list(recipe_names or (recipes.CHAMPION, recipes.CHALLENGER))
    _check(names)
    features = feature_store.current()
    left_out = data_gates.before_training(features, now=timezone.now().timestamp())
    sample = known_at(features, as_of, left_out)
    learned, held_out = split(sample, settings.HOLDOUT_DAYS)
    if as_of is None and not accept_fewer:
        data_gates.hold_count("No model is trained", "matches", len(learned.outcome), _last_count())
    labels = [f"Training {name} on {len(learned.outcome)} matches" for name in names]
    return [
        _train(name, features, learned, held_out, seed)
        for name, _ in zip(names, progress.labelled(labels), strict=True)
    ]


def _last_count() -> int | None:
    """What the newest model was trained on."""
    newest = ModelVersion.objects.order_by("-registered_at", "-pk")
    return newest.values_list("n_matches", flat=True).first()


def _check(names: Sequence[str]) -> None:
    try:
        for name in names:
            recipes.recipe_of(name)
    except UnknownRecipe as exc:
        raise InvalidInput(str(exc)) from exc


def known_at(
    features: FeatureSet, as_of: datetime | None, left_out: LeftOut = data_gates.NOTHING
) -> LabelledMatches:
    """The matches whose result was known at `as_of` (without it: all results there are)."""
    index = features.index
    known = (index["outcome"].to_numpy() != NO_OUTCOME) & left_out.without(index)
    if as_of is not None:
        known &= index["known_at"].to_numpy() <= as_of.timestamp()
    kickoff = index["kickoff"].to_numpy(np.int64)
    outcome = index["outcome"].to_numpy(np.int64)
    return LabelledMatches(features.features[known], outcome[known], kickoff[known])


def split(sample: LabelledMatches, holdout_days: int) -> tuple[LabelledMatches, LabelledMatches]:
    """What to learn from, and the newest days that are kept back to measure on.

    Raises:
        InvalidInput: too few matches lie before the holdout.
    """
    newest = sample.kickoff[-1] if len(sample.kickoff) else 0
    early = sample.kickoff < newest - holdout_days * DAY
    if early.sum() < FEWEST:
        raise InvalidInput(
            f"Only {int(early.sum())} matches with a result lie more than {holdout_days} days "
            f"before the newest one; a model needs {FEWEST}."
        )
    return sample.part(early), sample.part(~early)


def _train(
    name: str, features: FeatureSet, learned: LabelledMatches, held_out: LabelledMatches, seed: int
) -> ModelVersion:
    try:
        fitted = recipes.fit(name, learned.features, learned.outcome, learned.kickoff, seed=seed)
    except CannotFit as exc:
        raise InvalidInput(str(exc)) from exc
    progress.tell(f"Measuring {name} on {len(held_out.outcome)} later matches")
    metrics = measured(fitted, learned, held_out)
    registered, facts = _kept(fitted, metrics, _newest(learned), features.version)
    return ModelVersion.objects.create(
        **asdict(registered),
        **facts,
        recipe=name,
        recipe_class=fitted.recipe.class_label,
        evaluated_until=_newest(held_out),
        n_matches=len(learned.outcome),
        n_features=len(fitted.recipe.columns),
        metrics=metrics,
        parameters=fitted.parameters(),
    )


def _newest(sample: LabelledMatches) -> datetime:
    return datetime.fromtimestamp(int(sample.kickoff[-1]), UTC)


def _kept(
    fitted: Fitted, metrics: dict[str, float], trained_until: datetime, dataset_version: str
) -> tuple[registry.Registered, dict[str, Any]]:
    """Hand the model to the registry and to our cache; answers what tells it from all others."""
    facts: dict[str, Any] = {
        "trained_until": trained_until,
        "dataset_version": dataset_version,
        "code_version": code_version(),
    }
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder, "model")
        facts["artifact_digest"] = artifacts.save(
            fitted,
            directory,
            trained_until=trained_until,
            dataset_version=dataset_version,
            extra={"code_version": code_version()},
        )
        registered = _register(directory, fitted, metrics, facts)
        _keep_in_cache(directory, facts["artifact_digest"])
    return registered, facts


def measured(
    fitted: Fitted, learned: LabelledMatches, held_out: LabelledMatches
) -> dict[str, float]:
    """Scores on the matches kept back, beside those of the class frequencies learned from."""
    proba = fitted.predict_proba(held_out.features)
    found = {f"holdout_{name}": value for name, value in _scores(proba, held_out).items()}
    frequencies = np.bincount(learned.outcome, minlength=3) / len(learned.outcome)
    floor = _scores(np.tile(frequencies, (len(proba), 1)), held_out)
    return found | {"holdout_frequencies_log_loss": floor["log_loss"]}


def _scores(proba: Floats, sample: LabelledMatches) -> dict[str, float]:
    return {k: float(v) for k, v in asdict(scoring.scores(proba, sample.outcome)).items()}


def _register(
    directory: Path, fitted: Fitted, metrics: dict[str, float], facts: dict[str, Any]
) -> registry.Registered:
    return registry.register(
        directory,
        recipe=fitted.recipe.name,
        parameters=fitted.parameters(),
        metrics=metrics,
        tags={
            "recipe": fitted.recipe.name,
            "class": fitted.recipe.class_label,
            **{name: str(value) for name, value in facts.items()},
        },
        columns=fitted.recipe.columns,
        classes=LABELS,
    )


def _keep_in_cache(directory: Path, digest: str) -> None:
    # A worker on this machine then need not fetch what was made here.
    cached = settings.MODEL_CACHE_DIR / digest
    if not cached.exists():
        cached.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(directory, cached)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Digest of the modelling code: the same code and data give the same model."""
    content = hashlib.sha256()
    for path in sorted(CODE.rglob("*.py")):
        content.update(path.name.encode() + path.read_bytes())
    return content.hexdigest()[:16]
