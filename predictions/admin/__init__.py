"""Odds, models, predictions and what is published of them, in the admin: to be read."""

from predictions.admin import (
    betting,
    gates,
    imports,
    matches,
    models,
    odds,
    predictions,
    publications,
    quarantine,
    ratings,
)

__all__ = [
    "betting",
    "gates",
    "imports",
    "matches",
    "models",
    "odds",
    "predictions",
    "publications",
    "quarantine",
    "ratings",
]
