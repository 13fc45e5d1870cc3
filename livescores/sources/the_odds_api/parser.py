"""The Odds API, version 4: 1X2 prices of many bookmakers, and scores.

The published form: the-odds-api.com/liveapi/guides/v4. Matches have no season: it is a feed.
"""

from collections.abc import Iterator
from datetime import datetime
from math import nan

from pydantic import AwareDatetime, TypeAdapter

from livescores.sources import schemas
from livescores.sources.queries import Asked, NotConfigured, Page
from livescores.sources.records import EventRecord, ParsedFeed, Quote
from livescores.sources.schemas import Form
from livescores.sources.the_odds_api.names import BOOKMAKERS, OUR_CODES, SPORTS

__all__ = ["BOOKMAKERS", "NAME", "SUFFIXES", "pages", "parse", "score_pages"]

NAME = "the-odds-api"
SUFFIXES = (".json", ".json.gz")
MARKET, DRAW = "h2h", "Draw"
PRICES = "regions=eu,uk&markets=h2h&oddsFormat=decimal&dateFormat=iso"
SCORES = "daysFrom=1&dateFormat=iso"


class OutcomeNode(Form):
    name: str
    price: float


class MarketNode(Form):
    key: str
    last_update: AwareDatetime | None = None
    outcomes: list[OutcomeNode]


class BookmakerNode(Form):
    key: str
    last_update: AwareDatetime | None = None
    markets: list[MarketNode]


class ScoreNode(Form):
    name: str
    score: str


class EventNode(Form):
    id: str
    sport_key: str
    commence_time: AwareDatetime
    home_team: str
    away_team: str
    bookmakers: list[BookmakerNode] = []
    completed: bool = False
    scores: list[ScoreNode] | None = None
    last_update: AwareDatetime | None = None


FORM = TypeAdapter(list[EventNode])


def pages(asked: Asked) -> list[Page]:
    """The prices of each league. An answer with matches costs two of the plan's requests."""
    return _pages(asked, "odds", PRICES)


def score_pages(asked: Asked) -> list[Page]:
    return _pages(asked, "scores", SCORES)


def _pages(asked: Asked, what: str, query: str) -> list[Page]:
    if not asked.token:
        raise NotConfigured("The Odds API wants a token: set THE_ODDS_API_TOKEN.")
    return [
        Page(
            f"{asked.url}/v4/sports/{key}/{what}?{query}",
            f"{key}.json",
            secret={"apiKey": asked.token},
        )
        for key in asked.of(SPORTS)
    ]


def parse(content: bytes, name: str, at: datetime) -> ParsedFeed:
    """The matches of one answer, with prices or with scores; told at `at` where it doesn't say.

    Raises:
        FileRejected: it is not of the provider's form; the text names the field.
    """
    nodes = schemas.read(content, name, FORM)
    events = [_event(number, node, at) for number, node in enumerate(nodes, start=1)]
    return ParsedFeed(events, rows=len(nodes))


def _event(number: int, node: EventNode, at: datetime) -> EventRecord:
    score = _score(node)
    return EventRecord(
        line=number,
        external_id=node.id,
        home=node.home_team,
        away=node.away_team,
        start_time_utc=node.commence_time,
        region=SPORTS.get(node.sport_key, ""),
        competition=node.sport_key,
        status=_status(node, score),
        score=score,
        told_at=node.last_update or at,
        quotes=list(_quotes(node, at)),
    )


def _status(node: EventNode, score: tuple[int, int] | None) -> str:
    if score is None:
        return "scheduled"
    return "finished" if node.completed else "live"


def _score(node: EventNode) -> tuple[int, int] | None:
    told = {row.name: row.score for row in node.scores or ()}
    texts = told.get(node.home_team, ""), told.get(node.away_team, "")
    if all(text.isascii() and text.isdigit() and len(text) <= 2 for text in texts):
        return int(texts[0]), int(texts[1])
    return None


def _quotes(node: EventNode, at: datetime) -> Iterator[Quote]:
    for book in node.bookmakers:
        for market in book.markets:
            if market.key != MARKET:
                continue
            said = market.last_update or book.last_update or at
            kind = "pre_match" if said < node.commence_time else "live"
            yield Quote(OUR_CODES.get(book.key, book.key)[:20], kind, said, *_sides(node, market))


def _sides(node: EventNode, market: MarketNode) -> tuple[float, float, float, str, str]:
    """Home, draw and away; what is no such book is kept as it was read."""
    prices = {outcome.name: outcome.price for outcome in market.outcomes}
    names = (node.home_team, DRAW, node.away_team)
    if len(market.outcomes) == 3 and prices.keys() == set(names):
        home, draw, away = (prices[name] for name in names)
        return home, draw, away, "stated", ""
    return nan, nan, nan, "stated", str(prices)[:200]
