"""Leagues and regions that a source may only call otherwise than before: they wait for a person.

A league under a new name takes the clubs of the old one, which is heard of no more. A region under
a new name has the other's clubs.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Min
from rapidfuzz import fuzz

from livescores.linking.source_fixtures import away_of, home_of
from livescores.linking.spelling import bare, plain
from livescores.models import (
    LinkReview,
    Match,
    Region,
    RegionAlias,
    Team,
    Tournament,
    TournamentAlias,
)
from livescores.models.links import Method
from livescores.services import doubts
from livescores.services.names import Names
from livescores.sources.records import MatchRecord, TournamentRecord

ALIKE = 85.0  # of two names, in percent
MOST = 0.6  # of the clubs of the smaller of two leagues
NEXT_SEASON = timedelta(days=400)  # from the last match under one name to the first of another
FEWEST = 3  # clubs of one name that two regions share


class Likely(NamedTuple):
    """What speaks for two leagues, or regions, being one."""

    pk: int
    score: float
    evidence: Mapping[str, object]


def wait(
    names: Names,
    record: TournamentRecord,
    candidate: int,
    score: float,
    evidence: Mapping[str, object],
) -> None:
    """A league of the source may be one of ours."""
    league = names.tournament(record)
    if league != candidate:
        doubts.wait(
            LinkReview.What.LEAGUE,
            (league, candidate),
            source=names.source,
            name=record.name,
            score=round(score, 3),
            evidence={"ours": Tournament.objects.get(pk=candidate).name, **evidence},
        )


class New:
    """Names of leagues and regions that a file is the first of its source to tell."""

    def __init__(self, names: Names, matches: Sequence[MatchRecord]) -> None:
        self._names, self._told = names, matches
        leagues = {
            one.tournament
            for one in matches
            if not (one.tournament.is_simulated or one.tournament.is_cup)
        }
        self._leagues = sorted(one for one in leagues if names.known_tournament(one) is None)
        self._regions = [
            name for name in {one.region for one in self._leagues} if not names.knows_region(name)
        ]

    def keep_doubts(self) -> None:
        """Ask about those that are none of ours by any name."""
        for name in sorted(self._regions):
            if _is_first(RegionAlias, self._names, name, self._names.region(name)):
                self._ask_of_region(name)
        for record in self._leagues:
            region = self._names.region(record.region)
            self._names.tournament(record)
            if not _is_first(TournamentAlias, self._names, record.name, region):
                continue
            if likely := max(self._likely(record), key=lambda one: one.score, default=None):
                wait(self._names, record, likely.pk, likely.score, likely.evidence)

    def _ask_of_region(self, name: str) -> None:
        region = self._names.region(name)
        clubs = {club for one in self._told for club in (home_of(one), away_of(one))}
        called = {bare(club.name) for club in clubs if club.region == name}
        if likely := max(_like(region, called), key=lambda one: one.score, default=None):
            doubts.wait(
                LinkReview.What.REGION,
                (region, likely.pk),
                source=self._names.source,
                name=name,
                score=likely.score,
                evidence=likely.evidence,
            )

    def _likely(self, record: TournamentRecord) -> Iterator[Likely]:
        """Leagues of the source that ended when this one began, or the other way round."""
        league = Tournament.objects.get(pk=self._names.tournament(record))
        told = [one for one in self._told if one.tournament == record]
        clubs = {self._names.team(club) for one in told for club in (home_of(one), away_of(one))}
        starts = [one.start_time_utc for one in told]
        others = TournamentAlias.objects.filter(
            source=self._names.source, region=league.region_id
        ).exclude(tournament=league)
        for other in Tournament.objects.filter(pk__in=others.values("tournament")):
            if _differs(league, other):
                continue
            theirs = _clubs_beside(other, min(starts), max(starts))
            shared = len(clubs & theirs) / max(1, min(len(clubs), len(theirs)))
            alike = _alike(league.name, other.name)
            if theirs and (shared >= MOST or alike >= ALIKE):
                evidence = {"likeness": round(alike / 100, 3), "clubs_in_common": round(shared, 3)}
                yield Likely(other.pk, round(max(shared, alike / 100), 3), evidence)


def _is_first(
    aliases: type[RegionAlias] | type[TournamentAlias], names: Names, name: str, region: int
) -> bool:
    """Whether a name made a row of its own."""
    told = aliases.objects.filter(source=names.source, region=region, name=name)
    return told.filter(method=Method.NEW).exists()


def _differs(league: Tournament, other: Tournament) -> bool:
    """By a code of the source's, a tier, or a number in the name: 2. Bundesliga."""
    if other.is_cup:
        return True
    codes, tiers = {league.code, other.code} - {""}, {league.tier, other.tier} - {None}
    numbers = [[c for c in one.name if c.isdigit()] for one in (league, other)]
    return len(codes) > 1 or len(tiers) > 1 or numbers[0] != numbers[1]


def _clubs_beside(league: Tournament, first: datetime, last: datetime) -> set[int]:
    """Its clubs nearest to that time; none where it was played then, or years apart."""
    matches = Match.objects.filter(season__tournament=league)
    span = matches.aggregate(first=Min("start_time_utc"), last=Max("start_time_utc"))
    if span["first"] is None:
        return set()
    if span["last"] < first <= span["last"] + NEXT_SEASON:
        near = matches.filter(start_time_utc__gt=first - NEXT_SEASON)
    elif last < span["first"] <= last + NEXT_SEASON:
        near = matches.filter(start_time_utc__lt=last + NEXT_SEASON)
    else:
        return set()
    return set(near.values_list("home_team_id", flat=True))


def _like(region: int, names: set[str]) -> Iterator[Likely]:
    """Regions that have clubs of the same names, most of them, or one and a name that is alike."""
    ours = Region.objects.get(pk=region)
    shared: dict[int, int] = {}
    others = Team.objects.exclude(region=region).filter(region__is_simulated=ours.is_simulated)
    for other, name in others.values_list("region_id", "name"):
        shared[other] = shared.get(other, 0) + (bare(name) in names)
    for known in Region.objects.filter(pk__in=shared):
        n, alike = shared[known.pk], _alike(ours.name, known.name)
        part = n / max(1, len(names))
        if (n >= FEWEST and part >= MOST) or (n and alike >= ALIKE):
            evidence = {"ours": known.name, "likeness": round(alike / 100, 3), "clubs_in_common": n}
            yield Likely(known.pk, round(max(part, alike / 100 if n else 0.0), 3), evidence)


def _alike(one: str, other: str) -> float:
    return fuzz.ratio(plain(one), plain(other))
