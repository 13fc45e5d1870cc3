"""Link the clubs and leagues of a source's records to ours, before its matches are stored.

Only names that the source has not used before are looked at, and only clubs that another source
told of can be theirs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from django.db.models import Q

from livescores.linking import source_fixtures
from livescores.linking.clubs import Club, ClubLink, link_clubs
from livescores.linking.fixtures import Key, ListedFixture
from livescores.linking.leagues import link_leagues
from livescores.linking.pairing import MatchesByClubs
from livescores.linking.source_fixtures import ClubName, away_of, home_of
from livescores.models import LinkReview, Match, Region, Team, TeamAlias, TournamentAlias
from livescores.services import (
    common_names,
    doubts,
    homes,
    import_changes,
    league_doubts,
    link_decisions,
)
from livescores.services.listed import listed
from livescores.services.names import Names
from livescores.services.priority import is_best
from livescores.services.respelling import Respelling
from livescores.sources.records import MatchRecord, TournamentRecord

HALF = 0.5  # of a league's linked matches, which make a doubt of it
AROUND = timedelta(days=40)  # of the records: what else can agree with them


class Span(NamedTuple):
    first: datetime
    last: datetime


def link(names: Names, matches: Sequence[MatchRecord]) -> None:
    """Make every club of the records known, and the leagues that are sure.

    Call it inside a transaction.
    """
    new = league_doubts.New(names, matches)
    clubs = dict.fromkeys(club for one in matches for club in (home_of(one), away_of(one)))
    homes.settle(names, clubs)
    own = Respelling(names, matches)
    own.link_sure()
    _link_across(names, own.matches)
    own.link_spellings()
    own.keep_doubts()
    new.keep_doubts()


def _link_across(names: Names, matches: Sequence[MatchRecord]) -> None:
    clubs = {club.key: club for match in matches for club in (home_of(match), away_of(match))}
    fresh = {key for key, club in clubs.items() if names.known_team(club) is None}
    leagues = {one.tournament for one in matches if not names.knows_tournament(one.tournament)}
    known = {key: team for key, club in clubs.items() if (team := names.known_team(club))}
    alone = _alone(names.source, known)
    called = {region for region, _ in fresh | alone} | {league.region for league in leagues}
    wanted = {name: names.region(name) for name in sorted(called)}
    if ours := _ours(names.source, wanted):
        Linking(names, matches, clubs, ours).run(leagues, known, alone)


class Linking:
    """One file's clubs and leagues."""

    def __init__(
        self,
        names: Names,
        matches: Sequence[MatchRecord],
        clubs: Mapping[tuple[str, str], ClubName],
        ours: Mapping[str, Sequence[Club]],
    ) -> None:
        """`ours` by the source's names of regions."""
        self._names, self._ours = names, ours
        self._clubs: dict[Key, ClubName] = {key: club for key, club in clubs.items()}  # noqa: C416
        self._fixtures = source_fixtures.fixtures_of(matches)
        self._regions = source_fixtures.by_region(matches, self._fixtures)
        starts = [one.start for one in self._fixtures]
        self._span = Span(min(starts) - AROUND, max(starts) + AROUND)

    def run(
        self,
        leagues: Collection[TournamentRecord],
        known: Mapping[tuple[str, str], int],
        alone: Collection[tuple[str, str]],
    ) -> None:
        """Regions that only this source tells of are left to `Names`, which makes what is new."""
        import_changes.keep_compared(Region, [self._names.region(name) for name in self._ours])
        teams: dict[Key, int] = {key: team for key, team in known.items() if key not in alone}
        pairs: list[tuple[ListedFixture, ListedFixture]] = []
        for name, ours in sorted(self._ours.items()):
            region = self._regions[name]
            fixtures = _fixtures(self._names.region(name), self._span)
            for one in link_clubs(region.clubs, ours, region.fixtures, fixtures, teams):
                teams[one.club.key] = self._keep(one)
            pairs += _pairs(region.fixtures, fixtures, teams)
        self._keep_leagues(leagues, pairs)

    def _keep(self, link: ClubLink) -> int:
        """The team that the club is; a club in doubt is one of its own and waits."""
        club = self._clubs[link.club.key]
        before = self._names.known_team(club)
        if link.state == "linked" and before is not None:
            return self._join(before, link, club)
        if link.state == "linked":
            alias = TeamAlias(
                team_id=_id(link.ours), method=link.method, score=link.score, evidence=link.evidence
            )
            return self._names.call(club, alias)
        team_id = self._names.team(club)
        if link.state == "waiting":
            doubts.wait(
                LinkReview.What.CLUB,
                (team_id, _id(link.ours)),
                source=self._names.source,
                name=club.name,
                score=link.score,
                evidence=link.evidence,
            )
        return team_id

    def _join(self, before: int, link: ClubLink, club: ClubName) -> int:
        """A club that stood alone turns out to be another."""
        team, into = (Team.objects.get(pk=pk) for pk in (before, _id(link.ours)))
        if not link_decisions.join(team, into):
            return before
        self._names.joined(before, into.pk)
        aliases = TeamAlias.objects.filter(
            team=into, source=self._names.source, name=club.name, external_id=club.external_id
        )
        aliases.exclude(method=TeamAlias.Method.OPERATOR).update(
            method=link.method, score=link.score, evidence=dict(link.evidence)
        )
        return into.pk

    def _keep_leagues(
        self,
        leagues: Iterable[TournamentRecord],
        pairs: Sequence[tuple[ListedFixture, ListedFixture]],
    ) -> None:
        found = link_leagues(pairs)
        for record in sorted(leagues):
            league = found.get((record.region, record.name))
            if league is None:
                continue
            evidence = {"matches": league.n_matches, "of": league.n_linked}
            if league.is_sure:
                self._names.call_tournament(
                    record,
                    _id(league.ours),
                    TournamentAlias.Method.FIXTURES,
                    score=league.score,
                    evidence=evidence,
                )
            elif league.score >= HALF:
                league_doubts.wait(self._names, record, _id(league.ours), league.score, evidence)


