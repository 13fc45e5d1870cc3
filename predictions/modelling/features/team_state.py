"""What is known of every club and league at a moment: the state that features are read from."""

import tokenize
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from predictions.modelling.arrays import Floats, Ints, Records
from predictions.modelling.features.feature_names import (
    FEATURE_NAMES,
    FEATURE_VERSION,
    FEATURES,
    OWN_PRICES,
    WHO_AND_WHEN,
)
from predictions.modelling.features.frames import Fixtures, Matches, as_fixtures
from predictions.modelling.features.kernel.records import (
    DAY,
    DEDUCTION,
    FIXTURE,
    STATISTICS,
    UNKNOWN_SEASON,
    FixtureRow,
    Tables,
    plain,
    records,
)
from predictions.modelling.features.kernel.walking import read_one, run
from predictions.modelling.features.ratings import SPEC
from predictions.modelling.features.rows import PAIR_BASE, Rows, pair_keys
from predictions.modelling.features.tables import empty_tables, extended

T = TypeVar("T")

BEGINNING = -(2**62)  # before any kick-off, in seconds
# All that numpy and zipfile raise at a file that is cut short, changed or another's.
BROKEN_FILE = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    tokenize.TokenError,
)


class OutOfOrder(ValueError):
    """A result or fixture that lies before the moment of the state."""


class StateCorrupt(ValueError):
    """A saved state that cannot be trusted; the text says why."""


def loaded(path: Path, made: Callable[[dict[str, NDArray[Any]]], T]) -> T:
    """What is made of the arrays in an .npz, each (n, ...) as it was saved.

    Raises
    ------
    StateCorrupt
        If the file is broken, or `made` takes nothing of it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     np.savez(Path(folder, "state.npz"), numbers=np.arange(3))
    ...     loaded(Path(folder, "state.npz"), lambda arrays: arrays["numbers"].tolist())
    [0, 1, 2]
    """
    try:
        with np.load(path, allow_pickle=False) as saved:
            return made({name: saved[name] for name in saved.files})
    except BROKEN_FILE as exc:
        raise StateCorrupt(f"{path.name}: {exc}") from exc


