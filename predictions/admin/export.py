"""Predictions as a file: CSV that no spreadsheet runs as a formula, or Parquet."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from predictions.models import Prediction
from soccerpredict.back_office.admin import PlatformAdmin
from soccerpredict.http.output import formats

MOST_ROWS = 500_000
AT_ONCE = 5_000
# Column: its type, and where it stands.
COLUMNS: dict[str, tuple[type, str]] = {
    "match_id": (int, "match_id"),
    "start_time_utc": (datetime, "start_time_utc"),
    "region": (str, "match__season__tournament__region__name"),
    "tournament": (str, "match__season__tournament__name"),
    "home_team": (str, "match__home_team__name"),
    "away_team": (str, "match__away_team__name"),
    "status": (str, "match__status"),
    "home_score": (int, "match__home_score"),
    "away_score": (int, "match__away_score"),
    "proba_home": (float, "proba_home"),
    "proba_draw": (float, "proba_draw"),
    "proba_away": (float, "proba_away"),
    "in_sample": (bool, "in_sample"),
    "model_stage": (str, "batch__stage"),
    "model_version": (int, "batch__model_version__version"),
    "model_run_id": (str, "batch__model_version__run_id"),
    "computed_at": (datetime, "batch__computed_at"),
}


class ExportingAdmin(PlatformAdmin):
    """Lists whose chosen rows, or all that the filters leave, can be taken away as a file."""

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Prediction]) -> HttpResponseBase:
        answer = StreamingHttpResponse(csv_parts(rows(queryset)), content_type=formats.CSV)
        return attached(answer, "csv")

    @admin.action(description="Export as Parquet", permissions=["view"])
    def export_parquet(
        self, request: HttpRequest, queryset: QuerySet[Prediction]
    ) -> HttpResponseBase:
        types = {name: kind for name, (kind, _) in COLUMNS.items()}
        content = formats.to_parquet(rows(queryset), types)
        return attached(HttpResponse(content, content_type=formats.PARQUET), "parquet")


def rows(queryset: QuerySet[Prediction]) -> Iterator[dict[str, Any]]:
    places = [place for _, place in COLUMNS.values()]
    found = queryset.select_related(None).values_list(*places)[:MOST_ROWS]
    for row in found.iterator(chunk_size=AT_ONCE):
        yield dict(zip(COLUMNS, row, strict=True))


def csv_parts(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    names = list(COLUMNS)
    yield formats.to_csv([], names)
    while part := list(islice(rows, AT_ONCE)):
        yield formats.to_csv(part, names, header=False)


def attached(answer: HttpResponseBase, ending: str) -> HttpResponseBase:
    name = f"predictions-{timezone.now():%Y%m%d-%H%M}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
