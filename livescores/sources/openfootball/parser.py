"""openfootball's JSON: one file per league and season, complete or still under way.

The league stands in the file's name, as `en.1.json`, the season in the title inside. Times are
local. `ft` is the score after 90 minutes even where extra time (`et`) or penalties (`p`) followed.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from livescores.sources.content import json_of, plain, refuse_other_forms
from livescores.sources.openfootball.names import TOURNAMENTS, ZONES
from livescores.sources.queries import Asked, Page
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
    TournamentRecord,
    latest_result,
    scores,
)

NAME = "openfootball"
SUFFIXES = (".json", ".json.gz")
PRIORITY = 20
NOON = time(12)
MOST_GOALS = 99
FILE_NAME = re.compile(r"^([a-z]{2,3}\.(?:\d|cup))\.json(?:\.gz)?$")
SEASON = re.compile(r"\b(\d{4})(?:[/-](?:\d\d)?(\d\d))?\s*$")
STATUSES = {
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "postponed": "postponed",
    "abandoned": "abandoned",
    "awarded": "awarded",
}


def pages(asked: Asked) -> list[Page]:
    """The file of each league's season."""
    codes = asked.of(TOURNAMENTS)
    first, last = asked.years()
    season = str(first) if first == last else f"{first}-{last % 100:02}"
    return [
        Page(f"{asked.url}/{season}/{code}.json", f"{code}.json", may_be_missing=not asked.leagues)
        for code in codes
    ]


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one league and season; `line` is the number of the match in the file.

    Raises:
        FileRejected: the bytes are not a season of openfootball.
    """
    tournament, zone = _tournament(name)
    season, rows = _season(content, name)
    parsed = ParsedFile(rows=len(rows))
    played = (str(row.get("date")) for row in rows if _is_played(row))
    latest = latest_result().date().isoformat()  # a mistyped year says nothing of the others
    last = max((day for day in played if day <= latest), default="")
    for number, row in enumerate(rows, start=1):
        try:
            match = _match(row, number, tournament, season, zone, last)
        except RecordRejected as exc:
            parsed.rejections.append(Rejection("row", number, str(exc), str(row)[:500]))
        else:
            parsed.matches.append(match)
    return parsed


def _tournament(name: str) -> tuple[TournamentRecord, str]:
    found = FILE_NAME.match(name)
    if not found:
        raise FileRejected(f"{name[:60]!r} names no league: it should be like en.1.json.")
    code = found[1]
    if code not in TOURNAMENTS:
        raise FileRejected(f"Unknown league {code!r}: add it to openfootball_names.py.")
    return TOURNAMENTS[code], code.partition(".")[0]


def _season(content: bytes, name: str) -> tuple[str, list[dict[str, Any]]]:
    content = plain(content, name)
    refuse_other_forms(content, "JSON")
    document = json_of(content)
    if not isinstance(document, dict) or not isinstance(document.get("matches"), list):
        raise FileRejected("The file has no list of matches.")
    rows = document["matches"]
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise FileRejected(f"Match {number} is not an object.")
    found = SEASON.search(str(document.get("name")))
    if not found:
        raise FileRejected(f"The title {str(document.get('name'))[:60]!r} names no season.")
    return f"{found[1]}-{found[2]}" if found[2] else found[1], rows


def _is_played(row: dict[str, Any]) -> bool:
    score = row.get("score")
    return isinstance(score, dict) and bool(score.get("ft"))


def _match(
    row: dict[str, Any],
    number: int,
    tournament: TournamentRecord,
    season: str,
    zone: str,
    last: str,
) -> MatchRecord:
    start, has_time = _kickoff(row, zone)
    home, away = _team(row, "team1"), _team(row, "team2")
    if home == away:
        raise RecordRejected(f"{home} plays itself.")
    full_time, half_time = _scores(row)
    status = _status(row, full_time is not None, last)
    return MatchRecord(
        line=number,
        tournament=tournament,
        season=season,
        home=home,
        away=away,
        start_time_utc=start,
        has_kickoff_time=has_time,
        status=status,
        counts=scores(full_time, half_time),
    )


def _team(row: dict[str, Any], side: str) -> str:
    name = row.get(side)
    if isinstance(name, dict):  # the older form: {"name", "key", "code"}
        name = name.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RecordRejected(f"{side} has no name.")
    return " ".join(name.split())[:120]


def _kickoff(row: dict[str, Any], zone: str) -> tuple[datetime, bool]:
    text, clock = row.get("date"), row.get("time")
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise RecordRejected(f"Unreadable date {str(text)[:20]!r}.") from None
    if not clock:
        return datetime.combine(day, NOON, UTC), False
    try:
        local = datetime.combine(day, time.fromisoformat(str(clock).zfill(5)), ZONES[zone])
    except ValueError:
        raise RecordRejected(f"Unreadable time {str(clock)[:20]!r}.") from None
    return local.astimezone(UTC), True


def _status(row: dict[str, Any], has_score: bool, last: str) -> str:
    stated = row.get("status")
    if stated:
        status = STATUSES.get(str(stated).lower())
        if status is None:
            raise RecordRejected(f"Unknown status {str(stated)[:20]!r}.")
        return status
    if has_score:
        return "finished"
    # Behind the last result it was not played then, and the file does not say why.
    return "unknown" if str(row["date"]) < last else "scheduled"


def _scores(row: dict[str, Any]) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Full and half time."""
    score = row.get("score") or {}
    if not isinstance(score, dict):
        raise RecordRejected("The score is not an object.")
    full, half, extra = (_pair(score, key) for key in ("ft", "ht", "et"))
    _pair(score, "p")
    if full is None and (half or extra):
        raise RecordRejected("There is a score, but none after 90 minutes.")
    if full and half and (half[0] > full[0] or half[1] > full[1]):
        raise RecordRejected("More goals at half-time than at the end.")
    if full and extra and (extra[0] < full[0] or extra[1] < full[1]):
        raise RecordRejected("Fewer goals after extra time than after 90 minutes.")
    return full, half


def _pair(score: dict[str, Any], key: str) -> tuple[int, int] | None:
    pair = score.get(key)
    if pair is None or pair == []:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_count, pair)):
        raise RecordRejected(f"{str(pair)[:30]!r} is not a score ({key}).")
    return pair[0], pair[1]


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_GOALS
