"""Which representation a client gets: by `?format=`, else by `Accept` with its q-values."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from soccerpredict.errors import NotAcceptable

MAX_HEADER = 1000  # characters: `best` remembers what it was asked
QUALITY = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


class StrictNegotiation(DefaultContentNegotiation):
    """`?format=` wins; a format that is not offered is left to the view's query, which says 422."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        offered = list(renderers)
        renderer = self._asked_by_name(request, offered) or self._asked_by_header(request, offered)
        return renderer, renderer.media_type or ""

    def _asked_by_name(self, request: Request, offered: list[BaseRenderer]) -> BaseRenderer | None:
        name = request.GET.get("format")
        if name is None:
            return None
        return next((renderer for renderer in offered if renderer.format == name), offered[0])

    def _asked_by_header(self, request: Request, offered: list[BaseRenderer]) -> BaseRenderer:
        media_types = tuple(renderer.media_type or "" for renderer in offered)
        index = best(request.META.get("HTTP_ACCEPT", "*/*")[:MAX_HEADER], media_types)
        if index is None:
            raise NotAcceptable(f"This is to be had as {', '.join(media_types)}.")
        return offered[index]


@lru_cache(maxsize=512)
def best(accept: str, media_types: tuple[str, ...]) -> int | None:
    """Index of the media type that the client likes best, the first of equals."""
    ranges = _ranges(accept)
    qualities = [_quality(media_type, ranges) for media_type in media_types]
    highest = max(qualities)
    return qualities.index(highest) if highest > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in accept.split(","):
        name, *parameters = [part.strip() for part in item.split(";")]
        weights = [match[1] for part in parameters if (match := QUALITY.fullmatch(part))]
        if name:
            found[name.lower()] = float(weights[0]) if weights else 1.0
    return found or {"*/*": 1.0}


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    """The most specific range that covers the media type decides."""
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
