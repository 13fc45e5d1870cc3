"""What waits for a person: a club, league or region that may be another of ours."""

from collections.abc import Mapping

from livescores.models import LinkReview

SIDES = {
    LinkReview.What.CLUB: ("team_id", "candidate_id"),
    LinkReview.What.LEAGUE: ("tournament_id", "tournament_candidate_id"),
    LinkReview.What.REGION: ("region_id", "region_candidate_id"),
}


def wait(
    what: str,
    pair: tuple[int, int],
    *,
    source: str,
    name: str,
    score: float,
    evidence: Mapping[str, object],
) -> None:
    """Ask whether the first of the pair is the second; never twice, and not the other way round."""
    one, other = SIDES[LinkReview.What(what)]
    asked = LinkReview.objects.filter(**dict(zip((one, other), pair, strict=True)))
    turned = LinkReview.objects.filter(**dict(zip((other, one), pair, strict=True)))
    if not asked.exists() and not turned.exists():
        told = {"source": source, "name": name, "score": score, "evidence": dict(evidence)}
        LinkReview.objects.create(what=what, **{one: pair[0], other: pair[1]}, **told)
