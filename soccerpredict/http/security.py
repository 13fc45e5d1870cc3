"""Security headers: a strict Content-Security-Policy, loosened only where a page needs it."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Unfold's Alpine evaluates the expressions in its templates and styles elements directly.
ADMIN = OURS.replace(
    "script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
).replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
# Swagger UI and Redoc style elements directly; Redoc searches in a worker made from a blob.
DOCS = OURS.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; worker-src blob:"
LOOSER = {"/admin": ADMIN, "/docs": DOCS, "/redoc": DOCS}


def policy(path: str, content_type: str) -> str:
    if not content_type.startswith("text/html"):
        return NOTHING
    for prefix, looser in LOOSER.items():
        if path.startswith(prefix):
            return looser
    return OURS


class SecurityHeadersMiddleware:
    """What a browser may do with the answer; Django's own middleware adds nosniff and the like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A 304 lets stand what the page it speaks of was kept with; its own headers would replace
        # that page's, and without a Content-Type nothing tells here which policy would be right.
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return response
        headers = response.headers
        headers.setdefault(
            "Content-Security-Policy", policy(request.path, headers.get("Content-Type", ""))
        )
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
