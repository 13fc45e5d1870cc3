"""What `make serve` does to requests, so that the debug toolbar finds a place in every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The toolbar writes into what is sent: it leaves alone what is compressed, and a 304 has no page.
UNASKED = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")


class WholePagesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in UNASKED:
            request.META.pop(name, None)
        return self._get_response(request)
