"""A match's market prices: as features, and as the goals that they expect."""

import numpy as np
import pandas as pd

from predictions.modelling.arrays import Floats
from predictions.modelling.features.kernel.chances import implied_goals
from predictions.modelling.pricing import overround
from predictions.outcomes import SIDES

LINES = ("pre_match", "closing")
# Decimal prices of the market; a frame may lack them, and a match any.
PRICE_COLUMNS = tuple(f"price_{line}_{side}" for line in LINES for side in SIDES)
MOST_LOG_ODDS = 6.0


def log_odds_of(frame: pd.DataFrame) -> Floats:
    """(n, 4): log odds of home and away against the draw, before the match and at its close.

    >>> log_odds_of(pd.DataFrame({"match_id": [7]}))
    array([[nan, nan, nan, nan]])
    """
    if not set(PRICE_COLUMNS) <= set(frame.columns):
        return unpriced(len(frame))
    decimal = frame[list(PRICE_COLUMNS)].to_numpy(np.float64)
    return np.hstack([log_odds(decimal[:, :3]), log_odds(decimal[:, 3:])])


def unpriced(n: int) -> Floats:
    """Log odds (n, 4) of matches without a price: all NaN.

    >>> unpriced(1)
    array([[nan, nan, nan, nan]])
    """
    return np.full((n, 2 * len(LINES)), np.nan)


def log_odds(decimal: Floats) -> Floats:
    """Home and away against the draw (n, 2), margin taken out; NaN where a price is none.

    >>> log_odds(np.array([[2.0, 3.4, 3.8], [2.0, 3.4, np.nan]])).round(3)
    array([[ 0.552, -0.117],
           [   nan,    nan]])
    """
    with np.errstate(invalid="ignore"):
        priced = (np.isfinite(decimal) & (decimal > 1.0)).all(axis=1)
    out = np.full((len(decimal), 2), np.nan)
    if priced.any():
        logs = np.log(overround.implied(decimal[priced]))
        out[priced] = np.clip(logs[:, [0, 2]] - logs[:, [1]], -MOST_LOG_ODDS, MOST_LOG_ODDS)
    return out


def probabilities(against_draw: Floats) -> Floats:
    """Home, draw and away (n, 3) of log odds (n, 2) against the draw.

    >>> probabilities(np.array([[0.5, 0.1]])).round(4)
    array([[0.4392, 0.2664, 0.2944]])
    """
    odds = np.exp(np.insert(against_draw, 1, 0.0, axis=1))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def expected_goals(price_log_odds: Floats) -> Floats:
    """Home and away goals (n, 2) that the last prices of (n, 4) expect; NaN where none stood.

    >>> expected_goals(np.array([[0.5, 0.1, np.nan, np.nan]])).round(3)
    array([[1.401, 1.096]])
    """
    before, closing = price_log_odds[:, :2], price_log_odds[:, 2:]
    last = np.where(np.isfinite(closing), closing, before)
    goals = np.empty_like(last)
    implied_goals(np.ascontiguousarray(probabilities(last)[:, [0, 2]]), goals)
    return goals
