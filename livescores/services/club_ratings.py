"""Keep others' ratings of clubs that we know; a rating makes no club."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from livescores.models import ClubRating, Team
from livescores.services import import_changes
from livescores.services.known_names import KnownNames
from livescores.sources.mapped.ratings import RatingRecord, newest
from livescores.sources.records import Rejection


@dataclass
class StoredRatings:
    """What became of a table's ratings."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Rejection] = field(default_factory=list)


def store(source: str, records: Sequence[RatingRecord]) -> StoredRatings:
    """Bring the ratings of a source to what the records say. Call it inside a transaction."""
    stored = StoredRatings()
    rows = _linked(source, newest(records), stored)
    known = {
        (one.team_id, one.first_day): one
        for one in ClubRating.objects.filter(source=source, team__in={row.team_id for row in rows})
    }
    import_changes.keep_read(Team, {row.team_id for row in rows})
    import_changes.keep_read(ClubRating, [one.pk for one in known.values()])
    new = [row for row in rows if (row.team_id, row.first_day) not in known]
    changed = []
    for row in rows:
        before = known.get((row.team_id, row.first_day))
        if before and (before.rating, before.last_day) != (row.rating, row.last_day):
            before.rating, before.last_day = row.rating, row.last_day
            changed.append(before)
    ClubRating.objects.bulk_create(new, batch_size=1000)
    ClubRating.objects.bulk_update(changed, ["rating", "last_day"], batch_size=1000)
    stored.inserted, stored.updated = len(new), len(changed)
    stored.unchanged = len(rows) - len(new) - len(changed)
    return stored


def _linked(
    source: str, records: Sequence[RatingRecord], stored: StoredRatings
) -> list[ClubRating]:
    """Of clubs that a name means, as it would be linked on import; the others are refused."""
    names = KnownNames()
    rows: dict[tuple[int, date], ClubRating] = {}
    for record in records:
        region_id = names.region(record.region)
        club = names.club(record.club, region_id) if region_id else None
        if club is None:
            reason = f"{record.club!r} ({record.region}) is no club of ours."
            stored.refused.append(Rejection("row", record.line, reason, ""))
            continue
        rows[club.team_id, record.first_day] = ClubRating(
            team_id=club.team_id,
            source=source,
            rating=record.rating,
            first_day=record.first_day,
            last_day=record.last_day,
        )
    return list(rows.values())
