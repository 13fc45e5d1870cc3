"""Store prices: append-only, and only those that differ from the newest one stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from livescores.sources.records import MatchRecord
from predictions.models import Bookmaker

CREATE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_odds (
        match_id bigint, bookmaker_id bigint, kind text, captured_at timestamptz,
        odd_home double precision, odd_draw double precision, odd_away double precision
    ) ON COMMIT DELETE ROWS
"""
COPY = """
    COPY incoming_odds (match_id, bookmaker_id, kind, captured_at, odd_home, odd_draw, odd_away)
    FROM STDIN
"""
INSERT = """
    INSERT INTO predictions_odds (match_id, bookmaker_id, kind, captured_at, recorded_at, source,
                                  odd_home, odd_draw, odd_away)
    SELECT i.match_id, i.bookmaker_id, i.kind, i.captured_at, statement_timestamp(), %(source)s,
           i.odd_home, i.odd_draw, i.odd_away
    FROM incoming_odds i
    LEFT JOIN (
        SELECT DISTINCT ON (o.match_id, o.bookmaker_id, o.kind)
               o.match_id, o.bookmaker_id, o.kind, o.odd_home, o.odd_draw, o.odd_away
        FROM predictions_odds o
        WHERE o.match_id = ANY(%(known)s) AND o.source = %(source)s
        ORDER BY o.match_id, o.bookmaker_id, o.kind, o.captured_at DESC, o.recorded_at DESC
    ) newest USING (match_id, bookmaker_id, kind)
    WHERE newest.match_id IS NULL
       OR (newest.odd_home, newest.odd_draw, newest.odd_away)
          IS DISTINCT FROM (i.odd_home, i.odd_draw, i.odd_away)
"""


@dataclass(frozen=True)
class StoredOdds:
    read: int
    inserted: int


class Bookmakers:
    """Ids of bookmakers by code; unknown ones are made from a source's table."""

    def __init__(self, table: Mapping[str, tuple[str, str, int]]) -> None:
        self._table = table
        self._ids: dict[str, int] = {}

    def id_of(self, code: str) -> int:
        if code not in self._ids:
            name, kind, priority = self._table.get(code, (code, Bookmaker.Kind.BOOK, 100))
            bookmaker, _ = Bookmaker.objects.get_or_create(
                code=code, defaults={"name": name, "kind": kind, "priority": priority}
            )
            self._ids[code] = bookmaker.pk
        return self._ids[code]


def store(
    source: str,
    matches: Iterable[MatchRecord],
    ids: Mapping[int, int],
    bookmakers: Bookmakers,
) -> StoredOdds:
    """Append the records' quotes; `ids` gives the match of each line. Inside a transaction."""
    lines = list(_lines(matches, ids, bookmakers))
    if not lines:
        return StoredOdds(0, 0)
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("TRUNCATE incoming_odds")
        with cursor.copy(COPY) as copy:
            copy.write("".join(lines))
        cursor.execute(INSERT, {"source": source, "known": list(ids.values())})
        return StoredOdds(len(lines), cursor.rowcount)


def _lines(
    matches: Iterable[MatchRecord], ids: Mapping[int, int], bookmakers: Bookmakers
) -> Iterable[str]:
    """Rows in COPY's text form: floats and times have no character that it would escape."""
    for match in matches:
        match_id = ids.get(match.line)
        if match_id is None:
            continue
        for code, kind, at, home, draw, away in match.quotes:
            book = bookmakers.id_of(code)
            yield f"{match_id}\t{book}\t{kind}\t{at.isoformat()}\t{home!r}\t{draw!r}\t{away!r}\n"
