"""Which sources are believed more than another."""

from livescores.sources.known import SOURCES, priority_of

OPERATOR = "operator"


def better_than(source: str) -> list[str]:
    """Sources that are believed more, and what an operator wrote."""
    mine = priority_of(source)
    if mine is None:
        return []
    return [OPERATOR, *(name for name, one in SOURCES.items() if mine > one.PRIORITY)]


def is_best(source: str) -> bool:
    return better_than(source) == [OPERATOR]
