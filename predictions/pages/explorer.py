"""The explorer: the bulk list as a table and as a file, and the same query for a program."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from predictions.pages.bars import Bar
from predictions.services.publishing import prediction_rows
from predictions.services.publishing.prediction_rows import BY_KICK_OFF, Filters, Row
from predictions.services.publishing.published import Published
from soccerpredict.http.output import formats, lists
from soccerpredict.http.output.conditional import etag_of, respond
from soccerpredict.http.pages.views import link_with

N_ROWS = 50
N_DOWNLOADED = 5_000
ROUTE = "/predict/predictions/"
FILTERS = ("region_id", "tournament_id", "team_id", "date_from", "date_to", "in_sample")
HEADINGS = (
    ("Kick-off", "kickoff"),
    ("Match", ""),
    ("Home", "proba_home"),
    ("Draw", "proba_draw"),
    ("Away", "proba_away"),
    ("Likeliest", ""),
)
# What the rows before and after these are.
PAGER_WORDS = {BY_KICK_OFF: ("Earlier", "Later"), f"-{BY_KICK_OFF}": ("Later", "Earlier")}
ANY_ORDER = ("Previous", "Next")
MEDIA_TYPES = {"csv": formats.CSV, "json": formats.JSON, "parquet": formats.PARQUET}


@dataclass(frozen=True)
class Heading:
    """A column's name, the link that sorts by it, and whether the rows are sorted so."""

    name: str
    link: str
    sorted: str


@dataclass(frozen=True)
class ListedPrediction:
    match_id: int
    kickoff: datetime
    home: str
    away: str
    bar: Bar
    label: str
    in_sample: bool

    @classmethod
    def of(cls, row: Row) -> "ListedPrediction":
        return cls(
            row["match_id"],
            row["startTimeUtc"],
            row["homeTeamName"],
            row["awayTeamName"],
            Bar(row["proba_home"], row["proba_draw"], row["proba_away"]),
            row["predicted_label"],
            row["in_sample"],
        )


@dataclass(frozen=True)
class Call:
    """The table's query as an API call, whole or page by page."""

    path: str
    curl: str
    all_curl: str


def filters_of(query: Mapping[str, Any]) -> Filters:
    chosen = {name: query[name] for name in FILTERS if name in query}
    return Filters(future_only=query["future_only"], sort=query["sort"], **chosen)


def context_of(
    held: Published, query: Mapping[str, Any], request: HttpRequest, *, now: datetime
) -> dict[str, Any]:
    filters, offset = filters_of(query), query["offset"]
    rows = prediction_rows.rows(held.facts, filters, now=now, limit=N_ROWS + 1, offset=offset)
    found = [ListedPrediction.of(row) for row in rows]
    has_more = len(found) > N_ROWS
    return {
        "published": held,
        "is_whole": filters == Filters(sort=filters.sort),
        "headings": [heading(request, name, sort, query["sort"]) for name, sort in HEADINGS],
        "lines": found[:N_ROWS],
        "first": offset + 1,
        "last": offset + min(len(found), N_ROWS),
        "pager_words": PAGER_WORDS.get(filters.sort, ANY_ORDER),
        "n_downloaded": N_DOWNLOADED,
        "call": call(query, request.build_absolute_uri("/")[:-1]),
        "download": reverse("explorer download") + link_with(request, offset=None),
        "next": link_with(request, offset=offset + N_ROWS) if has_more else None,
        "previous": link_with(request, offset=max(0, offset - N_ROWS) or None) if offset else None,
    }


def heading(request: HttpRequest, name: str, sort: str, sorted_by: str) -> Heading:
    """The link sorts upwards, or downwards where it is sorted upwards already."""
    if not sort:
        return Heading(name, "", "")
    is_up = sorted_by == sort
    now = "ascending" if is_up else "descending" if sorted_by == f"-{sort}" else ""
    downwards_first = sort != BY_KICK_OFF
    other = f"-{sort}" if is_up or (downwards_first and not now) else sort
    return Heading(name, link_with(request, sort=other, offset=None), now)


def call(query: Mapping[str, Any], origin: str) -> Call:
    """`origin` is where the visitor reaches us: https://example.org."""
    asked = {name: in_words(query[name]) for name in ("stage", *FILTERS) if name in query}
    if query["future_only"]:
        asked["future_only"] = "true"
    if query["sort"] != BY_KICK_OFF:
        asked["sort"] = query["sort"]
    part = {**asked, "limit": str(N_ROWS), "offset": str(query["offset"])}
    path = f"{ROUTE}?{urlencode(part)}"
    whole = f"{ROUTE}?{urlencode({**asked, 'format': 'csv'})}"
    return Call(path, _curl(origin + path), f"{_curl(origin + whole)} -o predictions.csv")


def in_words(value: object) -> str:
    """As the API reads it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _curl(url: str) -> str:
    return f'curl -H "X-API-Key: $API_KEY" {shlex.quote(url)}'


def download(
    request: HttpRequest, held: Published, query: Mapping[str, Any], *, now: datetime
) -> HttpResponseBase:
    """The first N_DOWNLOADED rows as CSV, JSON or Parquet."""
    media_type = MEDIA_TYPES[query["format"]]
    rows = prediction_rows.rows(held.facts, filters_of(query), now=now, limit=N_DOWNLOADED)
    body = lists.body_of(rows, prediction_rows.COLUMNS, media_type)
    name = f"predictions.{query['format']}"
    return respond(
        request,
        body,
        etag=etag_of(media_type, body.plain or body.gzipped or b""),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
