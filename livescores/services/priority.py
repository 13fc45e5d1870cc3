"""Which sources are believed more than another."""

from livescores.sources.known import SOURCES

OPERATOR = "operator"


def better_than(source: str) -> list[str]:
    """Sources that are believed more, and what an operator wrote."""
    if source not in SOURCES:
        return []
    mine = SOURCES[source].PRIORITY
    return [OPERATOR, *(name for name, one in SOURCES.items() if mine > one.PRIORITY)]


def is_best(source: str) -> bool:
    return better_than(source) == [OPERATOR]
