"""A page for a person whose request failed; the problem documents are for programs."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from soccerpredict.errors import SoccerPredictError
from soccerpredict.http import request_id


def error_page(request: HttpRequest, error: SoccerPredictError) -> HttpResponse:
    """A whole page, or a paragraph where htmx asked for a part of one."""
    template = "http/error_part.html" if is_part(request) else "http/error.html"
    context = {"error": error, "request_id": request_id.current()}
    response = HttpResponse(render_to_string(template, context, request), status=error.status)
    response.headers["Cache-Control"] = "no-store"
    for name, value in error.headers.items():
        response.headers[name] = value
    return response


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, to put the answer into a page that is open."""
    return "HTTP_HX_REQUEST" in request.META
