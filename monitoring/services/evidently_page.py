"""The only module that knows Evidently, which takes 5 s and 300 MB to import: batch work only."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Distance(TypedDict):
    """Evidently's own measure of a column."""

    method: str
    value: float


def compare(
    reference: Floats, current: Floats, names: Sequence[str]
) -> tuple[bytes, dict[str, Distance]]:
    """The HTML page of a comparison, and the distance of each column."""
    os.environ["DO_NOT_TRACK"] = "1"  # read at import: nothing is told to anybody
    from evidently import Report
    from evidently.presets import DataDriftPreset

    frames = [pd.DataFrame(rows, columns=list(names)) for rows in (current, reference)]
    with np.errstate(invalid="ignore"):  # it correlates columns, and some may be constant
        snapshot: Any = Report([DataDriftPreset()]).run(*frames)
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
