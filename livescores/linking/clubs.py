"""Which club of ours a source's club is, layer by layer, and with what evidence.

A club that passes no layer is linked to nothing; where something speaks for one of ours, the doubt
is handed to a person.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from livescores.linking.fixtures import (
    Agreement,
    Calendar,
    Key,
    ListedFixture,
    Pair,
    agreement,
    by_opponents,
    results_in_common,
)
from livescores.linking.spelling import is_exact, is_same, likeness

ALIKE = 0.8  # names that a match in common must confirm
RATHER_ALIKE = 0.6  # names that several matches in common must confirm
AHEAD = 0.1  # of the next best name
SEASON = 5  # results in common from which they alone say it
MOST = 0.8  # their share of the days on which both played
CONTRADICTED = 0.5  # the share below which two clubs are two
FEW = 3  # days from which a share says something


class Club(NamedTuple):
    """A club of a source, or of ours, under all its names."""

    key: Key
    region: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What speaks for a club being one of ours."""

    ours: Club
    likeness: float
    is_exact: bool
    is_same: bool
    results: Agreement
    by_opponents: int = 0

    @property
    def is_contradicted(self) -> bool:
        return self.results.days >= FEW and self.results.share < CONTRADICTED

    @property
    def is_seen(self) -> bool:
        """Whether a match confirms it."""
        return bool(self.by_opponents or self.results.agreed > self.results.differed)

    @property
    def has_season(self) -> bool:
        return self.results.agreed >= SEASON and self.results.share >= MOST

    @property
    def weight(self) -> float:
        return self.results.agreed * self.results.share

    @property
    def is_likely(self) -> bool:
        if self.is_contradicted:
            return self.is_exact  # two clubs may have one name: a person looks at their results
        agreed = self.results.agreed >= FEW and self.results.share >= MOST
        return self.likeness >= ALIKE or self.by_opponents >= FEW or agreed

    @property
    def score(self) -> float:
        return max(self.likeness, self.results.share if self.results.agreed >= FEW else 0.0)

    def told(self) -> dict[str, Any]:
        return {
            "ours": self.ours.names[0],
            "likeness": round(self.likeness, 3),
            "results_agreed": self.results.agreed,
            "results_differed": self.results.differed,
            "matches_by_opponent": self.by_opponents,
        }


@dataclass(frozen=True)
class ClubLink:
    """A decision: `state` is linked, waiting (a person decides) or new (it is none of ours)."""

    club: Club
    state: str
    ours: Key = None
    method: str = ""
    score: float = 0.0
    evidence: Mapping[str, Any] = field(default_factory=dict)


def link_clubs(
    clubs: Sequence[Club],
    ours: Sequence[Club],
    told: Sequence[ListedFixture],
    known: Sequence[ListedFixture],
    aliases: Mapping[Key, Key] | None = None,
) -> list[ClubLink]:
    """Decide on each of a region's `clubs`; `aliases` are links that stand already.

    `told` are the source's matches and `known` ours, of about the same time.
    """
    told_by, known_by = Calendar(told), Calendar(known)
    # A link that stands may be a person's decision, so it is not decided anew.
    fresh = [club for club in clubs if club.key not in (aliases or {})]
    evidence = _evidence(fresh, ours, results_in_common(told, known), told_by, known_by)
    linking = Linking(fresh, evidence, told_by, known_by, aliases or {})
    # The surest layer first: the next ones know opponents by what it has linked.
    linking.by(same_name)
    linking.by(fixtures)
    # Each club that is linked is an opponent by which others may be known.
    while linking.by(fuzzy_name):
        pass
    linking.part_doubles()
    return linking.decisions()


class Sure(NamedTuple):
    """What a layer is sure of."""

    evidence: Evidence
    method: str
    score: float


Layer = Callable[[Sequence[Evidence]], Sure | None]


