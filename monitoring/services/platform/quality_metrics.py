"""The newest quality report as metrics: all leagues together."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric

from monitoring.models import QualityReport

Facts = dict[str, Any]


def newest() -> list[Metric]:
    """Scores by stage, window and whose forecast; the closing line's are of its own matches."""
    score = GaugeMetricFamily(
        "quality_score", "On settled matches.", labels=["stage", "window", "forecast", "score"]
    )
    matches = GaugeMetricFamily("quality_matches", "Settled ones.", labels=["stage", "window"])
    issued = GaugeMetricFamily(
        "quality_issued_matches", "Predicted before kick-off.", labels=["stage", "window"]
    )
    end = GaugeMetricFamily(
        "quality_window_end_timestamp_seconds",
        "The newest result's kick-off where nothing was settled since.",
        labels=["stage", "window"],
    )
    report = QualityReport.objects.first()
    for group in report.content["groups"] if report is not None else ():
        if group["league"] is None:
            where = [group["stage"], group["window"]]
            matches.add_metric(where, group["n_matches"])
            if "n_issued" in group:  # not in reports of older versions
                issued.add_metric(where, group["n_issued"])
                end.add_metric(where, datetime.fromisoformat(group["ends_at"]).timestamp())
            for forecast, name, value in _values(group):
                score.add_metric([*where, forecast, name], value)
    return [score, matches, issued, end]


def _values(group: Facts) -> Iterator[tuple[str, str, float]]:
    line = group["closing_line"] or {}
    forecasts = {
        "model": group["model"],
        "class_frequencies": group["class_frequencies"],
        "closing_line": line.get("scores"),
        "model_where_there_is_a_closing_line": line.get("model_on_the_same"),
    }
    for forecast, scores in forecasts.items():
        for name, interval in (scores or {}).items():
            yield forecast, name, interval["value"]
