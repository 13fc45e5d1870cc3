"""What a source yields: plain records, the same for all sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Columns of a match that are counted, in the order in which MatchRecord.counts holds them.
COUNTS = (
    "home_score",
    "away_score",
    "home_half_time_score",
    "away_half_time_score",
    "home_shots",
    "away_shots",
    "home_shots_on_target",
    "away_shots_on_target",
    "home_corners",
    "away_corners",
    "home_fouls",
    "away_fouls",
    "home_yellow_cards",
    "away_yellow_cards",
    "home_red_cards",
    "away_red_cards",
)


# A result from beyond is a mistake; a day's grace for sources of another zone, or of the day only.
GRACE = timedelta(days=1)
PLAYED = ("live", "finished", "abandoned")


def latest_result() -> datetime:
    """No match that kicks off later can have been played."""
    return datetime.now(UTC) + GRACE


class TournamentRecord(NamedTuple):
    """Where a match belongs: names as the platform shows them."""

    region: str
    name: str
    code: str = ""
    tier: int | None = None
    is_simulated: bool = False
    is_cup: bool = False  # it has no table, and its clubs have leagues of their own


def leagues(*rows: tuple[str, str, str, int]) -> dict[str, TournamentRecord]:
    """By a source's own codes: code, region, name and tier of each."""
    return {code: TournamentRecord(region, name, tier=tier) for code, region, name, tier in rows}


def cups(*rows: tuple[str, str, str]) -> dict[str, TournamentRecord]:
    """By a source's own codes: code, region and name of each."""
    return {code: TournamentRecord(region, name, is_cup=True) for code, region, name in rows}


class Quote(NamedTuple):
    """One bookmaker's 1X2 prices as a source gives them: whoever stores them judges them.

    `kind` is as in Odds.Kind and `moment` as in Odds.Moment: how `captured_at` is known. A price
    that is missing or no number is NaN, and `text` then holds what was read.
    """

    bookmaker: str
    kind: str
    captured_at: datetime
    home: float
    draw: float
    away: float
    moment: str = "stated"
    text: str = ""


OVER_UNDER, ASIAN_HANDICAP = "over_under", "asian_handicap"


class TwoWayQuote(NamedTuple):
    """One bookmaker's prices of a market with two sides; `kind`, `moment` and `text` as in Quote.

    `market` is OVER_UNDER: `line` goals in all, `first` pays where there are more and `second`
    where there are fewer; or ASIAN_HANDICAP: `line` goals are added to the home side's score,
    `first` pays where it then wins and `second` where it loses. A missing line is NaN, too.
    """

    bookmaker: str
    market: str
    line: float
    kind: str
    captured_at: datetime
    first: float
    second: float
    moment: str = "stated"
    text: str = ""


class MatchRecord(NamedTuple):
    """One match as a source tells it; counts are None where it says nothing."""

    line: int
    tournament: TournamentRecord
    season: str
    home: str
    away: str
    start_time_utc: datetime
    has_kickoff_time: bool
    status: str
    counts: tuple[int | None, ...]
    quotes: Sequence[Quote] = ()
    external_id: str = ""  # the source's own ids, where it has them
    home_id: str = ""
    away_id: str = ""
    home_region: str = ""  # where the club plays its league, if not in the tournament's region
    away_region: str = ""
    minute: int | None = None  # of a match under way
    told_at: datetime | None = None  # when the source said so, where it tells of live matches
    two_way: Sequence[TwoWayQuote] = ()
    neutral_venue: bool | None = None  # None where the source says nothing of the ground


class EventRecord(NamedTuple):
    """A match as a feed of prices or live scores tells it: by names and kick-off, of no season.

    A feed never makes a match: it adds prices, status, score and minute to one that we know.
    """

    line: int
    external_id: str
    home: str
    away: str
    start_time_utc: datetime
    region: str = ""  # as the platform names it, where the feed tells it
    competition: str = ""
    home_id: str = ""
    away_id: str = ""
    status: str = "scheduled"
    score: tuple[int, int] | None = None  # after 90 minutes, or so far
    half_time: tuple[int, int] | None = None
    minute: int | None = None
    told_at: datetime | None = None  # when the feed said so
    quotes: Sequence[Quote] = ()
    two_way: Sequence[TwoWayQuote] = ()


def scores(
    full_time: tuple[int, int] | None, half_time: tuple[int, int] | None = None
) -> tuple[int | None, ...]:
    """The counts of a source that tells no more than scores."""
    nothing = (None, None)
    return (*(full_time or nothing), *(half_time or nothing), *[None] * (len(COUNTS) - 4))


class Rejection(NamedTuple):
    """Something a source would not take: a row, or the prices of one book in it."""

    what: str
    line: int | None
    reason: str
    text: str


SEPARATORS = {"\t": "tabs"}
DATE_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


class TableForm(NamedTuple):
    """How a table was read: what was found out of it. Empty is what its kind of file has not."""

    part: str = ""  # the sheet of a workbook
    encoding: str = ""  # utf-8, cp1252, ...
    separator: str = ""
    date_order: str = ""  # dmy, mdy or ymd
    decimal_mark: str = ""
    seasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = (
            self.part,
            self.encoding,
            self.separator and f"cells parted by {SEPARATORS.get(self.separator, self.separator)}",
            self.date_order and f"dates {DATE_ORDERS[self.date_order]}",
            self.decimal_mark and f"decimals with {self.decimal_mark}",
            f"season {', '.join(self.seasons)}" if self.seasons else "",
        )
        return "; ".join(filter(None, told))


@dataclass
class ParsedFile:
    """All that a file held; `forms` has one entry a table, where the source has tables."""

    matches: list[MatchRecord] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    rows: int = 0
    forms: list[TableForm] = field(default_factory=list)

    def rejected(self, what: str) -> Iterator[Rejection]:
        return (rejection for rejection in self.rejections if rejection.what == what)


@dataclass
class ParsedFeed:
    """All that an answer of a feed held."""

    events: list[EventRecord] = field(default_factory=list)
    rows: int = 0


def too_early(match: MatchRecord) -> Rejection | None:
    """What is wrong with a record that tells how a match ended which nobody has played yet."""
    tells = match.status in PLAYED or any(count is not None for count in match.counts)
    if not tells or match.start_time_utc <= latest_result():
        return None
    day = match.start_time_utc.date().isoformat()
    text = f"{match.home} v {match.away}, {day}"
    return Rejection("row", match.line, f"A result of {day}, which lies in the future.", text)


class RecordRejected(Exception):
    """A record that cannot be one match; the text says why."""


class FileRejected(Exception):
    """A file that is not of the source's form at all; the text says why, `line` where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line
