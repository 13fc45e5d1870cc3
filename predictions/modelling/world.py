"""An invented world of leagues for a machine without data: the same seed gives the same world.

for league in leagues(seed):
    for season in seasons(league, seed, last_year):
        ...  # a season's matches, played to the end; the caller hides what is yet to come

Clubs have hidden attack and defence strengths that wander from week to week; goals are Poisson
with a home advantage, the other statistics follow the same strengths; bookmakers know the true
chances with an error and sell them with a margin, so that a good model can find value in the
sloppier books but not in the sharpest.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.pricing.markets import outcome_of, score_matrix

FIRST_YEAR = 2018
N_TEAMS = 16  # of each tier
N_TIERS = 2
N_MOVING = 3  # up and down between the tiers after a season
HOME_ADVANTAGE = 0.24  # log of goals
TIER_GAP = 0.35  # log of goals, between the tiers' mean strengths
WEEKLY_DRIFT = 0.012
KICK_OFF_HOURS = (12, 14, 14, 14, 16, 18, 19)
SHOTS_PER_GOAL, ON_TARGET_SHARE, CORNERS_PER_GOAL = 8.5, 0.36, 3.6


class Book(NamedTuple):
    """A bookmaker: how much it takes and how well it knows the chances (error of log odds)."""

    code: str
    name: str
    margin: float
    error: float


BOOKS = (
    Book("SIMS", "Sharp Sim (simulated)", 0.025, 0.03),
    Book("SIMH", "High Street Sim (simulated)", 0.055, 0.08),
    Book("SIML", "Lazy Sim (simulated)", 0.07, 0.16),
)


class Price(NamedTuple):
    """Decimal home, draw and away prices of a book at a moment."""

    bookmaker: str
    kind: str
    captured_at: datetime
    home: float
    draw: float
    away: float


class PlayedMatch(NamedTuple):
    """One match with all that happened; `counts` are home and away in turn."""

    tier: int
    home: str
    away: str
    kickoff: datetime
    goals: tuple[int, int]
    half_time_goals: tuple[int, int]
    shots: tuple[int, int]
    shots_on_target: tuple[int, int]
    corners: tuple[int, int]
    yellow_cards: tuple[int, int]
    red_cards: tuple[int, int]
    prices: tuple[Price, ...]


@dataclass(frozen=True)
class League:
    """A region's pyramid of two tiers; `first_month` is when its seasons begin."""

    region: str
    tournaments: tuple[str, str]
    first_month: int
    towns: tuple[str, ...]

    def season_name(self, year: int) -> str:
        """2025-26 from autumn to spring, 2025 within a calendar year."""
        return f"{year}-{(year + 1) % 100:02d}" if self.first_month > 6 else str(year)


LEAGUES = (
    ("Northmark", ("First League", "Second League"), 8),
    ("Eastvale", ("Premier Division", "Championship"), 8),
    ("Sudland", ("Liga Una", "Liga Dua"), 8),
    ("Westria", ("Summer League", "Summer League Two"), 2),
)
_STARTS = ("Al", "Bren", "Cor", "Dun", "El", "Fal", "Gar", "Hol", "Ker", "Lin", "Mor", "Nor", "Ros")
_ENDS = ("bury", "dale", "ford", "gate", "ham", "mouth", "wick", "ton", "stad", "borg", "moor")


def leagues(seed: int) -> list[League]:
    """The regions of a world, each with towns of its own.

    >>> [league.season_name(2025) for league in leagues(1)][::3]
    ['2025-26', '2025']
    """
    return [
        League(f"{name} (simulated)", titles, month, tuple(_towns(_rng(seed, name))))
        for name, titles, month in LEAGUES
    ]


def seasons(league: League, seed: int, last_year: int) -> Iterator[tuple[int, list[PlayedMatch]]]:
    """Year and matches, in order of kick-off, of every season up to the one of `last_year`.

    >>> year, played = next(seasons(leagues(1)[0], 1, 2018))
    >>> year, len(played)
    (2018, 480)
    """
    pyramid = Pyramid(league, _rng(seed, league.region, "start"))
    for year in range(FIRST_YEAR, last_year + 1):
        yield year, pyramid.play(year, _rng(seed, league.region, str(year)))


