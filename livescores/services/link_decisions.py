"""What a person decides on links: accept, reject, merge, split, and undo. Each is kept for ever."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from livescores.models import (
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    Team,
    TeamAlias,
    WaitingEvent,
)
from livescores.services import common_names, merging, uniting
from livescores.services.deciding import CannotDecide
from livescores.services.merging import Change

Action = LinkDecision.Action
TOUCHED = ("teams", "leagues", "regions")
LINKING = "linking"  # decides itself where later files leave no doubt


@transaction.atomic
def accept(review: LinkReview, *, by: str) -> LinkDecision:
    """The club, league or region is the candidate: from now on they are one row.

    Raises:
        CannotDecide: it is decided already, one of the two is gone, or they cannot be one.
    """
    one, candidate = _waiting(review)
    steps = uniting.JOIN[review.what](one, candidate)
    changes = [*steps, _decide(review, LinkReview.State.ACCEPTED)]
    return _keep(Action.ACCEPT, f"{one} is {candidate}", changes, by, review)


@transaction.atomic
def reject(review: LinkReview, *, by: str) -> LinkDecision:
    """They are two, and nobody is asked again.

    Raises:
        CannotDecide: it is decided already, or one of the two is gone.
    """
    one, candidate = _waiting(review)
    changes = [_decide(review, LinkReview.State.REJECTED)]
    return _keep(Action.REJECT, f"{one} is not {candidate}", changes, by, review)


@transaction.atomic
def merge(teams: Sequence[Team], *, by: str) -> list[LinkDecision]:
    """Make these clubs the one of them that has most matches.

    Raises:
        CannotDecide: they are of several regions, or fewer than two, or have met each other.
    """
    if len(teams) < 2:
        raise CannotDecide("It takes two clubs to merge.")
    if len({team.region_id for team in teams}) > 1:
        raise CannotDecide("Clubs of different regions are not one club.")
    kept, *others = sorted(teams, key=lambda team: (-uniting.matches_of(team).count(), team.pk))
    return [
        _keep(Action.MERGE, f"{team} is {kept}", uniting.clubs(team, kept), by) for team in others
    ]


def join(team: Team, into: Team) -> bool:
    """What later files make sure: the club is one of ours. Not where a person said no.

    Call it inside a transaction.
    """
    either_way = Q(team=team, candidate=into) | Q(team=into, candidate=team)
    refused = LinkReview.objects.filter(either_way, state=LinkReview.State.REJECTED)
    if refused.exists() or Match.objects.filter(uniting.pair_of(team, into)).exists():
        return False
    summary = f"{team} is {into}"
    _keep(Action.MERGE, summary, uniting.clubs(team, into), LINKING)
    return True


@transaction.atomic
def split(alias: TeamAlias, *, by: str) -> LinkDecision:
    """What this source calls so is a club of its own: with the matches that only it told of.

    Raises:
        CannotDecide: the club has no other name, or the source calls it by two, whose matches
            nobody can tell apart.
    """
    team, source = alias.team, alias.source
    if team.aliases.exclude(source=common_names.SOURCE).count() < 2:
        raise CannotDecide(f"{team} has no other name to keep.")
    if team.aliases.filter(source=source).count() > 1:
        raise CannotDecide(
            f"{source} has two names for {team}: their matches cannot be told apart."
        )
    own = Team.objects.create(region=team.region, name=_own_name(alias))
    steps = [
        merging.made(own) | {"teams": [own.pk, team.pk]},
        merging.point(_rows(TeamAlias, alias), "team", own.pk, team.pk),
        *_part_matches(team, own, source),
        merging.made(_refusal(alias, own, team)),
    ]
    return _keep(Action.SPLIT, f"{alias} is not {team}", steps, by)


@transaction.atomic
def accept_event(event: WaitingEvent, *, by: str) -> LinkDecision:
    """A feed's event is the likeliest match: from now on its two names are that match's teams.

    Raises:
        CannotDecide: it is decided already, or there is no likeliest match.
    """
    match = event.candidate
    if match is None:
        raise CannotDecide(f"{event}: there is no match that it may be.")
    steps = _decide_event(event, WaitingEvent.State.ACCEPTED, by)
    for name, team in ((event.home, match.home_team), (event.away, match.away_team)):
        steps.append(_name(event.source, name, team) | {"teams": [team.pk]})
    return _keep(Action.ACCEPT, f"{event} is {match}", steps, by)


@transaction.atomic
def reject_event(event: WaitingEvent, *, by: str) -> LinkDecision:
    """A feed's event is none of our matches.

    Raises:
        CannotDecide: it is decided already.
    """
    steps = _decide_event(event, WaitingEvent.State.REJECTED, by)
    return _keep(Action.REJECT, f"{event} is none of ours", steps, by)


@transaction.atomic
def undo(decision: LinkDecision, *, by: str) -> LinkDecision:
    """Put everything back as it was before a decision.

    Raises:
        CannotDecide: it was undone, or it undoes one, or a later decision builds on it.
    """
    if decision.undoes_id or LinkDecision.objects.filter(undoes=decision).exists():
        raise CannotDecide(f"{decision}: it cannot be undone again.")
    later = LinkDecision.objects.filter(pk__gt=decision.pk, undone_by=None).exclude(action="undo")
    touched = _touched(decision.changes)
    if any(touched & _touched(one.changes) for one in later):
        raise CannotDecide(f"{decision}: undo the later decisions on the same clubs first.")
    for change in reversed(decision.changes["steps"]):
        merging.restore(change)
    return LinkDecision.objects.create(
        action=Action.UNDO,
        summary=f"Undone: {decision.summary}"[:400],
        review=decision.review,
        undoes=decision,
        changes={**{what: decision.changes.get(what, []) for what in TOUCHED}, "steps": []},
        decided_by=by,
    )


def _decide_event(event: WaitingEvent, state: str, by: str) -> list[Change]:
    if event.state != WaitingEvent.State.WAITING:
        raise CannotDecide(f"{event}: it is {event.state} already.")
    row = WaitingEvent.objects.filter(pk=event.pk)
    return [
        merging.point(row, "state", state, event.state),
        merging.point(row, "decided_by", by, ""),
        merging.point(row, "decided_at", timezone.now(), None),
    ]


def _name(source: str, name: str, team: Team) -> Change:
    """Know a team by the source's name; what the name stood for before is kept."""
    named = TeamAlias.objects.filter(source=source, region=team.region, name=name, external_id="")
    if alias := named.first():
        return merging.point(named, "team", team.pk, alias.team_id)
    return merging.made(
        TeamAlias.objects.create(
            source=source,
            region=team.region,
            name=name,
            team=team,
            method=TeamAlias.Method.OPERATOR,
        )
    )


