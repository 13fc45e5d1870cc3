"""football-data.co.uk: season files, the extra leagues and both fixture lists.

The forms are told apart by their header; of a file's name only the season is believed, which its
matches must be of. Times in the files are British;
prices carry no time, so the source's own habit stands for it: pre-match prices are collected on
Friday afternoon for the weekend and on Tuesday afternoon for the days between.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from livescores.sources.calendars import Calendar
from livescores.sources.dates import written
from livescores.sources.football_data import prices, two_way
from livescores.sources.football_data.layout import Layout, NoSuchForm, at
from livescores.sources.football_data.names import (
    CUPS,
    DIVISIONS,
    EXTRA_LEAGUES,
    SECOND_TIER,
    SPELLINGS,
)
from livescores.sources.football_data.pages import pages, price_pages
from livescores.sources.kickoffs import kickoff
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
    TableForm,
    TournamentRecord,
)
from livescores.sources.tables import Table, tables

__all__ = ["NAME", "PRIORITY", "SUFFIXES", "pages", "parse", "price_pages"]

NAME = "football-data"
SUFFIXES = (".csv", ".csv.gz", ".tsv", ".xls", ".xlsx", ".zip")
LONDON = ZoneInfo("Europe/London")
PRIORITY = 10

RESULTS = {"H": 1, "D": 0, "A": -1}


def parse(content: bytes, name: str, date_order: str = "") -> ParsedFile:
    """The matches and prices of one file; a table that is none of the source's is named, left out.

    `name` may begin with the file's folder. `date_order` is what a person says of its dates.

    Raises:
        FileRejected: nothing in the file is a table of the source's form.
    """
    parsed = ParsedFile()
    found = tables(content, name)
    refused = [exc for table in found if (exc := _read_table(table, name, date_order, parsed))]
    if len(refused) == len(found):
        raise refused[0]
    for exc in refused:
        what = "row" if isinstance(exc, NoSuchForm) else "file"
        parsed.rejections.append(Rejection(what, exc.line, str(exc), ""))
    return parsed


def _read_table(
    table: Table, name: str, date_order: str, parsed: ParsedFile
) -> FileRejected | None:
    """Add what a table holds, or say why it is none of the source's."""
    try:
        layout, calendar = _laid_out(table, name, date_order)
    except FileRejected as exc:
        sheet = f"{_place(table)}: " if table.sheet else ""
        return type(exc)(f"{sheet}{exc}", exc.line)
    n_before = len(parsed.matches)
    parsed.rows += len(table.rows) - 1
    for line, row in table.rows[1:]:
        _read_row(layout, calendar, line, row, parsed)
    seasons = tuple(sorted({match.season for match in parsed.matches[n_before:]}))
    form = TableForm(
        table.sheet, table.encoding, table.separator, calendar.order, table.decimal_mark, seasons
    )
    parsed.forms.append(form)
    return None


def _place(table: Table) -> str:
    return table.sheet[:60] if table.is_member else f"Sheet {table.sheet[:40]}"


def _laid_out(table: Table, name: str, date_order: str) -> tuple[Layout, Calendar]:
    if table.fault:
        raise FileRejected(table.fault, table.line)
    (line, header), *rows = table.rows
    layout = Layout(header, line)
    calendar = layout.calendar(rows, date_order)
    layout.refuse_other_season(calendar, (table.sheet if table.is_member else "", name))
    return layout, calendar


def _read_row(
    layout: Layout, calendar: Calendar, line: int, row: list[str], parsed: ParsedFile
) -> None:
    try:
        match = _match(layout, calendar, line, row)
    except RecordRejected as exc:
        parsed.rejections.append(Rejection("row", line, str(exc), ",".join(row)[:500]))
        return
    moments = match.start_time_utc, collection(match.start_time_utc)
    quotes = list(prices.read(layout.books, row, *moments))
    pairs = list(two_way.read(layout.two_way_books, row, *moments))
    parsed.matches.append(match._replace(quotes=quotes, two_way=pairs))


def _match(layout: Layout, calendar: Calendar, line: int, row: list[str]) -> MatchRecord:
    date_cell = written(at(row, layout.date))
    day = date_cell.day(calendar.order)
    tournament = _tournament(layout, row)
    counts = tuple(count(at(row, number)) for number in layout.counts)
    start, has_time = kickoff(day, at(row, layout.time) or date_cell.clock, LONDON)
    home, away = (_team(tournament, at(row, number)) for number in (layout.home, layout.away))
    if home == away:
        raise RecordRejected(f"{home} plays itself.")
    return MatchRecord(
        line=line,
        tournament=tournament,
        season=calendar.season(line),
        home=home,
        away=away,
        start_time_utc=start,
        has_kickoff_time=has_time,
        status=_status(counts, day, calendar.last_result, at(row, layout.result)),
        counts=counts,
    )


def _tournament(layout: Layout, row: list[str]) -> TournamentRecord:
    if not layout.is_extra:
        code = layout.cell(row, "Div")
        if code not in DIVISIONS:
            raise RecordRejected(f"Unknown division {code[:20]!r}.")
        return DIVISIONS[code]
    country, league = layout.cell(row, "Country"), layout.cell(row, "League")
    if not country or not league:
        raise RecordRejected("No country or league.")
    league = EXTRA_LEAGUES.get((country, league), league)
    is_cup = (country, league) in CUPS
    tier = 2 if (country, league) in SECOND_TIER else None if is_cup else 1
    return TournamentRecord(country, league, tier=tier, is_cup=is_cup)


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


def count(text: str) -> int | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise RecordRejected(f"{text[:20]!r} is not a count.") from None
    if not (0 <= number < 1000 and number.is_integer()):
        raise RecordRejected(f"{text[:20]!r} is not a count.")
    return int(number)


@lru_cache(maxsize=8192)
def collection(start: datetime) -> datetime:
    """The last Tuesday or Friday, 15:00 in Britain, before kick-off."""
    local = start.astimezone(LONDON)
    for days in range(8):
        day = local.date() - timedelta(days=days)
        moment = datetime.combine(day, time(15), LONDON)
        if day.weekday() in (1, 4) and moment < local:
            return moment.astimezone(UTC)
    raise AssertionError("a week holds a Tuesday")
