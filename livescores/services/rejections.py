"""What an import refused, by rule: one line each, however many values were refused by it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from livescores.models import ImportRejection

ANY = "…"
# What of a reason is a value: quoted, a name before a verb, a bookmaker, or any word with a digit.
VALUES = (
    (re.compile(r"'[^']*'|\"[^\"]*\""), ANY),
    (re.compile(r"^.+ plays itself"), f"{ANY} plays itself"),
    (re.compile(r"\b(book of|result(?! of )) [^\s.]+"), rf"\1 {ANY}"),
    (re.compile(r"\([^)]*\)"), f"({ANY})"),
    (re.compile(r"[\w.+/:-]*\d[\w+/:-]*(?:\.\d+)*"), ANY),
)


@dataclass
class Refused:
    """A rule, how often it refused something, and the first time that it did."""

    what: str
    rule: str
    example: ImportRejection
    n: int = 0


def rule_of(reason: str) -> str:
    """The reason without what it says of the one row."""
    for pattern, instead in VALUES:
        reason = pattern.sub(instead, reason)
    return reason


def by_rule(rejections: Iterable[ImportRejection]) -> list[Refused]:
    """The most frequent first; files before what is in them."""
    found: dict[tuple[str, str], Refused] = {}
    for rejection in rejections:
        key = rejection.what, rule_of(rejection.reason)
        found.setdefault(key, Refused(*key, rejection)).n += 1
    return sorted(found.values(), key=lambda one: (one.what != "file", -one.n, one.rule))
