"""A model that reads some of the columns it is given."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.fitting.models import Model


@dataclass(frozen=True)
class Narrowed:
    """`model`, which reads the columns at `places`; its files and parameters bear `prefix`."""

    model: Model
    places: Ints
    prefix: str = "narrow."
    kind = "narrowed"

    def predict_proba(self, features: Floats) -> Floats:
        return self.model.predict_proba(np.atleast_2d(features)[:, self.places])

    def explain(self, features: Floats) -> Floats:
        """(n, k, 3); the other columns have no share."""
        rows = np.atleast_2d(features)
        shares = np.zeros((*rows.shape, 3))
        shares[:, self.places] = self.model.explain(rows[:, self.places])
        return shares

    def base_rates(self) -> Floats:
        return self.model.base_rates()

    def parameters(self) -> dict[str, Any]:
        return {f"{self.prefix}{name}": value for name, value in self.model.parameters().items()}

    def to_files(self) -> dict[str, bytes]:
        return {f"{self.prefix}{name}": content for name, content in self.model.to_files().items()}
