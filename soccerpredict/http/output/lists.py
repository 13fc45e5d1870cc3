"""Answer a list: rows as JSON, CSV or Parquet, made in pieces so that any length fits."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from soccerpredict.http.output import formats
from soccerpredict.http.output.conditional import Body, etag_of, respond
from soccerpredict.http.output.encoding import GZIP_WINDOW
from soccerpredict.http.output.formats import CSV, JSON, PARQUET, Row

AT_ONCE = 5_000


def body_of(rows: Iterable[Row], columns: Mapping[str, type], media_type: str) -> Body:
    """The rows in one representation; text is compressed as it is made."""
    if media_type == PARQUET:
        return Body(plain=formats.to_parquet(rows, columns))
    pieces = csv_pieces(rows, list(columns)) if media_type == CSV else json_pieces(rows)
    first = list(islice(pieces, 2))
    if len(first) < 2:  # short enough for plain bytes
        return Body(plain=b"".join(first))
    # The quickest level: a client waits while it is made.
    packer = zlib.compressobj(1, zlib.DEFLATED, GZIP_WINDOW)
    packed = [packer.compress(piece) for piece in first]
    packed += [packer.compress(piece) for piece in pieces]
    return Body(gzipped=b"".join([*packed, packer.flush()]))


def respond_with(
    request: Request, body: Body, *, headers: Mapping[str, str] | None = None
) -> HttpResponseBase:
    """A list's body in the representation that was negotiated, with an ETag of its content."""
    media_type = media_type_of(request)
    content = body.plain if body.plain is not None else body.gzipped
    etag = etag_of(media_type, content or b"")
    return respond(request, body, etag=etag, media_type=media_type, headers=headers)


def media_type_of(request: Request) -> str:
    return str(request.accepted_renderer.media_type or JSON)


def json_pieces(rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON array; the first piece holds all of a short one."""
    rest, mark = iter(rows), b"["
    while piece := list(islice(rest, AT_ONCE)):
        ends = len(piece) < AT_ONCE
        yield mark + formats.to_json(piece)[1:-1] + (b"]" if ends else b"")
        if ends:
            return
        mark = b","
    yield b"[]" if mark == b"[" else b"]"


def csv_pieces(rows: Iterable[Row], columns: list[str]) -> Iterator[bytes]:
    """CSV with its header line in the first piece."""
    rest = iter(rows)
    yield formats.to_csv(islice(rest, AT_ONCE), columns)
    while piece := list(islice(rest, AT_ONCE)):
        yield formats.to_csv(piece, columns, header=False)