@dataclass
class TeamState:
    """Ratings, form and calendar of every club and league, as of one moment.

    Attributes
    ----------
    last_known_at : seconds since 1970 UTC; when the newest result applied was known
    n_results : number of results applied
    """

    tables: Tables = field(default_factory=empty_tables)
    teams: Rows = field(default_factory=Rows)
    tournaments: Rows = field(default_factory=Rows)
    pairs: Rows = field(default_factory=Rows)
    last_known_at: int = BEGINNING
    n_results: int = 0

    @property
    def as_of(self) -> int:
        """Seconds since 1970 UTC; only fixtures from here on can be asked about."""
        return self.last_known_at

    def knows(self, team_id: int) -> bool:
        """Whether a club has played a match that counts here."""
        row = self.teams.row(team_id)
        return bool(self.tables.team[row]["played"] > 0)

    def tournament_of(self, team_id: int) -> int | None:
        """The league that a club belongs to by its last matches; None for an unknown club."""
        if not self.knows(team_id):
            return None
        row = int(self.tables.team[self.teams.row(team_id)]["league"])
        return int(self.tournaments.ids()[row - 1])

    def features(self, fixtures: pd.DataFrame) -> Floats:
        """Features of any fixtures at `as_of` or later, as shape (n, n_features).

        Raises
        ------
        OutOfOrder
            If a kick-off lies before `as_of`: its features would see later results.
        """
        asked = as_fixtures(fixtures)
        self._refuse_earlier(asked.kickoff)
        out = np.empty((len(asked), len(FEATURE_NAMES)))
        out[:, OWN_PRICES] = asked.price_log_odds
        out[:, WHO_AND_WHEN] = asked.identity
        none = Matches(
            asked, np.zeros(0, np.int64), np.zeros(0, np.int64), plain(np.zeros(0, STATISTICS))
        )
        whole = slice(0, len(asked))
        self._run(self._rows(asked), none, np.zeros(0, np.int64), out, whole)
        return out

    def features_of(
        self, home: int, away: int, tournament: int, kickoff_seconds: int, neutral: bool = False
    ) -> Floats:
        """Features of one fixture by its ids, shape (n_features,), without a frame or a price.

        Raises
        ------
        OutOfOrder
            If it kicks off before `as_of`.
        """
        if kickoff_seconds < self.as_of:
            raise OutOfOrder(_too_early(kickoff_seconds, self.as_of))
        rows = sorted((self.teams.row(home), self.teams.row(away)))
        pair = self.pairs.row(rows[0] * PAIR_BASE + rows[1]) if rows[0] else 0
        fixture = FixtureRow(
            self.teams.row(home),
            self.teams.row(away),
            pair,
            self.tournaments.row(tournament),
            float(kickoff_seconds),
            float(neutral),
            UNKNOWN_SEASON,
        )
        out = _unpriced()
        out[WHO_AND_WHEN] = home, away, kickoff_seconds / DAY
        read_one(self.tables, SPEC, fixture, out.view(FEATURES))
        return out

    def advance(
        self,
        matches: Matches,
        *,
        skip_earlier: bool = False,
        spacing: int = 0,
        keep: Callable[[Self], None] = lambda state: None,
    ) -> Floats:
        """Read every match at its kick-off and apply its result when it was known.

        Returns features of shape (n, n_features). With `skip_earlier`, matches that kicked
        off before `as_of` get a row of NaN (they were read by an earlier walk), and their
        results count like any other. With a `spacing`, the state is shown to `keep` whenever so
        many results more were applied and others are to come.

        Raises
        ------
        OutOfOrder
            If a result was known before `as_of`, or (without `skip_earlier`) a match
            kicked off before it.
        """
        earlier = matches.fixtures.kickoff < self.as_of
        if not skip_earlier:
            self._refuse_earlier(matches.fixtures.kickoff)
        updates = _by_moment_known(matches)
        self._refuse_known_before(matches, updates)
        self._admit(matches.fixtures)
        out = np.empty((len(matches), len(FEATURE_NAMES)))
        out[:, OWN_PRICES] = matches.fixtures.price_log_odds
        out[:, WHO_AND_WHEN] = matches.fixtures.identity
        rows = self._rows(matches.fixtures)
        for read, applied in _stretches(matches, updates, spacing):
            self._run(rows, matches, updates[applied], out, read)
            if applied.stop < len(updates):
                keep(self)
        out[earlier] = np.nan
        return out

    def apply(self, matches: Matches) -> None:
        """Apply results only, in the order in which they were known.

        Raises
        ------
        OutOfOrder
            If one was known before `as_of`.
        """
        updates = _by_moment_known(matches)
        self._refuse_known_before(matches, updates)
        self._admit(matches.fixtures)
        out = np.empty((0, len(FEATURE_NAMES)))
        self._run(self._rows(matches.fixtures), matches, updates, out, slice(0, 0))

    def deduct(self, deductions: Ints) -> None:
        """Count these points, each from its decision on, and no others: (n, 5), see frames."""
        decided, leagues, seasons, clubs, points = deductions.T
        self.teams.admit(clubs)
        self.tournaments.admit(leagues)
        rows = np.zeros(len(deductions), DEDUCTION)
        rows["decided"], rows["season"], rows["points"] = decided, seasons, points
        rows["league"], rows["club"] = self.tournaments.rows(leagues), self.teams.rows(clubs)
        self._grow(self.tables._replace(deduction=rows))

    def copy(self) -> Self:
        """An independent copy: advancing it leaves this one as it is."""
        return type(self)(
            Tables(*(table.copy() for table in self.tables)),
            self.teams.copy(),
            self.tournaments.copy(),
            self.pairs.copy(),
            self.last_known_at,
            self.n_results,
        )

    def save(self, path: Path) -> None:
        """Write to one .npz; the same state gives the same bytes."""
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **self.arrays())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises StateCorrupt when the file is broken or was written by another version."""
        return loaded(path, cls.from_arrays)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The whole state by name: ids are (n,), tables (n, n_numbers) or (n, m, n_numbers)."""
        moment = [FEATURE_VERSION, self.last_known_at, self.n_results]
        return {
            "moment": np.array(moment, dtype=np.int64),
            "team_ids": self.teams.ids(),
            "tournament_ids": self.tournaments.ids(),
            "pair_keys": self.pairs.ids(),
            **_saved(self.tables),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Self:
        """The way back from `arrays`, whose shapes must be (n, n_numbers) as there.

        Raises
        ------
        ValueError
            If the version is another, or shapes don't fit together.
        """
        version, last_known_at, n_results = (int(value) for value in arrays["moment"])
        if version != FEATURE_VERSION:
            raise ValueError(f"version {version} of the features, this is {FEATURE_VERSION}.")
        teams, leagues = Rows(arrays["team_ids"].tolist()), Rows(arrays["tournament_ids"].tolist())
        pairs = Rows(arrays["pair_keys"].tolist())
        fresh = extended(empty_tables(), teams=len(teams), leagues=len(leagues), pairs=len(pairs))
        tables = _restored(arrays, fresh)
        return cls(tables, teams, leagues, pairs, last_known_at, n_results)

    def _admit(self, fixtures: Fixtures) -> None:
        self.teams.admit(np.stack([fixtures.home, fixtures.away], axis=1).ravel())
        self.tournaments.admit(fixtures.tournament)
        self.pairs.admit(pair_keys(self.teams.rows(fixtures.home), self.teams.rows(fixtures.away)))
        self._grow(self.tables)

    def _grow(self, tables: Tables) -> None:
        self.tables = extended(
            tables,
            teams=len(self.teams),
            leagues=len(self.tournaments),
            pairs=len(self.pairs),
        )

    def _rows(self, fixtures: Fixtures) -> Records:
        """Every fixture as the walk takes it: (n,) of FIXTURE."""
        rows = np.empty(len(fixtures), FIXTURE)
        rows["home"], rows["away"] = self.teams.rows(fixtures.home), self.teams.rows(fixtures.away)
        rows["pair"] = self.pairs.rows(pair_keys(rows["home"], rows["away"]))
        rows["league"] = self.tournaments.rows(fixtures.tournament)
        rows["kickoff"], rows["season"] = fixtures.kickoff, fixtures.season
        rows["neutral"] = fixtures.neutral
        return rows

    def _run(
        self, rows: Records, matches: Matches, updates: Ints, out: Floats, read: slice
    ) -> None:
        statistics = records(matches.statistics, STATISTICS)
        arrays = (rows, matches.known_at, statistics, updates, records(out, FEATURES))
        run(self.tables, SPEC, *arrays, read.start, read.stop)
        self._note_applied(matches, updates)

    def _note_applied(self, matches: Matches, updates: Ints) -> None:
        self.n_results += len(updates)
        if len(updates):
            self.last_known_at = int(matches.known_at[updates[-1]])

    def _refuse_earlier(self, kickoff: Ints) -> None:
        if len(kickoff) and kickoff.min() < self.as_of:
            raise OutOfOrder(_too_early(int(kickoff.min()), self.as_of))

    def _refuse_known_before(self, matches: Matches, updates: Ints) -> None:
        if len(updates) and matches.known_at[updates[0]] < self.as_of:
            raise OutOfOrder(
                f"The result of match {matches.match_id[updates[0]]} was known before the "
                f"state's moment ({_text(self.as_of)}): walk all matches again."
            )


def _saved(tables: Tables) -> dict[str, Floats]:
    """The tables as plain numbers, which any program can read; the world's one row as such."""
    arrays = {name: plain(table) for name, table in tables._asdict().items()}
    return arrays | {"world": arrays["world"][0]}


def _restored(arrays: dict[str, NDArray[Any]], fresh: Tables) -> Tables:
    """Saved tables as records of those of fresh ones of the same size."""
    # States that were saved before deductions were kept have none.
    arrays = {"deduction": plain(np.zeros(0, DEDUCTION)), **arrays}
    fresh = fresh._replace(deduction=np.zeros(len(arrays["deduction"]), DEDUCTION))
    for name, table in _saved(fresh).items():
        if arrays[name].shape != table.shape or arrays[name].dtype != table.dtype:
            raise ValueError(f"table {name} has shape {arrays[name].shape}, not {table.shape}.")
    saved = {name: arrays[name] for name in Tables._fields}
    saved["world"] = saved["world"][None]
    return Tables(*(records(saved[name], getattr(fresh, name).dtype) for name in Tables._fields))


def _stretches(matches: Matches, updates: Ints, spacing: int) -> Iterator[tuple[slice, slice]]:
    """The walk in parts of `spacing` updates: the fixtures to read, and the updates, of each.

    A part reads the fixtures that kick off before the first update of the next is known.
    """
    ends = range(spacing, len(updates), spacing) if spacing else range(0)
    read, applied = 0, 0
    for end in ends:
        stop = int(np.searchsorted(matches.fixtures.kickoff, matches.known_at[updates[end]]))
        yield slice(read, stop), slice(applied, end)
        read, applied = stop, end
    yield slice(read, len(matches)), slice(applied, len(updates))


def _by_moment_known(matches: Matches) -> Ints:
    with_result = np.flatnonzero(matches.has_result)
    keys = (matches.match_id[with_result], matches.known_at[with_result])
    return with_result[np.lexsort(keys)]


def _unpriced() -> Floats:
    """A row of features whose match has no price of its own."""
    return np.full(len(FEATURE_NAMES), np.nan)


def _too_early(kickoff: int, as_of: int) -> str:
    return (
        f"Kick-off {_text(kickoff)} lies before the state's moment ({_text(as_of)}): "
        "its features would see later results."
    )


def _text(moment: int) -> str:
    return f"{np.datetime64(moment, 's')}Z" if moment > BEGINNING else "the beginning"
