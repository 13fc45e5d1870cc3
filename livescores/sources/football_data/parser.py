"""football-data.co.uk: season files, the extra leagues and both fixture lists.

The forms are told apart by their header, never by their file name. Times in the files are British;
prices carry no time, so the source's own habit stands for it: pre-match prices are collected on
Friday afternoon for the weekend and on Tuesday afternoon for the days between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from livescores.sources.football_data import prices, two_way
from livescores.sources.football_data.names import (
    AUTUMN_TO_SPRING,
    COLUMN_SPELLINGS,
    CUPS,
    DIVISIONS,
    EXTRA_LEAGUES,
    SECOND_TIER,
    SPELLINGS,
)
from livescores.sources.football_data.pages import pages, price_pages
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
    TableForm,
    TournamentRecord,
    latest_result,
)
from livescores.sources.tables import Table, tables

__all__ = ["NAME", "PRIORITY", "SUFFIXES", "pages", "parse", "price_pages"]

NAME = "football-data"
SUFFIXES = (".csv", ".csv.gz", ".xls", ".xlsx")
LONDON = ZoneInfo("Europe/London")
NOON = time(12)
NEW_SEASON_MONTH = 7
PRIORITY = 10

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
RESULTS = {"H": 1, "D": 0, "A": -1}


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches and prices of one file; a sheet that is no such table is named and left out.

    Raises:
        FileRejected: nothing in the file is a table of the source's form.
    """
    parsed = ParsedFile()
    found = tables(content, name)
    refused = [exc for table in found if (exc := _read_table(table, parsed))]
    if len(refused) == len(found):
        raise refused[0]
    for exc in refused:
        parsed.rejections.append(Rejection("row", exc.line, str(exc), ""))
    return parsed


def _read_table(table: Table, parsed: ParsedFile) -> FileRejected | None:
    """Add what a table holds, or say why it is none of the source's."""
    (line, header), *rows = table.rows
    try:
        form = Form(header)
    except FileRejected as exc:
        sheet = f"Sheet {table.sheet[:40]}: " if table.sheet else ""
        return FileRejected(f"{sheet}{exc}", line)
    parsed.rows += len(rows)
    calendar = form.calendar(rows)
    n_before = len(parsed.matches)
    for number, row in rows:
        _read_row(form, calendar, number, row, parsed)
    seasons = sorted({match.season for match in parsed.matches[n_before:]})
    parsed.forms.append(
        TableForm(table.sheet, table.encoding, table.separator, "dmy", ".", tuple(seasons))
    )
    return None


@dataclass(frozen=True)
class Calendar:
    """What only the whole file tells: where each division's season starts, how far results go."""

    first_day: dict[str, date]
    last_result: date | None


class Form:
    """Where a file keeps what: column numbers by name."""

    def __init__(self, header: Sequence[str]) -> None:
        self.columns: dict[str, int] = {}
        for number, name in enumerate(header):
            clean = COLUMN_SPELLINGS.get(name.strip(), name.strip())
            if clean:
                self.columns.setdefault(clean, number)
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
        raise FileRejected(f"No column {' or '.join(names)} in the header ({found}).", 1)

    def cell(self, row: Sequence[str], name: str) -> str:
        number = self.columns.get(name)
        return row[number].strip() if number is not None and number < len(row) else ""

    def calendar(self, rows: Sequence[tuple[int, list[str]]]) -> Calendar:
        first: dict[str, date] = {}
        last: date | None = None
        latest = latest_result().date()  # a mistyped year says nothing of the matches before it
        for _, row in rows:
            try:
                day = day_of(_at(row, self.date))
            except RecordRejected:
                continue
            division = self.cell(row, "Div")
            first[division] = min(day, first.get(division, day))
            is_played = _at(row, self.counts[0]) and day <= latest
            if is_played and (last is None or day > last):
                last = day
        return Calendar(first, last)


def _at(row: Sequence[str], number: int | None) -> str:
    return row[number].strip() if number is not None and number < len(row) else ""


def _read_row(
    form: Form, calendar: Calendar, line: int, row: list[str], parsed: ParsedFile
) -> None:
    try:
        match = _match(form, calendar, line, row)
    except RecordRejected as exc:
        parsed.rejections.append(Rejection("row", line, str(exc), ",".join(row)[:500]))
        return
    moments = match.start_time_utc, captured_before(match)
    quotes = list(prices.read(form.books, row, *moments))
    pairs = list(two_way.read(form.two_way_books, row, *moments))
    parsed.matches.append(match._replace(quotes=quotes, two_way=pairs))


