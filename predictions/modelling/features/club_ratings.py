"""Clubs' ratings in numbers that a person can read, at any moments of the history.

for snapshot in snapshots(history, moments):
    ...  # every club that played since the moment before
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features.goal_rates import GOALS_RATING
from predictions.modelling.features.history import History
from predictions.modelling.features.ratings import REGISTRY
from predictions.modelling.features.team_state import BEGINNING, TeamState

_GOALS = [rating.name for rating in REGISTRY].index(GOALS_RATING)


@dataclass(frozen=True)
class Snapshot:
    """Ratings at a moment, one entry a club.

    Attributes
    ----------
    at : seconds since 1970 UTC
    team_ids : (n,)
    elo : (n,), 1500 is where a club begins
    scored, conceded : (n,), goals a match against an average side of the club's league
    """

    at: int
    team_ids: Ints
    elo: Floats
    scored: Floats
    conceded: Floats


def snapshots(history: History, moments: Sequence[int]) -> Iterator[Snapshot]:
    """At each moment, in order: the clubs that have played since the one before.

    The first moment has no such; it only says where the second begins.

    >>> from predictions.modelling.features.frames import MATCH_COLUMNS
    >>> row = dict.fromkeys(MATCH_COLUMNS, 1) | {"away_team_id": 2, "neutral": False}
    >>> kickoff, known_at = pd.to_datetime(["2025-08-02 15:00Z", "2025-08-02 17:00Z"])
    >>> row |= {"kickoff": kickoff, "known_at": known_at}
    >>> history = History.of(pd.DataFrame([row]))
    >>> [len(each.team_ids) for each in snapshots(history, [0, 2_000_000_000])]
    [0, 2]
    """
    before = moments[0] if moments else BEGINNING
    for state, moment in zip(history.states_at(moments), moments, strict=True):
        yield snapshot(state, moment, played_since=before)
        before = moment


def snapshot(state: TeamState, at: int, *, played_since: int = BEGINNING) -> Snapshot:
    """The ratings of a state, of clubs whose last match is not older than `played_since`.

    >>> snapshot(TeamState(), at=0).elo
    array([], dtype=float64)
    """
    team = state.tables.team[1:]
    chosen = np.flatnonzero((team["played"] > 0) & (team["last"] >= played_since))
    strength = state.tables.strength[1:][chosen, _GOALS]
    league = team["league"][chosen].astype(np.int64)
    usual = state.tables.level["mu"][league, _GOALS]
    return Snapshot(
        at,
        state.teams.ids()[chosen],
        team["elo"][chosen],
        np.exp(usual + strength["attack"]),
        np.exp(usual - strength["defence"]),
    )
