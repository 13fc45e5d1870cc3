"""Other markets of a match, from a goals model made to agree with the served 1X2.

    matrix = reconciled(score_matrix(1.6, 1.1), [0.5, 0.27, 0.23])
    both_teams_to_score(matrix), over(matrix, 2.5), asian_handicap(matrix, -0.25)

A score matrix is (N_GOALS, N_GOALS): the probability of each score, home goals down.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.feature_names import FEATURE_NAMES

Floats = NDArray[np.float64]

N_GOALS = 13  # 0 to 12 goals a side
LINES = (0.5, 1.5, 2.5, 3.5, 4.5)
HANDICAPS = (-1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
N_SCORES_SHOWN = 10
N_GOALS_SHOWN = 7  # of a matrix that is shown: 0 to 6

# The rating whose goal rates stand behind a live fixture's score matrix.
GOALS_RATING = "composite"
_RATIO = FEATURE_NAMES.index(f"{GOALS_RATING}_ratio")
_TOTAL = FEATURE_NAMES.index(f"{GOALS_RATING}_total")


@dataclass(frozen=True)
class Handicap:
    """What becomes of a unit stake on the home side with `line` goals added to its score."""

    line: float
    win: float
    push: float
    lose: float

    @property
    def fair_price(self) -> float:
        """Decimal price at which the stake neither gains nor loses on average."""
        return 1.0 + self.lose / self.win if self.win > 0 else float("inf")


def expected_goals(features: Floats) -> tuple[float, float]:
    """Home and away goals that a fixture's features (n_features,) expect."""
    total = float(np.exp(features[_TOTAL]))
    home = total / (1.0 + float(np.exp(-features[_RATIO])))
    return home, total - home


def score_matrix(home_goals: float, away_goals: float, *, rho: float = -0.05) -> Floats:
    """Dixon & Coles's matrix: Poisson goals, low scores shifted by `rho`; sums to 1.

    Raises
    ------
    ValueError
        If a mean is not positive, or `rho` makes a score's probability negative.

    References
    ----------
    Dixon & Coles (1997), Applied Statistics 46(2).
    """
    if not (home_goals > 0 and away_goals > 0):
        raise ValueError(f"Expected goals {home_goals} and {away_goals} are not positive.")
    matrix = np.outer(_poisson(home_goals), _poisson(away_goals))
    matrix[0, 0] *= 1 - home_goals * away_goals * rho
    matrix[0, 1] *= 1 + home_goals * rho
    matrix[1, 0] *= 1 + away_goals * rho
    matrix[1, 1] *= 1 - rho
    if (matrix < 0).any():
        raise ValueError(f"rho {rho} makes a low score impossible.")
    return np.asarray(matrix / matrix.sum())


def reconciled(matrix: Floats, proba: Floats) -> Floats:
    """The matrix with home wins, draws and away wins scaled to `proba` (3,), exactly.

    Within each outcome the scores keep their relative chances, which changes the matrix
    least (in relative entropy) of all that agree.
    """
    sides = (_below(matrix), _diagonal(matrix), _above(matrix))
    served = np.asarray(proba, dtype=np.float64)
    if served.shape != (3,) or not (served >= 0).all() or abs(served.sum() - 1) > 1e-6:
        raise ValueError(f"{served.tolist()} are not three probabilities.")
    scaled = sum(side * (p / side.sum()) for side, p in zip(sides, served, strict=True))
    return np.asarray(scaled)


def outcome_of(matrix: Floats) -> Floats:
    """Home, draw and away as (3,)."""
    return np.array([_below(matrix).sum(), np.trace(matrix), _above(matrix).sum()])


def over(matrix: Floats, line: float) -> float:
    """Chance of more goals than `line` (a half, so that there is no tie)."""
    return float(matrix[_goals() > line].sum())


def both_teams_to_score(matrix: Floats) -> float:
    """Chance that neither side stays without a goal."""
    return float(matrix[1:, 1:].sum())


def correct_scores(matrix: Floats, *, n: int = N_SCORES_SHOWN) -> list[tuple[int, int, float]]:
    """The `n` likeliest scores: home goals, away goals, chance; likeliest first."""
    order = np.argsort(-matrix, axis=None, kind="stable")[:n]
    return [(int(i // N_GOALS), int(i % N_GOALS), float(matrix.flat[i])) for i in order]


def asian_handicap(matrix: Floats, line: float) -> Handicap:
    """Home side with `line` goals; a quarter line is half a stake on each neighbour."""
    if line * 4 != round(line * 4):
        raise ValueError(f"{line} is not a whole number of quarters.")
    if line * 2 != round(line * 2):
        halves = [asian_handicap(matrix, line + step) for step in (-0.25, 0.25)]
        shares = np.mean([(half.win, half.push, half.lose) for half in halves], axis=0)
        return Handicap(line, *(float(share) for share in shares))
    margin = _margin() + line
    parts = (matrix[margin > 0].sum(), matrix[margin == 0].sum(), matrix[margin < 0].sum())
    return Handicap(line, *(float(part) for part in parts))


def all_markets(features: Floats, proba: Floats) -> dict[str, object]:
    """Every market of one fixture as plain values, in agreement with the served `proba`."""
    home, away = expected_goals(features)
    matrix = reconciled(score_matrix(home, away), proba)
    handicaps = [asian_handicap(matrix, line) for line in HANDICAPS]
    return {
        "expected_goals": {
            "home": float(_mean_goals(matrix)),
            "away": float(_mean_goals(matrix.T)),
        },
        "score_matrix": matrix[:N_GOALS_SHOWN, :N_GOALS_SHOWN].tolist(),
        "over_under": [
            {"line": line, "over": over(matrix, line), "under": 1.0 - over(matrix, line)}
            for line in LINES
        ],
        "both_teams_to_score": {
            "yes": both_teams_to_score(matrix),
            "no": 1.0 - both_teams_to_score(matrix),
        },
        "correct_score": [
            {"home": i, "away": j, "probability": p} for i, j, p in correct_scores(matrix)
        ],
        "asian_handicap": [
            {"line": h.line, "home_win": h.win, "push": h.push, "home_loss": h.lose}
            for h in handicaps
        ],
    }


def _poisson(mean: float) -> Floats:
    goals = np.arange(N_GOALS)
    log_factorial = np.cumsum(np.log(np.maximum(goals, 1)))
    return np.asarray(np.exp(goals * np.log(mean) - mean - log_factorial))


def _mean_goals(matrix: Floats) -> float:
    return float(np.arange(N_GOALS) @ matrix.sum(axis=1))


def _goals() -> NDArray[np.int64]:
    return np.add.outer(np.arange(N_GOALS), np.arange(N_GOALS))


def _margin() -> NDArray[np.int64]:
    return np.subtract.outer(np.arange(N_GOALS), np.arange(N_GOALS))


def _below(matrix: Floats) -> Floats:
    return np.tril(matrix, -1)


def _above(matrix: Floats) -> Floats:
    return np.triu(matrix, 1)


def _diagonal(matrix: Floats) -> Floats:
    return np.asarray(np.diag(np.diag(matrix)))
