"""Cards of matches: probabilities, prices and what they are worth, by day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from predictions.modelling.pricing.books import DOUBTFUL_EDGE
from predictions.models import EdgeReturn
from predictions.outcomes import SIDES
from predictions.pages import edges
from predictions.pages.bars import Bar
from predictions.pages.edges import is_open
from predictions.pages.numbers import NBSP, NONE, percent, price, signed
from predictions.services.betting.verdicts import BetsLikeIt, bets_like_it
from predictions.services.odds import best_prices
from predictions.services.odds.best_prices import Price
from predictions.services.publishing import prediction_rows
from predictions.services.publishing.prediction_rows import BY_KICK_OFF, BatchFacts, Filters, Row
from predictions.services.publishing.published import Published
from predictions.services.reading.cards import CardFilters, cards

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
    is_value: bool = False  # only where bets like one on it are proven to have gained

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
    def is_doubtful(self) -> bool:
        return self.best is not None and self.best.edge(self.probability) > DOUBTFUL_EDGE

    @property
    def edge(self) -> str:
        if self.best is None:
            return NONE
        return signed(100 * self.best.edge(self.probability)) + f"{NBSP}%"


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
    is_open: bool  # edges are only shown of what can still be bet on
    like_it: EdgeReturn | None  # what bets like the best one have returned

    @property
    def precedent(self) -> str:
        return precedent(self.sides, self.like_it) if self.is_open else ""

    @property
    def likeliest(self) -> Side:
        return max(self.sides, key=lambda side: side.probability)

    @property
    def confidence(self) -> str:
        return confidence(self.likeliest.probability)


def precedent(sides: Sequence[Side], like_it: EdgeReturn | None) -> str:
    """What is to be said of the largest edge of a match that can be bet on."""
    if any(side.is_doubtful for side in sides):
        return edges.DOUBTFUL
    return edges.sentence(like_it) if like_it else ""


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
    known = bets_like_it(facts.stage) if prices else BetsLikeIt()
    found = [card_of(row, prices.get(row["match_id"]), known, now) for row in shown]
    return found, len(rows) > limit


def coming(
    champion: Published | None, filters: Filters, *, now: datetime, limit: int
) -> list[Card]:
    """The cards of today and after, if anything is published."""
    if champion is None:
        return []
    return page_of(champion.facts, replace(filters, date_from=now.date()), now=now, limit=limit)[0]


def card_of(row: Row, prices: Sequence[Price] | None, known: BetsLikeIt, now: datetime) -> Card:
    proba = [row[f"proba_{side}"] for side in SIDES]
    implied = [row[f"implied_{side}"] for side in SIDES]
    open_now = is_open(row["status"], row["startTimeUtc"], now, in_sample=row["in_sample"])
    sides, like_it = sides_of(proba, prices, known if open_now else None)
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
        sides,
        row["in_sample"],
        open_now,
        like_it,
    )


def sides_of(
    proba: Sequence[float], prices: Sequence[Price] | None, known: BetsLikeIt | None
) -> tuple[list[Side], EdgeReturn | None]:
    """The outcomes, and what bets like the one with the largest edge have returned.

    Without `known` nothing can be bet on.
    """
    best: Sequence[Price | None] = prices or [None] * len(SIDES)
    sides = [Side(*facts) for facts in zip(SIDES, OUTCOMES, proba, best, strict=True)]
    if prices is None or known is None:
        return sides, None
    worth = [price.edge(chance) for price, chance in zip(prices, proba, strict=True)]
    place = worth.index(max(worth))
    like_it = known.of(worth[place], prices[place].bookmaker)
    if like_it is not None and not sides[place].is_doubtful:
        sides[place] = replace(sides[place], is_value=like_it.is_proven)
    return sides, like_it


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


def last_days(facts: BatchFacts, filters: Filters, now: datetime) -> date | None:
    """Where the last days of such matches begin, if none is to come; None if one is."""
    newest_first = replace(filters, sort=f"-{BY_KICK_OFF}")
    newest = next(prediction_rows.rows(facts, newest_first, now=now, limit=1), None)
    if newest is None or newest["startTimeUtc"].date() >= now.date():
        return None
    first: date = (newest["startTimeUtc"] - LAST_DAYS).date()
    return first