def _alone(source: str, known: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Clubs that neither another source nor an operator has told of yet.

    The best source is what others are linked to.
    """
    if is_best(source):
        return set()
    others = TeamAlias.objects.filter(team__in=known.values())
    ours = [source, common_names.SOURCE]
    others = others.exclude(~Q(method=TeamAlias.Method.OPERATOR), source__in=ours)
    shared = set(others.values_list("team_id", flat=True))
    return {key for key, team in known.items() if team not in shared}


def _id(ours: Key) -> int:
    """The keys of our own clubs and leagues are the numbers of their rows."""
    return cast(int, ours)


def _ours(source: str, regions: Mapping[str, int]) -> dict[str, list[Club]]:
    """Clubs of the regions that other sources told of, under all their names."""
    rows = TeamAlias.objects.filter(
        team__region__in=regions.values(), team__region__is_simulated=False
    )
    told = rows.exclude(source__in=(source, common_names.SOURCE))
    rows = rows.exclude(source=source).filter(team__in=told.values("team")).order_by("pk")
    columns = ("team__region_id", "team_id", "team__name", "name")
    names = {region_id: name for name, region_id in regions.items()}
    called: dict[tuple[str, int], dict[str, None]] = {}
    for region_id, team_id, team, name in rows.values_list(*columns):
        called.setdefault((names[region_id], team_id), {team: None})[name] = None
    found: dict[str, list[Club]] = {}
    for (region, team_id), said in called.items():
        found.setdefault(region, []).append(Club(team_id, region, tuple(said)))
    return found


def _fixtures(region: int, span: Span) -> list[ListedFixture]:
    """Our matches of the region's clubs about that time."""
    teams = list(Team.objects.filter(region=region).values_list("pk", flat=True))
    theirs = Match.objects.standing().filter(
        Q(home_team__in=teams) | Q(away_team__in=teams), start_time_utc__range=span
    )
    return listed(theirs)


def _pairs(
    here: Iterable[ListedFixture], known: Sequence[ListedFixture], links: dict[Key, int]
) -> list[tuple[ListedFixture, ListedFixture]]:
    matches = MatchesByClubs(known)
    return [(one, met) for one in here if (met := matches.find(one, links))]
