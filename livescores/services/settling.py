"""Clubs of one source that later files show to be one, after all: joined once nothing is in doubt.

A fixture list comes before the results, and an older file after a newer one: the match that both
names share may be told only then.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from livescores.linking.respelling import Careers
from livescores.linking.spelling import bare, likeness
from livescores.models import LinkDecision, LinkReview, Team, TeamAlias
from livescores.services import link_decisions
from livescores.services.respelling import past_of

Pair = tuple[int, int]


def settle(source: str) -> int:
    """Join what needs no person by now; how many clubs that were. Call it inside a transaction."""
    joined = 0
    for pair, is_spelling in _pairs(source):
        teams = {team.pk: team for team in Team.objects.filter(pk__in=pair)}
        if len(teams) < 2 or _was_undone(pair):
            continue
        team, into = (teams[pk] for pk in pair)
        careers = Careers(past_of(pair))
        together = careers.together(team.pk, into.pk)
        sure = together.can_be_one if is_spelling else together.is_one(_alike(team, into))
        joined += sure and link_decisions.join(team, into)
    return joined


def _pairs(source: str) -> Iterator[tuple[Pair, bool]]:
    """Clubs that may be one: the newer first, and whether their names differ in spelling alone."""
    waiting = LinkReview.objects.filter(source=source, state=LinkReview.State.WAITING)
    rows = waiting.exclude(team=None).exclude(candidate=None).order_by("pk")
    for pair in list(rows.values_list("team_id", "candidate_id")):
        yield pair, False
    spelt: dict[tuple[int, str], set[int]] = defaultdict(set)
    named = TeamAlias.objects.filter(source=source, external_id="")
    for region, name, team in named.values_list("region_id", "name", "team_id"):
        spelt[region, bare(name)].add(team)
    for teams in spelt.values():
        for first, later in combinations(sorted(teams), 2):
            yield (later, first), True


def _was_undone(pair: Pair) -> bool:
    """Whether a person took it back that these two are one."""
    undone = LinkDecision.objects.exclude(undone_by=None).exclude(action="undo")
    return undone.filter(changes__teams__contains=list(pair)).exists()


def _alike(team: Team, other: Team) -> float:
    names, others = (
        [one.name, *one.aliases.values_list("name", flat=True)] for one in (team, other)
    )
    return max(likeness(one, there) for one in names for there in others)
