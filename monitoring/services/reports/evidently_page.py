"""The only module that knows Evidently, which takes 5 s and 300 MB to import: batch work only."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from predictions.modelling.arrays import Bools, Floats

Mask = Bools

METHOD = "wasserstein"
ALWAYS, NEVER = 0.0, 1e9  # distances from which on a column is called drifted


class Distance(TypedDict):
    """Evidently's own measure of a column."""

    method: str
    value: float


def compare(
    reference: Floats, current: Floats, names: Sequence[str], drifted: Mask, share: float
) -> tuple[bytes, dict[str, Distance]]:
    """The HTML page of a comparison, and the distance of each column.

    The page shows the verdicts of `drifted` (k,), not Evidently's, which takes no heed of how many
    matches and columns there are: each column gets the threshold that says so. `share` is that of
    drifted columns from which on it speaks of drift.
    """
    os.environ["DO_NOT_TRACK"] = "1"  # read at import: nothing is told to anybody
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    numbers = DataDefinition(numerical_columns=list(names))
    frames = [
        Dataset.from_pandas(pd.DataFrame(rows, columns=list(names)), numbers)
        for rows in (current, reference)
    ]
    thresholds = {name: ALWAYS if has else NEVER for name, has in zip(names, drifted, strict=True)}
    preset = DataDriftPreset(num_method=METHOD, per_column_threshold=thresholds, drift_share=share)
    with np.errstate(invalid="ignore"):  # it correlates columns, and some may be constant
        snapshot: Any = Report([preset]).run(*frames)
    return _page(snapshot), _distances(json.loads(snapshot.json()))


def _page(snapshot: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        snapshot.save_html(str(path))
        return path.read_bytes()


def _distances(found: dict[str, Any]) -> dict[str, Distance]:
    configs = [(metric["config"], metric["value"]) for metric in found["metrics"]]
    return {
        config["column"]: {"method": config["method"], "value": round(float(value), 6)}
        for config, value in configs
        if "column" in config
    }
