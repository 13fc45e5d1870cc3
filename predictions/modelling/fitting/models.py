"""What every model can do, and what it learns from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.outcomes import LABELS

DECIMALS = 6  # of the probabilities that leave the maths


class BadFeatures(ValueError):
    """Features that a model cannot answer; the text says why."""


@dataclass(frozen=True)
class Sample:
    """Matches to learn from.

    Attributes
    ----------
    names : of the k features
    features : (n, k)
    outcome : (n,) of 0, 1, 2
    weight : (n,)
    teacher : (n, 3), probabilities to learn in the outcome's stead; NaN where there are none
    """

    names: tuple[str, ...]
    features: Floats
    outcome: Ints
    weight: Floats
    teacher: Floats

    @property
    def target(self) -> Floats:
        """(n, 3): what the teacher says, else what happened."""
        return np.where(np.isnan(self.teacher), np.eye(len(LABELS))[self.outcome], self.teacher)

    @property
    def is_taught(self) -> bool:
        """Whether the teacher says anything."""
        return not np.isnan(self.teacher).all()

    def part(self, rows: Ints) -> "Sample":
        """Some of the matches."""
        return Sample(
            self.names,
            self.features[rows],
            self.outcome[rows],
            self.weight[rows],
            self.teacher[rows],
        )

    def narrowed(self, places: Ints) -> "Sample":
        """The same matches with some of the features."""
        names = tuple(self.names[place] for place in places)
        return replace(self, names=names, features=np.ascontiguousarray(self.features[:, places]))

    def weighed(self, factor: Floats) -> "Sample":
        """The same matches, of which each counts so many times as much."""
        return replace(self, weight=self.weight * factor)

    def half_taught(self) -> "Sample":
        """The same matches, of which the teacher and what happened tell half each."""
        happened = np.eye(len(LABELS))[self.outcome]
        return replace(self, teacher=(self.teacher + happened) / 2)

    def untaught(self) -> "Sample":
        """The same matches, to be learned from what happened alone."""
        return replace(self, teacher=np.full_like(self.teacher, np.nan))


class Model(Protocol):
    """A fitted model of the three outcomes; its parts are bytes in native formats."""

    kind: str

    def predict_proba(self, features: Floats) -> Floats:
        """Home, draw and away of (n, k) features as (n, 3); rows sum to 1."""

    def explain(self, features: Floats) -> Floats:
        """Share of each feature in each probability, (n, k, 3), in probability (0 to 1).

        Summed over the features it is the difference to `base_rates`.
        """

    def base_rates(self) -> Floats:
        """What it would say of the average match: (3,)."""

    def to_files(self) -> dict[str, bytes]:
        """All it needs to be restored, by file name; never a pickle."""

    def parameters(self) -> Mapping[str, Any]:
        """What it was fitted with, for the record."""


def as_rows(features: Floats, width: int) -> Floats:
    """Features as (n, width) float64.

    Raises
    ------
    BadFeatures
        If the width is wrong or a value is missing or infinite.

    >>> as_rows(np.zeros(3), 3).shape
    (1, 3)
    """
    rows = np.atleast_2d(np.asarray(features, dtype=np.float64))
    if rows.ndim != 2 or rows.shape[1] != width:
        raise BadFeatures(f"Features of shape {rows.shape}, the model takes {width} a match.")
    if not np.isfinite(rows).all():
        raise BadFeatures("A feature is missing or infinite.")
    return rows


def softmax(scores: Floats) -> Floats:
    """Probabilities of scores (n, k) along the last axis, whatever axes go before.

    >>> softmax(np.array([0.0, 0.0])), softmax(np.array([1000.0, 0.0]))
    (array([0.5, 0.5]), array([1., 0.]))
    """
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def rounded(proba: Floats) -> Floats:
    """(n, 3) to DECIMALS, each row still summing to 1: the likeliest outcome takes the difference.

    >>> rounded(np.full((1, 3), 1 / 3))
    array([[0.333334, 0.333333, 0.333333]])
    """
    near = np.round(proba, DECIMALS)
    largest = near.argmax(axis=1)
    rows = np.arange(len(near))
    near[rows, largest] += 1.0 - near.sum(axis=1)
    return np.round(near, DECIMALS)
