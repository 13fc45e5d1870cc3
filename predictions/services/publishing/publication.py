"""Publish a batch: build its list once, and swap the pointer that readers follow.

The list's text is kept in two parts. Matches that had kicked off by then never change any more:
they are compressed here, once. The few still to come are kept as rows, because `is_future` turns
when they kick off; a reader compresses them anew and appends them to the same gzip stream.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.utils import timezone

from predictions.models import BatchRun, Publication, PublicationPointer
from predictions.services.publishing import prediction_rows
from predictions.services.publishing.prediction_rows import BatchFacts, Filters, Row
from soccerpredict.http.output.conditional import etag_of

# Deflate, with no name and no time stamp: the same list is the same bytes.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 6
AT_ONCE = 5_000  # rows whose text is held at a time: that of all is tens of megabytes
COLUMNS = ",".join(prediction_rows.COLUMNS)


@dataclass(frozen=True)
class CompressedHead:
    """The compressed beginning of a list: raw deflate blocks, and what a gzip trailer needs."""

    deflated: bytes
    crc: int
    n_bytes: int


@dataclass(frozen=True)
class Text:
    """A publication's list in its two parts, and the tag of both."""

    played: CompressedHead
    coming: bytes
    n_rows: int
    etag: str


def facts_of(batch: BatchRun) -> BatchFacts:
    return BatchFacts(str(batch.pk), batch.stage, batch.model_version.run_id, batch.computed_at)


def publish(batch: BatchRun) -> Publication:
    """Make a batch what its stage serves. Inside the transaction that made the batch."""
    text = text_of(batch, timezone.now())
    publication = Publication.objects.create(
        stage=batch.stage,
        batch=batch,
        n_predictions=text.n_rows,
        etag=text.etag,
        played=text.played.deflated,
        played_crc=text.played.crc,
        played_bytes=text.played.n_bytes,
        coming=text.coming,
        columns=COLUMNS,
    )
    PublicationPointer.objects.update_or_create(
        stage=batch.stage,
        defaults={"publication": publication, "batch": batch, "swapped_at": timezone.now()},
    )
    return publication


def kept_text(publication: Publication) -> Text:
    """The list as it was stored, or, of an earlier version of the program, made anew.

    Whoever makes it anew from the same rows gets the same bytes and the same tag.
    """
    if not is_current(publication):
        return text_of(publication.batch, publication.published_at)
    played = CompressedHead(
        bytes(publication.played), publication.played_crc, publication.played_bytes
    )
    return Text(played, bytes(publication.coming), publication.n_predictions, publication.etag)


def is_current(publication: Publication) -> bool:
    """Whether its rows have the members that they have today."""
    return publication.columns == COLUMNS


def text_of(batch: BatchRun, now: datetime) -> Text:
    rows = list(prediction_rows.rows(facts_of(batch), Filters(), now=now))
    played = compressed([row for row in rows if not row["is_future"]])
    coming = orjson.dumps([row for row in rows if row["is_future"]])
    return Text(played, coming, len(rows), etag_of(played.deflated, coming))


def compressed(rows: Sequence[Row]) -> CompressedHead:
    """The JSON of `[row,row` as deflate blocks that end on a byte."""
    # Raw, by the minus: header and trailer are the whole list's, which goes on after these blocks.
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated, crc, n_bytes = [], 0, 0
    for start in range(0, max(1, len(rows)), AT_ONCE):
        text = (b"," if start else b"[") + joined(rows[start : start + AT_ONCE])
        deflated.append(packer.compress(text))
        crc, n_bytes = zlib.crc32(text, crc), n_bytes + len(text)
    deflated.append(packer.flush(zlib.Z_SYNC_FLUSH))
    return CompressedHead(b"".join(deflated), crc, n_bytes)


def joined(rows: Sequence[Row]) -> bytes:
    """The rows' JSON without the brackets of an array."""
    return orjson.dumps(rows)[1:-1]


def completed(played: CompressedHead, coming: Sequence[Row]) -> bytes:
    """The whole list as one gzip stream."""
    # A head of one byte is the bracket alone: no row stands before those to come.
    comma = b"," if coming and played.n_bytes > 1 else b""
    text = comma + joined(coming) + b"]"
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = packer.compress(text) + packer.flush()
    # A CRC goes on where another ended: the head is neither unpacked nor read for it.
    trailer = struct.pack("<II", zlib.crc32(text, played.crc), (played.n_bytes + len(text)) % 2**32)
    return b"".join([GZIP_HEADER, played.deflated, end, trailer])


def as_of_now(coming: Sequence[Row], now: datetime) -> list[Row]:
    """The rows with `is_future` as it is at `now`; `startTimeUtc` is ISO 8601 text in UTC."""
    moment = now.isoformat()  # texts of one form are in the order of their moments
    return [{**row, "is_future": row["startTimeUtc"] > moment} for row in coming]
