"""Prices that the match's others contradict: held back in quarantine, and let out again.

After every import the matches that got prices are judged anew, from all their prices at once. So
it does not matter which came first; and what an operator has decided stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils import timezone

from livescores.models import Match
from livescores.sources.records import ASIAN_HANDICAP
from predictions.modelling.pricing import contradictions
from predictions.modelling.pricing.contradictions import Chances, Heard, Said
from predictions.models import Market, Odds, PriceKind, QuarantinedOdds, TwoWayOdds
from predictions.services.odds import suspicion

State = QuarantinedOdds.State
CONTRADICTED = QuarantinedOdds.Rule.CONTRADICTED
BOTH = "The {kind} {name} of {who} and another contradict each other, and nothing tells which."
LINES = "The {kind} {name} of {who} contradicts its own price on another line."
OTHERS = "The {kind} {name} of {who} says {chances}, but {by} {heard}."
RESULT = """
    SELECT o.match_id, '1x2', NULL, o.id, b.code, b.kind = 'best', o.captured_at, o.kind,
           o.is_quarantined, coalesce(q.state, ''), o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    LEFT JOIN predictions_quarantinedodds q ON q.released_as_id = o.id
    WHERE o.match_id = ANY(%s) AND o.kind <> 'live'
    ORDER BY o.match_id, o.id
"""
TWO_WAY = """
    SELECT o.match_id, o.market, o.line, o.id, b.code, b.kind = 'best', o.captured_at, o.kind,
           o.is_quarantined, coalesce(q.state, ''), o.odd_first, o.odd_second
    FROM predictions_twowayodds o
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    LEFT JOIN predictions_quarantinedodds q ON q.released_as_two_way_id = o.id
    WHERE o.match_id = ANY(%s) AND o.kind <> 'live'
    ORDER BY o.match_id, o.market, o.line, o.id
"""
MODEL = """
    SELECT p.match_id, p.proba_home, p.proba_draw, p.proba_away
    FROM predictions_prediction p
    JOIN predictions_publicationpointer c ON c.batch_id = p.batch_id AND c.stage = 'champion'
    WHERE p.match_id = ANY(%s) AND NOT p.in_sample
