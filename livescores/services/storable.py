"""What of a source's records can be stored: names as people read them, and numbers that fit.

The rule for every name, of whatever source: what cannot be seen goes (zero-width characters, marks
of writing direction, joiners), what stands for a space or a line's end is one space, and a name
that is then empty, longer than its column or holds what is no character refuses its record. So two
names that look alike are one name, and no page is turned around by a club's.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from livescores.models import Region, Season, Team, TeamAlias, Tournament
from livescores.sources.records import EventRecord, MatchRecord, RecordRejected, Rejection

RecordT = TypeVar("RecordT", MatchRecord, EventRecord)
Named = dict[str, tuple[str, int]]  # a field: what it is, and its most characters

MOST_COUNT = 32_767  # as a smallint holds it
SPACES = {"Cc", "Zs", "Zl", "Zp"}
NOTHING = {"Cf"}
NO_CHARACTERS = {"Cs", "Co", "Cn"}
# They are letters and marks by their category, and cannot be seen all the same.
BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
VARIANTS = range(0xE0100, 0xE01F0)
UNSEEN = dict.fromkeys(
    [0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *VARIANTS]
)
HIDDEN = {**UNSEEN, **BLANK}


def _most(model: type, column: str = "name") -> int:
    return int(model._meta.get_field(column).max_length)  # type: ignore[attr-defined]


TEAM, NUMBER, REGION = _most(Team), _most(TeamAlias, "external_id"), _most(Region)
SIDES: Named = {
    "home": ("The home side", TEAM),
    "away": ("The away side", TEAM),
    "home_id": ("The home side's number", NUMBER),
    "away_id": ("The away side's number", NUMBER),
    "external_id": ("The match's number", NUMBER),
}
OF_MATCH: Named = {
    **SIDES,
    "season": ("The season", _most(Season)),
    "home_region": ("The home side's country", REGION),
    "away_region": ("The away side's country", REGION),
}
OF_EVENT: Named = {**SIDES, "region": ("The country", REGION), "competition": ("The league", 200)}
OF_TOURNAMENT: Named = {
    "region": ("The country", REGION),
    "name": ("The league", _most(Tournament)),
    "code": ("The league's code", _most(Tournament, "code")),
}


class Storable(NamedTuple):
    matches: list[MatchRecord]
    refused: list[Rejection]


def matches(records: Iterable[MatchRecord]) -> Storable:
    """The records with their names in order, and those that cannot be stored."""
    found = Storable([], [])
    for record in records:
        try:
            found.matches.append(_match(record))
        except RecordRejected as exc:
            told = f"{record.home} v {record.away}"
            found.refused.append(Rejection("row", record.line, str(exc), told[:500]))
    return found


def events(records: Iterable[EventRecord]) -> list[EventRecord]:
    """A feed tells of them again within minutes: one that cannot be stored is left out."""
    found = []
    for record in records:
        try:
            found.append(_seen(record, OF_EVENT))
        except RecordRejected:
            continue
    return found


@lru_cache(maxsize=65_536)
def plain(text: str, what: str, most: int) -> str:
    """A name by the rule.

    Raises:
        RecordRejected: it is empty, too long, or holds what is no character.
    """
    name = readable(text)
    strange = next((one for one in name if unicodedata.category(one) in NO_CHARACTERS), "")
    if strange:
        raise RecordRejected(f"{what} has a name with U+{ord(strange):04X} in it.")
    if text and not name:
        raise RecordRejected(f"{what} has no name that can be seen.")
    if len(name) > most:
        raise RecordRejected(f"{what} has a name of {len(name)} characters; at most {most} fit.")
    return name


def readable(text: str) -> str:
    """What can be seen of a text, in one line."""
    if text.isprintable() and (text.isascii() or not any(ord(one) in HIDDEN for one in text)):
        return text
    categories = [(one, unicodedata.category(one)) for one in text.translate(HIDDEN)]
    kept = [" " if kind in SPACES else one for one, kind in categories if kind not in NOTHING]
    return " ".join("".join(kept).split())


def _match(record: MatchRecord) -> MatchRecord:
    tournament = record.tournament
    if named := _changed(tournament, OF_TOURNAMENT):
        tournament = tournament._replace(**named)
        record = record._replace(tournament=tournament)
    record = _seen(record, OF_MATCH)
    if any(count is not None and not 0 <= count <= MOST_COUNT for count in record.counts):
        raise RecordRejected("A count is beyond what any match has.")
    return record


def _seen(record: RecordT, named: Named) -> RecordT:
    changed = _changed(record, named)
    if not changed:
        return record
    record = record._replace(**changed)
    if record.home == record.away and record.home_id == record.away_id:
        raise RecordRejected(f"{record.home} plays itself.")
    return record


def _changed(record: Any, named: Named) -> dict[str, Any]:
    """Fields whose names are not as they should be, with those that are."""
    return {
        name: better
        for name, (what, most) in named.items()
        if (told := getattr(record, name)) and (better := plain(told, what, most)) != told
    }
