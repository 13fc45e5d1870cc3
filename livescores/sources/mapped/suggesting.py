"""A mapping to begin with, from the names of a table's columns."""

import json
from collections.abc import Iterator, Mapping

from livescores.sources.football_data.prices import columns_of
from livescores.sources.mapped.rows import Cells, Document, Part, parts

UNKNOWN = "?"  # a column that a person has to name
# What columns are called, in small letters and digits alone; the first that a table has is taken.
CALLED = {
    "league": ("div", "division", "league", "leaguename", "competition", "sportkey", "tournament"),
    "region": ("country", "region"),
    "season": ("season", "year"),
    "date": ("date", "matchdate", "utcdate", "datetime", "kickoff", "commencetime", "day", "datum"),
    "time": ("time", "kickofftime", "starttime", "ko"),
    "home": ("hometeam", "home", "team1", "hometeamname", "homename", "homeclub", "ht"),
    "away": ("awayteam", "away", "team2", "awayteamname", "awayname", "awayclub", "at", "visitor"),
    "home_score": ("fthg", "hg", "homescore", "homegoals", "hometeamgoal", "hgoal", "score1"),
    "away_score": ("ftag", "ag", "awayscore", "awaygoals", "awayteamgoal", "vgoal", "score2"),
    "score": ("score", "ft", "result", "fulltime"),
    "half_time": ("halftime", "htscore"),
    "home_half_time_score": ("hthg",),
    "away_half_time_score": ("htag",),
    "status": ("status", "state"),
    "external_id": ("id", "matchid", "gameid", "matchapiid", "eventid"),
}
NEEDED = ("date", "home", "away")


def suggest(content: bytes, name: str) -> str:
    """A mapping as TOML, with `?` for what the names do not tell.

    Raises:
        FileRejected: the file cannot be read.
    """
    part = parts(content, name)[0]
    columns = _columns(part)
    found = {field: column for field in CALLED if (column := _called(field, columns))}
    if "score" in found and "home_score" in found:
        del found["score"]
    found = dict.fromkeys(NEEDED, UNKNOWN) | found
    lines = ['source = "own"', "", *_constants(found), "[columns]"]
    lines += [
        f"{field} = {json.dumps(column, ensure_ascii=False)}" for field, column in found.items()
    ]
    return "\n".join([*lines, *_prices(columns)]) + "\n"


def _columns(part: Part) -> dict[str, int]:
    """Of a table its header; of JSON the first record's fields."""
    first = part.rows[0][1] if part.rows else None
    if isinstance(first, Document) and isinstance(first.told, dict):
        return {name: number for number, name in enumerate(first.told)}
    return dict(part.columns) if isinstance(first, Cells) or first is None else {}


def _called(field: str, columns: Mapping[str, int]) -> str:
    plain = {
        "".join(filter(str.isalnum, name.casefold())): name for name in reversed(list(columns))
    }
    return next((plain[name] for name in CALLED[field] if name in plain), "")


def _constants(found: Mapping[str, str]) -> Iterator[str]:
    if "league" not in found:
        yield from ("[constants]", 'league = "England, Premier League"', "")


def _prices(columns: Mapping[str, int]) -> Iterator[str]:
    """Books whose columns are called as football-data.co.uk calls them."""
    names = {number: name for name, number in columns.items()}
    for book in columns_of(columns, closing_only=False):
        yield from ("", "[[prices]]", f'bookmaker = "{book.code}"', f'kind = "{book.kind}"')
        for side in ("home", "draw", "away"):
            yield f"{side} = {_quoted(names[getattr(book, side)])}"


def _quoted(text: str) -> str:
    """A string of JSON is one of TOML."""
    return json.dumps(text, ensure_ascii=False)