"""


@dataclass(frozen=True)
class Row:
    """A stored price with what is known of it, and what the rule makes of it."""

    market: str
    line: float | None
    kind: str
    is_held: bool
    state: str
    said: Said


def judge(match_ids: Sequence[int]) -> list[QuarantinedOdds]:
    """Hold back what is contradicted now, let out what no longer is. Inside a transaction.

    Returns the rows of the quarantine that are new.
    """
    found = _judge_result(suspicion.of_result(match_ids))
    return found + _judge_two_way(suspicion.of_two_way(match_ids))


def judge_coming() -> list[QuarantinedOdds]:
    """The matches to come, once a model has spoken of them."""
    coming = Match.objects.filter(start_time_utc__gt=timezone.now(), odds__isnull=False)
    return judge(list(coming.values_list("pk", flat=True).distinct()))


def _judge_result(match_ids: Sequence[int]) -> list[QuarantinedOdds]:
    if not match_ids:
        return []
    models = _models(match_ids)
    wrong: dict[int, str] = {}
    rows = _read(RESULT, match_ids)
    for match_id, inside in rows.items():
        wrong |= _contradicted(inside, models.get(match_id))
    return _apply(Odds, [row for inside in rows.values() for row in inside], wrong)


def _judge_two_way(match_ids: Sequence[int]) -> list[QuarantinedOdds]:
    if not match_ids:
        return []
    wrong: dict[int, str] = {}
    rows = _read(TWO_WAY, match_ids)
    for inside in rows.values():
        for _, of_line in groupby(inside, key=lambda row: (row.market, row.line)):
            wrong |= _contradicted(list(of_line), None)
        wrong |= _out_of_line([row for row in _heard(inside) if row.said.key not in wrong])
    return _apply(TwoWayOdds, [row for inside in rows.values() for row in inside], wrong)


def _read(sql: str, match_ids: Sequence[int]) -> dict[int, list[Row]]:
    rows: dict[int, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(match_ids)])
        for match_id, market, line, key, who, is_best, at, kind, held, state, *prices in cursor:
            stands, is_opening = state == State.RELEASED, kind == PriceKind.OPENING
            said = Said(key, who, at, tuple(prices), is_best, stands, is_opening)
            rows[match_id].append(Row(market, line, kind, held, state, said))
    return rows


def _models(match_ids: Sequence[int]) -> dict[int, Chances]:
    with connection.cursor() as cursor:
        cursor.execute(MODEL, [list(match_ids)])
        return {match_id: chances for match_id, *chances in cursor.fetchall()}


def _heard(rows: Iterable[Row]) -> list[Row]:
    """What an operator has discarded is not heard."""
    return [row for row in rows if row.state != State.DISCARDED]


def _contradicted(rows: Sequence[Row], model: Chances | None) -> dict[int, str]:
    heard = {row.said.key: row for row in _heard(rows)}
    found = contradictions.contradicted([row.said for row in heard.values()], model)
    return {key: _reason(heard[key], by) for key, by in found.items()}


def _out_of_line(rows: Sequence[Row]) -> dict[int, str]:
    """Of each bookmaker and moment, prices whose lines contradict each other."""
    books: dict[tuple[str, str, datetime], dict[float, Row]] = defaultdict(dict)
    for row in rows:
        if row.line is not None and not row.said.is_best:
            books[row.market, row.said.who, row.said.at][row.line] = row
    wrong: dict[int, str] = {}
    for (market, *_), lines in books.items():
        by_key = {row.said.key: row for row in lines.values()}
        keys = contradictions.out_of_line(
            {line: row.said for line, row in lines.items()}, rises=market == ASIAN_HANDICAP
        )
        free = [by_key[key] for key in keys if not by_key[key].said.stands]
        wrong |= {row.said.key: LINES.format(**_named(row)) for row in free}
    return wrong


def _reason(row: Row, by: Heard | None) -> str:
    if by is None:
        return BOTH.format(**_named(row))
    chances, heard = _percents(row.said.chances), _percents(by.chances)
    who = f"the middle of {by.n} others" if by.n > 1 else by.who
    return OTHERS.format(**_named(row), chances=chances, by=f"{who} says", heard=heard)


def _named(row: Row) -> dict[str, Any]:
    name = "book" if row.market == Market.RESULT else f"{Market(row.market).label} book"
    return {"kind": row.kind, "name": name, "who": row.said.who}


def _percents(chances: Chances) -> str:
    return " / ".join(f"{100 * chance:.1f}" for chance in chances) + " %"


def _apply(
    model: type[Odds | TwoWayOdds], rows: Sequence[Row], wrong: Mapping[int, str]
) -> list[QuarantinedOdds]:
    hold = [row.said.key for row in rows if row.said.key in wrong and not row.is_held]
    open_rows = [row for row in rows if row.is_held and row.state in ("", State.WAITING)]
    let_out = [row.said.key for row in open_rows if row.said.key not in wrong]
    stored_as = "released_as" if model is Odds else "released_as_two_way"
    if let_out:
        model._default_manager.filter(pk__in=let_out).update(is_quarantined=False)
        QuarantinedOdds.objects.filter(
            **{f"{stored_as}__in": let_out}, rule=CONTRADICTED, state=State.WAITING
        ).update(state=State.CLEARED, decided_at=timezone.now())
    if not hold:
        return []
    model._default_manager.filter(pk__in=hold).update(is_quarantined=True)
    return _quarantine(model, stored_as, hold, wrong)


def _quarantine(
    model: type[Odds | TwoWayOdds], stored_as: str, keys: Sequence[int], wrong: Mapping[int, str]
) -> list[QuarantinedOdds]:
    """New rows; one that was cleared before waits again."""
    again = QuarantinedOdds.objects.filter(**{f"{stored_as}__in": keys})
    again.update(state=State.WAITING, decided_at=None, found_at=timezone.now())
    known = set(again.values_list(stored_as, flat=True))
    prices = model._default_manager.filter(pk__in=keys).select_related("bookmaker").order_by("pk")
    new = [_row(one, wrong[one.pk]) for one in prices if one.pk not in known]
    return QuarantinedOdds.objects.bulk_create(new)


def _row(price: Odds | TwoWayOdds, reason: str) -> QuarantinedOdds:
    row = QuarantinedOdds(
        match_id=price.match_id,
        bookmaker=price.bookmaker,
        kind=price.kind,
        captured_at=price.captured_at,
        moment=price.moment,
        source=price.source,
        rule=CONTRADICTED,
        reason=reason,
    )
    if isinstance(price, Odds):
        row.odd_home, row.odd_draw, row.odd_away = price.odd_home, price.odd_draw, price.odd_away
        row.as_read, row.released_as = str(price), price
    else:
        row.market, row.market_line = price.market, price.line
        row.odd_home, row.odd_away = price.odd_first, price.odd_second
        row.as_read = f"{Market(price.market).label}: {price}"
        row.released_as_two_way = price
    return row
