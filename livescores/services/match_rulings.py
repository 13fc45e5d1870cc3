"""What a person says of a match against its sources: it is void, or is played at another time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from livescores.models import Match, MatchStatus
from livescores.services import corrections
from livescores.services.deciding import CannotDecide


@transaction.atomic
def void(match: Match) -> str:
    """It does not count: no table, bet or forecast is settled on it; its score is kept to be read.

    Raises:
        CannotDecide: it is cancelled already, or joined to another.
    """
    ours, before = _open(match)
    if ours.status == MatchStatus.CANCELLED:
        raise CannotDecide(f"{match}: it is cancelled already.")
    ours.status, ours.minute = MatchStatus.CANCELLED, None
    _save(before, ours)
    return f"{match} is void: {before.get_status_display().lower()} before, cancelled now."


@transaction.atomic
def move(match: Match, kick_off: datetime) -> str:
    """It kicks off then, whatever its sources say.

    Raises:
        CannotDecide: it does so already, is played, or another of its clubs kicks off then.
    """
    ours, before = _open(match)
    if (ours.start_time_utc, ours.has_kickoff_time) == (kick_off, True):
        raise CannotDecide(f"{match}: it kicks off then already.")
    if ours.status == MatchStatus.FINISHED:
        raise CannotDecide(f"{match}: it is over. Correct its kick-off on its page.")
    ours.start_time_utc, ours.has_kickoff_time = kick_off, True
    if ours.status in (MatchStatus.POSTPONED, MatchStatus.UNKNOWN):
        # In both, so that it is no correction: its sources tell how it goes on.
        ours.status = before.status = MatchStatus.SCHEDULED
    _save(before, ours)
    return (
        f"{match} moved from {before.start_time_utc:%Y-%m-%d %H:%M} to {kick_off:%Y-%m-%d %H:%M}."
    )


def _open(match: Match) -> tuple[Match, Match]:
    """To be changed, and as it was before."""
    ours = Match.objects.select_for_update().get(pk=match.pk)
    if ours.same_as_id is not None:
        raise CannotDecide(f"{match}: it is joined to match {ours.same_as_id}, which stands.")
    return ours, Match.objects.get(pk=match.pk)


def _save(before: Match, ours: Match) -> None:
    ours.updated_at = timezone.now()
    corrections.correct(before, ours)
    try:
        ours.full_clean()
    except ValidationError as exc:
        raise CannotDecide(f"{before}: {' '.join(exc.messages)}") from exc
    ours.save()
