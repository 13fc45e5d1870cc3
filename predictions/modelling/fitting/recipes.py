"""Recipes by name: what a model may see, what it learns with, and how to fit and restore it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features import prices
from predictions.modelling.features.feature_names import CLOSING, FEATURE_NAMES, places_of
from predictions.modelling.fitting import learning
from predictions.modelling.fitting.boosted import AS_SETTLED, Boosted
from predictions.modelling.fitting.models import BadFeatures, Model, Sample
from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.outcomes import LABELS

YEAR = 365.25 * 86_400
# A match of so many years ago counts half as much as one of today.
HALF_LIFE_YEARS = 7.0
# Matches whose answer an artifact keeps.
N_GOLDEN = 8


class CannotFit(ValueError):
    """Matches that no model can be learned from; the text says why."""


class UnknownRecipe(ValueError):
    """No recipe has this name; the text lists those there are."""


@dataclass(frozen=True)
class Recipe:
    """How a kind of model is made; its class is the promise of what it may see."""

    name: str
    recipe_class: RecipeClass
    kind: str
    summary: str
    learn: Callable[[Sample, int, int], Model]
    restore: Callable[[dict[str, bytes]], Model]

    @property
    def class_label(self) -> str:
        """The letter and short name of its class."""
        return self.recipe_class.label

    @property
    def columns(self) -> tuple[str, ...]:
        """The features that it reads, in its models' order."""
        return self.recipe_class.columns

    def select(self, features: Floats) -> Floats:
        """Its own columns of features (n, n_features): all that reaches its models."""
        return np.ascontiguousarray(features[:, self.recipe_class.places])


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="blend",
            recipe_class=RecipeClass.A,
            kind="logistic regression + boosted trees",
            summary="Mean of the logistic and the boosted recipe: they err in different ways.",
            learn=learning.blend,
            restore=learning.restored_blend,
        ),
        Recipe(
            name="logistic",
            recipe_class=RecipeClass.A,
            kind="multinomial logistic regressions",
            summary="Standardised features, light ridge penalty; one for clubs whose play was "
            "measured, one for the rest.",
            learn=learning.logistic,
            restore=learning.restored_logistic,
        ),
        Recipe(
            name="boosted",
            recipe_class=RecipeClass.A,
            kind="gradient-boosted trees",
            summary="LightGBM with shallow, strongly regularised trees.",
            learn=learning.boosted,
            restore=Boosted.from_files,
        ),
        Recipe(
            name="market_taught",
            recipe_class=RecipeClass.B,
            kind="logistic regression + boosted trees + club effects",
            summary="The blend, its trees taught by closing odds where a match had them, and what "
            "these knew of each club when it was trained, fading.",
            learn=learning.market_taught,
            restore=learning.restored_market_taught,
        ),
        Recipe(
            name="past_odds",
            recipe_class=RecipeClass.C,
            kind="logistic regressions + boosted trees over market ratings",
            summary="Ratings fitted to the odds of earlier matches, alone and beside all others, "
            "and trees taught by closing odds; the blend where a club has no priced history.",
            learn=learning.past_odds,
            restore=learning.restored_past_odds,
        ),
        Recipe(
            name="pre_match",
            recipe_class=RecipeClass.D,
            kind="logistic regression on the early market",
            summary="What past odds say, corrected by the match's early prices; past_odds where "
            "there are none.",
            learn=learning.pre_match,
            restore=learning.restored_pre_match,
        ),
        Recipe(
            name="closing",
            recipe_class=RecipeClass.E,
            kind="recalibrated closing odds",
            summary="Shin's probabilities of the closing odds, recalibrated; pre_match where "
            "there are none.",
            learn=learning.closing,
            restore=learning.restored_closing,
        ),
    )
}
CHAMPION, CHALLENGER = "past_odds", "blend"


