"""Prices into their table: many at once, only added to, and only those that are news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

# A moment that was only worked out can lie ahead: the price then stood when we read it. News is
# what differs from the price that stood until then, so that an older copy brings nothing twice.
INSERT = """
    WITH stored AS (
        INSERT INTO {table} ({key}, captured_at, moment, recorded_at, source, {prices})
        SELECT {of_incoming},
               CASE WHEN is_ahead THEN statement_timestamp() ELSE i.captured_at END,
               CASE WHEN is_ahead THEN 'read' ELSE i.moment END,
               statement_timestamp(), %(source)s, {incoming}
        FROM (
            SELECT *, captured_at > statement_timestamp() AND moment IN ('habit', 'kick_off')
                   AS is_ahead
            FROM {incoming_table}
        ) i
        LEFT JOIN LATERAL (
            SELECT {standing}
            FROM {table} o
            WHERE {same} AND o.source = %(source)s AND o.captured_at <= i.captured_at
            ORDER BY o.captured_at DESC, o.recorded_at DESC
            LIMIT 1
        ) standing ON true
        WHERE ({of_standing}) IS DISTINCT FROM ({incoming})
        RETURNING match_id
    )
    SELECT match_id, count(*) FROM stored GROUP BY match_id
"""


@dataclass(frozen=True)
class PriceTable:
    """A table of prices: the columns that say whose and of what they are, and the prices."""

    name: str
    key: Mapping[str, str]
    prices: Sequence[str]

    @property
    def incoming(self) -> str:
        return f"incoming_{self.name}"

    @cached_property
    def create(self) -> str:
        columns = [f"{name} {kind}" for name, kind in self.key.items()]
        columns += ["captured_at timestamptz", "moment text"]
        columns += [f"{name} double precision" for name in self.prices]
        return (
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {self.incoming} ({', '.join(columns)}) "
            "ON COMMIT DELETE ROWS"
        )

    @cached_property
    def copy(self) -> str:
        columns = ", ".join([*self.key, "captured_at", "moment", *self.prices])
        return f"COPY {self.incoming} ({columns}) FROM STDIN"

    @cached_property
    def insert(self) -> str:
        return INSERT.format(
            table=self.name,
            incoming_table=self.incoming,
            key=", ".join(self.key),
            prices=", ".join(self.prices),
            of_incoming=", ".join(f"i.{name}" for name in self.key),
            incoming=", ".join(f"i.{name}" for name in self.prices),
            standing=", ".join(f"o.{name}" for name in self.prices),
            of_standing=", ".join(f"standing.{name}" for name in self.prices),
            same=" AND ".join(f"o.{name} = i.{name}" for name in self.key),
        )


BOOK = {"match_id": "bigint", "bookmaker_id": "bigint", "kind": "text"}
ODDS = PriceTable("predictions_odds", BOOK, ("odd_home", "odd_draw", "odd_away"))
TWO_WAY = PriceTable(
    "predictions_twowayodds",
    {**BOOK, "market": "text", "line": "double precision"},
    ("odd_first", "odd_second"),
)


def append(table: PriceTable, source: str, lines: Sequence[str]) -> dict[int, int]:
    """How many prices were news, by match; `lines` are in COPY's text form. In a transaction."""
    if not lines:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(table.create)
        # A transaction may append more than once, and the rows go only at its end.
        cursor.execute(f"TRUNCATE {table.incoming}")
        with cursor.copy(table.copy) as copy:
            copy.write("".join(lines))
        cursor.execute(table.insert, {"source": source})
        return dict(cursor.fetchall())
