"""Walk-forward evaluation: learn from what was known before a season or month, predict it, go on.

    proba = walk_forward("past_odds", played, folds(played, since=..., by="season"))

Nothing is learned from that was not known when the first match of the fold kicked off; and what
features say of a match is checked against the state of its own kick-off (`check_features`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.fitting import recipes
from predictions.modelling.fitting.boosted import AS_SETTLED

N_CHECKED = 40  # matches of each fold whose features are read again
TOLERANCE = 1e-9
SEASON_MONTH = 7  # the month in which a season begins, in leagues over the turn of the year
Reader = Callable[[Sequence[int]], Floats]


class LeakFound(ValueError):
    """Something that was not known at kick-off would have been used; the text says what."""


@dataclass(frozen=True)
class PlayedMatches:
    """Matches with a result, in order of kick-off: arrays over n matches, times in seconds UTC."""

    features: Floats
    outcome: Ints
    kickoff: Ints
    known_at: Ints

    def __len__(self) -> int:
        return len(self.outcome)


@dataclass(frozen=True)
class Fold:
    """A span of time: its name, when its first match kicks off, and its rows."""

    name: str
    start: int
    rows: Ints

    def known_before(self, played: PlayedMatches) -> Ints:
        """The rows (k,) of the matches whose result was known at the start."""
        return np.flatnonzero(played.known_at <= self.start)


def folds(
    played: PlayedMatches, *, since: int, until: int | None = None, by: str = "season"
) -> list[Fold]:
    """Spans from `since` to before `until`, by "season" (July to June) or by calendar "month".

    >>> moments = np.array([1_700_000_000, 1_710_000_000])
    >>> played = PlayedMatches(np.zeros((2, 1)), np.array([0, 2]), moments, moments + 7200)
    >>> [fold.name for fold in folds(played, since=0, by="month")]
    ['2023-11', '2024-03']
    """
    names = span_names(played.kickoff, by)
    chosen = played.kickoff >= since
    if until is not None:
        chosen &= played.kickoff < until
    found = []
    for name in sorted(set(names[chosen].tolist())):
        rows = np.flatnonzero(chosen & (names == name))
        found.append(Fold(name, int(played.kickoff[rows].min()), rows))
    return found


def span_names(kickoff: Ints, by: str) -> NDArray[np.str_]:
    """2022-23 for a season, 2023-04 for a month, of each kick-off: (n,).

    >>> november = np.array([1_700_000_000])
    >>> span_names(november, "season"), span_names(november, "month")
    (array(['2023-24'], dtype='<U7'), array(['2023-11'], dtype='<U25'))
    """
    months = kickoff.astype("datetime64[s]").astype("datetime64[M]")
    if by == "month":
        return months.astype(np.str_)
    begun = (months - np.timedelta64(SEASON_MONTH - 1, "M")).astype("datetime64[Y]")
    years = begun.astype(np.int64) + 1970
    return np.array([f"{year}-{(year + 1) % 100:02}" for year in years.tolist()], dtype=np.str_)


def walk_forward(
    recipe: str,
    played: PlayedMatches,
    spans: Sequence[Fold],
    *,
    apart: Bools | None = None,
    seed: int = 0,
    threads: int = AS_SETTLED,
) -> Floats:
    """Probabilities (n, 3) of the matches of all folds; NaN elsewhere.

    Nothing is learned from the matches of `apart` (n,).

    >>> from predictions.modelling.features.feature_names import FEATURE_NAMES
    >>> features = np.random.default_rng(0).normal(size=(90, len(FEATURE_NAMES)))
    >>> kickoff = 1_690_000_000 + 432_000 * np.arange(90)
    >>> played = PlayedMatches(features, np.arange(90) % 3, kickoff, kickoff + 7200)
    >>> proba = walk_forward("logistic", played, folds(played, since=int(kickoff[60])))
    >>> proba[[59, 60]].sum(axis=1).round(6)
    array([nan,  1.])
    """
    proba = np.full((len(played), 3), np.nan)
    for fold in spans:
        learned = fold.known_before(played)
        refuse_later(played, learned, fold)
        if apart is not None:
            learned = learned[~apart[learned]]
        fitted = recipes.fit(
            recipe,
            played.features[learned],
            played.outcome[learned],
            played.kickoff[learned],
            seed=seed,
            threads=threads,
        )
        proba[fold.rows] = fitted.predict_proba(played.features[fold.rows])
    return proba


def frequencies(played: PlayedMatches, spans: Sequence[Fold]) -> Floats:
    """What somebody says who knows only how often each outcome came before: (n, 3).

    >>> moments = np.array([1_700_000_000, 1_710_000_000])
    >>> played = PlayedMatches(np.zeros((2, 1)), np.array([0, 2]), moments, moments + 7200)
    >>> frequencies(played, folds(played, since=1_705_000_000))
    array([[nan, nan, nan],
           [ 1.,  0.,  0.]])
    """
    proba = np.full((len(played), 3), np.nan)
    for fold in spans:
        counts = np.bincount(played.outcome[fold.known_before(played)], minlength=3)
        proba[fold.rows] = counts / counts.sum()
    return proba


def refuse_later(played: PlayedMatches, learned: Ints, fold: Fold) -> None:
    """Refuse to learn from rows (k,) whose result was not known when the fold began.

    Raises
    ------
    LeakFound
        If there is one.

    >>> moments = np.array([1_700_000_000, 1_710_000_000])
    >>> played = PlayedMatches(np.zeros((2, 1)), np.array([0, 2]), moments, moments + 7200)
    >>> fold = folds(played, since=1_705_000_000)[0]
    >>> refuse_later(played, fold.known_before(played), fold)
    """
    late = learned[played.known_at[learned] > fold.start]
    if len(late):
        raise LeakFound(
            f"{len(late)} results known after {np.datetime64(fold.start, 's')}Z would teach a "
            f"model of the span {fold.name}, the first of them in row {late[0]}."
        )


def check_features(
    played: PlayedMatches, spans: Sequence[Fold], read: Reader, *, seed: int = 0
) -> int:
    """Compare features with those that `read` makes from what was known at kick-off alone.

    `read` takes rows in order of kick-off and answers (n, k), whose NaN columns are not compared
    (a match's own prices are no part of the state). Answers how many matches were checked.

    Raises
    ------
    LeakFound
        If a feature says anything else: it knows more, or other things.

    >>> moments = np.array([1_700_000_000, 1_710_000_000])
    >>> played = PlayedMatches(np.zeros((2, 1)), np.array([0, 2]), moments, moments + 7200)
    >>> check_features(played, folds(played, since=0), read=lambda rows: played.features[rows])
    2
    """
    rows = np.concatenate([_some(fold, seed) for fold in spans])
    again = read(rows.tolist())
    apart = np.abs(np.nan_to_num(played.features[rows] - again))
    if apart.max(initial=0.0) > TOLERANCE:
        place, column = np.argwhere(apart > TOLERANCE)[0]
        raise LeakFound(
            f"Feature {column} of row {rows[place]} is {played.features[rows[place], column]:.6g}; "
            f"what was known at kick-off makes it {again[place, column]:.6g}."
        )
    return len(rows)


def _some(fold: Fold, seed: int) -> Ints:
    rng = np.random.default_rng(seed)
    size = min(N_CHECKED, len(fold.rows))
    return np.asarray(np.sort(rng.choice(fold.rows, size, replace=False)), dtype=np.int64)


def groups(names: NDArray[np.str_]) -> Iterator[tuple[str, Bools]]:
    """Each of the names (n,), with the rows (n,) that bear it.

    >>> [(name, int(rows.sum())) for name, rows in groups(np.array(["E0", "D1", "E0"]))]
    [('D1', 1), ('E0', 2)]
    """
    for name in np.unique(names).tolist():
        yield name, names == name
