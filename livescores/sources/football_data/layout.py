"""Where a table of football-data.co.uk keeps what, and what it tells as a whole."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from livescores.sources.calendars import Calendar, League, Row, calendar_of
from livescores.sources.football_data import prices, two_way
from livescores.sources.football_data.names import AUTUMN_TO_SPRING, BOOKMAKERS, COLUMN_SPELLINGS
from livescores.sources.records import FileRejected
from livescores.sources.seasons import named, named_in

USUAL_ORDER = "dmy"
NAMES = (
    *("Div", "Country", "League", "Season", "Date", "Time", "FTR", "Res"),
    *("HomeTeam", "HT", "Home", "AwayTeam", "AT", "Away"),
)
# The source's columns in the order of records.COUNTS; the first that a file has is read.
COUNT_COLUMNS = (
    ("FTHG", "HG"),
    ("FTAG", "AG"),
    ("HTHG",),
    ("HTAG",),
    ("HS",),
    ("AS",),
    ("HST",),
    ("AST",),
    ("HC",),
    ("AC",),
    ("HF",),
    ("AF",),
    ("HY",),
    ("AY",),
    ("HR",),
    ("AR",),
)


class NoSuchForm(FileRejected):
    """A table that is none of the source's: a sheet of notes, say."""


class Layout:
    """Column numbers by name."""

    def __init__(self, header: Sequence[str], line: int = 1) -> None:
        self.columns = _numbered(header)
        self._line = line
        self.is_extra = {"Country", "League", "Home", "Away"} <= self.columns.keys()
        self.home = self._first("HomeTeam", "HT", "Home")
        self.away = self._first("AwayTeam", "AT", "Away")
        self.date = self._first("Date")
        if not self.is_extra:
            self._first("Div")
        self.time = self.columns.get("Time")
        self.counts = [
            next((self.columns[name] for name in names if name in self.columns), None)
            for names in COUNT_COLUMNS
        ]
        self.result = next((self.columns[n] for n in ("FTR", "Res") if n in self.columns), None)
        # The extra leagues' files hold closing prices only, whatever the columns are called.
        self.books = prices.columns_of(
            self.columns, closing_only=self.is_extra and "Season" in self.columns
        )
        self.two_way_books = two_way.columns_of(self.columns)

    def _first(self, *names: str) -> int:
        for name in names:
            if name in self.columns:
                return self.columns[name]
        found = ", ".join(list(self.columns)[:6]) or "nothing"
        reason = f"No column {' or '.join(names)} in the header ({found})."
        raise NoSuchForm(reason, self._line)

    def cell(self, row: Sequence[str], name: str) -> str:
        return at(row, self.columns.get(name))

    def league(self, row: Sequence[str]) -> League:
        """What has seasons of its own: a division, or a league whose rows state theirs."""
        if not self.is_extra:
            return _division(self.cell(row, "Div"))
        country = self.cell(row, "Country")
        if season := named(self.cell(row, "Season")):
            return League(f"{country}, {self.cell(row, 'League')}", season)
        return League(country, spans=country in AUTUMN_TO_SPRING)

    def calendar(self, rows: Iterable[tuple[int, list[str]]], date_order: str = "") -> Calendar:
        """
        Raises:
            FileRejected: dates contradict each other, in two lines.
        """
        return calendar_of(self._dated(rows), usual=USUAL_ORDER, told=date_order)

    def _dated(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
        for line, row in rows:
            yield Row(
                line,
                at(row, self.date),
                self.league(row),
                at(row, self.home),
                at(row, self.away),
                bool(at(row, self.counts[0])),
            )

    def refuse_other_season(self, calendar: Calendar, names: Iterable[str]) -> None:
        """Where the name of the file says a season, its matches are of it."""
        if self.is_extra:
            return
        told = next(filter(None, map(named_in, names)), ())
        for league, seasons in calendar.seasons.items():
            if told and len(seasons) == 1 and seasons[0].name not in told:
                raise FileRejected(
                    f"The file is named for {' or '.join(told)}, but most matches of {league.name} "
                    f"are of {seasons[0].name}. Rename it if its dates are right.",
                    self._line,
                )


def _numbered(header: Sequence[str]) -> dict[str, int]:
    """By name; where a program wrote all names in capitals or small letters, by ours."""
    columns: dict[str, int] = {}
    names = [name.strip() for name in header]
    if "Date" not in names:
        names = [_in_any_case().get(name.casefold(), name) for name in names]
    for number, name in enumerate(names):
        clean = COLUMN_SPELLINGS.get(name, name)
        if clean:
            columns.setdefault(clean, number)
    return columns


@lru_cache(maxsize=1)
def _in_any_case() -> dict[str, str]:
    books = (f"{code}{mark}{side}" for code in BOOKMAKERS for mark in ("", "C") for side in "HDA")
    counts = (name for names in COUNT_COLUMNS for name in names)
    return {name.casefold(): name for name in (*books, *counts, *NAMES)}


@lru_cache(maxsize=256)
def _division(code: str) -> League:
    return League(code)


def at(row: Sequence[str], number: int | None) -> str:
    return row[number].strip() if number is not None and number < len(row) else ""
