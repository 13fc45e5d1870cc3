"""A file's prices, told apart: those that can be a book, as lines for COPY, and impossible ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from livescores.services import storable
from livescores.sources.records import Quote, Rejection, TwoWayQuote
from predictions.modelling.pricing.books import fault, two_way_fault
from predictions.models import Bookmaker, Market, PriceKind, QuarantinedOdds

MOST_TEXT = 200


@dataclass
class Bookmakers:
    """Bookmakers by code; unknown ones are made from a source's table."""

    table: Mapping[str, tuple[str, str, int]]
    _known: dict[str, Bookmaker] = field(default_factory=dict)

    def of(self, code: str) -> Bookmaker:
        if code not in self._known:
            seen = storable.readable(code) or "unknown"
            name, kind, priority = self.table.get(seen, (seen, Bookmaker.Kind.BOOK, 100))
            self._known[code], _ = Bookmaker.objects.get_or_create(
                code=seen, defaults={"name": name, "kind": kind, "priority": priority}
            )
        return self._known[code]


@dataclass
class CheckedPrices:
    """Prices of `source`, read in `file`; floats and times have nothing that COPY would escape."""

    source: str
    file: str
    bookmakers: Bookmakers
    lines: list[str] = field(default_factory=list)
    two_way_lines: list[str] = field(default_factory=list)
    impossible: list[QuarantinedOdds] = field(default_factory=list)

    @property
    def n_read(self) -> int:
        return len(self.lines) + len(self.two_way_lines) + len(self.impossible)

    @property
    def refused(self) -> list[Rejection]:
        return [Rejection("odds", row.line, row.reason, row.as_read) for row in self.impossible]

    def take(self, match_id: int, line: int, quote: Quote) -> None:
        code, kind, at, home, draw, away, moment, text = quote
        book = self.bookmakers.of(code)
        is_best = book.kind == Bookmaker.Kind.BEST
        wrong = fault(home, draw, away, is_best=is_best, is_live=kind == PriceKind.LIVE)
        if wrong is None:
            self.lines.append(
                f"{match_id}\t{book.pk}\t{kind}\t{at.isoformat()}\t{moment}"
                f"\t{home!r}\t{draw!r}\t{away!r}\n"
            )
            return
        row = self._impossible(match_id, line, quote, book)
        row.as_read = _clean(text or f"{home:g} / {draw:g} / {away:g}")
        row.reason = f"The {kind} book of {book.code} {'is not three prices' if text else wrong}."
        row.odd_home, row.odd_draw, row.odd_away = map(_number, (home, draw, away))

    def take_two_way(self, match_id: int, line: int, quote: TwoWayQuote) -> None:
        code, market, goals, kind, at, first, second, moment, text = quote
        book = self.bookmakers.of(code)
        is_best = book.kind == Bookmaker.Kind.BEST
        wrong = two_way_fault(market, goals, first, second, is_best=is_best)
        if wrong is None:
            self.two_way_lines.append(
                f"{match_id}\t{book.pk}\t{kind}\t{market}\t{goals!r}\t{at.isoformat()}"
                f"\t{moment}\t{first!r}\t{second!r}\n"
            )
            return
        row = self._impossible(match_id, line, quote, book)
        row.market, row.market_line = market, _number(goals)
        name = Market(market).label
        row.as_read = _clean(f"{name}: {text or f'{first:g} / {second:g} at {goals:g}'}")
        wrong = "is not two prices and a line" if text else wrong
        row.reason = f"The {kind} {name} book of {book.code} {wrong}."
        row.odd_home, row.odd_away = map(_number, (first, second))

    def _impossible(
        self, match_id: int, line: int, quote: Quote | TwoWayQuote, book: Bookmaker
    ) -> QuarantinedOdds:
        row = QuarantinedOdds(
            match_id=match_id,
            bookmaker=book,
            kind=quote.kind,
            captured_at=quote.captured_at,
            moment=quote.moment,
            source=self.source,
            file=self.file,
            line=line,
        )
        self.impossible.append(row)
        return row


def _clean(text: str) -> str:
    # Postgres holds no text with a NUL in it.
    return text[:MOST_TEXT].replace("\0", "")


def _number(price: float) -> float | None:
    return price if isfinite(price) else None
