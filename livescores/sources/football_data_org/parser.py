"""football-data.org, version 4: matches with status, score and minute.

`score.fullTime` is the running score and in the end the last one; after extra time the score after
90 minutes is `score.regularTime`. The published form: docs.football-data.org/general/v4. An answer
holds every competition of the plan; those that we don't know are left out. Of a final tournament's
matches only a host's own are at home.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from livescores.sources import schemas
from livescores.sources.finals import at_home
from livescores.sources.football_data_org.names import (
    COMPETITIONS,
    CUPS,
    FINAL_TOURNAMENTS,
    NEUTRAL_FINAL,
)
from livescores.sources.queries import Asked, NotConfigured, Page
from livescores.sources.records import (
    MatchRecord,
    ParsedFile,
    RecordRejected,
    scores,
)
from livescores.sources.schemas import Form

NAME = "football-data-org"
SUFFIXES = (".json", ".json.gz")
PRIORITY = 15
DAYS_BEFORE, DAYS_AFTER = 2, 7  # the provider answers ten days at most

STATUSES: Mapping[str, str] = {
    "SCHEDULED": "scheduled",
    "TIMED": "scheduled",
    "IN_PLAY": "live",
    "PAUSED": "live",
    "EXTRA_TIME": "live",
    "PENALTY_SHOOTOUT": "live",
    "FINISHED": "finished",
    "SUSPENDED": "abandoned",
    "POSTPONED": "postponed",
    "CANCELLED": "cancelled",
    "AWARDED": "awarded",
}
FINAL = "FINAL"
HAS_SCORE = frozenset({"live", "finished", "awarded"})

Score = tuple[int, int]


class Goals(Form):
    home: int | None = None
    away: int | None = None

    @property
    def score(self) -> Score | None:
        return None if self.home is None or self.away is None else (self.home, self.away)


class ScoreNode(Form):
    duration: Literal["REGULAR", "EXTRA_TIME", "PENALTY_SHOOTOUT"] = "REGULAR"
    fullTime: Goals = Goals()  # noqa: N815 - the provider's names
    halfTime: Goals = Goals()  # noqa: N815
    regularTime: Goals = Goals()  # noqa: N815


class TeamNode(Form):
    id: int | None = None
    name: str | None = None


class CompetitionNode(Form):
    code: str | None = None


class SeasonNode(Form):
    startDate: date  # noqa: N815
    endDate: date  # noqa: N815


class MatchNode(Form):
    id: int
    utcDate: AwareDatetime  # noqa: N815
    status: str
    minute: int | str | None = None
    competition: CompetitionNode | None = None
    season: SeasonNode
    stage: str | None = None
    homeTeam: TeamNode  # noqa: N815
    awayTeam: TeamNode  # noqa: N815
    lastUpdated: AwareDatetime | None = None  # noqa: N815
    score: ScoreNode


class Document(Form):
    competition: CompetitionNode | None = None  # of a competition's own list
    matches: list[MatchNode]


FORM = TypeAdapter(Document)


def pages(asked: Asked) -> list[Page]:
    """The days around today, or whole seasons where a season or league is named."""
    if not asked.token:
        raise NotConfigured("football-data.org wants a token: set FOOTBALL_DATA_ORG_TOKEN.")
    headers = {"X-Auth-Token": asked.token}
    if not asked.season and not asked.leagues:
        first, last = asked.days(DAYS_BEFORE, DAYS_AFTER)
        url = f"{asked.url}/v4/matches?dateFrom={first}&dateTo={last}"
        return [Page(url, "matches.json", headers)]
    year, _ = asked.years()
    return [
        Page(
            f"{asked.url}/v4/competitions/{code}/matches?season={year}",
            f"{code}.json",
            headers,
            may_be_missing=not asked.leagues,  # final tournaments are not in every year
        )
        for code in asked.of(COMPETITIONS)
    ]


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one answer; `line` is the number of the match in it.

    Raises:
        FileRejected: it is not of the provider's form; the text names the field.
    """
    document = schemas.read(content, name, FORM)

    def match(number: int, node: MatchNode) -> MatchRecord | None:
        code = (node.competition or document.competition or CompetitionNode()).code or ""
        if code not in COMPETITIONS or (code in CUPS and _is_undrawn(node)):
            return None
        return _match(number, node, code)

    return schemas.matches_of(document.matches, match)


def _is_undrawn(node: MatchNode) -> bool:
    """Whether a round's pair is told before anybody knows who it will be."""
    return node.homeTeam.id is None or node.awayTeam.id is None


def _match(number: int, node: MatchNode, code: str) -> MatchRecord:
    status = STATUSES.get(node.status)
    if status is None:
        raise RecordRejected(f"Unknown status {node.status[:20]!r}.")
    home, away = _team(node.homeTeam, "homeTeam"), _team(node.awayTeam, "awayTeam")
    if home == away:
        raise RecordRejected(f"{home[0]} plays itself.")
    score = _score(node.score) if status in HAS_SCORE else None
    if status == "finished" and score is None:
        raise RecordRejected("A finished match without its score after 90 minutes.")
    return MatchRecord(
        line=number,
        tournament=COMPETITIONS[code],
        season=_season(node.season),
        home=home[0],
        away=away[0],
        start_time_utc=node.utcDate,
        has_kickoff_time=_has_time(node),
        status=status,
        counts=scores(score, node.score.halfTime.score if score else None),
        external_id=str(node.id),
        home_id=home[1],
        away_id=away[1],
        minute=_minute(node.minute) if status == "live" else None,
        told_at=node.lastUpdated if status in ("live", "finished") else None,
        neutral_venue=_is_neutral(node, code, home[0]),
    )


def _is_neutral(node: MatchNode, code: str, home: str) -> bool | None:
    """Whether it is on ground that is nobody's; None where nothing tells."""
    if code in FINAL_TOURNAMENTS:
        return not at_home(code, node.season.endDate.year, home)
    return True if node.stage == FINAL and code in NEUTRAL_FINAL else None


def _team(node: TeamNode, field: str) -> tuple[str, str]:
    if not node.name or not node.name.strip() or not node.id:
        raise RecordRejected(f"{field} is not known yet.")
    return " ".join(node.name.split())[:120], str(node.id)


def _season(node: SeasonNode) -> str:
    first, last = node.startDate.year, node.endDate.year
    return str(first) if first == last else f"{first}-{last % 100:02}"


def _has_time(node: MatchNode) -> bool:
    """A day without a time of day is told as midnight and SCHEDULED; with one it is TIMED."""
    start: datetime = node.utcDate
    return node.status != "SCHEDULED" or (start.hour, start.minute) != (0, 0)


def _score(node: ScoreNode) -> Score | None:
    """After 90 minutes, or so far."""
    score = node.fullTime.score if node.duration == "REGULAR" else node.regularTime.score
    if score and not all(0 <= goals < 100 for goals in score):
        raise RecordRejected(f"{score[0]}-{score[1]} is not a score.")
    return score


def _minute(value: int | str | None) -> int | None:
    """The minute of 67, '67' or '45+2'; the plan that we pay for may not tell it."""
    text = str(value).partition("+")[0]
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 130 else None
