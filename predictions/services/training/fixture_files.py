"""Files of fixtures to predict: a table with a league or country and two clubs a row.

    league,country,date,home,away
    E0,,2023-04-15,Arsenal,Chelsea

Columns may be called as football-data.co.uk calls them: Div,HomeTeam,AwayTeam. `time` (of the day,
UTC) and `neutral` (yes or no) may stand besides; other columns go along. A fixture without a date
kicks off at the moment that is asked about.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from livescores.services.known_names import KnownNames, NamedClub
from livescores.sources import tables
from livescores.sources.dates import written
from livescores.sources.records import FileRejected, RecordRejected
from soccerpredict import whole_files
from soccerpredict.errors import InvalidInput
from soccerpredict.http.output.formats import disarmed

NOON = time(12)
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
YES = frozenset({"yes", "true", "1", "y"})
NEEDED = ("home", "away")
PLACES = ("league", "country")
ALSO_CALLED = {"div": "league", "hometeam": "home", "awayteam": "away", "ht": "home", "at": "away"}


@dataclass(frozen=True)
class Row:
    """A line of the file as it stands there, by column in small letters."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def told(self, what: str) -> str:
        """A cell by what it means, whatever its column is called."""
        return next((self[name] for name in self.cells if _meaning(name) == what), "")


@dataclass(frozen=True)
class LinkedFixture:
    """A row and what of ours it means; None where a name means nothing of ours."""

    row: Row
    kickoff: datetime
    tournament_id: int | None
    home: NamedClub | None
    away: NamedClub | None

    @property
    def neutral(self) -> bool:
        return self.row.told("neutral").casefold() in YES


@dataclass(frozen=True)
class LinkedFile:
    columns: list[str]
    fixtures: list[LinkedFixture]
    unlinked: list[str]
    undated: int


def read(path: Path, moment: datetime) -> LinkedFile:
    """Read a file and link its names, those that can be; the others are told in sentences.

    Fixtures without a date kick off at `moment`.

    Raises:
        InvalidInput: there is no such file, it is no table, a column is missing, or a date is none.
    """
    columns, rows = _rows(path)
    names = KnownNames()
    fixtures: list[LinkedFixture] = []
    unlinked: dict[str, None] = {}
    for row in rows:
        fixture, missing = _linked(row, names, moment)
        fixtures.append(fixture)
        unlinked |= dict.fromkeys(missing)
    undated = sum(not row.told("date") for row in rows)
    return LinkedFile(columns, fixtures, list(unlinked), undated)


def _rows(path: Path) -> tuple[list[str], list[Row]]:
    try:
        (table, *_) = tables.tables(path.read_bytes(), path.name)
    except OSError as exc:
        raise InvalidInput(f"{path} cannot be read: {exc.strerror}.") from exc
    except FileRejected as exc:
        raise InvalidInput(f"{path}: {exc}") from exc
    columns = [cell.strip().casefold() for cell in table.rows[0][1]]
    meant = set(map(_meaning, columns))
    if not set(NEEDED) <= meant or not set(PLACES) & meant:
        raise InvalidInput(
            f"{path}: a row needs home and away (or HomeTeam and AwayTeam), and league (or Div) or "
            "country."
        )
    rows = [
        Row(line, dict(zip(columns, map(str.strip, cells), strict=False)))
        for line, cells in table.rows[1:]
    ]
    if not rows:
        raise InvalidInput(f"{path} holds no fixture.")
    return columns, rows


def _meaning(column: str) -> str:
    return ALSO_CALLED.get(column, column)


def _linked(row: Row, names: KnownNames, moment: datetime) -> tuple[LinkedFixture, list[str]]:
    league_name, country = row.told("league"), row.told("country")
    league = names.league(league_name, country) if league_name else None
    region_id = league.region_id if league else names.region(country)
    home, away = (
        names.club(row.told(side), region_id) if region_id else None for side in ("home", "away")
    )
    kickoff = _kickoff(row) if row.told("date") else moment
    fixture = LinkedFixture(row, kickoff, league.pk if league else None, home, away)
    return fixture, list(_missing(fixture, region_id, names))


def _missing(fixture: LinkedFixture, region_id: int | None, names: KnownNames) -> Iterator[str]:
    row, league, country = fixture.row, fixture.row.told("league"), fixture.row.told("country")
    place = ", ".join(filter(None, (league, country))) or "no place"
    if region_id is None or (league and fixture.tournament_id is None):
        yield f"{place}: no league of ours{_meant(names.leagues_like(league, country))}"
    if region_id is not None:
        for side, club in (("home", fixture.home), ("away", fixture.away)):
            if club is None:
                name = row.told(side)
                meant = _meant(names.clubs_like(name, region_id))
                yield f"{name} ({place}): no club of ours{meant}"


def _meant(names: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(names)}?" if names else ""


def _kickoff(row: Row) -> datetime:
    """Noon where no time is given, as on import."""
    try:
        day = datetime.fromisoformat(row.told("date")).date()
    except ValueError:
        try:
            day = written(row.told("date")).day("dmy")
        except RecordRejected as exc:
            raise InvalidInput(f"Line {row.line}: {exc}") from exc
    told = row.told("time")
    clock = TIME.fullmatch(told) if told else None
    if told and clock is None:
        raise InvalidInput(f"Line {row.line}: {told!r} is no time of the day.")
    at = time(int(clock[1]), int(clock[2])) if clock else NOON
    return datetime.combine(day, at, UTC)


def write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, object]]) -> None:
    """The file is whole or not there."""
    with whole_files.replacing(path) as binary:
        file = io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=True)
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(told) for name, told in row.items()} for row in rows)
        file.detach()


def _cell(told: object) -> object:
    """A number that stands there as text is no formula."""
    if not isinstance(told, str):
        return told
    try:
        float(told)
    except ValueError:
        return disarmed(told)
    return told
