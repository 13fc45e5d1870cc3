"""Files of fixtures to predict: a table with a league or country, a date and two clubs a row.

    league,country,date,home,away
    E0,,2023-04-15,Arsenal,Chelsea

`time` (of the day, UTC) and `neutral` (yes or no) may stand besides; other columns go along.
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

NOON = time(12)
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
YES = frozenset({"yes", "true", "1", "y"})
NEEDED = ("date", "home", "away")
PLACES = ("league", "country")


@dataclass(frozen=True)
class Row:
    """A line of the file as it stands there, by column in small letters."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


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
        return self.row["neutral"].casefold() in YES


@dataclass(frozen=True)
class LinkedFile:
    columns: list[str]
    fixtures: list[LinkedFixture]
    unlinked: list[str]


def read(path: Path) -> LinkedFile:
    """Read a file and link its names, those that can be; the others are told in sentences.

    Raises:
        InvalidInput: there is no such file, it is no table, a column is missing, or a date is none.
    """
    columns, rows = _rows(path)
    names = KnownNames()
    fixtures: list[LinkedFixture] = []
    unlinked: dict[str, None] = {}
    for row in rows:
        fixture, missing = _linked(row, names)
        fixtures.append(fixture)
        unlinked |= dict.fromkeys(missing)
    return LinkedFile(columns, fixtures, list(unlinked))


def _rows(path: Path) -> tuple[list[str], list[Row]]:
    try:
        (table, *_) = tables.tables(path.read_bytes(), path.name)
    except OSError as exc:
        raise InvalidInput(f"{path} cannot be read: {exc.strerror}.") from exc
    except FileRejected as exc:
        raise InvalidInput(f"{path}: {exc}") from exc
    columns = [cell.strip().casefold() for cell in table.rows[0][1]]
    missing = [name for name in NEEDED if name not in columns]
    if missing or not set(PLACES) & set(columns):
        raise InvalidInput(f"{path}: a row needs {', '.join(NEEDED)}, and league or country.")
    rows = [
        Row(line, dict(zip(columns, map(str.strip, cells), strict=False)))
        for line, cells in table.rows[1:]
    ]
    if not rows:
        raise InvalidInput(f"{path} holds no fixture.")
    return columns, rows


def _linked(row: Row, names: KnownNames) -> tuple[LinkedFixture, list[str]]:
    league = names.league(row["league"], row["country"]) if row["league"] else None
    region_id = league.region_id if league else names.region(row["country"])
    home, away = (
        names.club(row[side], region_id) if region_id else None for side in ("home", "away")
    )
    fixture = LinkedFixture(row, _kickoff(row), league.pk if league else None, home, away)
    return fixture, list(_missing(fixture, region_id))


def _missing(fixture: LinkedFixture, region_id: int | None) -> Iterator[str]:
    row = fixture.row
    place = ", ".join(filter(None, (row["league"], row["country"]))) or "no place"
    if region_id is None or (row["league"] and fixture.tournament_id is None):
        yield f"{place}: no league of ours"
    if region_id is not None:
        for side, club in (("home", fixture.home), ("away", fixture.away)):
            if club is None:
                yield f"{row[side]} ({place}): no club of ours"


def _kickoff(row: Row) -> datetime:
    """Noon where no time is given, as on import."""
    try:
        day = datetime.fromisoformat(row["date"]).date()
    except ValueError:
        try:
            day = written(row["date"]).day("dmy")
        except RecordRejected as exc:
            raise InvalidInput(f"Line {row.line}: {exc}") from exc
    clock = TIME.fullmatch(row["time"]) if row["time"] else None
    if row["time"] and clock is None:
        raise InvalidInput(f"Line {row.line}: {row['time']!r} is no time of the day.")
    at = time(int(clock[1]), int(clock[2])) if clock else NOON
    return datetime.combine(day, at, UTC)


def write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, object]]) -> None:
    """The file is whole or not there."""
    with whole_files.replacing(path) as binary:
        file = io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=True)
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.detach()
