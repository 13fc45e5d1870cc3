"""The mean of models that err in different ways."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.fitting.models import Model


@dataclass(frozen=True)
class Blend:
    """Weighted mean of the parts' probabilities."""

    parts: tuple[Model, ...]
    weights: tuple[float, ...]
    kind = "blend"

    def predict_proba(self, features: Floats) -> Floats:
        return self._mean([part.predict_proba(features) for part in self.parts])

    def explain(self, features: Floats) -> Floats:
        return self._mean([part.explain(features) for part in self.parts])

    def base_rates(self) -> Floats:
        return self._mean([part.base_rates() for part in self.parts])

    def parameters(self) -> dict[str, Any]:
        return {
            f"{part.kind}.{name}": value
            for part in self.parts
            for name, value in part.parameters().items()
        }

    def to_files(self) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for part in self.parts:
            files |= part.to_files()
        return files

    def _mean(self, answers: list[Floats]) -> Floats:
        return np.asarray(np.average(answers, axis=0, weights=self.weights))
