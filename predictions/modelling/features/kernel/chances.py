"""Chances from goal rates and back."""

import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.features.compiled import compiled

LONGEST_SCORE = 12  # goals of a side; the chance of more counts as a win of the side that has them
LEAST_RATE, MOST_RATE = 0.05, 7.0  # goals of a side that prices can expect: no book says more


@compiled
def outcome_probabilities(home: float, away: float) -> tuple[float, float, float]:
    """Home, draw and away from two independent Poisson means (the Skellam sums).

    References
    ----------
    Skellam (1946), J. of the Royal Statistical Society 109(3).

    >>> [round(p, 4) for p in outcome_probabilities(1.6, 1.1)]
    [0.4896, 0.2489, 0.2615]
    """
    p_away = np.exp(-away)
    below = 0.0
    p_home = np.exp(-home)
    above = 1.0
    draw, win, loss = 0.0, 0.0, 0.0
    for goals in range(LONGEST_SCORE):
        draw += p_home * p_away
        win += p_home * below
        loss += p_home * (1.0 - below - p_away)
        below += p_away
        above -= p_home
        p_home *= home / (goals + 1)
        p_away *= away / (goals + 1)
    win += above  # a side that scores even more has won
    total = win + draw + loss
    return win / total, draw / total, loss / total


@compiled
def implied_goals(chances: Floats, out: Floats) -> None:
    """Poisson means (n, 2) whose chances of home and away are those of (n, 2), by Newton's method.

    Rows without chances are NaN.

    >>> goals = np.empty((1, 2))
    >>> implied_goals(np.array([[0.5, 0.25]]), goals)
    >>> goals.round(3)
    array([[1.595, 1.051]])
    """
    for row in range(len(chances)):
        if np.isnan(chances[row, 0] + chances[row, 1]):
            out[row] = np.nan
        else:
            out[row, 0], out[row, 1] = _rates_of(chances[row, 0], chances[row, 1])


@compiled
def _rates_of(win: float, loss: float) -> tuple[float, float]:
    log_home, log_away = 0.3 + 0.8 * (win - loss), 0.2 - 0.8 * (win - loss)
    step = 1e-4  # of a rate, so that differences by it are those by the rate's logarithm
    for _ in range(12):
        home, away = np.exp(log_home), np.exp(log_away)
        w, _, x = outcome_probabilities(home, away)
        w_h, _, x_h = outcome_probabilities(home * (1.0 + step), away)
        w_a, _, x_a = outcome_probabilities(home, away * (1.0 + step))
        a, b, c, d = (w_h - w) / step, (w_a - w) / step, (x_h - x) / step, (x_a - x) / step
        scale = a * d - b * c
        if abs(scale) < 1e-9:  # where it is flat, a step would lead anywhere
            break
        up = ((win - w) * d - (loss - x) * b) / scale
        down = ((loss - x) * a - (win - w) * c) / scale
        log_home = min(np.log(MOST_RATE), max(np.log(LEAST_RATE), log_home + _limited(up)))
        log_away = min(np.log(MOST_RATE), max(np.log(LEAST_RATE), log_away + _limited(down)))
        if abs(up) + abs(down) < 1e-9:
            break
    return np.exp(log_home), np.exp(log_away)


@compiled
def _limited(step: float) -> float:
    # Far from the answer a whole step of Newton's overshoots.
    return min(0.7, max(-0.7, step))
