"""The matches and prices of a table, as its mapping says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from livescores.sources import calendars
from livescores.sources.calendars import Calendar, League, calendar_of
from livescores.sources.dates import written
from livescores.sources.football_data import parser as football_data
from livescores.sources.football_data.names import DIVISIONS, SPELLINGS
from livescores.sources.kickoffs import kickoff
from livescores.sources.mapped import prices, rows
from livescores.sources.mapped.mapping import Lookup
from livescores.sources.mapped.mapping import Mapping as TableMapping
from livescores.sources.mapped.rows import Part, Row
from livescores.sources.records import (
    COUNTS,
    FileRejected,
    MatchRecord,
    ParsedFile,
    Quote,
    RecordRejected,
    Rejection,
    TableForm,
    TournamentRecord,
    TwoWayQuote,
)
from livescores.sources.seasons import YEAR, label, named, named_in

SUFFIXES = (
    *(".csv", ".csv.gz", ".tsv", ".txt", ".xls", ".xlsx", ".zip"),
    *(".parquet", ".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz"),
)
SCORE = re.compile(
    r"(\d{1,2})\s*[-–:]\s*(\d{1,2})(?:\s*\(\s*\d{1,2}\s*[-–:]\s*\d{1,2}\s*\))?", re.ASCII
)
ZONE = re.compile(r"(.*?)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)", re.ASCII | re.I)
BEFORE = timedelta(days=1)
PLAYED = ("finished", "awarded")
LEAGUES = {(one.region, one.name): one for one in DIVISIONS.values()}
WORDS = {
    **dict.fromkeys(("scheduled", "not started", "ns", "fixture", "upcoming"), "scheduled"),
    **dict.fromkeys(("finished", "ft", "full time", "fulltime", "played"), "finished"),
    **dict.fromkeys(("postponed", "pst", "match postponed"), "postponed"),
    **dict.fromkeys(("cancelled", "canceled", "match cancelled"), "cancelled"),
    **dict.fromkeys(("abandoned", "match suspended", "match abandoned"), "abandoned"),
    **dict.fromkeys(("awarded", "match awarded", "walkover"), "awarded"),
}


def parse(
    content: bytes,
    name: str,
    mapping: TableMapping,
    *,
    beside: Path | None = None,
    date_order: str = "",
) -> ParsedFile:
    """`name` may begin with the file's folder; `beside` is where files of a lookup are.

    Raises:
        FileRejected: nothing in the file is such a table, or a lookup cannot be made.
    """
    parsed = ParsedFile()
    found = rows.parts(content, name, records=mapping.records, header=mapping.header)
    table = Table(mapping, name, _lookups(mapping, beside), date_order)
    refused = [exc for part in found if (exc := table.read(part, parsed))]
    if len(refused) == len(found):
        raise refused[0]
    parsed.rejections += [Rejection("file", exc.line, str(exc), "") for exc in refused]
    return parsed


def _lookups(mapping: TableMapping, beside: Path | None) -> dict[str, dict[str, str]]:
    """By field, what its cells stand for."""
    wanted = {name: one for name, one in mapping.columns.items() if isinstance(one, Lookup)}
    return {name: _looked_up(one, beside or Path()) for name, one in wanted.items()}


def _looked_up(lookup: Lookup, beside: Path) -> dict[str, str]:
    path = beside / PurePosixPath(lookup.file).name  # of the same folder, whatever it says
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise FileRejected(f"The mapping looks up {lookup.file}, which is not beside it.") from exc
    (part, *_) = rows.parts(content, path.name)
    part.refuse_missing({"the lookup": lookup.key, "its value": lookup.value})
    return {row.at(lookup.key): row.at(lookup.value) for _, row in part.rows}


@dataclass(frozen=True)
class Place:
    """Where a row's match belongs, and its clubs."""

    tournament: TournamentRecord
    league: League
    home: str
    away: str


