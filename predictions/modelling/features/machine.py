"""Features of matches without look-ahead: the door to the state machine.

features, state = walk(matches)            # training and batch: every match in turn
features, state = walk(new_day, state)     # a new match day continues from there
state.features_of(home, away, ...)         # live: the same rules on the saved state
"""

import hashlib

import numpy as np
import pandas as pd

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features.feature_names import FEATURE_NAMES, FEATURE_VERSION
from predictions.modelling.features.frames import NO_DEDUCTIONS, BadFrame, as_matches
from predictions.modelling.features.history import History
from predictions.modelling.features.team_state import OutOfOrder, StateCorrupt, TeamState

__all__ = [
    "FEATURE_NAMES",
    "FEATURE_VERSION",
    "BadFrame",
    "History",
    "OutOfOrder",
    "StateCorrupt",
    "TeamState",
    "digest",
    "walk",
]

# Features are rounded to this before they are digested: machines differ in the last bits of
# exp and log.
DIGEST_DECIMALS = 6


def walk(
    matches: pd.DataFrame,
    state: TeamState | None = None,
    *,
    skip_earlier: bool = False,
    deductions: Ints = NO_DEDUCTIONS,
) -> tuple[Floats, TeamState]:
    """Features of every match as of its kick-off, and the state after all results.

    A match sees exactly the results whose known_at is at or before its kick-off.

    Parameters
    ----------
    matches : the frame of matches, sorted by (kickoff, match_id)
    state : where to continue from (left as it is); the numbers are those of one whole walk
    skip_earlier : give matches that kicked off before the state's moment a row of NaN
        instead of refusing them; their results count
    deductions : points taken from clubs, (n, 5) of DEDUCTION_COLUMNS; a state has its own

    Returns
    -------
    features of shape (n_matches, n_features), and the new state

    Raises
    ------
    BadFrame
        If columns, times or order are not as said.
    OutOfOrder
        If a result to apply, or a match to read, is older than the state's moment.

    >>> from predictions.modelling.features.frames import MATCH_COLUMNS
    >>> row = dict.fromkeys(MATCH_COLUMNS, 1) | {"away_team_id": 2, "neutral": False}
    >>> kickoff, known_at = pd.to_datetime(["2025-08-02 15:00Z", "2025-08-02 17:00Z"])
    >>> row |= {"kickoff": kickoff, "known_at": known_at}
    >>> features, state = walk(pd.DataFrame([row]))
    >>> features.shape == (1, len(FEATURE_NAMES)), state.n_results
    (True, 1)
    """
    after = state.copy() if state is not None else TeamState()
    if len(deductions):
        after.deduct(deductions)
    return after.advance(as_matches(matches), skip_earlier=skip_earlier), after


def digest(features: Floats, match_ids: Ints) -> str:
    """SHA-256 of a feature set's content: names, ids (n,) and values
    (n, n_features) to six decimals.

    Raises
    ------
    ValueError
        If the shapes disagree.

    >>> nothing = np.zeros((1, len(FEATURE_NAMES)))
    >>> digest(nothing, np.array([7])) == digest(nothing + 1e-9, np.array([7]))
    True
    """
    if features.shape != (len(match_ids), len(FEATURE_NAMES)):
        raise ValueError(f"{features.shape} features for {len(match_ids)} matches.")
    content = hashlib.sha256(f"{FEATURE_VERSION}:{','.join(FEATURE_NAMES)}".encode())
    content.update(np.ascontiguousarray(match_ids, dtype="<i8").tobytes())
    scaled = features * 10.0**DIGEST_DECIMALS
    np.rint(scaled, out=scaled)
    content.update(np.nan_to_num(scaled, copy=False, nan=-(2.0**62)).astype("<i8").data)
    return content.hexdigest()
