"""All that imports store, as text, to be compared before and after."""

from collections.abc import Sequence

from django.db import connection

TABLES = (
    *(
        f"livescores_{name}"
        for name in (
            "region",
            "tournament",
            "season",
            "team",
            "regionalias",
            "tournamentalias",
            "teamalias",
            "match",
            "matchlink",
            "matchconflict",
            "linkreview",
            "linkdecision",
            "waitingevent",
            "clubrating",
        )
    ),
    *(
        f"predictions_{name}"
        for name in (
            "bookmaker",
            "oddssource",
            "odds",
            "twowayodds",
            "quarantinedodds",
            "prediction",
        )
    ),
)
ROW = "to_jsonb(t) - %s::text[]"


def stored(aside: Sequence[str] = ()) -> dict[str, list[str]]:
    """Every row of every table; columns that `aside` names are left out, and so are keys then."""
    left_out = [*aside, *(KEYS if aside else ())]
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT ({ROW})::text FROM {table} t ORDER BY 1", [left_out])
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


KEYS = (
    "region_id",
    "tournament_id",
    "season_id",
    "team_id",
    "home_team_id",
    "away_team_id",
    "match_id",
    "bookmaker_id",
    "batch_id",
    "candidate_id",
)