@dataclass(frozen=True)
class Fitted:
    """A recipe's fitted model, with a few of its matches to check a copy by.

    It takes all features of a match and hands its model those that it may see.

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
        """Home, draw and away of (n, n_features) features as (n, 3); rows sum to 1."""
        return self.model.predict_proba(self.selected(features))

    def explain(self, features: Floats) -> Floats:
        """Share of each of `recipe.columns` in each probability, (n, k, 3); see `Model.explain`."""
        return self.model.explain(self.selected(features))

    def base_rates(self) -> Floats:
        """What it would say of the average match: (3,)."""
        return self.model.base_rates()

    def parameters(self) -> dict[str, Any]:
        """What it was fitted with, for the record."""
        return {"half_life_years": HALF_LIFE_YEARS, **self.model.parameters()}

    def selected(self, features: Floats) -> Floats:
        """What the model reads of features: (n, k). Raises BadFeatures at another width."""
        rows = np.atleast_2d(np.asarray(features, dtype=np.float64))
        if rows.ndim != 2 or rows.shape[1] != len(FEATURE_NAMES):
            raise BadFeatures(
                f"Features of shape {rows.shape}; there are {len(FEATURE_NAMES)} of a match."
            )
        return self.recipe.select(rows)


def recipe_of(name: str) -> Recipe:
    """Raises UnknownRecipe when there is none of this name.

    >>> recipe_of("blend").class_label
    'A odds-free'
    """
    if name not in RECIPES:
        raise UnknownRecipe(f"No recipe {name!r}; there are {', '.join(sorted(RECIPES))}.")
    return RECIPES[name]


def fit(
    recipe_name: str,
    features: Floats,
    outcome: Ints,
    kickoff_seconds: Ints,
    *,
    seed: int = 0,
    threads: int = AS_SETTLED,
) -> Fitted:
    """Fit a recipe; the same input and seed give the same model.

    Parameters
    ----------
    features : (n, n_features), of which the recipe sees what its class says
    outcome : (n,), 0 home win, 1 draw, 2 away win
    kickoff_seconds : (n,), since 1970 UTC; older matches count less

    Raises
    ------
    UnknownRecipe
        If no recipe has the name.
    CannotFit
        If there is nothing to learn from: no matches, a missing or unknown outcome, an
        outcome that never occurs, features of another width or with gaps.

    >>> features = np.random.default_rng(0).normal(size=(90, len(FEATURE_NAMES)))
    >>> fitted = fit("logistic", features, np.arange(90) % 3, np.arange(90))
    >>> fitted.predict_proba(features[:2]).shape
    (2, 3)
    """
    recipe = recipe_of(recipe_name)
    _check(features, np.asarray(outcome), kickoff_seconds)
    sample = Sample(
        recipe.columns,
        recipe.select(np.asarray(features, dtype=np.float64)),
        np.asarray(outcome).astype(np.int64),
        recency(kickoff_seconds),
        teacher_of(recipe.recipe_class, features),
    )
    if not np.isfinite(sample.features[:, : learning.ALWAYS_KNOWN]).all():
        raise CannotFit("A feature is missing or infinite.")
    golden = features[:: max(1, len(features) // N_GOLDEN)][:N_GOLDEN]
    return Fitted(recipe, recipe.learn(sample, seed, threads), np.array(golden, dtype=np.float64))


def teacher_of(recipe_class: RecipeClass, features: Floats) -> Floats:
    """What closing odds said of the matches (n, 3); NaN where none stood or none may be seen.

    >>> teacher_of(RecipeClass.B, np.zeros((1, len(FEATURE_NAMES)))).round(2)
    array([[0.33, 0.33, 0.33]])
    """
    if not recipe_class.is_market_taught:
        return np.full((len(features), len(LABELS)), np.nan)
    return prices.probabilities(np.asarray(features[:, places_of(CLOSING)], dtype=np.float64))


def recency(kickoff_seconds: Ints) -> Floats:
    """Weight (n,) of each match, without unit: halved every HALF_LIFE_YEARS before the newest one.

    References
    ----------
    Dixon & Coles (1997), Applied Statistics 46(2): weights that fall exponentially with age.

    >>> recency(np.array([0, int(7 * YEAR)])).round(3)
    array([0.5, 1. ])
    """
    age = (np.max(kickoff_seconds) - np.asarray(kickoff_seconds)) / YEAR
    return np.asarray(0.5 ** (age / HALF_LIFE_YEARS), dtype=np.float64)


def _check(features: Floats, outcome: NDArray[np.generic], kickoff_seconds: Ints) -> None:
    if len(features) == 0:
        raise CannotFit("There are no matches to learn from.")
    if features.ndim != 2 or features.shape[1] != len(FEATURE_NAMES):
        raise CannotFit(f"Features of shape {features.shape}, not (n, {len(FEATURE_NAMES)}).")
    if not len(features) == len(outcome) == len(kickoff_seconds):
        raise CannotFit("Features, outcomes and kick-offs differ in number.")
    _check_outcomes(outcome)


def _check_outcomes(outcome: NDArray[np.generic]) -> None:
    if not np.isin(outcome, (0, 1, 2)).all():
        raise CannotFit("An outcome is missing, or not 0, 1 or 2.")
    for label, name in enumerate(LABELS):
        if not (outcome == label).any():
            raise CannotFit(f"No match among the {len(outcome)} ended with {name}.")
