"""The walk: both rules in the order of time."""

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.compiled import compiled
from predictions.modelling.kernel.applying import apply_result
from predictions.modelling.kernel.columns import Fixture, Floats, Ints, Tables
from predictions.modelling.kernel.reading import read_features
from predictions.modelling.ratings import Spec


@compiled
def _fixture(row: Ints, neutral: bool) -> Fixture:
    at = 1.0 if neutral else 0.0
    return Fixture(row[0], row[1], row[2], row[3], float(row[4]), at, float(row[5]))


@compiled
def run(
    tables: Tables,
    spec: Spec,
    fixtures: Ints,
    neutral: NDArray[np.bool_],
    known_at: Ints,
    statistics: Floats,
    updates: Ints,
    out: Floats,
    first: int,
    stop: int,
) -> None:
    """Read fixtures at their kick-off, having applied exactly the results known by then.

    Results that are left when all are read are applied at the end.

    Parameters
    ----------
    fixtures : (n, 6) home, away, pair, league (rows of the tables), kick-off, season; by kick-off
    updates : (n_results,) rows of `fixtures` that have a result, by the moment it was known
    out : (n, n_features), written in the rows read
    first, stop : the fixtures to read, stop excluded
    """
    done = 0
    for i in range(first, stop):
        while done < len(updates) and known_at[updates[done]] <= fixtures[i, 4]:
            _apply_row(tables, spec, fixtures, neutral, statistics, updates[done])
            done += 1
        read_features(tables, spec, _fixture(fixtures[i], neutral[i]), out[i])
    while done < len(updates):
        _apply_row(tables, spec, fixtures, neutral, statistics, updates[done])
        done += 1


@compiled
def _apply_row(
    tables: Tables,
    spec: Spec,
    fixtures: Ints,
    neutral: NDArray[np.bool_],
    statistics: Floats,
    i: int,
) -> None:
    apply_result(tables, spec, _fixture(fixtures[i], neutral[i]), statistics[i])
