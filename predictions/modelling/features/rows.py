"""Where the tables keep whom: ids to rows, row 0 for everybody unknown."""

from collections.abc import Iterable

import numpy as np

from predictions.modelling.arrays import Ints

# Pairs of rows as one integer: lower * PAIR_BASE + higher.
PAIR_BASE = 2**31


class Rows:
    """Gives every id a row of its own, from 1 on, in order of first appearance."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._row = {int(id_): row for row, id_ in enumerate(ids, start=1)}

    def __len__(self) -> int:
        """Number of rows, that of the unknown included."""
        return len(self._row) + 1

    def __contains__(self, id_: object) -> bool:
        return id_ in self._row

    def row(self, id_: int) -> int:
        """The row of an id; 0 when it is unknown."""
        return self._row.get(id_, 0)

    def rows(self, ids: Ints) -> Ints:
        """Rows (n,) of ids (n,), 0 where unknown."""
        unique, inverse = np.unique(ids, return_inverse=True)
        known = np.array([self.row(id_) for id_ in unique.tolist()], dtype=np.int64)
        return known[inverse] if len(unique) else np.zeros(0, dtype=np.int64)

    def admit(self, ids: Ints) -> None:
        """Give the new ones of ids (n,) the next rows, in order of first appearance."""
        unique, first = np.unique(ids, return_index=True)
        for id_ in unique[np.argsort(first)].tolist():
            self._row.setdefault(id_, len(self._row) + 1)

    def ids(self) -> Ints:
        """Ids (n,) in the order of their rows."""
        return np.fromiter(self._row, dtype=np.int64, count=len(self._row))

    def copy(self) -> "Rows":
        """One of its own, with the same ids."""
        return Rows(self._row)


def pair_keys(home: Ints, away: Ints) -> Ints:
    """(n,): one integer for two clubs' rows, whoever is at home; 0 when either is unknown.

    >>> one, other = pair_keys(np.array([3, 8]), np.array([8, 3]))
    >>> bool(one == other)
    True
    """
    keys = np.minimum(home, away) * PAIR_BASE + np.maximum(home, away)
    return np.where((home > 0) & (away > 0), keys, 0)