class Table:
    """A mapping at work on the tables of one file."""

    def __init__(
        self,
        mapping: TableMapping,
        name: str,
        lookups: Mapping[str, Mapping[str, str]],
        date_order: str,
    ) -> None:
        self._mapping, self._name, self._lookups = mapping, name, lookups
        self._date_order = date_order or mapping.date_order
        self._stated = _only(named_in(name))

    def read(self, part: Part, parsed: ParsedFile) -> FileRejected | None:
        """Add what a table holds, or say why it is none of the mapping's."""
        try:
            calendar = self._calendar(part)
        except FileRejected as exc:
            told = f"{part.name[:60]}: " if part.name else ""
            return FileRejected(f"{told}{exc}", exc.line)
        found: dict[tuple[object, ...], MatchRecord] = {}
        parsed.rows += len(part.rows)
        for line, row in part.rows:
            try:
                _add(found, self._match(line, row, calendar))
            except RecordRejected as exc:
                parsed.rejections.append(Rejection("row", line, str(exc), self._told(row)))
        parsed.matches += found.values()
        seasons = tuple(sorted({match.season for match in found.values()}))
        parsed.forms.append(
            TableForm(
                part.name, part.encoding, part.separator, calendar.order, part.decimal_mark, seasons
            )
        )
        return None

    def _calendar(self, part: Part) -> Calendar:
        if part.fault:
            raise FileRejected(part.fault, part.line)
        part.refuse_missing(self._mapping.needed())
        return calendar_of(self._dated(part.rows), told=self._date_order)

    def _dated(self, found: Iterable[tuple[int, Row]]) -> Iterator[calendars.Row]:
        for line, row in found:
            try:
                place = self._place(row)
                played = None not in self._counts(row)[:2]
            except RecordRejected:
                continue
            told = self._at(row, "date")
            yield calendars.Row(line, told, place.league, place.home, place.away, played)

    def _at(self, row: Row, field: str) -> str:
        """A field's text: of its column, by a lookup, or the constant."""
        column = self._mapping.columns.get(field)
        if column is None:
            return self._mapping.constants.get(field, "")
        if isinstance(column, Lookup):
            text = row.at(column.column)
            return self._lookups[field].get(text, "") if text else ""
        return row.at(column) or self._mapping.constants.get(field, "")

    def _told(self, row: Row) -> str:
        told = (self._at(row, name) for name in self._mapping.columns)
        return ", ".join(filter(None, told))[:500]

    def _place(self, row: Row) -> Place:
        tournament = self._tournament(row)
        home, away = (self._club(tournament, self._at(row, side)) for side in ("home", "away"))
        spans = self._mapping.seasons == "autumn"
        season = season_name(self._at(row, "season"), spans=spans) or self._stated
        league = League(f"{tournament.region}, {tournament.name}", season, spans)
        return Place(tournament, league, home, away)

    def _club(self, tournament: TournamentRecord, name: str) -> str:
        if not name:
            raise RecordRejected("A team has no name.")
        if self._mapping.name == football_data.NAME:
            return SPELLINGS.get((tournament.region, name), name)
        return " ".join(name.split())[:120]

    def _tournament(self, row: Row) -> TournamentRecord:
        text = self._at(row, "league")
        leagues = self._mapping.leagues
        for told in (text, *self._names()):
            if told in leagues:
                return tournament(leagues[told], "")
        region = self._at(row, "region")
        return tournament(text, self._mapping.countries.get(region, region))

    def _names(self) -> list[str]:
        """What the name of the file and its folder may say: eng.1 of 2020-21/eng.1.csv."""
        parts = self._name.split("/")[-2:]
        return [part for name in reversed(parts) for part in (name, name.rsplit(".", 1)[0])]

    def _counts(self, row: Row) -> tuple[int | None, ...]:
        counts = [football_data.count(self._at(row, name)) for name in COUNTS]
        for place, field in ((0, "score"), (2, "half_time")):
            if counts[place] is None and (text := self._at(row, field)):
                counts[place : place + 2] = score(text)
        return tuple(counts)

    def _match(self, line: int, row: Row, calendar: Calendar) -> MatchRecord:
        place = self._place(row)
        if place.home == place.away:
            raise RecordRejected(f"{place.home} plays itself.")
        date_cell = written(self._at(row, "date"))
        day = date_cell.day(calendar.order)
        counts = self._counts(row)
        clock, zone = self._clock(self._at(row, "time") or date_cell.clock, row)
        start, is_known = kickoff(day, clock, zone)
        quotes = list(prices.read(self._mapping.prices, row, start, self._collected(start)))
        return MatchRecord(
            line=line,
            tournament=place.tournament,
            season=calendar.season(line),
            home=place.home,
            away=place.away,
            start_time_utc=start,
            has_kickoff_time=is_known,
            status=self._status(row, counts, day, calendar.last_result),
            counts=counts,
            quotes=[one for one in quotes if isinstance(one, Quote)],
            external_id=self._at(row, "external_id")[:60],
            two_way=[one for one in quotes if isinstance(one, TwoWayQuote)],
        )

    def _collected(self, start: datetime) -> datetime:
        """When prices stood: by the habit of the source, or the day before."""
        if self._mapping.name == football_data.NAME:
            return football_data.collection(start)
        return start - BEFORE

    def _clock(self, text: str, row: Row) -> tuple[str, tzinfo]:
        """The time and its zone, which the cell itself may say. A date's midnight is no time."""
        found = ZONE.fullmatch(text)
        text, told = (found[1], found[2]) if found else (text, "")
        zone = offset(told) if told else self._zone(row)
        if "time" not in self._mapping.columns and text.startswith("00:00"):
            text = ""
        return text, zone

    def _zone(self, row: Row) -> tzinfo:
        of_region = self._mapping.zones.get(self._tournament(row).region)
        return zone_of(self._at(row, "zone") or of_region or self._mapping.zone)

    def _status(
        self, row: Row, counts: Sequence[int | None], day: date, last_result: date | None
    ) -> str:
        home, away = counts[:2]
        if (home is None) != (away is None):
            raise RecordRejected("Only one side has a score.")
        text = self._at(row, "status")
        told = self._mapping.statuses.get(text) or WORDS.get(text.casefold())
        if text and told is None and "status" in self._mapping.columns and self._mapping.statuses:
            raise RecordRejected(f"Unknown status {text[:20]!r}.")
        if home is not None:
            return told if told in (*PLAYED, "abandoned", "cancelled") else "finished"
        if told in PLAYED:
            raise RecordRejected("A finished match without its score.")
        return told or ("unknown" if last_result and day <= last_result else "scheduled")


