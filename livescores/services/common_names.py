"""Names that people use, whatever our sources write: Man Utd, PSG, Bayern München.

Those of the main leagues' clubs are shipped as a table; operators add their own in the back office,
as team aliases of the source `common`. A club is given the shipped ones when it is made, so what an
operator takes away stays away until `load_common_names` is asked for.
"""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from livescores.linking.spelling import bare
from livescores.models import Team, TeamAlias

SOURCE = "common"
TABLE = Path(__file__).parent.parent / "common_names.csv"


class CommonClub(NamedTuple):
    """A club of the table under its names: football-data.co.uk's, the proper one, and others."""

    region: str
    names: tuple[str, ...]


def clubs() -> list[CommonClub]:
    """The shipped table, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_club(row) for row in csv.DictReader(file)]


@cache
def shipped() -> dict[tuple[str, str], CommonClub]:
    """The table by region and any of a club's names, but for their spelling."""
    return {(club.region, bare(name)): club for club in clubs() for name in club.names}


def give(teams: Iterable[Team]) -> int:
    """Let these clubs be known by their common names, too; how many names that are.

    A name that another club of the region has as a common one stays there.
    """
    rows = [
        TeamAlias(
            team=team,
            region_id=team.region_id,
            source=SOURCE,
            name=name,
            method=TeamAlias.Method.KNOWN_SPELLING,
        )
        for team in teams
        if (club := shipped().get((team.region.name, bare(team.name))))
        for name in club.names
        if name != team.name
    ]
    if not rows:
        return 0
    before = TeamAlias.objects.filter(source=SOURCE).count()
    TeamAlias.objects.bulk_create(rows, ignore_conflicts=True)
    return TeamAlias.objects.filter(source=SOURCE).count() - before


def _club(row: dict[str, str]) -> CommonClub:
    others = filter(None, row["other_names"].split("; "))
    names = dict.fromkeys([row["club"], row["display_name"], *others])
    return CommonClub(row["region"], tuple(names))