class Linking:
    """The links of one source's clubs under way."""

    def __init__(
        self,
        clubs: Iterable[Club],
        evidence: Mapping[Key, Sequence[Evidence]],
        told: Calendar,
        known: Calendar,
        aliases: Mapping[Key, Key],
    ) -> None:
        self._clubs = {club.key: club for club in clubs}
        self._evidence = evidence
        self._told, self._known = told, known
        self._links = dict(aliases)
        self._sure: dict[Key, Sure] = {}

    def by(self, layer: Layer) -> int:
        """Link what a layer is sure of; how many that are."""
        open_ = [key for key in self._clubs if key not in self._sure]
        sure = {key: found for key in open_ if (found := layer(self.seen(key)))}
        self._sure |= sure
        self._links |= {key: one.evidence.ours.key for key, one in sure.items()}
        return len(sure)

    def seen(self, key: Key) -> list[Evidence]:
        return [replace(one, by_opponents=self._opponents(key, one)) for one in self._evidence[key]]

    def _opponents(self, key: Key, one: Evidence) -> int:
        return by_opponents(key, one.ours.key, self._told, self._known, self._links)

    def part_doubles(self) -> None:
        """Two clubs that play on one day, or each other, are two: only the surer link stands."""
        by_ours: dict[Key, list[Key]] = defaultdict(list)
        for key, ours in self._links.items():
            by_ours[ours].append(key)
        for keys in by_ours.values():
            if len(keys) > 1:
                self._part(sorted(keys, key=self._firmness, reverse=True))

    def _firmness(self, key: Key) -> float:
        """A link that stands already is the firmest."""
        return self._sure[key].evidence.weight if key in self._sure else float("inf")

    def _part(self, keys: Sequence[Key]) -> None:
        days = set(self._told.of(keys[0]))
        for key in keys[1:]:
            if key in self._sure and days & set(self._told.of(key)):
                del self._sure[key]
            else:
                days |= set(self._told.of(key))

    def decisions(self) -> list[ClubLink]:
        return [
            self._linked(club) if key in self._sure else self._doubt(club)
            for key, club in self._clubs.items()
        ]

    def _linked(self, club: Club) -> ClubLink:
        sure = self._sure[club.key]
        one = sure.evidence
        one = replace(one, by_opponents=self._opponents(club.key, one))
        return ClubLink(club, "linked", one.ours.key, sure.method, round(sure.score, 3), one.told())

    def _doubt(self, club: Club) -> ClubLink:
        """The likeliest of ours, if anything speaks for it."""
        likely = [one for one in self.seen(club.key) if one.is_likely]
        best = max(likely, key=lambda one: (one.is_exact, one.score), default=None)
        if best is None:
            return ClubLink(club, "new")
        score = round(best.score, 3)
        return ClubLink(club, "waiting", best.ours.key, "doubt", score, best.told())


def same_name(seen: Sequence[Evidence]) -> Sure | None:
    """The very name; where only the kind of club differs, a match must confirm it.

    A name that no match confirms does not decide where results speak for another club.
    """
    exact = [one for one in seen if one.is_exact]
    same = exact or [one for one in seen if one.is_same]
    if len(same) != 1 or same[0].is_contradicted or not (exact or same[0].is_seen):
        return None
    if not same[0].is_seen and any(one.has_season for one in seen):
        return None
    return Sure(same[0], "same_name", 1.0)


def fixtures(seen: Sequence[Evidence]) -> Sure | None:
    """A season's results, which no other club of ours has had."""
    ranked = sorted(seen, key=lambda one: one.weight, reverse=True)
    if not ranked:
        return None
    best = ranked[0].results
    rival = ranked[1].results if len(ranked) > 1 else Agreement()
    if not ranked[0].has_season:
        return None
    # Results that two of ours have had tell neither from the other.
    if rival.agreed >= FEW and rival.share >= CONTRADICTED and rival.agreed * 2 > best.agreed:
        return None
    return Sure(ranked[0], "fixtures", best.share)


def fuzzy_name(seen: Sequence[Evidence]) -> Sure | None:
    """A name that is alike, of a club that played the opponents on their days."""
    ranked = sorted(seen, key=lambda one: (one.by_opponents, one.likeness), reverse=True)
    if not ranked or ranked[0].is_contradicted or not ranked[0].by_opponents:
        return None
    best = ranked[0]
    # Where the very result is known, a namesake that no match speaks for is no rival.
    rivals = [one for one in ranked[1:] if one.is_seen or not best.results.agreed]
    nearest = max((one.likeness for one in rivals), default=0.0)
    enough = ALIKE if best.by_opponents < FEW else RATHER_ALIKE
    if best.likeness < max(enough, nearest + AHEAD if best.by_opponents < FEW else 0.0):
        return None
    return Sure(best, "fuzzy_name", best.likeness)


def _evidence(
    clubs: Iterable[Club],
    ours: Sequence[Club],
    in_common: Mapping[Pair, int],
    told: Calendar,
    known: Calendar,
) -> dict[Key, list[Evidence]]:
    """Of each club, ours that are alike in name or in results."""
    found: dict[Key, list[Evidence]] = {}
    for club in clubs:
        found[club.key] = []
        for one in ours:
            pairs = [(here, there) for here in club.names for there in one.names]
            alike = max(likeness(*pair) for pair in pairs)
            # Most pairs end here, before their calendars are laid beside each other.
            if alike < RATHER_ALIKE and in_common.get((club.key, one.key), 0) < FEW:
                continue
            exact = any(is_exact(*pair) for pair in pairs)
            same = any(is_same(*pair) for pair in pairs)
            results = agreement(club.key, one.key, told, known)
            found[club.key].append(Evidence(one, alike, exact, same, results))
    return found
