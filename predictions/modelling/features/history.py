"""All results in one file, from which the state of any past moment is made again."""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features import prices
from predictions.modelling.features.frames import (
    NO_DEDUCTIONS,
    Fixtures,
    Matches,
    as_matches,
)
from predictions.modelling.features.team_state import (
    BEGINNING,
    OutOfOrder,
    TeamState,
    loaded,
)

# Results between two kept states: replaying this many takes a few hundredths of a second.
SPACING = 10_000
_FIXTURE_FIELDS = ("kickoff", "region", "tournament", "season", "home", "away", "neutral")


@dataclass
class History:
    """Every result in the order in which it was known, with states kept along the way."""

    results: Matches
    checkpoints: list[TeamState] = field(default_factory=list)
    deductions: Ints = field(default_factory=NO_DEDUCTIONS.copy)

    @classmethod
    def of(cls, matches: pd.DataFrame, deductions: Ints = NO_DEDUCTIONS) -> Self:
        """The history of a frame of matches, without those that have no result.

        `deductions` are (n, 5), as `walk` takes them.
        """
        results = _in_order_known(as_matches(matches))
        history = cls(results, deductions=deductions)
        history._keep_states()
        return history

    @classmethod
    def walked(
        cls, matches: pd.DataFrame, deductions: Ints = NO_DEDUCTIONS
    ) -> tuple[Floats, TeamState, Self]:
        """Features (n, n_features), final state and history of a whole walk.

        The same as `features.walk` and `of` give, in one go: the walk keeps states as it passes.
        """
        arrays = as_matches(matches)
        history = cls(_in_order_known(arrays), deductions=deductions)
        state = history._beginning()
        features = state.advance(
            arrays, spacing=SPACING, keep=lambda at: history.checkpoints.append(at.copy())
        )
        return features, state, history

    def extended(self, matches: pd.DataFrame) -> Self:
        """This history with later results; what of `matches` has none is left out.

        Raises
        ------
        OutOfOrder
            If one was known before the newest result here.
        """
        later = _in_order_known(as_matches(matches))
        newest = int(self.results.known_at[-1]) if len(self.results) else BEGINNING
        if len(later) and later.known_at[0] < newest:
            raise OutOfOrder("A result is older than the history: make it anew.")
        joined = _joined(self.results, later)
        history = type(self)(joined, list(self.checkpoints), self.deductions)
        history._keep_states()
        return history

    def deducts(self, deductions: Ints) -> bool:
        """Whether it counts these deductions (n, 5) and no others."""
        return np.array_equal(self.deductions, deductions)

    def state_at(self, moment: int) -> TeamState:
        """The state with exactly the results known at `moment` (seconds since 1970 UTC)."""
        return next(self.states_at([moment]))

    def states_at(self, moments: Sequence[int]) -> Iterator[TeamState]:
        """The states at several moments, in order of time: one and the same object, advanced."""
        state: TeamState | None = None
        for moment in moments:
            n = int(np.searchsorted(self.results.known_at, moment, side="right"))
            if state is None:
                state = self._kept_before(n)
            state.apply(_part(self.results, slice(state.n_results, n)))
            yield state

    def _kept_before(self, n: int) -> TeamState:
        """A copy of the last state kept with at most `n` results."""
        kept = bisect.bisect_right([state.n_results for state in self.checkpoints], n)
        return self.checkpoints[kept - 1].copy() if kept else self._beginning()

    def _beginning(self) -> TeamState:
        state = TeamState()
        if len(self.deductions):
            state.deduct(self.deductions)
        return state

    def save(self, path: Path) -> None:
        """Write one uncompressed .npz."""
        arrays = {name: getattr(self.results.fixtures, name) for name in _FIXTURE_FIELDS}
        for place, state in enumerate(self.checkpoints):
            arrays |= {f"state{place}_{name}": a for name, a in state.arrays().items()}
        with path.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                match_id=self.results.match_id,
                known_at=self.results.known_at,
                statistics=self.results.statistics,
                deductions=self.deductions,
                **arrays,
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises StateCorrupt when the file is broken or was written by another version."""
        return loaded(path, cls._from_arrays)

    @classmethod
    def _from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Self:
        fixtures = _fixtures({name: arrays[name] for name in _FIXTURE_FIELDS})
        columns = {name: arrays[name] for name in ("match_id", "known_at", "statistics")}
        history = cls(
            Matches(fixtures, **columns), deductions=arrays.get("deductions", NO_DEDUCTIONS)
        )
        place = 0
        while f"state{place}_moment" in arrays:
            prefix = f"state{place}_"
            own = {k.removeprefix(prefix): a for k, a in arrays.items() if k.startswith(prefix)}
            history.checkpoints.append(TeamState.from_arrays(own))
            place += 1
        return history

    def _keep_states(self) -> None:
        """Keep a state after every SPACING results, going on from the last one kept."""
        state = self.checkpoints[-1].copy() if self.checkpoints else self._beginning()
        for start in range(state.n_results, len(self.results) - SPACING, SPACING):
            state.apply(_part(self.results, slice(start, start + SPACING)))
            self.checkpoints.append(state.copy())


def _in_order_known(matches: Matches) -> Matches:
    with_result = np.flatnonzero(matches.has_result)
    keys = (matches.match_id[with_result], matches.known_at[with_result])
    return _part(matches, with_result[np.lexsort(keys)])


def _joined(first: Matches, second: Matches) -> Matches:
    fixtures = _fixtures(
        {
            name: np.concatenate([getattr(first.fixtures, name), getattr(second.fixtures, name)])
            for name in _FIXTURE_FIELDS
        }
    )
    return Matches(
        fixtures,
        np.concatenate([first.match_id, second.match_id]),
        np.concatenate([first.known_at, second.known_at]),
        np.concatenate([first.statistics, second.statistics]),
    )


def _fixtures(columns: dict[str, NDArray[Any]]) -> Fixtures:
    """Without the prices of their own: an applied result holds what is left of them."""
    return Fixtures(**columns, price_log_odds=prices.unpriced(len(columns["kickoff"])))


def _part(matches: Matches, which: slice | Ints) -> Matches:
    fixtures = _fixtures({name: getattr(matches.fixtures, name)[which] for name in _FIXTURE_FIELDS})
    return Matches(
        fixtures, matches.match_id[which], matches.known_at[which], matches.statistics[which]
    )
