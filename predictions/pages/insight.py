"""A worker's answer on a match as tables: scores, markets, and what moved the prediction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from predictions.outcomes import LABELS
from predictions.pages import words
from predictions.pages.bars import Bar
from predictions.pages.numbers import percent, price, signed

N_LEVELS = 9  # shades of the heat map besides none
N_FEATURES = 8
LINES = (1.5, 2.5, 3.5)
HANDICAPS = (-1.0, -0.5, 0.0, 0.5, 1.0)
HALF = 50.0  # a shift's bar is 100 wide, from the middle to either side

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """A score of the heat map: which outcome it is, and how dark."""

    percent: str
    kind: str
    level: int


@dataclass(frozen=True)
class MarketRow:
    """A market: each side with its chance and what it should cost."""

    name: str
    sides: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Shift:
    """How far something moved the probabilities, in percentage points."""

    name: str
    home: str
    draw: str
    away: str
    kind: str
    start: float
    width: float


@dataclass(frozen=True)
class Insight:
    home_goals: str
    away_goals: str
    heat: list[list[Cell]]
    lines: list[MarketRow]
    average: Bar
    shifts: list[Shift]


def insight(answer: Facts) -> Insight:
    markets, explanation = answer["markets"], answer["explanation"]
    goals = markets["expected_goals"]
    return Insight(
        f"{goals['home']:.2f}",
        f"{goals['away']:.2f}",
        heat_map(markets["score_matrix"]),
        list(lines(markets)),
        Bar.of(_classes(explanation["average_match"])),
        shifts(explanation),
    )


def heat_map(matrix: Sequence[Sequence[float]]) -> list[list[Cell]]:
    """Rows of home goals, columns of away goals."""
    likeliest = max(max(row) for row in matrix)
    return [
        [
            Cell(f"{100 * chance:.1f}", _kind(home - away), round(N_LEVELS * chance / likeliest))
            for away, chance in enumerate(row)
        ]
        for home, row in enumerate(matrix)
    ]


def _kind(margin: int) -> str:
    return "home" if margin > 0 else "draw" if margin == 0 else "away"


def lines(markets: Facts) -> Iterator[MarketRow]:
    for one in markets["over_under"]:
        if one["line"] in LINES:
            yield _line(f"{one['line']} goals", [("Over", one["over"]), ("Under", one["under"])])
    both = markets["both_teams_to_score"]
    yield _line("Both teams score", [("Yes", both["yes"]), ("No", both["no"])])
    for one in markets["asian_handicap"]:
        if one["line"] in HANDICAPS:
            yield _handicap(one)


def _line(name: str, chances: Iterable[tuple[str, float]]) -> MarketRow:
    return MarketRow(name, [(side, percent(p), price(p, 1 - p)) for side, p in chances])


def _handicap(one: Facts) -> MarketRow:
    """Home with goals added to its score; stakes come back on a tie."""
    win, lose = one["home_win"], one["home_loss"]
    sides = [("Home", percent(win), price(win, lose)), ("Away", percent(lose), price(lose, win))]
    line = signed(one["line"]) if one["line"] else "±0"
    return MarketRow(f"Home {line}", sides)


def shifts(explanation: Facts) -> list[Shift]:
    """The features that moved most, and all the others in one line."""
    features = explanation["features"]
    moved = [(words.of_feature(one["name"]), _classes(one)) for one in features]
    shown, rest = moved[:N_FEATURES], [shares for _, shares in moved[N_FEATURES:]]
    others = [sum(parts) for parts in zip(_classes(explanation["all_others"]), *rest, strict=True)]
    rows = [*shown, ("All others", others)]
    widest = max(max(abs(tilt(shares)) for _, shares in rows), 1e-9)
    return [_shift(name, shares, widest) for name, shares in rows]


def tilt(shares: Sequence[float]) -> float:
    """Towards the away side; below 0, towards home."""
    return shares[2] - shares[0]


def _shift(name: str, shares: Sequence[float], widest: float) -> Shift:
    length = round(HALF * abs(tilt(shares)) / widest, 1)
    towards_home = tilt(shares) < 0
    home, draw, away = (signed(100 * share) for share in shares)
    kind, start = ("home", round(HALF - length, 1)) if towards_home else ("away", HALF)
    return Shift(name, home, draw, away, kind, start, length)


def _classes(by_class: Facts) -> list[float]:
    return [float(by_class[name]) for name in LABELS]
