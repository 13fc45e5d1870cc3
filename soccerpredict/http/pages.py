"""A small page for a person whose request failed; the problem documents are for programs."""

from django.http import HttpResponse
from django.template.loader import render_to_string

from soccerpredict.http import request_id
from soccerpredict.http.errors import SoccerPredictError


def error_page(error: SoccerPredictError) -> HttpResponse:
    context = {"error": error, "request_id": request_id.current()}
    page = render_to_string("http/error.html", context)
    response = HttpResponse(page, status=error.status)
    for name, value in error.headers.items():
        response.headers[name] = value
    return response
