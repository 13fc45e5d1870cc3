"""Cards of matches: probabilities, prices and what they are worth, by day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from predictions.models import Prediction
from predictions.pages.bars import Bar
from predictions.pages.numbers import NBSP, NONE, percent, price, signed
from predictions.services import best_prices
from predictions.services.best_prices import Price
from predictions.services.cards import CardFilters, cards
from predictions.services.prediction_rows import BatchFacts, Filters, Row
from predictions.services.published import Published

SIDES = ("home", "draw", "away")
OUTCOMES = ("Home", "Draw", "Away")
N_SHOWN = 30
N_DAYS = 10
LAST_DAYS = timedelta(days=3)
MEDIUM, HIGH = 0.45, 0.6  # from here on, confidence is called so


@dataclass(frozen=True)
class Side:
    """One outcome of a match: its chance, what it should cost and what it costs at best."""

    kind: str
    name: str
    probability: float
    best: Price | None

    @property
    def percent(self) -> str:
        return percent(self.probability)

    @property
    def fair(self) -> str:
        return price(self.probability, 1 - self.probability)

    @property
    def price(self) -> str:
        return f"{self.best.odds:.2f}" if self.best else NONE

    @property
    def edge(self) -> str:
        if self.best is None:
            return NONE
        return signed(100 * self.best.edge(self.probability)) + f"{NBSP}%"

    @property
    def is_value(self) -> bool:
        """Whether the best price is above the fair one."""
        return self.best is not None and self.best.edge(self.probability) > 0


@dataclass(frozen=True)
class Card:
    """A match with its prediction."""

    match_id: int
    kickoff: datetime
    region: str
    league: str
    home: str
    away: str
    status: str
    score: str
    bar: Bar
    market: Bar | None
    sides: list[Side]
    in_sample: bool  # no forecast, whatever it looks like

    @property
    def likeliest(self) -> Side:
        return max(self.sides, key=lambda side: side.probability)

    @property
    def confidence(self) -> str:
        return confidence(self.likeliest.probability)


def confidence(likeliest: float) -> str:
    """A word for the chance of the likeliest outcome."""
    if likeliest >= HIGH:
        return "high"
    return "medium" if likeliest >= MEDIUM else "low"


def page_of(
    facts: BatchFacts, filters: Filters, *, now: datetime, offset: int = 0, limit: int = N_SHOWN
) -> tuple[list[Card], bool]:
    """Cards in order of kick-off, and whether more follow."""
    rows = list(cards(facts, CardFilters(filters), now=now, limit=limit + 1, offset=offset))
    shown = rows[:limit]
    prices = best_prices.of_matches([row["match_id"] for row in shown])
    return [card_of(row, prices.get(row["match_id"])) for row in shown], len(rows) > limit


def coming(
    champion: Published | None, filters: Filters, *, now: datetime, limit: int
) -> list[Card]:
    """The cards of today and after, if anything is published."""
    if champion is None:
        return []
    return page_of(champion.facts, replace(filters, date_from=now.date()), now=now, limit=limit)[0]


def card_of(row: Row, prices: Sequence[Price] | None) -> Card:
    proba = [row[f"proba_{side}"] for side in SIDES]
    implied = [row[f"implied_{side}"] for side in SIDES]
    return Card(
        row["match_id"],
        row["startTimeUtc"],
        row["region"],
        row["tournament"],
        row["homeTeamName"],
        row["awayTeamName"],
        row["status"],
        score_of(row["home_score"], row["away_score"]),
        Bar.of(proba),
        Bar.of(implied) if implied[0] is not None else None,
        sides_of(proba, prices),
        row["in_sample"],
    )


def sides_of(proba: Sequence[float], prices: Sequence[Price] | None) -> list[Side]:
    best: Sequence[Price | None] = prices or [None] * len(SIDES)
    return [Side(*facts) for facts in zip(SIDES, OUTCOMES, proba, best, strict=True)]


def score_of(home: int | None, away: int | None) -> str:
    return "" if home is None else f"{home}–{away}"


def by_day(shown: Iterable[Card]) -> Iterator[tuple[date, list[Card]]]:
    for day, inside in groupby(shown, key=lambda card: card.kickoff.date()):
        yield day, list(inside)


def coming_days(coming: Iterable[Row], now: datetime) -> list[tuple[date, int]]:
    """The next days on which there are matches to come, and how many."""
    later = (row["startTimeUtc"] for row in coming if row["startTimeUtc"] > now.isoformat())
    counts = Counter(date.fromisoformat(start[:10]) for start in later)
    return sorted(counts.items())[:N_DAYS]


def last_days(facts: BatchFacts, now: datetime) -> date | None:
    """Where the last days of a batch begin that has nothing to come; None if it has."""
    newest = Prediction.objects.filter(batch=UUID(facts.batch_id)).order_by("-start_time_utc")
    last = newest.values_list("start_time_utc", flat=True).first()
    return (last - LAST_DAYS).date() if last and last.date() < now.date() else None
