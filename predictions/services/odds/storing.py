"""Store prices: append-only, only those that are news, and impossible ones in quarantine."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from django.db import connection

from livescores.sources.records import EventRecord, MatchRecord, Quote, Rejection
from predictions.modelling.pricing.books import fault
from predictions.models import Bookmaker, OddsSource, QuarantinedOdds

MOST_TEXT = 200
CREATE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_odds (
        match_id bigint, bookmaker_id bigint, kind text, captured_at timestamptz, moment text,
        odd_home double precision, odd_draw double precision, odd_away double precision
    ) ON COMMIT DELETE ROWS
"""
COPY = """
    COPY incoming_odds
        (match_id, bookmaker_id, kind, captured_at, moment, odd_home, odd_draw, odd_away)
    FROM STDIN
"""
# A moment that was only worked out can lie ahead: the price then stood when we read it. News is
# what differs from the price that stood until then, so that an older copy brings nothing twice.
INSERT = """
    INSERT INTO predictions_odds (match_id, bookmaker_id, kind, captured_at, moment, recorded_at,
                                  source, odd_home, odd_draw, odd_away)
    SELECT i.match_id, i.bookmaker_id, i.kind,
           CASE WHEN is_ahead THEN statement_timestamp() ELSE i.captured_at END,
           CASE WHEN is_ahead THEN 'read' ELSE i.moment END,
           statement_timestamp(), %(source)s, i.odd_home, i.odd_draw, i.odd_away
    FROM (
        SELECT *, captured_at > statement_timestamp() AND moment IN ('habit', 'kick_off')
               AS is_ahead
        FROM incoming_odds
    ) i
    LEFT JOIN LATERAL (
        SELECT o.odd_home, o.odd_draw, o.odd_away
        FROM predictions_odds o
        WHERE o.match_id = i.match_id AND o.bookmaker_id = i.bookmaker_id AND o.kind = i.kind
          AND o.source = %(source)s AND o.captured_at <= i.captured_at
        ORDER BY o.captured_at DESC, o.recorded_at DESC
        LIMIT 1
    ) standing ON true
    WHERE (standing.odd_home, standing.odd_draw, standing.odd_away)
          IS DISTINCT FROM (i.odd_home, i.odd_draw, i.odd_away)
"""


@dataclass(frozen=True)
class StoredOdds:
    """What became of a file's prices; `refused` names each that cannot be true."""

    read: int
    inserted: int
    refused: list[Rejection]


@dataclass
class Bookmakers:
    """Bookmakers by code; unknown ones are made from a source's table."""

    table: Mapping[str, tuple[str, str, int]]
    _known: dict[str, Bookmaker] = field(default_factory=dict)

    def of(self, code: str) -> Bookmaker:
        if code not in self._known:
            name, kind, priority = self.table.get(code, (code, Bookmaker.Kind.BOOK, 100))
            self._known[code], _ = Bookmaker.objects.get_or_create(
                code=code, defaults={"name": name, "kind": kind, "priority": priority}
            )
        return self._known[code]


@dataclass
class CheckedPrices:
    """A file's prices: lines for COPY, and rows for the quarantine."""

    lines: list[str] = field(default_factory=list)
    impossible: list[QuarantinedOdds] = field(default_factory=list)

    @property
    def refused(self) -> list[Rejection]:
        return [Rejection("odds", row.line, row.reason, row.as_read) for row in self.impossible]


def store(
    source: str,
    matches: Iterable[MatchRecord | EventRecord],
    ids: Mapping[int, int],
    bookmakers: Bookmakers,
    *,
    file: str = "",
) -> StoredOdds:
    """Append the records' quotes; `ids` gives the match of each line. Inside a transaction.

    Impossible books are quarantined, each once; `file` says where they were read.
    """
    found = _sorted(source, _quotes(matches, ids), bookmakers, file[-300:])
    n_read = len(found.lines) + len(found.impossible)
    if not n_read:
        return StoredOdds(0, 0, [])
    OddsSource.objects.get_or_create(name=source)
    QuarantinedOdds.objects.bulk_create(found.impossible, ignore_conflicts=True)
    return StoredOdds(n_read, _append(source, found.lines), found.refused)


def _quotes(
    matches: Iterable[MatchRecord | EventRecord], ids: Mapping[int, int]
) -> Iterator[tuple[int, int, Quote]]:
    """Match id, line and quote, of the matches that were stored."""
    for match in matches:
        match_id = ids.get(match.line)
        if match_id is not None:
            for quote in match.quotes:
                yield match_id, match.line, quote


def _sorted(
    source: str, quotes: Iterable[tuple[int, int, Quote]], bookmakers: Bookmakers, file: str
) -> CheckedPrices:
    """Rows in COPY's text form: floats and times have no character that it would escape."""
    found = CheckedPrices()
    for match_id, line, quote in quotes:
        code, kind, at, home, draw, away, moment, _ = quote
        book = bookmakers.of(code)
        wrong = fault(home, draw, away, is_best=book.kind == Bookmaker.Kind.BEST)
        if wrong is None:
            found.lines.append(
                f"{match_id}\t{book.pk}\t{kind}\t{at.isoformat()}\t{moment}"
                f"\t{home!r}\t{draw!r}\t{away!r}\n"
            )
        else:
            row = _impossible(quote, book, wrong)
            row.match_id, row.source, row.file, row.line = match_id, source, file, line
            found.impossible.append(row)
    return found


def _impossible(quote: Quote, book: Bookmaker, wrong: str) -> QuarantinedOdds:
    wrong = "is not three prices" if quote.text else wrong
    as_read = quote.text or " / ".join(f"{price:g}" for price in quote[3:6])
    numbers = [price if isfinite(price) else None for price in quote[3:6]]
    return QuarantinedOdds(
        bookmaker=book,
        kind=quote.kind,
        captured_at=quote.captured_at,
        moment=quote.moment,
        as_read=as_read[:MOST_TEXT].replace("\0", ""),
        reason=f"The {quote.kind} book of {book.code} {wrong}.",
        **dict(zip(("odd_home", "odd_draw", "odd_away"), numbers, strict=True)),
    )


def _append(source: str, lines: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("TRUNCATE incoming_odds")
        with cursor.copy(COPY) as copy:
            copy.write("".join(lines))
        cursor.execute(INSERT, {"source": source})
        return int(cursor.rowcount)
