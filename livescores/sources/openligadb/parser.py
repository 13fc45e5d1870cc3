"""OpenLigaDB: German leagues and the cup, entered by volunteers while matches are played.

The published form: api.openligadb.de. `matchIsFinished` may be set before the result is entered:
such a match is not over for us. Result 1 is that of half-time and 2 that of the end, which in a cup
may be the one after extra time.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, TypeAdapter

from livescores.sources import schemas
from livescores.sources.queries import Asked, Page
from livescores.sources.records import (
    MatchRecord,
    ParsedFile,
    RecordRejected,
    TournamentRecord,
    scores,
)
from livescores.sources.schemas import Form

NAME = "openligadb"
SUFFIXES = (".json", ".json.gz")
PRIORITY = 25
LEAGUES = {
    "bl1": TournamentRecord("Germany", "Bundesliga", tier=1),
    "bl2": TournamentRecord("Germany", "2. Bundesliga", tier=2),
    "bl3": TournamentRecord("Germany", "3. Liga", tier=3),
    "dfb": TournamentRecord("Germany", "DFB Pokal", is_cup=True),
}
ZONE = ZoneInfo("Europe/Berlin")  # of `lastUpdateDateTime`
HALF_TIME, END = 1, 2
AFTER_90 = re.compile(r"\b90\b|regul", re.IGNORECASE)
EXTRA_TIME = re.compile(r"verl(ä|ae)ng", re.IGNORECASE)
SHOOT_OUT = re.compile("elfm|11m", re.IGNORECASE)
FINAL = "finale"  # of the cup, in Berlin

Score = tuple[int, int]


class ResultNode(Form):
    resultName: str = ""  # noqa: N815 - the provider's names
    pointsTeam1: int | None = None  # noqa: N815
    pointsTeam2: int | None = None  # noqa: N815
    resultTypeID: int  # noqa: N815

    @property
    def score(self) -> Score | None:
        pair = (self.pointsTeam1, self.pointsTeam2)
        if pair[0] is None or pair[1] is None:
            return None
        if not all(0 <= goals < 100 for goals in (pair[0], pair[1])):
            raise RecordRejected(f"{pair[0]}-{pair[1]} is not a score.")
        return pair[0], pair[1]


class TeamNode(Form):
    teamId: int  # noqa: N815
    teamName: str | None = None  # noqa: N815


class GroupNode(Form):
    groupName: str | None = None  # noqa: N815


class MatchNode(Form):
    matchID: int  # noqa: N815
    matchDateTimeUTC: AwareDatetime  # noqa: N815
    leagueSeason: int  # noqa: N815
    leagueShortcut: str  # noqa: N815
    group: GroupNode | None = None
    team1: TeamNode
    team2: TeamNode
    lastUpdateDateTime: datetime | None = None  # noqa: N815
    matchIsFinished: bool  # noqa: N815
    matchResults: list[ResultNode] = []  # noqa: N815


FORM = TypeAdapter(list[MatchNode])


def pages(asked: Asked) -> list[Page]:
    """A season of each league."""
    year, _ = asked.years()
    return [
        Page(f"{asked.url}/getmatchdata/{code}/{year}", f"{code}.json")
        for code in asked.of(LEAGUES)
    ]


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one answer; `line` is the number of the match in it.

    Raises:
        FileRejected: it is not of the provider's form; the text names the field.
    """
    nodes = schemas.read(content, name, FORM)
    return schemas.matches_of(nodes, partial(_match, now=datetime.now(UTC)))


def _match(number: int, node: MatchNode, now: datetime) -> MatchRecord:
    code = node.leagueShortcut.casefold()
    if code not in LEAGUES:
        raise RecordRejected(f"Unknown league {code[:20]!r}.")
    home, away = _team(node.team1, "team1"), _team(node.team2, "team2")
    if node.team1.teamId == node.team2.teamId:
        raise RecordRejected(f"{home} plays itself.")
    half_time, score = _result(node.matchResults, HALF_TIME), _after_90(node)
    status = _status(node, score, now)
    year = node.leagueSeason
    return MatchRecord(
        line=number,
        tournament=LEAGUES[code],
        season=f"{year}-{(year + 1) % 100:02}",
        home=home,
        away=away,
        start_time_utc=node.matchDateTimeUTC,
        has_kickoff_time=True,
        status=status,
        counts=scores(score, half_time if score else None),
        external_id=str(node.matchID),
        home_id=str(node.team1.teamId),
        away_id=str(node.team2.teamId),
        told_at=_told_at(node) if status in ("live", "finished") else None,
        neutral_venue=_is_final(node, code) or None,
    )


def _team(node: TeamNode, side: str) -> str:
    if not node.teamName or not node.teamName.strip():
        raise RecordRejected(f"{side} is not known yet.")
    return " ".join(node.teamName.split())[:120]


def _result(results: Sequence[ResultNode], kind: int) -> Score | None:
    return next((one.score for one in results if one.resultTypeID == kind), None)


def _named(results: Sequence[ResultNode], pattern: re.Pattern[str]) -> ResultNode | None:
    return next((one for one in results if pattern.search(one.resultName)), None)


def _after_90(node: MatchNode) -> Score | None:
    """The score after 90 minutes, or so far; None where none is entered.

    Raises:
        RecordRejected: the match went on, and nothing tells how it stood then.
    """
    results = node.matchResults
    extra, shoot_out = _named(results, EXTRA_TIME), _named(results, SHOOT_OUT)
    if stated := _named(results, AFTER_90):
        return stated.score
    end = _result(results, END)
    if not extra and not shoot_out:
        return end
    # A cup of one leg goes on after a draw, and `end` may be that of extra time, too.
    is_sure = end is not None and end[0] == end[1] and (end == (0, 0) or _differs(extra, end))
    if not is_sure:
        raise RecordRejected("It went on after 90 minutes, and its score then is not known.")
    return end


def _differs(extra: ResultNode | None, end: Score) -> bool:
    return extra is not None and extra.resultTypeID != END and extra.score not in (None, end)


def _status(node: MatchNode, score: Score | None, now: datetime) -> str:
    """A flag without a result is none: it is set, and the result entered, by hand."""
    if node.matchIsFinished and score:
        return "finished"
    if node.matchDateTimeUTC > now:
        return "scheduled"
    return "live" if node.matchIsFinished or node.matchResults else "scheduled"


def _told_at(node: MatchNode) -> datetime | None:
    told = node.lastUpdateDateTime
    if told is None:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=ZONE)).astimezone(UTC)


def _is_final(node: MatchNode, code: str) -> bool:
    name = (node.group.groupName if node.group else None) or ""
    return LEAGUES[code].is_cup and name.strip().casefold() == FINAL
