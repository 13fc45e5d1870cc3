"""Every source of matches, one line each. Where two disagree, the lower PRIORITY is believed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from livescores.sources.api_football import parser as api_football
from livescores.sources.football_data import parser as football_data
from livescores.sources.football_data_org import parser as football_data_org
from livescores.sources.openfootball import parser as openfootball
from livescores.sources.openligadb import parser as openligadb
from livescores.sources.queries import Asked, Page
from livescores.sources.records import ParsedFile
from livescores.sources.whoscored import parser as whoscored


class Source(Protocol):
    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...  # noqa: N802
    @property
    def PRIORITY(self) -> int: ...  # noqa: N802

    def pages(self, asked: Asked) -> Sequence[Page]: ...

    def parse(self, content: bytes, name: str) -> ParsedFile: ...


SOURCES: Mapping[str, Source] = {
    football_data.NAME: football_data,
    football_data_org.NAME: football_data_org,
    api_football.NAME: api_football,
    openfootball.NAME: openfootball,
    openligadb.NAME: openligadb,
    whoscored.NAME: whoscored,
}

TABLE = "table:"  # before the name of a mapping, whose tables are believed least
TABLES_PRIORITY = 100


def priority_of(source: str) -> int | None:
    """None for what is no source of real matches."""
    if source.startswith(TABLE):
        return TABLES_PRIORITY
    return SOURCES[source].PRIORITY if source in SOURCES else None
