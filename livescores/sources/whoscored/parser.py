"""WhoScored's match records: one JSON object a line, matches and teams with ids of their own.

`homeScore` is the last score, so the one after 90 minutes is read from `periodResults`, as
`HT 1:0 - FT 1:1 - ET 2:1 - PS 4:5`.
"""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

from livescores.sources.content import json_of, plain, refuse_other_forms
from livescores.sources.countries import ABOVE_COUNTRIES
from livescores.sources.queries import Asked, NotConfigured, Page
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
    TournamentRecord,
    scores,
)
from livescores.sources.whoscored.names import (
    CALENDAR_YEAR,
    EMPTY,
    REGIONS,
    STATUSES,
)

NAME = "whoscored"
SUFFIXES = (".jsonl", ".jsonl.gz")
PRIORITY = 30
NEW_SEASON_MONTH = 7
FIRST_YEAR = 1900
PERIOD = re.compile(r"\b(HT|FT) (\d{1,2}):(\d{1,2})")
CUP = re.compile(
    "cup|copa|coupe|coppa|kupa|pokal|taça|shield|trophy|trophée|friendl|playoff|promotion/",
    re.IGNORECASE,
)
START = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z?$")
FIELDS = ("matchId", "status", "startTimeUtc")

Score = tuple[int, int]


def pages(asked: Asked) -> list[Page]:
    """The one file that settings name: the provider itself offers none."""
    if not asked.url:
        raise NotConfigured("WhoScored has no address of its own: set WHOSCORED_URL to a file's.")
    return [Page(asked.url, "matches.jsonl")]


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one file.

    Raises:
        FileRejected: a line that is not a record, with its number.
    """
    content = plain(content, name)
    refuse_other_forms(content, "JSON")
    rows = [
        (number, _record(line, number))
        for number, line in enumerate(content.splitlines(), start=1)
        if line.strip()
    ]
    parsed = ParsedFile(rows=len(rows))
    homes = _regions_of_teams(row for _, row in rows)
    for number, row in rows:
        try:
            parsed.matches.append(_match(number, row, homes))
        except RecordRejected as exc:
            parsed.rejections.append(Rejection("row", number, str(exc), str(row)[:500]))
    return parsed


def _record(line: bytes, number: int) -> dict[str, Any]:
    row = json_of(line, number)
    if isinstance(row, dict) and isinstance(row.get("info"), dict):  # the form with line-ups
        row = {**row["info"], "matchId": row.get("matchId")}
    if not isinstance(row, dict) or not all(field in row for field in FIELDS):
        raise FileRejected(f"This is no match record: it needs {', '.join(FIELDS)}.", number)
    return row


def _regions_of_teams(rows: Any) -> dict[int, str]:
    """The country that each club plays most in: a cup of Europe is nobody's home."""
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        region = REGIONS.get(row.get("tournamentName"), row.get("regionName"))
        if region and region not in ABOVE_COUNTRIES:
            for side in ("homeId", "awayId"):
                if row.get(side):
                    seen[row[side]][region] += 1
    return {team: regions.most_common(1)[0][0] for team, regions in seen.items()}


def _match(number: int, row: dict[str, Any], homes: dict[int, str]) -> MatchRecord:
    status = _status(row)
    start = _start(row)
    tournament = _tournament(row)
    home, away = _text(row, "homeName"), _text(row, "awayName")
    if row["homeId"] == row["awayId"]:
        raise RecordRejected(f"{home} plays itself.")
    full_time, half_time = _scores(row, status)
    return MatchRecord(
        line=number,
        tournament=tournament,
        season=_season(tournament.region, start),
        home=home,
        away=away,
        start_time_utc=start,
        has_kickoff_time=True,
        status=status,
        counts=scores(full_time, half_time),
        external_id=str(row["matchId"]),
        home_id=str(row["homeId"]),
        away_id=str(row["awayId"]),
        home_region=homes.get(row["homeId"], tournament.region),
        away_region=homes.get(row["awayId"], tournament.region),
    )


def _tournament(row: dict[str, Any]) -> TournamentRecord:
    name = _text(row, "tournamentName")
    region = REGIONS.get(name) or _text(row, "regionName")
    is_cup = region in ABOVE_COUNTRIES or bool(CUP.search(name))
    return TournamentRecord(region, name, is_cup=is_cup)


def _text(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise RecordRejected(f"The record has no {field}.")
    return " ".join(value.split())[:80]


def _status(row: dict[str, Any]) -> str:
    code = row["status"]
    if code == EMPTY:
        raise RecordRejected("An empty record, status 0.")
    if code not in STATUSES:
        raise RecordRejected(f"Unknown status {str(code)[:20]!r}.")
    for field in ("homeId", "awayId"):
        if type(row.get(field)) is not int or row[field] <= 0:
            raise RecordRejected(f"The record has no {field}.")
    return STATUSES[code]


def _start(row: dict[str, Any]) -> datetime:
    found = START.match(str(row["startTimeUtc"]))
    try:
        start = datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None
    except ValueError:
        start = None
    if start is None or start.year < FIRST_YEAR:
        raise RecordRejected(f"Unreadable startTimeUtc {str(row['startTimeUtc'])[:40]!r}.")
    return start


def _season(region: str, start: datetime) -> str:
    if region in CALENDAR_YEAR:
        return str(start.year)
    first = start.year if start.month >= NEW_SEASON_MONTH else start.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def _scores(row: dict[str, Any], status: str) -> tuple[Score | None, Score | None]:
    """Full and half time; a match that was not finished has a last score, but no result."""
    periods = {
        name: (int(home), int(away))
        for name, home, away in PERIOD.findall(str(row.get("periodResults")))
    }
    if status == "live":
        return _last_score(row), periods.get("HT")
    if status != "finished":
        return None, None
    full = periods.get("FT")
    if row.get("elapsed") == "FT":
        full = full or _last_score(row)
        if full != _last_score(row):
            raise RecordRejected(f"{row['periodResults'][:40]} contradicts the score.")
    if full is None:
        raise RecordRejected("A finished match without its score after 90 minutes.")
    return full, periods.get("HT")


def _last_score(row: dict[str, Any]) -> Score | None:
    home, away = row.get("homeScore"), row.get("awayScore")
    if type(home) is int and type(away) is int and 0 <= home < 100 and 0 <= away < 100:
        return home, away
    return None
