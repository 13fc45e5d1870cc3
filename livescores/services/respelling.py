"""Clubs that a source spells otherwise than before: linked where sure, waiting where in doubt.

Only names without a number of the source's are looked at, and only those that it has not used.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from django.db.models import Q, QuerySet

from livescores.linking import respelling, source_fixtures
from livescores.linking.clubs import Club, ClubLink
from livescores.linking.fixtures import Key, ListedFixture
from livescores.linking.respelling import RECENT, Careers
from livescores.linking.source_fixtures import ClubName, away_of, home_of
from livescores.linking.spelling import bare
from livescores.models import LinkReview, Match, Region, Season, TeamAlias
from livescores.services import common_names, doubts, import_changes
from livescores.services.listed import listed
from livescores.services.names import Names
from livescores.sources.records import MatchRecord


class Respelling:
    """The names of one file that are new, beside those that the source has used."""

    def __init__(self, names: Names, matches: Sequence[MatchRecord]) -> None:
        self._names, self._told = names, matches
        leagues = [one for one in matches if not one.tournament.is_cup]
        clubs = [club for one in leagues for club in (home_of(one), away_of(one))]
        for region in sorted({club.region for club in clubs}):
            names.region(region)
        self._times = Counter(clubs)
        self._new = [club for club in self._times if self._is_new(club)]
        self._spelt: dict[ClubName, ClubName] = {}  # a second spelling: the first one
        self._ours: list[ListedFixture] | None = None  # matches of ours that may tell

    def _is_new(self, club: ClubName) -> bool:
        return not club.external_id and self._names.known_team(club) is None

    @property
    def matches(self) -> Sequence[MatchRecord]:
        """The file with one spelling of each club."""
        return [_respelt(one, self._spelt) for one in self._told] if self._spelt else self._told

    def link_sure(self) -> None:
        """Names that differ in spelling alone, or whose matches leave no doubt."""
        while self._new and (links := self._sure()):
            for club, link in links.items():
                self._call(club, _team(link.ours), link.method, link.score, link.evidence)
        if self._new:
            self._spelt = self._second_spellings()

    def link_spellings(self) -> None:
        """The file's own second spellings, once it is known which club the first one is."""
        for club, first in self._spelt.items():
            told = {"ours": first.name}
            self._call(club, self._names.team(first), "known_spelling", 1.0, told)

    def keep_doubts(self) -> None:
        """What is new for good is a club of its own, and waits where it may be another."""
        linked = TeamAlias.objects.filter(source=self._names.source).exclude(method="new")
        done = set(linked.values_list("team_id", flat=True))
        self._new = [club for club in self._new if self._names.known_team(club) not in done]
        if not self._new:
            return
        sides = self._sides()
        for club in self._new:
            if link := sides.doubt(club, self._before(club)):
                self._wait(club, link)

    def _sure(self) -> dict[ClubName, ClubLink]:
        sides = self._sides()
        return {club: link for club in self._new if (link := sides.sure(club))}

    def _sides(self) -> "Sides":
        sides = Sides(self._names, self._told, self._new)
        if self._ours is None:
            regions = {self._names.region(club.region) for club in self._new}
            import_changes.keep_compared(Region, regions)
            self._ours = [*sides.past(), *_seasons(self._names, self._told)]
        sides.careers = sides.careers_of(self._ours)
        return sides

    def _call(
        self, club: ClubName, team: int, method: str, score: float, evidence: Mapping[str, object]
    ) -> None:
        alias = TeamAlias(team_id=team, method=method, score=score, evidence=dict(evidence))
        self._names.call(club, alias)
        self._new.remove(club)

    def _wait(self, club: ClubName, link: ClubLink) -> None:
        other = link.ours
        candidate = self._names.team(other) if isinstance(other, ClubName) else _team(other)
        doubts.wait(
            LinkReview.What.CLUB,
            (self._names.team(club), candidate),
            source=self._names.source,
            name=club.name,
            score=link.score,
            evidence=link.evidence,
        )

    def _before(self, club: ClubName) -> list[ClubName]:
        """New clubs of the file that it tells of more often: this one may be one of them."""
        rank = self._times[club], club
        return [one for one in self._new if (self._times[one], one) > rank]

    def _second_spellings(self) -> dict[ClubName, ClubName]:
        """New names that differ in spelling alone; the one that is told most is the first."""
        first: dict[tuple[str, str], ClubName] = {}
        alike = {}
        for club in sorted(self._new, key=lambda one: (-self._times[one], one)):
            other = first.setdefault((club.region, bare(club.name)), club)
            if other is not club:
                alike[club] = other
        if not alike:
            return {}
        careers = self._sides().careers
        return {one: it for one, it in alike.items() if careers.together(one, it).can_be_one}


