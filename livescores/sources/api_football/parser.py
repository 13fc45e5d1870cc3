"""API-Football, version 3: matches with status, score and minute.

The published form: api-football.com/documentation-v3. `goals` is the running score and in the end
the last one; the one after 90 minutes is `score.fulltime`. Errors arrive with status 200, in
`errors`. An answer by day holds every league there is; those that we don't know are left out.
"""

from datetime import datetime, time, timedelta
from typing import Any

from pydantic import AwareDatetime, TypeAdapter

from livescores.sources import refusals, schemas
from livescores.sources.api_football.names import (
    BEYOND_90,
    CUPS,
    FINAL_TOURNAMENTS,
    ONE_YEAR,
    STATUSES,
    TOURNAMENTS,
)
from livescores.sources.finals import at_home
from livescores.sources.queries import Asked, NotConfigured, Page
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    scores,
)
from livescores.sources.schemas import Form

NAME = "api-football"
PROVIDER = "API-Football"
SUFFIXES = (".json", ".json.gz")
PRIORITY = 17
DAYS_BEFORE, DAYS_AFTER = 1, 1  # of the free plan; each day costs one of its answers
NOON = time(12)
HALF_TIME = timedelta(minutes=15)
MOST_MINUTES = 130

Score = tuple[int, int]


class Goals(Form):
    home: int | None = None
    away: int | None = None

    @property
    def score(self) -> Score | None:
        if self.home is None or self.away is None:
            return None
        if not all(0 <= goals < 100 for goals in (self.home, self.away)):
            raise RecordRejected(f"{self.home}-{self.away} is not a score.")
        return self.home, self.away


class ScoreNode(Form):
    halftime: Goals = Goals()
    fulltime: Goals = Goals()


class StatusNode(Form):
    short: str
    elapsed: int | None = None


class FixtureNode(Form):
    id: int
    date: AwareDatetime
    status: StatusNode


class LeagueNode(Form):
    id: int
    season: int
    round: str | None = None


class TeamNode(Form):
    id: int | None = None
    name: str | None = None


class TeamsNode(Form):
    home: TeamNode
    away: TeamNode


class MatchNode(Form):
    fixture: FixtureNode
    league: LeagueNode
    teams: TeamsNode
    goals: Goals
    score: ScoreNode


class PagingNode(Form):
    current: int = 1
    total: int = 1


class Document(Form):
    errors: Any = None  # a list where there are none, else an object
    paging: PagingNode = PagingNode()
    response: list[MatchNode]


FORM = TypeAdapter(Document)


def pages(asked: Asked) -> list[Page]:
    """The days around today, or whole seasons where a season or league is named."""
    if not asked.token:
        raise NotConfigured("API-Football wants a key: set API_FOOTBALL_TOKEN.")
    headers = {"x-apisports-key": asked.token}
    if not asked.season and not asked.leagues:
        first, last = asked.days(DAYS_BEFORE, DAYS_AFTER)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [Page(f"{asked.url}/fixtures?date={day}", f"{day}.json", headers) for day in days]
    wanted = [(code, _year(asked, code)) for code in asked.of(TOURNAMENTS)]
    return [
        Page(
            f"{asked.url}/fixtures?league={code}&season={year}",
            f"league-{code}-{year}.json",
            headers,
        )
        for code, year in wanted
    ]


