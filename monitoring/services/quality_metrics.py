"""The newest quality report as metrics: all leagues together."""

from collections.abc import Iterator
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
    report = QualityReport.objects.first()
    for group in report.content["groups"] if report is not None else ():
        if group["league"] is None:
            where = [group["stage"], group["window"]]
            matches.add_metric(where, group["n_matches"])
            for forecast, name, value in _values(group):
                score.add_metric([*where, forecast, name], value)
    return [score, matches]


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
