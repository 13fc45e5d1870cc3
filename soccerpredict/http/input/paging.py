"""Paging of bare arrays: the query's two parameters and the headers that tell the rest."""

from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.request import Request

from soccerpredict.http.input.fields import MAX_ID, QueryInteger
from soccerpredict.http.input.validation import QuerySerializer

MAX_LIMIT = 5000


class PageQuery(QuerySerializer):
    """Base of every list's query."""

    limit = QueryInteger(
        min_value=1,
        max_value=MAX_LIMIT,
        required=False,
        help_text="At most so many rows; without it, all of them.",
    )
    offset = QueryInteger(
        min_value=0, max_value=MAX_ID, default=0, help_text="Skip so many rows of the list."
    )


def page_headers(
    request: Request | HttpRequest, *, total: int, limit: int | None, offset: int
) -> dict[str, str]:
    """`X-Total-Count`, and `Link` to the next and previous page where there is one."""
    headers = {"X-Total-Count": str(total)}
    links = []
    if limit is not None and offset + limit < total:
        links.append(_link(request, limit, offset + limit, "next"))
    if limit is not None and offset > 0:
        links.append(_link(request, limit, max(0, offset - limit), "prev"))
    if links:
        headers["Link"] = ", ".join(links)
    return headers


def _link(request: Request | HttpRequest, limit: int, offset: int, rel: str) -> str:
    query = {**request.GET.dict(), "limit": str(limit), "offset": str(offset)}
    return f'<{request.build_absolute_uri(request.path)}?{urlencode(query)}>; rel="{rel}"'
