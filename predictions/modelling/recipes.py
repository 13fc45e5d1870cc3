"""Recipes by name: what a model may see, what it learns with, and how to fit and restore it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.blend import Blend
from predictions.modelling.boosted import Boosted, fit_boosted
from predictions.modelling.feature_names import FEATURE_NAMES
from predictions.modelling.logistic import Logistic, fit_logistic
from predictions.modelling.models import CLASSES, Floats, Model, Sample

YEAR = 365.25 * 86_400
# A match of so many years ago counts half as much as one of today.
HALF_LIFE_YEARS = 7.0
# Matches whose answer an artifact keeps.
N_GOLDEN = 8

IS_PROBABILITY = np.array([name.endswith(("_home", "_draw")) for name in FEATURE_NAMES])


class CannotFit(ValueError):
    """Matches that no model can be learned from; the text says why."""


class UnknownRecipe(ValueError):
    """No recipe has this name; the text lists those there are."""


@dataclass(frozen=True)
class Recipe:
    """How a kind of model is made.

    Attributes
    ----------
    letter, sees : the promise of what it may see, from A (no odds anywhere) to E
    inputs : what it answers from
    """

    name: str
    letter: str
    sees: str
    kind: str
    inputs: str
    summary: str
    learn: Callable[[Sample, int, int], Model]
    restore: Callable[[dict[str, bytes]], Model]

    @property
    def class_label(self) -> str:
        return f"{self.letter} {self.sees}"


def _learn_logistic(sample: Sample, seed: int, threads: int) -> Model:
    return fit_logistic(sample, IS_PROBABILITY)


def _learn_boosted(sample: Sample, seed: int, threads: int) -> Model:
    return fit_boosted(sample, FEATURE_NAMES, seed=seed, threads=threads)


def _learn_blend(sample: Sample, seed: int, threads: int) -> Model:
    parts = (_learn_logistic(sample, seed, threads), _learn_boosted(sample, seed, threads))
    return Blend(parts, BLEND_WEIGHTS)


def _restore_blend(files: dict[str, bytes]) -> Model:
    return Blend((Logistic.from_files(files), Boosted.from_files(files)), BLEND_WEIGHTS)


BLEND_WEIGHTS = (0.5, 0.5)

ODDS_FREE = {"letter": "A", "sees": "odds-free", "inputs": "match features"}

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="blend",
            kind="logistic regression + boosted trees",
            summary="Mean of the logistic and the boosted recipe: they err in different ways.",
            learn=_learn_blend,
            restore=_restore_blend,
            **ODDS_FREE,
        ),
        Recipe(
            name="logistic",
            kind="multinomial logistic regression",
            summary="Standardised features, chances as log odds, light ridge penalty.",
            learn=_learn_logistic,
            restore=Logistic.from_files,
            **ODDS_FREE,
        ),
        Recipe(
            name="boosted",
            kind="gradient-boosted trees",
            summary="LightGBM with shallow, strongly regularised trees.",
            learn=_learn_boosted,
            restore=Boosted.from_files,
            **ODDS_FREE,
        ),
    )
}
CHAMPION, CHALLENGER = "blend", "logistic"


@dataclass(frozen=True)
class Fitted:
    """A recipe's fitted model, with a few of its matches to check a copy by.

    Attributes
    ----------
    golden : (n, n_features)
    manifest : what its artifact says of it; empty before it is saved
    """

    recipe: Recipe
    model: Model
    golden: Floats
    manifest: dict[str, Any] = field(default_factory=dict)

    def predict_proba(self, features: Floats) -> Floats:
        """Home, draw and away of (n, k) features as (n, 3); rows sum to 1."""
        return self.model.predict_proba(features)

    def explain(self, features: Floats) -> Floats:
        """Share of each feature in each probability, (n, k, 3); see `Model.explain`."""
        return self.model.explain(features)

    def base_rates(self) -> Floats:
        """What it would say of the average match: (3,)."""
        return self.model.base_rates()

    def parameters(self) -> dict[str, Any]:
        """What it was fitted with, for the record."""
        return {"half_life_years": HALF_LIFE_YEARS, **self.model.parameters()}


def recipe_of(name: str) -> Recipe:
    """Raises UnknownRecipe when there is none of this name."""
    if name not in RECIPES:
        raise UnknownRecipe(f"No recipe {name!r}; there are {', '.join(sorted(RECIPES))}.")
    return RECIPES[name]


def fit(
    recipe_name: str,
    features: Floats,
    outcome: NDArray[np.int64],
    kickoff_seconds: NDArray[np.int64],
    *,
    seed: int = 0,
    threads: int = 2,
) -> Fitted:
    """Fit a recipe; the same input and seed give the same model.

    Parameters
    ----------
    features : (n, n_features)
    outcome : (n,), 0 home win, 1 draw, 2 away win
    kickoff_seconds : (n,), since 1970 UTC; older matches count less

    Raises
    ------
    UnknownRecipe
        If no recipe has the name.
    CannotFit
        If there is nothing to learn from: no matches, a missing or unknown outcome, an
        outcome that never occurs, features of another width or with gaps.
    """
    recipe = recipe_of(recipe_name)
    _check(features, np.asarray(outcome), kickoff_seconds)
    sample = Sample(
        np.ascontiguousarray(features, dtype=np.float64),
        np.asarray(outcome).astype(np.int64),
        recency(kickoff_seconds),
    )
    golden = sample.features[:: max(1, len(sample.features) // N_GOLDEN)][:N_GOLDEN]
    return Fitted(recipe, recipe.learn(sample, seed, threads), golden.copy())


def recency(kickoff_seconds: NDArray[np.int64]) -> Floats:
    """Weight of each match: halved every HALF_LIFE_YEARS before the newest one."""
    age = (np.max(kickoff_seconds) - np.asarray(kickoff_seconds)) / YEAR
    return np.asarray(0.5 ** (age / HALF_LIFE_YEARS), dtype=np.float64)


def _check(
    features: Floats, outcome: NDArray[np.generic], kickoff_seconds: NDArray[np.int64]
) -> None:
    if len(features) == 0:
        raise CannotFit("There are no matches to learn from.")
    if features.ndim != 2 or features.shape[1] != len(FEATURE_NAMES):
        raise CannotFit(f"Features of shape {features.shape}, not (n, {len(FEATURE_NAMES)}).")
    if not len(features) == len(outcome) == len(kickoff_seconds):
        raise CannotFit("Features, outcomes and kick-offs differ in number.")
    if not np.isfinite(features).all():
        raise CannotFit("A feature is missing or infinite.")
    _check_outcomes(outcome)


def _check_outcomes(outcome: NDArray[np.generic]) -> None:
    if not np.isin(outcome, (0, 1, 2)).all():
        raise CannotFit("An outcome is missing, or not 0, 1 or 2.")
    for label, name in enumerate(CLASSES):
        if not (outcome == label).any():
            raise CannotFit(f"No match among the {len(outcome)} ended with {name}.")