def _add(found: dict[tuple[object, ...], MatchRecord], match: MatchRecord) -> None:
    """A match has a row for each of its bookmakers in some tables."""
    key: tuple[object, ...]
    key = match.tournament, match.season, match.home, match.away, match.start_time_utc
    first = found.get(key)
    if first is None or first.counts != match.counts or not (match.quotes or match.two_way):
        key = key if first is None else (*key, match.line)
        found[key] = match
        return
    quotes = [*first.quotes, *match.quotes]
    found[key] = first._replace(quotes=quotes, two_way=[*first.two_way, *match.two_way])


def season_name(text: str, *, spans: bool) -> str:
    """Where seasons span two years, 2021 is 2020-21 as some write it, and 2024 begins that year."""
    text = text.strip()
    if not spans or not YEAR.fullmatch(text):
        return named(text)
    first, last = int(text[:2]), int(text[2:])
    return named(f"{first}-{last}") if last == first + 1 else label(int(text), spans=True)


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


@lru_cache(maxsize=1024)
def tournament(text: str, region: str) -> TournamentRecord:
    """Of a code (E0), of a country and its league, or of both in one: England, League One.

    Raises:
        RecordRejected: it names no country.
    """
    if text in DIVISIONS:
        return DIVISIONS[text]
    country, comma, name = text.partition(",")
    if not comma:
        country, name = region, text
    country, name = country.strip()[:80], name.strip()[:80]
    if not country or not name:
        raise RecordRejected(
            f"{text[:40]!r} names no country and league: write 'England, League One' under "
            "[constants] or [leagues]."
        )
    return LEAGUES.get((country, name)) or TournamentRecord(country, name)


def score(text: str) -> tuple[int, int]:
    """
    Raises:
        RecordRejected: it is none, or a shoot-out stands beside it.
    """
    found = SCORE.fullmatch(text.strip())
    if not found:
        raise RecordRejected(f"{text[:20]!r} is not a score after 90 minutes.")
    return int(found[1]), int(found[2])


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # as zoneinfo says that it knows none
        raise RecordRejected(f"Unknown zone {name[:40]!r}: write it like Europe/London.") from None


def offset(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
