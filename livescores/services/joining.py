"""Two rows that turn out to be one match: one stands for it, the other says so and stays.

What was forecast of either stays with the row that it was made for. Prices go to the row that
stands, whose closing line they are part of. Splitting puts everything back.
"""

from collections.abc import Sequence

from django.db import transaction

from livescores.models import LinkDecision, Match, MatchLink
from livescores.services import link_decisions, merging, uniting
from livescores.services.deciding import CannotDecide
from livescores.services.merging import Change
from livescores.services.priority import better_than

PRICES = ("odds", "two_way_odds")  # what else of a match is carried over


def best(matches: Sequence[Match]) -> Match:
    """The row that stands: of the source that is believed most, else one with a result."""
    return min(
        matches,
        key=lambda one: (len(better_than(one.source)), one.home_score is None, one.pk),
    )


@transaction.atomic
def join(match: Match, into: Match, *, by: str, reason: str) -> LinkDecision:
    """From now on `into` stands for both, and sources of either are told of it.

    Raises:
        CannotDecide: other clubs, another season, or one of the two is joined already.
    """
    _lock(match, into)
    _refuse_others(match, into)
    row = Match.objects.filter(pk=match.pk)
    steps: list[Change] = [
        {"teams": sorted({match.home_team_id, match.away_team_id})},
        merging.point(Match.objects.filter(same_as=match), "same_as", into.pk, match.pk),
        merging.point(row, "same_as", into.pk, None),
        merging.carry(match, into, PRICES),
    ]
    if match.source != into.source:
        link, is_new = MatchLink.objects.get_or_create(match=into, source=match.source)
        steps += [merging.made(link)] if is_new else []
    steps += [merging.made(one) for one in uniting.conflicts(match, into)]
    return LinkDecision.objects.create(
        action=LinkDecision.Action.JOIN,
        summary=f"Match {match.pk}, {match}, is match {into.pk}, {into}: {reason}"[:400],
        changes={"teams": steps[0]["teams"], "steps": steps, "match": match.pk},
        decided_by=by,
    )


@transaction.atomic
def split(match: Match, *, by: str) -> LinkDecision:
    """The row is a match of its own again, as it was before it was joined.

    Raises:
        CannotDecide: it is joined to none, or a later decision builds on that.
    """
    joined = LinkDecision.objects.filter(
        action=LinkDecision.Action.JOIN, undone_by=None, changes__match=match.pk
    ).first()
    if match.same_as_id is None or joined is None:
        raise CannotDecide(f"{match}: it is joined to no other match.")
    _lock(match)
    double = Match.objects.standing().filter(
        home_team=match.home_team_id,
        away_team=match.away_team_id,
        start_time_utc=match.start_time_utc,
    )
    if double.exists():
        raise CannotDecide(
            f"{match}: the match that stands for it kicks off at the very same time by now. Move "
            "one of them first."
        )
    return link_decisions.undo(joined, by=by)


def _lock(*matches: Match) -> None:
    ids = [match.pk for match in matches]
    # By number: two people who join the same rows either way round never wait for each other.
    list(Match.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def _refuse_others(match: Match, into: Match) -> None:
    if match.pk == into.pk:
        raise CannotDecide("It takes two matches to join.")
    for one in (match, into):
        if one.same_as_id is not None:
            raise CannotDecide(f"{one}: it is joined to another match already.")
    if (match.home_team_id, match.away_team_id) != (into.home_team_id, into.away_team_id):
        raise CannotDecide(f"{match} and {into} are of other clubs: join the clubs first.")
    if match.season_id != into.season_id:
        raise CannotDecide(f"{match} and {into} are of two seasons: correct the season first.")