class Sides:
    """A file's new clubs beside those of its source, with the matches of both."""

    careers: Careers

    def __init__(self, names: Names, told: Sequence[MatchRecord], new: Sequence[ClubName]) -> None:
        self._names, self._told = names, told
        self._new = {club: self._alone(club) for club in new}
        self._ours = {region: self._known(region) for region in {club.region for club in new}}
        self._beside = {
            one.key: {_team(other.key) for other in respelling.beside(one, self._ours[one.region])}
            for one in self._new.values()
        }

    def past(self) -> list[ListedFixture]:
        """What the clubs that may be meant played about that time."""
        starts = [one.start_time_utc for one in self._told]
        span = (min(starts) - RECENT, max(starts) + RECENT)
        teams = set().union(*self._beside.values())
        return listed(_of(teams).filter(start_time_utc__range=span)) if teams else []

    def careers_of(self, ours: Iterable[ListedFixture]) -> Careers:
        here = [self._fixture(one, number) for number, one in enumerate(self._told)]
        return Careers([*here, *ours], self._beside)

    def sure(self, club: ClubName) -> ClubLink | None:
        link = respelling.sure(self._new[club], self._ours[club.region], self.careers)
        return link if link and not self._have_met(link) else None

    def doubt(self, club: ClubName, rivals: Iterable[ClubName]) -> ClubLink | None:
        others = [self._new[one] for one in rivals if one.region == club.region]
        ours = [*self._ours[club.region], *others]
        link = respelling.doubt(self._new[club], ours, self.careers)
        return link if link and not self._have_met(link) else None

    def _alone(self, club: ClubName) -> Club:
        return Club(self._key(club), club.region, (club.name,))

    def _key(self, club: ClubName) -> Key:
        return self._names.known_team(club) or club

    def _known(self, region: str) -> list[Club]:
        """The source's clubs of a region, under all the names that it or people have used."""
        called: dict[int, list[str]] = {}
        for name, team in self._names.clubs_called(region).items():
            called.setdefault(team, []).append(name)
        common = TeamAlias.objects.filter(source=common_names.SOURCE, team__in=called)
        for team, name in common.values_list("team_id", "name"):
            called[team].append(name)
        new = {one.key for one in self._new.values()}
        known = {team: names for team, names in called.items() if team not in new}
        return [Club(team, region, tuple(names)) for team, names in known.items()]

    def _fixture(self, match: MatchRecord, number: int) -> ListedFixture:
        """A match of the file by our clubs and leagues, as far as they are known."""
        league: Key = self._names.known_tournament(match.tournament) or match.tournament
        home, away = (self._key(club) for club in (home_of(match), away_of(match)))
        return source_fixtures.fixture(match, number)._replace(league=league, home=home, away=away)

    def _have_met(self, link: ClubLink) -> bool:
        """Ever, not only about the time of the file."""
        pair = link.club.key, link.ours
        if not all(isinstance(key, int) for key in pair):
            return False
        one, other = map(_team, pair)
        return _of({one}).filter(Q(home_team=other) | Q(away_team=other)).exists()


def _team(key: Key) -> int:
    """The keys of our own clubs are the numbers of their rows."""
    return cast(int, key)


def _of(teams: Collection[int]) -> "QuerySet[Match, Match]":
    return Match.objects.standing().filter(Q(home_team__in=teams) | Q(away_team__in=teams))


def past_of(teams: Collection[int]) -> list[ListedFixture]:
    """All matches of clubs."""
    return listed(_of(teams))


def _respelt(match: MatchRecord, spelt: Mapping[ClubName, ClubName]) -> MatchRecord:
    home, away = (spelt.get(club, club) for club in (home_of(match), away_of(match)))
    return match._replace(home=home.name, away=away.name)


def _seasons(names: Names, told: Iterable[MatchRecord]) -> list[ListedFixture]:
    """All that we hold of the seasons that a file is about."""
    wanted = {(names.known_tournament(one.tournament), one.season) for one in told}
    seasons = Q(pk__in=[])
    for tournament, name in wanted:
        if tournament is not None:
            named = Q(name=name, told_name="") | Q(told_name=name)
            seasons |= Q(tournament=tournament) & named
    ids = list(Season.objects.filter(seasons).values_list("pk", flat=True))
    return listed(Match.objects.standing().filter(season__in=ids))
