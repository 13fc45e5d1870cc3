"""The page of the track record."""

from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring import betting_record, track_record
from monitoring.services.reports import report_files
from predictions.api.queries import SimulatedEdge, stage_field
from predictions.models import RegionReturn, Stage
from predictions.services.betting.region_returns import MIN_EDGES, region_roi
from soccerpredict.errors import NotFound
from soccerpredict.http.input import fields
from soccerpredict.http.input.validation import QuerySerializer
from soccerpredict.http.pages.views import asked, page


class RecordQuery(QuerySerializer):
    """The form over the record."""

    is_cached = True
    stage = stage_field()
    window = fields.QueryChoice(list(track_record.WINDOWS), default="season")
    score = fields.QueryChoice(list(track_record.SCORES), default="log_loss")
    strategy = fields.QueryChoice(
        RegionReturn.Strategy.values, default=RegionReturn.Strategy.FLAT.value
    )
    min_edge = SimulatedEdge(min_value=-1, max_value=1000, default=0.0)


@page
def record_page(request: HttpRequest) -> HttpResponse:
    """How good the predictions were, beside class frequencies and the closing line."""
    query = asked(RecordQuery, request.GET)
    context = {
        "section": "record",
        "asked": query,
        "stages": Stage.values,
        "windows": track_record.WINDOWS.items(),
        "scores": track_record.SCORES.items(),
        "strategies": RegionReturn.Strategy.values,
        "min_edges": [(edge, track_record.edge_name(edge)) for edge in MIN_EDGES],
        "edge_name": track_record.edge_name(query["min_edge"]),
        **_quality(query),
        **_returns(query),
    }
    return render(request, "monitoring/record.html", context)


def _quality(query: dict[str, Any]) -> dict[str, Any]:
    try:
        report = orjson.loads(report_files.newest("quality").content)
    except NotFound:
        return {"report": None}
    stage, window = query["stage"], query["window"]
    group = track_record.group_of(report, stage, window)
    return {
        "report": report,
        "as_of": datetime.fromisoformat(report["as_of"]),
        "group": group,
        "origin": track_record.origin_of(group) if group else None,
        "newest_result": track_record.newest_result(group) if group else None,
        "window_name": track_record.WINDOWS[window],
        "spans": track_record.spans(report, stage),
        "of_months": track_record.of_months(report, stage),
        "rows": track_record.rows(group) if group else [],
        "marks": track_record.marks(group) if group else [],
        "beside_floor": track_record.beside_floor(group) if group else None,
        "beside_line": track_record.beside_line(group) if group else None,
        "over_time": track_record.over_time(report, stage, query["score"]),
        "reliability": track_record.reliability(report, stage),
        "leagues": track_record.leagues(report, stage, window),
    }


def _returns(query: dict[str, Any]) -> dict[str, Any]:
    found = region_roi(**{name: query[name] for name in ("stage", "strategy", "min_edge")})
    return {
        "simulation": found.run,
        "bookmaker": found.bookmaker,
        "returns": list(track_record.regions(found.returns)),
        **betting_record.of_way(query["stage"], query["strategy"], query["min_edge"]),
    }
