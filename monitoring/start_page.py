"""The admin's start page: each part for those who may see the rows it is made of."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest

from monitoring.models import QualityReport
from monitoring.services.platform import overview
from predictions.models import Prediction
from predictions.pages import charts, contest
from predictions.pages.bars import Bar
from predictions.pages.charts import Chart, Series

Part = tuple[str, str, Callable[[], Any]]
PARTS: tuple[Part, ...] = (
    ("serving", "predictions.view_modelversion", lambda: serving(overview.serving())),
    ("next_matches", "predictions.view_prediction", lambda: matches(overview.next_matches())),
    ("jobs", "jobs.view_jobrun", overview.jobs),
    ("waiting", "livescores.view_waitingevent", overview.waiting),
    ("quality", "monitoring.view_qualityreport", lambda: quality(overview.quality())),
    ("drift", "monitoring.view_driftreport", overview.drift),
    ("keys", "access.view_apikey", overview.keys),
)


def with_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK."""
    may = request.user.has_perm
    shown = {name: ask() for name, permission, ask in PARTS if may(permission)}
    return {**context, "title": "Now", "shown": shown}


def serving(stages: Sequence[overview.Serving]) -> dict[str, Any]:
    """Both stages, and which of them is ahead so far."""
    return {"stages": stages, "contest": contest.current()}


def matches(predictions: Sequence[Prediction]) -> list[tuple[Prediction, Bar]]:
    return [(one, Bar(one.proba_home, one.proba_draw, one.proba_away)) for one in predictions]


def quality(reports: Sequence[QualityReport]) -> dict[str, Any]:
    """The newest report, and a chart where there is a course to show."""
    return {"newest": reports[-1] if reports else None, "chart": course(reports)}


def course(reports: Sequence[QualityReport]) -> Chart | None:
    """Log-loss report by report, between class frequencies and the closing line."""
    columns = (
        ("Class frequencies", "floor", "frequencies_log_loss"),
        ("Champion", "model", "log_loss"),
        ("Closing line", "ceiling", "closing_log_loss"),
    )
    series = [Series(name, kind, points(reports, column)) for name, kind, column in columns]
    drawn = [one for one in series if len(one.points) > 1]
    if not drawn:
        return None
    return charts.over_time("quality", "Log-loss", drawn, y_format=lambda value: f"{value:.3f}")


def points(reports: Sequence[QualityReport], column: str) -> list[tuple[float, float]]:
    known = [(report.as_of.timestamp(), getattr(report, column)) for report in reports]
    return [(moment, score) for moment, score in known if score is not None]
