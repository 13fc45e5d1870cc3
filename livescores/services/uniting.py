"""Two clubs, leagues or regions become one: what changes, so that it can be put back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from livescores.linking.spelling import bare
from livescores.models import (
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    Region,
    Season,
    Team,
    Tournament,
)
from livescores.services import corrections, merging
from livescores.services.deciding import CannotDecide
from livescores.services.merging import Change
from livescores.services.priority import better_than

SAME_MATCH = timedelta(hours=30)


def clubs(team: Team, into: Team) -> list[Change]:
    """Every match once, then all else that is the club's."""
    if Match.objects.filter(pair_of(team, into)).exists():
        raise CannotDecide(f"{team} and {into} have played each other: they are two clubs.")
    steps: list[Change] = [{"teams": [team.pk, into.pk]}]
    for match in matches_of(team):
        if double := _double(match, team, into):
            steps += _one_match(match, double)
    return [*steps, *_absorbed("team", "candidate", team, into)]


def pair_of(one: Team, other: Team) -> Q:
    return Q(home_team=one, away_team=other) | Q(home_team=other, away_team=one)


def matches_of(team: Team) -> Any:
    return Match.objects.standing().filter(Q(home_team=team) | Q(away_team=team))


def _double(match: Match, team: Team, into: Team) -> Match | None:
    """The other club's match that is the same."""
    home = into.pk if match.home_team_id == team.pk else match.home_team_id
    away = into.pk if match.away_team_id == team.pk else match.away_team_id
    span = (match.start_time_utc - SAME_MATCH, match.start_time_utc + SAME_MATCH)
    met = Match.objects.standing().filter(
        home_team=home, away_team=away, start_time_utc__range=span
    )
    return met.first()


def _one_match(match: Match, double: Match) -> list[Change]:
    """The record of the source that is believed more stays; the other's source is linked to it."""
    worse, kept = match, double
    if match.source in better_than(double.source):
        worse, kept = double, match
    steps = []
    if worse.source != kept.source:
        link, is_new = MatchLink.objects.get_or_create(match=kept, source=worse.source)
        steps = [merging.made(link)] if is_new else []
    steps += [merging.made(one) for one in conflicts(worse, kept)]
    steps += _carried(worse, kept)
    return [*steps, merging.absorb(worse, kept)]


def _carried(worse: Match, kept: Match) -> list[Change]:
    """What an operator had corrected in the record that goes."""
    row = Match.objects.filter(pk=kept.pk)
    found = corrections.carry(worse, kept)
    return [merging.point(row, name, to, _plain(getattr(kept, name))) for name, to in found.items()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def conflicts(worse: Match, kept: Match) -> list[MatchConflict]:
    """What the record that goes said otherwise."""
    told = {
        "score": (_score(kept), _score(worse)),
        "kick_off": (
            f"{kept.start_time_utc:%Y-%m-%d %H:%M}",
            f"{worse.start_time_utc:%Y-%m-%d %H:%M}",
        ),
    }
    return [
        MatchConflict.objects.create(
            match=kept,
            what=what,
            kept_source=kept.source,
            kept_value=stays,
            other_source=worse.source,
            other_value=goes,
        )
        for what, (stays, goes) in told.items()
        if stays and goes and stays != goes
    ]


def _score(match: Match) -> str:
    return "" if match.home_score is None else f"{match.home_score}:{match.away_score}"


def leagues(league: Tournament, into: Tournament) -> list[Change]:
    """Every season once, then all else that is the league's.

    Raises:
        CannotDecide: they are of different regions.
    """
    if league.region_id != into.region_id:
        raise CannotDecide(f"{league} and {into} are of different regions.")
    return _leagues(league, into)


def _leagues(league: Tournament, into: Tournament) -> list[Change]:
    steps: list[Change] = [{"leagues": [league.pk, into.pk]}]
    there = {told_name(season): season for season in into.seasons.all()}
    doubles = [(season, there.get(told_name(season))) for season in league.seasons.all()]
    steps += [merging.absorb(season, double) for season, double in doubles if double]
    return [*steps, *_absorbed("tournament", "tournament_candidate", league, into)]


def regions(region: Region, into: Region) -> list[Change]:
    """Leagues and clubs of one name once, then all else that is the region's.

    Raises:
        CannotDecide: two clubs of one name have met, or one region is simulated and one is not.
    """
    if region.is_simulated != into.is_simulated:
        raise CannotDecide(f"{region} and {into}: one is simulated, and one is not.")
    steps: list[Change] = [{"regions": [region.pk, into.pk]}]
    named = {bare(league.name): league for league in into.tournaments.all()}
    for league in region.tournaments.all():
        if same := named.get(bare(league.name)):
            steps += _leagues(league, same)
    teams = {bare(team.name): team for team in into.teams.all()}
    for team in region.teams.all():
        if known := teams.get(bare(team.name)):
            steps += clubs(team, known)
    return [*steps, *_absorbed("region", "region_candidate", region, into)]


def _absorbed(side: str, candidate: str, row: Any, into: Any) -> list[Change]:
    """The reviews of what goes stay on record, and that of these two is decided."""
    accepted, waiting = LinkReview.State.ACCEPTED, LinkReview.State.WAITING
    reviews = LinkReview.objects.filter(**{side: row})
    decided = reviews.filter(**{candidate: into}, state=waiting)
    return [
        merging.point(decided, "state", accepted, waiting),
        merging.point(reviews, side, None, row.pk),
        merging.absorb(row, into, leaving={"reviews"}),
    ]


def told_name(season: Season) -> str:
    """What sources call it."""
    return season.told_name or season.name


JOIN: Mapping[str, Callable[[Any, Any], list[Change]]] = {
    LinkReview.What.CLUB: clubs,
    LinkReview.What.LEAGUE: leagues,
    LinkReview.What.REGION: regions,
}
