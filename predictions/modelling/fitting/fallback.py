"""A model for matches that it can answer, and another for the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.fitting.models import BadFeatures, Model

Restore = Callable[[dict[str, bytes]], Model]
FIRST, REST = "first.", "rest."


@dataclass(frozen=True)
class Route:
    """Which matches the first model answers: those where all `columns` are above `above`.

    `first` and `rest` are the columns that the two models read; columns by their places.
    """

    columns: Ints
    above: float
    first: Ints
    rest: Ints

    def __call__(self, features: Floats) -> Bools:
        chosen = features[:, self.columns]
        return np.asarray((np.nan_to_num(chosen, nan=-np.inf) > self.above).all(axis=1))


@dataclass(frozen=True)
class Fallback:
    """`first` where the route leads to it, else `rest`; without a first one, `rest` always."""

    route: Route
    first: Model | None
    rest: Model
    kind = "fallback"

    def predict_proba(self, features: Floats) -> Floats:
        """(n, 3), each match by the model that the route leads it to.

        Raises
        ------
        BadFeatures
            If there are fewer columns than the models read.
        """
        rows = np.atleast_2d(features)
        proba = np.empty((len(rows), 3))
        for model, chosen, columns in self._parts(rows):
            proba[chosen] = model.predict_proba(rows[np.ix_(chosen, columns)])
        return proba

    def explain(self, features: Floats) -> Floats:
        """(n, k, 3), as the model that answers; what the models' bases differ by is the route's.

        Raises
        ------
        BadFeatures
            If there are fewer columns than the models read.
        """
        rows = np.atleast_2d(features)
        shares = np.zeros((*rows.shape, 3))
        for model, chosen, columns in self._parts(rows):
            shares[np.ix_(chosen, columns)] = model.explain(rows[np.ix_(chosen, columns)])
            shares[chosen, self.route.columns[0]] += model.base_rates() - self.base_rates()
        return shares

    def base_rates(self) -> Floats:
        return (self.first or self.rest).base_rates()

    def parameters(self) -> dict[str, Any]:
        first = self.first.parameters() if self.first else {}
        return {f"{FIRST}{name}": value for name, value in first.items()} | {
            f"{REST}{name}": value for name, value in self.rest.parameters().items()
        }

    def to_files(self) -> dict[str, bytes]:
        first = self.first.to_files() if self.first else {}
        return {f"{FIRST}{name}": content for name, content in first.items()} | {
            f"{REST}{name}": content for name, content in self.rest.to_files().items()
        }

    def _parts(self, rows: Floats) -> list[tuple[Model, Ints, Ints]]:
        """Each model that is needed, with the rows it answers and the columns it reads."""
        if rows.ndim != 2 or rows.shape[1] <= max(self.route.first.max(), self.route.rest.max()):
            raise BadFeatures(f"Features of shape {rows.shape} are too few.")
        is_first = self.route(rows) & (self.first is not None)
        parts = [(self.rest, np.flatnonzero(~is_first), self.route.rest)]
        if self.first is not None:
            parts.append((self.first, np.flatnonzero(is_first), self.route.first))
        return [part for part in parts if len(part[1])]


def restored(route: Route, first: Restore, rest: Restore, files: dict[str, bytes]) -> Fallback:
    """The two models from the files of both.

    >>> from predictions.modelling.fitting.logistic import Design, Logistic
    >>> model = Logistic(Design(np.zeros(1), np.ones(1)), np.zeros((1, 3)), np.zeros(3))
    >>> route = Route(np.array([0]), above=0.0, first=np.array([0]), rest=np.array([0]))
    >>> files = Fallback(route, None, model).to_files()
    >>> restored(route, Logistic.from_files, Logistic.from_files, files).first is None
    True
    """
    own = below(FIRST, files)
    return Fallback(route, first(own) if own else None, rest(below(REST, files)))


def below(prefix: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files whose names begin so, without that beginning.

    >>> below("first.", {"first.booster.txt": b"", "rest.booster.txt": b""})
    {'booster.txt': b''}
    """
    return {
        name.removeprefix(prefix): content
        for name, content in files.items()
        if name.startswith(prefix)
    }
