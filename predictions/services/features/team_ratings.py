"""Clubs' ratings over time: kept by month from the results that the features were made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Max
from django.db.models.functions import TruncMonth

from livescores.models import Team
from livescores.services.scores import midnight, month_after
from predictions.modelling.features import club_ratings
from predictions.modelling.features.club_ratings import Snapshot
from predictions.modelling.features.machine import History
from predictions.models import TeamRating
from predictions.services.features import feature_store
from soccerpredict.errors import NotFound

COPY = "COPY predictions_teamrating (team_id, at, elo, scored, conceded) FROM STDIN"
SAME = 1e-3  # points of Elo within which a stored rating is the computed one


@dataclass(frozen=True)
class Rated:
    """What a refresh stored, and whether it had to begin at the beginning."""

    n_ratings: int
    is_full: bool


def refresh() -> Rated:
    """Bring the stored ratings up to date with the current features.

    Goes on from the last month stored where the results before it are still the same; else all
    are made again. In one transaction: a reader sees the old ones or the new.

    Raises:
        FeaturesMissing, FeaturesCorrupt: run build_features first.
        NotFound: there is no result yet.
    """
    history = feature_store.current().history()
    if not len(history.results):
        raise NotFound("There is no result yet to rate a club by.")
    since = _last_month()
    if since is not None and not _is_as_stored(history, since):
        since = None
    known = club_ratings.snapshots(history, _moments(history, since))
    with transaction.atomic():
        later = {"at__gt": since} if since else {}
        TeamRating.objects.filter(**later).delete()
        return Rated(_store(known), is_full=since is None)


def _last_month() -> datetime | None:
    """The newest start of a month that ratings are stored of."""
    monthly = TeamRating.objects.filter(at=TruncMonth(F("at"), tzinfo=UTC))
    found: datetime | None = monthly.aggregate(last=Max("at"))["last"]
    return found


def _is_as_stored(history: History, moment: datetime) -> bool:
    stored = dict(TeamRating.objects.filter(at=moment).values_list("team_id", "elo"))
    at = int(moment.timestamp())
    found = club_ratings.snapshot(history.state_at(at), at)
    computed = dict(zip(found.team_ids.tolist(), found.elo.tolist(), strict=True))
    return all(abs(computed.get(team, np.inf) - elo) < SAME for team, elo in stored.items())


def _moments(history: History, since: datetime | None) -> list[int]:
    """Starts of months from `since`, or before the first result, and the newest result's."""
    first, last = (datetime.fromtimestamp(history.results.known_at[i], UTC) for i in (0, -1))
    month, moments = (since or first).date().replace(day=1), []
    while midnight(month) < last:
        moments.append(int(midnight(month).timestamp()))
        month = month_after(month)
    return [*moments, int(last.timestamp())]


def _store(known: Iterable[Snapshot]) -> int:
    """All but those of clubs that are no more."""
    teams = np.fromiter(Team.objects.values_list("pk", flat=True), dtype=np.int64)
    n_ratings = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for snapshot in known:
            is_known = np.isin(snapshot.team_ids, teams)
            columns = (snapshot.team_ids, snapshot.elo, snapshot.scored, snapshot.conceded)
            at = datetime.fromtimestamp(snapshot.at, UTC).isoformat()
            for team, *numbers in zip(*(one[is_known].tolist() for one in columns), strict=True):
                copy.write_row((team, at, *numbers))
            n_ratings += int(is_known.sum())
    return n_ratings
