"""The fields of Fonbet's line that we read, under the provider's names."""

from livescores.sources.schemas import Form

# ruff: noqa: N815


class Segment(Form):
    """A league of the sport tree, or a sport."""

    id: int
    parentId: int | None = None
    regionId: int | None = None
    name: str


class Event(Form):
    """A match at level 1, its parts below; `startTime` in Unix seconds."""

    id: int
    parentId: int | None = None
    sportId: int
    level: int
    team1Id: int = 0
    team2Id: int = 0
    team1: str = ""
    team2: str = ""
    name: str = ""
    startTime: int
    place: str


class Block(Form):
    eventId: int
    state: str


class Misc(Form):
    """Live score and clock: `timerSeconds` as of `timerUpdateTimestamp`, running at direction 1."""

    id: int
    score1: int = 0
    score2: int = 0
    comment: str = ""
    timerDirection: int = 0
    timerSeconds: int | None = None
    timerUpdateTimestamp: int | None = None


class Price(Form):
    f: int
    v: float = 0.0


class Factor(Form):
    """One price of an event (flat), or all of them (nested)."""

    e: int
    f: int | None = None
    v: float | None = None
    factors: list[Price] | None = None


class Packet(Form):
    packetVersion: int
    fromVersion: int
    sports: list[Segment] = []
    events: list[Event] = []
    eventBlocks: list[Block] = []
    eventMiscs: list[Misc] = []
    customFactors: list[Factor] = []