def _match(form: Form, calendar: Calendar, line: int, row: list[str]) -> MatchRecord:
    day = day_of(_at(row, form.date))
    tournament = _tournament(form, row)
    counts = tuple(_count(_at(row, number)) for number in form.counts)
    start, has_time = kickoff(day, _at(row, form.time))
    home, away = (_team(tournament, _at(row, number)) for number in (form.home, form.away))
    if home == away:
        raise RecordRejected(f"{home} plays itself.")
    return MatchRecord(
        line=line,
        tournament=tournament,
        season=_season(form, calendar, row, day),
        home=home,
        away=away,
        start_time_utc=start,
        has_kickoff_time=has_time,
        status=_status(counts, day, calendar.last_result, _at(row, form.result)),
        counts=counts,
    )


def _tournament(form: Form, row: list[str]) -> TournamentRecord:
    if not form.is_extra:
        code = form.cell(row, "Div")
        if code not in DIVISIONS:
            raise RecordRejected(f"Unknown division {code[:20]!r}.")
        return DIVISIONS[code]
    country, league = form.cell(row, "Country"), form.cell(row, "League")
    if not country or not league:
        raise RecordRejected("No country or league.")
    league = EXTRA_LEAGUES.get((country, league), league)
    tier = 2 if (country, league) in SECOND_TIER else None if (country, league) in CUPS else 1
    return TournamentRecord(country, league, tier=tier)


def _season(form: Form, calendar: Calendar, row: list[str], day: date) -> str:
    stated = form.cell(row, "Season")
    if stated:
        return f"{stated[:4]}-{stated[-2:]}" if "/" in stated else stated
    if form.is_extra:
        if form.cell(row, "Country") in AUTUMN_TO_SPRING:
            return _spanning(day)
        return str(day.year)
    # A season may end in August, so its first match tells which one it is, not each date.
    return _spanning(calendar.first_day[form.cell(row, "Div")])


def _spanning(day: date) -> str:
    year = day.year if day.month >= NEW_SEASON_MONTH else day.year - 1
    return f"{year}-{(year + 1) % 100:02}"


def _team(tournament: TournamentRecord, name: str) -> str:
    if not name:
        raise RecordRejected("A team has no name.")
    return SPELLINGS.get((tournament.region, name), name)


def _status(
    counts: tuple[int | None, ...], day: date, last_result: date | None, result: str
) -> str:
    home, away = counts[:2]
    if home is None and away is None:
        # Behind the last result it was never played, and the file does not say why.
        return "unknown" if last_result and day <= last_result else "scheduled"
    if home is None or away is None:
        raise RecordRejected("Only one side has a score.")
    if result in RESULTS and RESULTS[result] != (home > away) - (home < away):
        raise RecordRejected(f"The result {result} contradicts the score {home}-{away}.")
    return "finished"


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """A date as dd/mm/yy or dd/mm/yyyy; two-digit years start at 1993."""
    parts = text.split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise RecordRejected(f"Unreadable date {text[:20]!r}.")
    day, month, year = map(int, parts)
    if year < 100:
        year += 1900 if year >= 93 else 2000
    try:
        return date(year, month, day)
    except ValueError:
        raise RecordRejected(f"No such date: {text[:20]!r}.") from None


@lru_cache(maxsize=8192)
def kickoff(day: date, text: str) -> tuple[datetime, bool]:
    """Kick-off in UTC from a British time; noon UTC, and False, where there is none."""
    if not text:
        return datetime.combine(day, NOON, UTC), False
    try:
        local = datetime.combine(day, time.fromisoformat(text.zfill(5)), LONDON)
    except ValueError:
        raise RecordRejected(f"Unreadable time {text[:20]!r}.") from None
    return local.astimezone(UTC), True


def _count(text: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise RecordRejected(f"{text[:20]!r} is not a count.") from None
    if not (0 <= number < 1000 and number.is_integer()):
        raise RecordRejected(f"{text[:20]!r} is not a count.")
    return int(number)


def captured_before(match: MatchRecord) -> datetime:
    return _collection(match.start_time_utc)


@lru_cache(maxsize=8192)
def _collection(start: datetime) -> datetime:
    """The last Tuesday or Friday, 15:00 in Britain, before kick-off."""
    local = start.astimezone(LONDON)
    for days in range(8):
        day = local.date() - timedelta(days=days)
        moment = datetime.combine(day, time(15), LONDON)
        if day.weekday() in (1, 4) and moment < local:
            return moment.astimezone(UTC)
    raise AssertionError("a week holds a Tuesday")