def _year(asked: Asked, code: str) -> int:
    """A season is called by the year in which it begins."""
    is_current = not asked.season and code in ONE_YEAR
    return asked.today.year if is_current else asked.years()[0]


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one answer; `line` is the number of the match in it.

    Raises:
        FetchFailed: the answer is an error; the text says which.
        FileRejected: it is not of the provider's form; the text names the field.
    """
    document = schemas.read(content, name, FORM)
    _refuse_error(document, name)
    return schemas.matches_of(document.response, _match)


def _refuse_error(document: Document, name: str) -> None:
    if document.errors:
        body = document.model_dump_json(include={"errors"}).encode()
        what = name.removesuffix(".json")
        raise refusals.of(PROVIDER, 200, body, what) or FileRejected(
            f"{PROVIDER} answered with an error of {_names(document.errors)}."
        )
    if document.paging.total > 1:
        raise FileRejected(f"This is one of {document.paging.total} pages of an answer.")


def _names(errors: Any) -> str:
    return ", ".join(errors)[:100] if isinstance(errors, dict) else "no name"


def _is_undrawn(node: MatchNode) -> bool:
    """Whether a round's pair is told before anybody knows who it will be."""
    return node.teams.home.id is None or node.teams.away.id is None


def _match(number: int, node: MatchNode) -> MatchRecord | None:
    code, short = str(node.league.id), node.fixture.status.short
    if code not in TOURNAMENTS or (code in CUPS and _is_undrawn(node)):
        return None
    status = STATUSES.get(short)
    if status is None:
        raise RecordRejected(f"Unknown status {short[:20]!r}.")
    home, away = _team(node.teams.home, "home"), _team(node.teams.away, "away")
    if home == away:
        raise RecordRejected(f"{home[0]} plays itself.")
    has_time = short != "TBD"
    start = node.fixture.date
    score = _score(node, status)
    return MatchRecord(
        line=number,
        tournament=TOURNAMENTS[code],
        season=_season(code, node.league.season),
        home=home[0],
        away=away[0],
        start_time_utc=start if has_time else datetime.combine(start.date(), NOON, start.tzinfo),
        has_kickoff_time=has_time,
        status=status,
        counts=scores(score, node.score.halftime.score if score else None),
        external_id=str(node.fixture.id),
        home_id=home[1],
        away_id=away[1],
        minute=_minute(node) if status == "live" else None,
        told_at=_told_at(node) if status == "live" else None,
        neutral_venue=_is_neutral(node, code, home[0]),
    )


def _team(node: TeamNode, side: str) -> tuple[str, str]:
    if not node.name or not node.name.strip() or not node.id:
        raise RecordRejected(f"teams.{side} is not known yet.")
    return " ".join(node.name.split())[:120], str(node.id)


def _season(code: str, year: int) -> str:
    return str(year) if code in ONE_YEAR else f"{year}-{(year + 1) % 100:02}"


def _score(node: MatchNode, status: str) -> Score | None:
    """After 90 minutes, or so far.

    Raises:
        RecordRejected: it is over, and its score after 90 minutes is not known.
    """
    full, last = node.score.fulltime.score, node.goals.score
    short = node.fixture.status.short
    if short in BEYOND_90:
        goes_on = short == "AET" and full == last  # somebody won in extra time
        if status == "finished" and (full is None or goes_on):
            raise RecordRejected("A finished match without its score after 90 minutes.")
        return full
    if status == "finished":
        if last is None or (full is not None and full != last):
            raise RecordRejected("A finished match whose goals are not its score at full time.")
        return last
    return last if status in ("live", "awarded") else None


def _minute(node: MatchNode) -> int | None:
    minute = node.fixture.status.elapsed
    return minute if minute is not None and 0 <= minute <= MOST_MINUTES else None


def _told_at(node: MatchNode) -> datetime | None:
    """About when the minute was played that it tells; the answer has no clock of its own."""
    minute = _minute(node)
    if minute is None:
        return None
    pause = HALF_TIME if minute > 45 else timedelta()
    return node.fixture.date + timedelta(minutes=minute) + pause


def _is_neutral(node: MatchNode, code: str, home: str) -> bool | None:
    """Whether it is on ground that is nobody's; None where nothing tells."""
    if code in FINAL_TOURNAMENTS:
        return not at_home(FINAL_TOURNAMENTS[code], node.league.season, home)
    return True if code in CUPS and node.league.round == "Final" else None
