"""Link the clubs and leagues of a source's records to ours, before its matches are stored.

Only names that the source has not used before are looked at, and only clubs that another source
told of can be theirs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from django.db.models import Q

from livescores.linking import told
from livescores.linking.clubs import Club, ClubLink, link_clubs
from livescores.linking.fixtures import Fixture, Key
from livescores.linking.leagues import link_leagues
from livescores.linking.pairing import Matches
from livescores.models import LinkReview, Match, Region, TeamAlias, TournamentAlias
from livescores.services.names import ClubName, Names, away_of, home_of
from livescores.sources.records import MatchRecord, TournamentRecord

AROUND = timedelta(days=40)  # of the records: what else can agree with them


class Span(NamedTuple):
    first: datetime
    last: datetime


def link(names: Names, matches: Sequence[MatchRecord]) -> None:
    """Make every club of the records known, and the leagues that are sure.

    Call it inside a transaction.
    """
    clubs = {club.key: club for match in matches for club in (home_of(match), away_of(match))}
    fresh = {key for key, club in clubs.items() if names.known_team(club) is None}
    leagues = {one.tournament for one in matches if not names.knows_tournament(one.tournament)}
    if not fresh and not leagues:
        return
    Linking(names, matches, clubs).run(fresh, leagues)


class Linking:
    """One file's clubs and leagues."""

    def __init__(
        self,
        names: Names,
        matches: Sequence[MatchRecord],
        clubs: Mapping[tuple[str, str], ClubName],
    ) -> None:
        self._names = names
        self._clubs: dict[Key, ClubName] = {key: club for key, club in clubs.items()}  # noqa: C416
        self._fixtures = told.fixtures_of(matches)
        self._regions = told.by_region(matches, self._fixtures)
        starts = [one.start for one in self._fixtures]
        self._span = Span(min(starts) - AROUND, max(starts) + AROUND)

    def run(self, fresh: Collection[Key], leagues: Collection[TournamentRecord]) -> None:
        aliases = {
            key: team for key, club in self._clubs.items() if (team := self._names.known_team(club))
        }
        wanted = {key[0] for key in fresh} | {league.region for league in leagues}  # type: ignore[index]
        ours = _ours(self._names.source, wanted)
        pairs: list[tuple[Fixture, Fixture]] = []
        for name in sorted(wanted):
            region = self._regions[name]
            known = _fixtures(name, self._span) if name in ours else []
            links = link_clubs(region.clubs, ours.get(name, []), region.fixtures, known, aliases)
            for one in links:
                aliases[one.club.key] = self._keep(one)
            pairs += _pairs(region.fixtures, known, aliases)
        self._keep_leagues(leagues, pairs)

    def _keep(self, link: ClubLink) -> int:
        """The team that the club is; a club in doubt is one of its own and waits."""
        club = self._clubs[link.club.key]
        if link.state == "linked":
            alias = TeamAlias(
                team_id=_id(link.ours), method=link.method, score=link.score, evidence=link.evidence
            )
            return self._names.call(club, alias)
        team_id = self._names.team(club)
        if link.state == "waiting":
            LinkReview.objects.get_or_create(
                team_id=team_id,
                candidate_id=_id(link.ours),
                defaults={
                    "source": self._names.source,
                    "name": club.name,
                    "score": link.score,
                    "evidence": dict(link.evidence),
                },
            )
        return team_id

    def _keep_leagues(
        self, leagues: Iterable[TournamentRecord], pairs: Sequence[tuple[Fixture, Fixture]]
    ) -> None:
        found = link_leagues(pairs)
        for record in sorted(leagues):
            league = found.get((record.region, record.name))
            if league and league.is_sure:
                self._names.call_tournament(
                    record,
                    _id(league.ours),
                    TournamentAlias.Method.FIXTURES,
                    score=league.score,
                    evidence={"matches": league.n_matches, "of": league.n_linked},
                )


def _id(ours: Key) -> int:
    """The keys of our own clubs and leagues are the numbers of their rows."""
    return cast(int, ours)


def _ours(source: str, regions: Collection[str]) -> dict[str, list[Club]]:
    """Clubs of the regions that other sources told of, under all their names."""
    rows = TeamAlias.objects.filter(
        team__region__name__in=regions, team__region__is_simulated=False
    )
    rows = rows.exclude(source=source).order_by("pk")
    columns = ("team__region__name", "team_id", "team__name", "name")
    called: dict[tuple[str, int], dict[str, None]] = {}
    for region, team_id, team, name in rows.values_list(*columns):
        called.setdefault((region, team_id), {team: None})[name] = None
    found: dict[str, list[Club]] = {}
    for (region, team_id), said in called.items():
        found.setdefault(region, []).append(Club(team_id, region, tuple(said)))
    return found


def _fixtures(region: str, span: Span) -> list[Fixture]:
    """Our matches of the region's clubs about that time."""
    region_id = Region.objects.get(name=region).pk
    rows = Match.objects.filter(
        Q(home_team__region_id=region_id) | Q(away_team__region_id=region_id),
        start_time_utc__range=span,
    ).values_list(
        "id",
        "season__tournament_id",
        "season__name",
        "home_team_id",
        "away_team_id",
        "start_time_utc",
        "has_kickoff_time",
        "home_score",
        "away_score",
    )
    return [
        Fixture(*row[:7], None if row[7] is None or row[8] is None else (row[7], row[8]))
        for row in rows.iterator(chunk_size=5000)
    ]


def _pairs(
    here: Iterable[Fixture], known: Sequence[Fixture], links: dict[Key, int]
) -> list[tuple[Fixture, Fixture]]:
    matches = Matches(known)
    return [(one, met) for one in here if (met := matches.find(one, links))]
