"""What operators set in the back office stands: no source rewrites it, in any way that it comes.

A match names its corrected facts in `corrected`. A source that tells such a fact otherwise is kept
as a conflict that waits, until an operator keeps ours, takes the source's, or both agree. A fact is
what makes sense only as a whole: the two goals of a score, the day and the hour of a kick-off.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from livescores.models import Match, MatchConflict, Season, Team
from livescores.services.deciding import CannotDecide
from livescores.services.priority import OPERATOR
from livescores.sources.records import COUNTS

What, State = MatchConflict.What, MatchConflict.State
FACTS: Mapping[str, tuple[str, ...]] = {
    "score": ("home_score", "away_score"),
    "half_time": ("home_half_time_score", "away_half_time_score"),
    "kick_off": ("start_time_utc", "has_kickoff_time"),
    "status": ("status",),
    "season": ("season_id",),
    "home_team": ("home_team_id",),
    "away_team": ("away_team_id",),
    "neutral_venue": ("neutral_venue",),
    **{name: (name,) for name in COUNTS[4:]},
}
ROWS = {"season": "told_season_id", "home_team": "told_team_id", "away_team": "told_team_id"}


def correct(before: Match, match: Match) -> None:
    """Keep what an operator changes in a match, before it is saved; the source's word is noted."""
    changed = [what for what in FACTS if _values(before, what) != _values(match, what)]
    match.corrected = [*before.corrected, *(w for w in changed if w not in before.corrected)]
    if before.source != OPERATOR:
        for what in changed:
            if what not in before.corrected:
                _note(match, what, _values(before, what), before.source, State.NOTED)


def hear(match: Match, what: str, values: Iterable[Any], source: str) -> None:
    """Take what a source tells of a fact, unless an operator has set it."""
    told = tuple(values)
    if what not in match.corrected:
        for name, value in zip(FACTS[what], told, strict=True):
            setattr(match, name, value)
    elif told == _values(match, what):
        _of(match, what, source).update(state=State.AGREED)
    else:
        known = _of(match, what, source).filter(state=State.KEPT, other_value=_text(what, told))
        _note(match, what, told, source, State.KEPT if known.exists() else State.WAITING)


@transaction.atomic
def take(conflict: MatchConflict, *, by: str) -> str:
    """The source's value becomes the match's, and the fact is the source's again.

    Raises:
        CannotDecide: no correction is contradicted, or the match would contradict itself.
    """
    match = _corrected(conflict)
    for name, value in _told(conflict).items():
        setattr(match, name, value)
    match.corrected = [what for what in match.corrected if what != conflict.what]
    match.updated_at = timezone.now()
    try:
        match.full_clean()
    except ValidationError as exc:
        raise CannotDecide(f"{match}: {' '.join(exc.messages)}") from exc
    match.save()
    # What others say is told anew by their next imports, source against source.
    MatchConflict.objects.filter(match=match, what=conflict.what, kept_source=OPERATOR).delete()
    return f"{conflict.get_what_display().capitalize()}: {conflict.other_value} taken from {conflict.other_source}, instead of {conflict.kept_value}."  # noqa: E501


@transaction.atomic
def keep(conflict: MatchConflict, *, by: str) -> str:
    """The correction stands, until the source tells something else again.

    Raises:
        CannotDecide: no correction is contradicted.
    """
    _corrected(conflict)
    conflict.state = State.KEPT
    conflict.save(update_fields=["state"])
    return f"{conflict.get_what_display().capitalize()}: {conflict.kept_value} kept, not {conflict.other_value} of {conflict.other_source}."  # noqa: E501


def carry(worse: Match, kept: Match) -> dict[str, Any]:
    """Columns of a match that goes which an operator had set, for the one that it becomes.

    The clubs of both are the same, or become it.
    """
    facts = [what for what in worse.corrected if what not in kept.corrected]
    own = [what for what in facts if not what.endswith("_team")]
    found = {name: getattr(worse, name) for what in own for name in FACTS[what]}
    return found | {"corrected": [*kept.corrected, *facts]} if facts else {}


def _corrected(conflict: MatchConflict) -> Match:
    match = Match.objects.select_for_update().get(pk=conflict.match_id)
    if conflict.kept_source != OPERATOR or conflict.what not in match.corrected:
        raise CannotDecide(f"{conflict}: no operator has set it.")
    return match


def _values(match: Match, what: str) -> tuple[Any, ...]:
    return tuple(getattr(match, name) for name in FACTS[what])


def _of(match: Match, what: str, source: str) -> Any:
    return MatchConflict.objects.filter(
        match=match, what=what, kept_source=OPERATOR, other_source=source
    )


def _note(match: Match, what: str, told: tuple[Any, ...], source: str, state: str) -> None:
    values: dict[str, Any] = {
        "state": state,
        "kept_value": _text(what, _values(match, what)),
        "other_value": _text(what, told),
    }
    if what in ROWS:
        values[ROWS[what]] = told[0]
    else:
        values["told"] = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in zip(FACTS[what], told, strict=True)
        }
    MatchConflict.objects.update_or_create(
        match=match, what=what, kept_source=OPERATOR, other_source=source, defaults=values
    )


def _told(conflict: MatchConflict) -> dict[str, Any]:
    """The source's value by column."""
    if conflict.what in ROWS:
        return {FACTS[conflict.what][0]: getattr(conflict, ROWS[conflict.what])}
    told = dict(conflict.told)
    if start := told.get("start_time_utc"):
        told["start_time_utc"] = parse_datetime(start)
    return told


def _text(what: str, values: tuple[Any, ...]) -> str:
    if what in ("score", "half_time"):
        return "" if None in values else f"{values[0]}:{values[1]}"
    if what == "kick_off":
        start, has_time = values
        return f"{start:%Y-%m-%d %H:%M}" if has_time else f"{start:%Y-%m-%d}"
    if what in ROWS:
        model = Season if what == "season" else Team
        return str(model._base_manager.get(pk=values[0]))
    return "" if values[0] is None else str(values[0])
