"""Mappings: a TOML file that says what a table's columns are. Those that we ship are beside.

A column is named, counted from 1, or in JSON given by a path: `teams.home`, or
`markets[key=h2h].price`, where `[name=@home_team]` compares with another field of the record. Of a
list of columns the first that a table has is read.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from livescores.sources.known import SOURCES, TABLE
from livescores.sources.records import COUNTS, FileRejected

SHIPPED = Path(__file__).parent / "mappings"
FIELDS = (
    *("league", "region", "season", "date", "time", "zone", "home", "away", "score", "half_time"),
    *("status", "external_id", *COUNTS),
    *("club", "rating", "first_day", "last_day"),
)
NEEDED = {
    "matches": ("date", "home", "away"),
    "ratings": ("club", "region", "rating", "first_day"),
}
STATUSES = ("scheduled", "finished", "postponed", "cancelled", "abandoned", "awarded", "unknown")
MOST_TEXT = 300


def _known_field(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"unknown field: choose {', '.join(FIELDS)}")
    return name


def _known_status(name: str) -> str:
    if name not in STATUSES:
        raise ValueError(f"unknown status: choose {', '.join(STATUSES)}")
    return name


Column = str | int | list[str | int]
FieldName = Annotated[str, AfterValidator(_known_field)]
Status = Annotated[str, AfterValidator(_known_status)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Lookup(Part):
    """A cell that stands for what another file of the same folder says: of ids, the names."""

    column: Column
    file: str
    key: str
    value: str


class Prices(Part):
    """The columns of a bookmaker's prices; with `each`, of every entry of a list in JSON."""

    bookmaker: str = ""
    bookmaker_column: Column = ""
    each: str = ""
    where: dict[str, str] = {}
    market: Literal["1x2", "over_under", "asian_handicap"] = "1x2"
    kind: Literal["pre_match", "closing"] = "pre_match"
    form: Literal["decimal", "fractional", "american"] = "decimal"
    home: Column = ""
    draw: Column = ""
    away: Column = ""
    over: Column = ""
    under: Column = ""
    line: Column | float = ""
    captured_at: Column = ""

    @property
    def sides(self) -> tuple[Column, ...]:
        if self.market == "1x2":
            return self.home, self.draw, self.away
        return (self.over, self.under) if self.market == "over_under" else (self.home, self.away)

    @model_validator(mode="after")
    def _whole(self) -> "Prices":
        if not self.bookmaker and not self.bookmaker_column:
            raise ValueError("a bookmaker or its column is needed")
        if not all(self.sides) or (self.market != "1x2" and self.line == ""):
            raise ValueError(f"a column of the market {self.market} is missing")
        return self


class Mapping(Part):
    """What a table is, and where it keeps what."""

    source: str = Field(min_length=1, max_length=30, pattern=r"^[a-z0-9][a-z0-9-]*$")
    about: str = ""
    kind: Literal["matches", "ratings"] = "matches"
    records: str = ""
    header: bool = True
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    zone: str = "UTC"
    zones: dict[str, str] = {}  # by country, of times that are local
    seasons: Literal["autumn", "calendar"] = "autumn"
    constants: dict[FieldName, str] = {}
    columns: dict[FieldName, Column | Lookup]
    leagues: dict[str, str] = {}
    countries: dict[str, str] = {}  # what cells of `region` stand for
    statuses: dict[str, Status] = {}
    prices: list[Prices] = []

    @property
    def name(self) -> str:
        """Under which its matches are kept: a copy of a source's files is of that source."""
        return self.source if self.source in SOURCES else f"{TABLE}{self.source}"

    def needed(self) -> dict[str, Column]:
        """The columns without which a table is none of this mapping's."""
        columns = {name: self.columns[name] for name in NEEDED[self.kind]}
        return {n: c.column if isinstance(c, Lookup) else c for n, c in columns.items()}

    @model_validator(mode="after")
    def _whole(self) -> "Mapping":
        missing = [name for name in NEEDED[self.kind] if name not in self.columns]
        if missing:
            raise ValueError(f"columns.{missing[0]} is missing")
        return self


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load(name: str) -> Mapping:
    """A mapping of ours by name, or any by its file.

    Raises:
        FileRejected: there is none, it is no TOML, or a field of it is wrong; the text names it.
    """
    ours = SHIPPED / f"{name}.toml"
    path = ours if name in shipped() else Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        known = ", ".join(shipped())
        raise FileRejected(
            f"There is no mapping {name[:200]!r}: name a TOML file or one of {known}."
        ) from exc
    return loads(text)


def loads(text: str) -> Mapping:
    """
    Raises:
        FileRejected: it is no TOML, or a field of it is wrong; the text names it.
    """
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise FileRejected(f"The mapping is no TOML: {exc}.") from exc
    except ValidationError as exc:
        raise FileRejected(f"The mapping is wrong: {_sentence(exc)}.") from exc


def _sentence(exc: ValidationError) -> str:
    first: dict[str, Any] = dict(exc.errors(include_url=False, include_input=False)[0])
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")
    reason = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{place}: {reason}"[:MOST_TEXT] if place else reason[:MOST_TEXT]
