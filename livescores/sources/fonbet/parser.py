"""Fonbet's line: a full dump, then increments that each go on from the one before.

`packetVersion` is what an answer brings us to, `fromVersion` what it goes on from; 0 means a dump.
Only football is kept, and of it the matches themselves (level 1): not their parts, and not bets on
players, which have a name of their own. Names are Russian; matches have no season: it is a feed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from livescores.sources import schemas
from livescores.sources.fonbet.events import event_of
from livescores.sources.fonbet.forms import Block, Event, Factor, Misc, Packet, Segment
from livescores.sources.fonbet.names import BOOKMAKERS, FOOTBALL, SIDES
from livescores.sources.queries import Asked, NotConfigured, Page
from livescores.sources.records import FileRejected, ParsedFeed

__all__ = ["BOOKMAKERS", "NAME", "SUFFIXES", "Gap", "Line", "page"]

NAME = "fonbet"
SUFFIXES = (".json", ".json.gz")
# A full dump is asked for after a pause, and now and then: an increment may not tell of an event
# that is gone.
LONGEST_PAUSE = timedelta(minutes=10)
LONGEST_CHAIN = timedelta(hours=1)
FORM = TypeAdapter(Packet)


class Gap(FileRejected):
    """An increment that does not go on from where we stand: only a full dump helps."""


def page(asked: Asked, version: int) -> Page:
    """What changed since a version; all of it for 0."""
    if "{version}" not in asked.url:
        raise NotConfigured("Fonbet has no lasting address: set FONBET_URL, with {version} in it.")
    return Page(asked.url.replace("{version}", str(version)), "line.json")


class Line(BaseModel):
    """Where the line of football stands: the sum of all packets up to `version`."""

    version: int = 0
    dumped_at: datetime | None = None
    told_at: int = 0  # Unix seconds of the newest clock that the provider told
    segments: dict[int, Segment] = {}
    events: dict[int, Event] = {}
    parts: dict[int, list[str]] = {}  # names of a match's parts: extra time, penalties
    prices: dict[int, dict[int, float]] = {}
    blocked: set[int] = set()
    miscs: dict[int, Misc] = {}

    @classmethod
    def load(cls, state: Any) -> "Line":
        """What `dump` gave; an empty line where it was of an older form."""
        try:
            return cls.model_validate(state or {})
        except ValidationError:
            return cls()

    def is_fresh(self, asked_at: datetime, now: datetime) -> bool:
        """Whether increments may go on from here."""
        chain = self.dumped_at and now - self.dumped_at < LONGEST_CHAIN
        return bool(chain) and now - asked_at < LONGEST_PAUSE

    def dump(self) -> dict[str, Any]:
        return self.model_dump(mode="json")

    def take(self, content: bytes, name: str, at: datetime | None = None) -> ParsedFeed:
        """Go on by one packet, and tell how every match stands: at `at`, or by its own clocks.

        Raises:
            Gap: the packet does not go on from our version.
            FileRejected: it is not of the provider's form; the text names the field.
        """
        packet = schemas.read(content, name, FORM)
        if packet.fromVersion not in (0, self.version):
            raise Gap(f"The packet goes on from {packet.fromVersion}, we stand at {self.version}.")
        if packet.fromVersion == 0:
            self._forget()
            self.dumped_at = at
        self._add(packet)
        self.version = packet.packetVersion
        own = datetime.fromtimestamp(self.told_at, UTC) if self.told_at else None
        return self._told(len(packet.events) + len(packet.customFactors), at or own)

    def _forget(self) -> None:
        for name, value in Line().__dict__.items():
            setattr(self, name, value)

    def _add(self, packet: Packet) -> None:
        self.segments |= {s.id: s for s in packet.sports if s.parentId == FOOTBALL}
        for event in packet.events:
            self._add_event(event)
        for block in packet.eventBlocks:
            self._add_block(block)
        for factor in packet.customFactors:
            self._add_factor(factor)
        for misc in packet.eventMiscs:
            self.told_at = max(self.told_at, misc.timerUpdateTimestamp or 0)
            if misc.id in self.events:
                self.miscs[misc.id] = misc

    def _add_event(self, event: Event) -> None:
        if event.sportId not in self.segments:
            return
        if event.level == 1:
            self.events[event.id] = event
        elif event.parentId is not None and event.place != "notActive":
            parts = self.parts.setdefault(event.parentId, [])
            if event.name not in parts:
                parts.append(event.name)

    def _add_block(self, block: Block) -> None:
        """Blocked in part is blocked: a book of which one price stands still is no book."""
        if block.state == "unblocked":
            self.blocked.discard(block.eventId)
        else:
            self.blocked.add(block.eventId)

    def _add_factor(self, factor: Factor) -> None:
        """One price of the flat form; the nested form tells all that an event has, so what is
        missing there is gone. A price of 0 was taken back."""
        if factor.e not in self.events:
            return
        if factor.factors is not None:
            self.prices[factor.e] = {f.f: f.v for f in factor.factors if f.f in SIDES and f.v}
        elif factor.f in SIDES:
            self.prices.setdefault(factor.e, {})[factor.f] = factor.v or 0.0

    def _told(self, rows: int, at: datetime | None) -> ParsedFeed:
        found = ParsedFeed(rows=rows)
        for number, (key, event) in enumerate(sorted(self.events.items()), start=1):
            prices = self.prices.get(key, {}) if key not in self.blocked else {}
            told = event_of(
                number,
                event,
                self.segments[event.sportId],
                self.miscs.get(key),
                self.parts.get(key, ()),
                prices,
                at,
            )
            if told is not None:
                found.events.append(told)
        return found