def _waiting(review: LinkReview) -> tuple[Any, Any]:
    if review.state != LinkReview.State.WAITING:
        raise CannotDecide(f"{review}: it is {review.state} already.")
    one, candidate = review.sides
    if one is None or candidate is None:
        raise CannotDecide(f"{review}: one of the two {review.what}s is no more.")
    return one, candidate


def _decide(review: LinkReview, state: str) -> Change:
    return merging.point(_rows(LinkReview, review), "state", state, review.state)


def _rows(model: Any, row: Any) -> Any:
    return model.objects.filter(pk=row.pk)


def _keep(
    action: str, summary: str, steps: list[Change], by: str, review: LinkReview | None = None
) -> LinkDecision:
    return LinkDecision.objects.create(
        action=action,
        summary=summary[:400],
        review=review,
        changes={**{what: _touched_by(steps, what) for what in TOUCHED}, "steps": steps},
        decided_by=by,
    )


def _touched_by(steps: Sequence[Change], what: str) -> list[int]:
    """The clubs, leagues or regions that these steps are about."""
    return sorted({pk for step in steps for pk in step.get(what, [])})


def _touched(changes: dict[str, Any]) -> set[tuple[str, int]]:
    return {(what, pk) for what in TOUCHED for pk in changes.get(what, [])}


def _refusal(alias: TeamAlias, own: Team, team: Team) -> LinkReview:
    """So that linking does not join them again."""
    return LinkReview.objects.create(
        team=own,
        candidate=team,
        source=alias.source,
        name=alias.name,
        score=alias.score,
        state=LinkReview.State.REJECTED,
    )


def _own_name(alias: TeamAlias) -> str:
    taken = Team.objects.filter(region=alias.team.region, name=alias.name).exists()
    return f"{alias.name} ({alias.source})" if taken else alias.name


def _part_matches(team: Team, own: Team, source: str) -> list[Change]:
    """The source's own matches go with the name; those of others were linked to it by mistake."""
    shared = MatchLink.objects.exclude(source=source).values("match")
    theirs = uniting.matches_of(team).filter(source=source).exclude(pk__in=shared)
    ids = list(theirs.values_list("pk", flat=True))
    links = MatchLink.objects.filter(source=source, match__in=uniting.matches_of(team))
    steps = [merging.lose(links.exclude(match__in=ids))]
    told = MatchConflict.objects.filter(other_source=source, told_team=team)
    steps.append(merging.point(told, "told_team", own.pk, team.pk))
    for side in ("home_team", "away_team"):
        moving = Match.objects.filter(pk__in=ids, **{side: team})
        moving = moving.exclude(corrected__contains=[side])  # an operator meant the club itself
        steps.append(merging.point(moving, side, own.pk, team.pk))
    return steps
