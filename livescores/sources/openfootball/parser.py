"""openfootball's JSON: one file per league and season, complete or still under way.

The league stands in the file's name, as `en.1.json`, the season in the title inside. Times are
local. `ft` is the score after 90 minutes even where extra time (`et`) or penalties (`p`) followed.
A club of a cup above countries has its country behind its name, as `Chelsea FC (ENG)`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from livescores.sources.content import json_of, plain, refuse_other_forms
from livescores.sources.countries import ABOVE_COUNTRIES, BY_CODE
from livescores.sources.openfootball.names import (
    BUBBLES,
    NEUTRAL_FINAL,
    NO_EXTRA_TIME,
    OF_ONE_YEAR,
    ONE_LEG,
    TOURNAMENTS,
    ZONES,
)
from livescores.sources.queries import Asked, Page
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
    latest_result,
    scores,
)

NAME = "openfootball"
SUFFIXES = (".json", ".json.gz")
PRIORITY = 20
NOON = time(12)
MOST_GOALS = 99
FILE_NAME = re.compile(r"^([a-z]{2,4}(?:\.[a-z0-9]{1,4})?)\.json(?:\.gz)?$")
COUNTRY = re.compile(r"^(.+) \(([A-Z]{3})\)$")
FINAL = "Final"
NOBODY = "N.N."  # a side of a match to come, until somebody has won the one before
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
    return [
        Page(
            f"{asked.url}/{_folder(asked, code)}/{code}.json",
            f"{code}.json",
            may_be_missing=not asked.leagues,
        )
        for code in asked.of(TOURNAMENTS)
    ]


def _folder(asked: Asked, code: str) -> str:
    first, last = asked.years()
    if not asked.season and code in OF_ONE_YEAR:
        first = last = asked.today.year
    return str(first) if first == last else f"{first}-{last % 100:02}"


def parse(content: bytes, name: str) -> ParsedFile:
    """The matches of one league and season; `line` is the number of the match in the file.

    Raises:
        FileRejected: the bytes are not a season of openfootball.
    """
    code = _code(name)
    season, rows = _season(content, name)
    league = League(code, season, rows)
    parsed = ParsedFile(rows=len(rows))
    played = (str(row.get("date")) for row in rows if _is_played(row))
    latest = latest_result().date().isoformat()  # a mistyped year says nothing of the others
    last = max((day for day in played if day <= latest), default="")
    for number, row in enumerate(rows, start=1):
        try:
            match = _match(row, number, league, last)
        except RecordRejected as exc:
            parsed.rejections.append(Rejection("row", number, str(exc), str(row)[:500]))
        else:
            parsed.matches.append(match)
    return parsed


class League:
    """The league and season of a file, and what its rules say of a match."""

    def __init__(self, code: str, season: str, rows: Sequence[dict[str, Any]]) -> None:
        self.code, self.season = code, season
        self.tournament = TOURNAMENTS[code]
        self.zone = ZONES[code.partition(".")[0]]
        finals = Counter(_round(row) for row in rows if _last_part(_round(row)) == FINAL)
        self._finals = {name for name, n_matches in finals.items() if n_matches == 1}

    def is_neutral(self, row: dict[str, Any]) -> bool | None:
        """Whether a match was on ground that is nobody's; None where nothing tells."""
        name = _round(row)
        bubbles = [one for one in BUBBLES if (one.code, one.season) == (self.code, self.season)]
        in_bubble = any(not one.rounds or _last_part(name) in one.rounds for one in bubbles)
        return in_bubble or (self.code in NEUTRAL_FINAL and name in self._finals) or None

    def refuse_unsure(self, score: dict[str, Any]) -> None:
        """Where what follows shows that `ft` need not be the score after 90 minutes.

        Raises:
            RecordRejected: it cannot be known.
        """
        full, extra, penalties = (_pair(score, key) for key in ("ft", "et", "p"))
        if penalties and not extra and self.code not in NO_EXTRA_TIME:
            raise RecordRejected("A shoot-out, but nothing of the extra time before it.")
        if full and extra and full[0] != full[1] and self.code in ONE_LEG:
            raise RecordRejected("Extra time after 90 minutes that were no draw.")


def _round(row: dict[str, Any]) -> str:
    return ", ".join(str(row[key]) for key in ("stage", "round") if row.get(key))


def _last_part(name: str) -> str:
    return name.rpartition(", ")[2]


def _code(name: str) -> str:
    found = FILE_NAME.match(name)
    if not found:
        raise FileRejected(f"{name[:60]!r} names no league: it should be like en.1.json.")
    code = found[1]
    if code not in TOURNAMENTS:
        raise FileRejected(f"Unknown league {code!r}: choose {', '.join(TOURNAMENTS)}.")
    return code


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


def _match(row: dict[str, Any], number: int, league: League, last: str) -> MatchRecord:
    start, has_time = _kickoff(row, league.zone)
    home, home_region = _club(row, "team1", league)
    away, away_region = _club(row, "team2", league)
    if (home, home_region) == (away, away_region):
        raise RecordRejected(f"{home} plays itself.")
    full_time, half_time = _scores(row, league)
    status = _status(row, full_time is not None, last)
    return MatchRecord(
        line=number,
        tournament=league.tournament,
        season=league.season,
        home=home,
        away=away,
        start_time_utc=start,
        has_kickoff_time=has_time,
        status=status,
        counts=scores(full_time, half_time),
        home_region=home_region,
        away_region=away_region,
        neutral_venue=league.is_neutral(row),
    )


def _club(row: dict[str, Any], side: str, league: League) -> tuple[str, str]:
    """A club, and where it plays its league if not in the tournament's region."""
    name = _team(row, side)
    if league.tournament.region not in ABOVE_COUNTRIES:
        return name, ""
    found = COUNTRY.match(name)
    if not found:
        raise RecordRejected(f"{name} has no country behind its name.")
    if found[2] not in BY_CODE:
        raise RecordRejected(f"{name} is of a country that is not known.")
    return found[1], BY_CODE[found[2]]


def _team(row: dict[str, Any], side: str) -> str:
    name = row.get(side)
    if isinstance(name, dict):  # the older form: {"name", "key", "code"}
        name = name.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RecordRejected(f"{side} has no name.")
    if name.strip() == NOBODY:
        raise RecordRejected(f"{side} is not known yet.")
    return " ".join(name.split())[:120]


def _kickoff(row: dict[str, Any], zone: ZoneInfo) -> tuple[datetime, bool]:
    text, clock = row.get("date"), row.get("time")
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise RecordRejected(f"Unreadable date {str(text)[:20]!r}.") from None
    if not clock:
        return datetime.combine(day, NOON, UTC), False
    try:
        local = datetime.combine(day, time.fromisoformat(str(clock).zfill(5)), zone)
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


def _scores(
    row: dict[str, Any], league: League
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Full and half time."""
    score = row.get("score") or {}
    if not isinstance(score, dict):
        raise RecordRejected("The score is not an object.")
    full, half, extra = (_pair(score, key) for key in ("ft", "ht", "et"))
    league.refuse_unsure(score)
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
