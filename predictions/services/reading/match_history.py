"""What was said of a match, and at what prices, as far as it was known at a moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from livescores.models import Match
from predictions.models import Prediction
from predictions.services.odds.closing_line import BEFORE, STOOD_AT
from predictions.services.odds.redistribution import ALLOWED
from predictions.services.publishing.issuing import is_issued

QUOTES = f"""
    SELECT b.code, b.name, b.kind = 'book', b.priority, {STOOD_AT} AS stood_at,
           o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE o.match_id = %s AND {BEFORE} AND {ALLOWED} AND {STOOD_AT} <= %s
    ORDER BY stood_at, o.recorded_at, o.id
"""


@dataclass(frozen=True)
class Forecast:
    """What a stage said of the match from a moment on."""

    stage: str
    version: int
    published_at: datetime
    in_sample: bool
    computed_at: datetime
    kickoff: datetime  # as known when it was made
    proba: tuple[float, float, float]

    @property
    def is_issued(self) -> bool:
        return is_issued(self.computed_at, self.kickoff)


@dataclass(frozen=True)
class Quote:
    """A bookmaker's prices, or those of a market summary, from a moment on."""

    bookmaker: str
    name: str
    is_book: bool
    priority: int
    captured_at: datetime
    prices: tuple[float, float, float]


def forecasts(match: Match, *, until: datetime) -> list[Forecast]:
    """Everything that was published of the match, in order of time."""
    said = Prediction.objects.filter(match=match, batch__publications__published_at__lte=until)
    columns = ("batch__stage", "batch__model_version__version", "at", "in_sample")
    times = ("batch__computed_at", "start_time_utc")
    found = said.annotate(at=F("batch__publications__published_at")).order_by("at", "pk")
    rows = found.values_list(*columns, *times, "proba_home", "proba_draw", "proba_away")
    return [
        Forecast(stage, version, at, in_sample, computed_at, kickoff, (home, draw, away))
        for stage, version, at, in_sample, computed_at, kickoff, home, draw, away in rows
    ]


def quotes(match: Match, *, until: datetime) -> list[Quote]:
    """All prices before kick-off that may be passed on, in order of time."""
    with connection.cursor() as cursor:
        cursor.execute(QUOTES, [match.pk, until])
        return [
            Quote(code, name, is_book, priority, at, (home, draw, away))
            for code, name, is_book, priority, at, home, draw, away in cursor.fetchall()
        ]


def market(known: list[Quote]) -> list[Quote]:
    """The prices of the bookmaker that stands for the market: the first by priority."""
    books = [quote for quote in known if quote.is_book]
    if not books:
        return []
    first = min(books, key=lambda quote: (quote.priority, quote.bookmaker))
    return [quote for quote in books if quote.bookmaker == first.bookmaker]


def newest(known: list[Quote]) -> list[Quote]:
    """The last prices of each bookmaker, in order of priority."""
    last = {quote.bookmaker: quote for quote in known}
    return sorted(last.values(), key=lambda quote: (quote.priority, quote.bookmaker))