class Pyramid:
    """The clubs of a region: who plays in which tier, and how strong they are."""

    def __init__(self, league: League, rng: np.random.Generator) -> None:
        self.league = league
        n = N_TIERS * N_TEAMS
        self.tier = np.repeat(np.arange(N_TIERS), N_TEAMS)
        gap = np.where(self.tier == 0, TIER_GAP, -TIER_GAP) / 2
        self.attack = rng.normal(gap, 0.22, n)
        self.defence = rng.normal(gap, 0.18, n)

    def play(self, year: int, rng: np.random.Generator) -> list[PlayedMatch]:
        """A season of both tiers, then promotion and relegation."""
        played: list[PlayedMatch] = []
        points = np.zeros(len(self.tier))
        rounds = [double_round_robin(np.flatnonzero(self.tier == t), rng) for t in range(N_TIERS)]
        for day, moment in enumerate(match_days(year, self.league.first_month, len(rounds[0]))):
            for pairs in (tier[day] for tier in rounds):
                for home, away in pairs:
                    match = self._match(home, away, moment, rng)
                    points[[home, away]] += _points(*match.goals)
                    played.append(match)
            self._wander(rng)
        self._promote(points)
        return sorted(played, key=lambda match: match.kickoff)

    def _match(
        self, home: int, away: int, moment: datetime, rng: np.random.Generator
    ) -> PlayedMatch:
        edge = self.attack[home] - self.defence[away], self.attack[away] - self.defence[home]
        rates = np.exp([0.22 + HOME_ADVANTAGE / 2 + edge[0], 0.22 - HOME_ADVANTAGE / 2 + edge[1]])
        rates = np.clip(rates, 0.15, 5.0)
        hour, shift = int(rng.choice(KICK_OFF_HOURS)), int(rng.integers(0, 2))
        kickoff = moment + timedelta(days=shift, hours=hour)
        goals = rng.poisson(rates)
        shots = goals + rng.poisson(rates * SHOTS_PER_GOAL)
        on_target = goals + rng.binomial(shots - goals, ON_TARGET_SHARE * 0.8)
        return PlayedMatch(
            int(self.tier[home]),
            self.league.towns[home],
            self.league.towns[away],
            kickoff,
            _pair(goals),
            _pair(rng.binomial(goals, 0.45)),
            _pair(shots),
            _pair(on_target),
            _pair(rng.poisson(rates * CORNERS_PER_GOAL)),
            _pair(rng.poisson((1.6, 2.0))),
            _pair(rng.binomial(1, (0.04, 0.06))),
            tuple(prices(np.array(outcome_of(score_matrix(*rates))), kickoff, rng)),
        )

    def _wander(self, rng: np.random.Generator) -> None:
        for strength in (self.attack, self.defence):
            mean = np.where(self.tier == 0, TIER_GAP, -TIER_GAP) / 2
            strength += rng.normal(0.0, WEEKLY_DRIFT, len(strength)) + 0.002 * (mean - strength)

    def _promote(self, points: Floats) -> None:
        order = np.lexsort((np.arange(len(points)), -points))
        top, second = order[self.tier[order] == 0], order[self.tier[order] == 1]
        self.tier[top[-N_MOVING:]] = 1
        self.tier[second[:N_MOVING]] = 0


def prices(proba: Floats, kickoff: datetime, rng: np.random.Generator) -> Iterator[Price]:
    """Each book's price of chances (3,) eight days ahead, two, and at the end: ever better.

    >>> rng, kickoff = np.random.default_rng(0), datetime(2025, 8, 2, 15, tzinfo=UTC)
    >>> first = next(prices(np.array([0.5, 0.3, 0.2]), kickoff, rng))
    >>> first.kind, first.home, first.draw, first.away
    ('opening', 1.95, 3.29, 4.79)
    """
    for book in BOOKS:
        for kind, before, error in (
            ("opening", timedelta(days=8), book.error * 1.3),
            ("pre_match", timedelta(days=2), book.error),
            ("closing", timedelta(minutes=1), book.error * 0.6),
        ):
            stated = proba * np.exp(rng.normal(0.0, error, 3))
            stated = stated / stated.sum() * (1.0 + book.margin)
            home, draw, away = np.clip(np.round(1.0 / stated, 2), 1.01, 500.0).tolist()
            yield Price(book.code, kind, kickoff - before, home, draw, away)


def match_days(year: int, first_month: int, n: int) -> list[datetime]:
    """Midnights of `n` match days, a week or half a week apart: three rounds in two weeks.

    >>> [day.day for day in match_days(2025, 8, 4)]
    [2, 9, 16, 30]
    """
    start = datetime(year, first_month, 1, tzinfo=UTC)
    saturday = start + timedelta(days=(5 - start.weekday()) % 7)
    return [saturday + timedelta(days=round(index * 9.6) // 7 * 7) for index in range(n)]


def double_round_robin(teams: Ints, rng: np.random.Generator) -> list[list[tuple[int, int]]]:
    """Everybody of (n,) at home and away against everybody, by the circle method; rounds of pairs.

    References
    ----------
    de Werra (1981), Scheduling in Sports, Annals of Discrete Mathematics 11.

    >>> len(double_round_robin(np.arange(4), np.random.default_rng(0)))
    6
    """
    order = rng.permutation(teams).tolist()
    first: list[list[tuple[int, int]]] = []
    for number in range(len(order) - 1):
        half = len(order) // 2
        pairs = list(zip(order[:half], reversed(order[half:]), strict=True))
        first.append([pair if number % 2 else pair[::-1] for pair in pairs])
        order = [order[0], order[-1], *order[1:-1]]
    return first + [[pair[::-1] for pair in pairs] for pairs in first]


def _points(home: int, away: int) -> tuple[int, int]:
    return (3, 0) if home > away else (0, 3) if home < away else (1, 1)


def _pair(values: Ints) -> tuple[int, int]:
    return int(values[0]), int(values[1])


def _towns(rng: np.random.Generator) -> list[str]:
    names = sorted({start + end for start in _STARTS for end in _ENDS})
    return [str(name) for name in rng.choice(names, N_TIERS * N_TEAMS, replace=False)]


def _rng(seed: int, *words: str) -> np.random.Generator:
    """A generator of its own for each part, so that one more season changes no other."""
    digest = hashlib.sha256("/".join((str(seed), *words)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
