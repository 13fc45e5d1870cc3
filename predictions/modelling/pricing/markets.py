"""Other markets of a match, from a goals model made to agree with the served 1X2.

    matrix = reconciled(score_matrix(1.6, 1.1), [0.5, 0.27, 0.23])
    both_teams_to_score(matrix), over(matrix, 2.5), asian_handicap(matrix, -0.25)

A score matrix is N_GOALS by N_GOALS: the probability of each score, home goals down. Lists do for
so few numbers, and a web process needs no numerical library to show them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[float]]

N_GOALS = 13  # 0 to 12 goals a side
LINES = (0.5, 1.5, 2.5, 3.5, 4.5)
HANDICAPS = (-1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
N_SCORES_SHOWN = 10
N_GOALS_SHOWN = 7  # of a matrix that is shown: 0 to 6
GOALS = range(N_GOALS)


@dataclass(frozen=True)
class Handicap:
    """What becomes of a unit stake on the home side with `line` goals added to its score."""

    line: float
    win: float
    push: float
    lose: float


def score_matrix(home_goals: float, away_goals: float, *, rho: float = -0.05) -> list[list[float]]:
    """Dixon & Coles's matrix: Poisson goals, low scores shifted by `rho`; sums to 1.

    Raises
    ------
    ValueError
        If a mean is not positive, or `rho` makes a score's probability negative.

    References
    ----------
    Dixon & Coles (1997), Applied Statistics 46(2).

    >>> matrix = score_matrix(1.6, 1.1)
    >>> len(matrix), round(matrix[1][1], 4)
    (13, 0.1242)
    """
    if not (home_goals > 0 and away_goals > 0):
        raise ValueError(f"Expected goals {home_goals} and {away_goals} are not positive.")
    away = _poisson(away_goals)
    matrix = [[chance * other for other in away] for chance in _poisson(home_goals)]
    matrix[0][0] *= 1 - home_goals * away_goals * rho
    matrix[0][1] *= 1 + home_goals * rho
    matrix[1][0] *= 1 + away_goals * rho
    matrix[1][1] *= 1 - rho
    if min(map(min, matrix)) < 0:
        raise ValueError(f"rho {rho} makes a low score impossible.")
    total = math.fsum(map(math.fsum, matrix))
    return [[chance / total for chance in row] for row in matrix]


def reconciled(matrix: Matrix, proba: Sequence[float]) -> list[list[float]]:
    """The matrix with home wins, draws and away wins scaled to `proba` (3,), exactly.

    Within each outcome the scores keep their relative chances, which changes the matrix
    least (in relative entropy) of all that agree.

    Raises
    ------
    ValueError
        If `proba` are no three probabilities.

    References
    ----------
    Csiszár (1975), Annals of Probability 3(1): the nearest distribution under such constraints.

    >>> matrix = reconciled(score_matrix(1.6, 1.1), [0.5, 0.27, 0.23])
    >>> [round(p, 6) for p in outcome_of(matrix)]
    [0.5, 0.27, 0.23]
    """
    served = [float(p) for p in proba]
    if len(served) != 3 or not min(served) >= 0 or not abs(sum(served) - 1) <= 1e-6:
        raise ValueError(f"{served} are not three probabilities.")
    home, draw, away = (p / now for p, now in zip(served, outcome_of(matrix), strict=True))
    return [
        [chance * (home if i > j else draw if i == j else away) for j, chance in enumerate(row)]
        for i, row in enumerate(matrix)
    ]


def outcome_of(matrix: Matrix) -> tuple[float, float, float]:
    """Home, draw and away.

    >>> [round(p, 4) for p in outcome_of(score_matrix(1.6, 1.1))]
    [0.4837, 0.2607, 0.2556]
    """
    return (
        _chance(matrix, lambda i, j: i > j),
        _chance(matrix, lambda i, j: i == j),
        _chance(matrix, lambda i, j: i < j),
    )


def over(matrix: Matrix, line: float) -> float:
    """Chance of more goals than `line` (a half, so that there is no tie).

    >>> round(over(score_matrix(1.6, 1.1), 2.5), 4)
    0.5064
    """
    return _chance(matrix, lambda i, j: i + j > line)


def both_teams_to_score(matrix: Matrix) -> float:
    """Chance that neither side stays without a goal.

    >>> round(both_teams_to_score(score_matrix(1.6, 1.1)), 4)
    0.5384
    """
    return _chance(matrix, lambda i, j: i > 0 and j > 0)


def correct_scores(matrix: Matrix, *, n: int = N_SCORES_SHOWN) -> list[tuple[int, int, float]]:
    """The `n` likeliest scores: home goals, away goals, chance; likeliest first.

    >>> [(home, away) for home, away, _ in correct_scores(score_matrix(1.6, 1.1), n=3)]
    [(1, 1), (1, 0), (2, 1)]
    """
    scores = [(i, j, float(matrix[i][j])) for i in GOALS for j in GOALS]
    return sorted(scores, key=lambda score: -score[2])[:n]


def asian_handicap(matrix: Matrix, line: float) -> Handicap:
    """Home side with `line` goals; a quarter line is half a stake on each neighbour.

    Raises
    ------
    ValueError
        If the line is no whole number of quarters.

    >>> found = asian_handicap(score_matrix(1.6, 1.1), -0.25)
    >>> round(found.win, 4), round(found.push, 4), round(found.lose, 4)
    (0.4837, 0.1304, 0.386)
    """
    if line * 4 != round(line * 4):
        raise ValueError(f"{line} is not a whole number of quarters.")
    if line * 2 != round(line * 2):
        low, high = (asian_handicap(matrix, line + step) for step in (-0.25, 0.25))
        pairs = ((low.win, high.win), (low.push, high.push), (low.lose, high.lose))
        return Handicap(line, *(sum(pair) / 2 for pair in pairs))
    return Handicap(
        line,
        win=_chance(matrix, lambda i, j: i - j + line > 0),
        push=_chance(matrix, lambda i, j: i - j + line == 0),
        lose=_chance(matrix, lambda i, j: i - j + line < 0),
    )


def all_markets(home_goals: float, away_goals: float, proba: Sequence[float]) -> dict[str, object]:
    """Every market of one fixture as plain values, in agreement with the served `proba`.

    >>> found = all_markets(1.6, 1.1, [0.5, 0.27, 0.23])
    >>> [line["line"] for line in found["over_under"]]
    [0.5, 1.5, 2.5, 3.5, 4.5]
    """
    matrix = reconciled(score_matrix(home_goals, away_goals), proba)
    handicaps = [asian_handicap(matrix, line) for line in HANDICAPS]
    overs = [(line, over(matrix, line)) for line in LINES]
    both = both_teams_to_score(matrix)
    return {
        "expected_goals": {"home": _mean(matrix, 0), "away": _mean(matrix, 1)},
        "score_matrix": [row[:N_GOALS_SHOWN] for row in matrix[:N_GOALS_SHOWN]],
        "over_under": [{"line": line, "over": p, "under": 1.0 - p} for line, p in overs],
        "both_teams_to_score": {"yes": both, "no": 1.0 - both},
        "correct_score": [
            {"home": i, "away": j, "probability": p} for i, j, p in correct_scores(matrix)
        ],
        "asian_handicap": [
            {"line": h.line, "home_win": h.win, "push": h.push, "home_loss": h.lose}
            for h in handicaps
        ],
    }


def _poisson(mean: float) -> list[float]:
    return [math.exp(goals * math.log(mean) - mean - math.lgamma(goals + 1)) for goals in GOALS]


def _chance(matrix: Matrix, happens: Callable[[int, int], bool]) -> float:
    return math.fsum(float(matrix[i][j]) for i in GOALS for j in GOALS if happens(i, j))


def _mean(matrix: Matrix, side: int) -> float:
    return math.fsum((i, j)[side] * matrix[i][j] for i in GOALS for j in GOALS)
