"""Which constants of the state machine could change without being seen in a known world.

    NUMBA_DISABLE_JIT=1 python -m tests.predictions.modelling.changed_constants [NAME ...]

Each is raised, and lowered, by a tenth; then three of the ratings (goals, composite and market)
walk the world of `golden_world` until a feature differs. Code that is not compiled looks constants
up at each use, so nothing is built anew. Takes minutes; `docs/mutants.md` has the record.
"""

import sys
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest import mock

import numpy as np

from predictions.modelling.features import ratings, tables, team_state
from predictions.modelling.features.kernel import applying, filtering, reading, standings, walking
from predictions.modelling.features.machine import walk
from tests.predictions.modelling import golden_world
from tests.predictions.modelling.rounding import rounded

BY = (1.1, 0.9)
KERNEL: tuple[ModuleType, ...] = (applying, filtering, reading, standings)
ELSEWHERE = ("DAY", "UNKNOWN_SEASON", "FIRST_MOVE", "N_COUNTED", "N_RECENT")  # units, marks, sizes
FEW = ratings.as_spec((ratings.GOALS, ratings.COMPOSITE, ratings.MARKET))


class Seen(Exception):
    """A feature differs, which ends a walk."""


def constants():
    """The numbers that modules of the kernel name, and those of a rating."""
    named = {name: value for module in KERNEL for name, value in vars(module).items()}
    numbers = {
        name: value
        for name, value in named.items()
        if name.isupper() and isinstance(value, int | float | tuple) and name not in ELSEWHERE
    }
    return numbers | dict.fromkeys(ratings.PARAMETERS)


def changed(value, factor):
    """A tenth of a whole number is at least one."""
    if isinstance(value, tuple):
        return tuple(changed(one, factor) for one in value)
    if isinstance(value, int):
        return value + (1 if factor > 1 else -1) * max(1, round(abs(factor - 1) * value))
    return value * factor


@contextmanager
def shown(look):
    """Every row of features goes through `look` once it is read."""
    read = reading.read_features

    def read_and_look(tables, spec, fixture, out):
        out["ratings"], out["past_odds"] = 0.0, 0.0  # of the ratings that are left out
        read(tables, spec, fixture, out)
        look(rounded(np.frombuffer(out.tobytes())))

    with mock.patch.object(walking, "read_features", read_and_look):
        yield


def rows_of(matches):
    """Features of each match as read, one after the other."""
    rows = []
    with shown(rows.append):
        walk(matches)
    return rows


def is_seen(matches, known):
    """Whether a walk reads anything else than is known."""
    rest = iter(known)

    def compare(row):
        if not np.array_equal(row, next(rest)):
            raise Seen

    with shown(compare):
        try:
            walk(matches)
        except Seen:
            return True
    return False


def with_change(name, value, factor, matches, known):
    if name in ratings.PARAMETERS:
        numbers = FEW.numbers.copy()
        numbers[name] *= factor
        with mock.patch.object(team_state, "SPEC", FEW._replace(numbers=numbers)):
            return is_seen(matches, known)
    with ExitStack() as stack:
        for module in (*KERNEL, tables):
            if hasattr(module, name):
                stack.enter_context(mock.patch.object(module, name, changed(value, factor)))
        return is_seen(matches, known)


def main(names):
    matches = golden_world.matches()
    chosen = {name: value for name, value in constants().items() if name in names or not names}
    n_seen = 0
    with mock.patch.object(team_state, "SPEC", FEW):
        known = rows_of(matches)
        for name, value in chosen.items():
            for factor in BY:
                seen = with_change(name, value, factor, matches, known)
                n_seen += seen
                if not seen:
                    say(f"{name} times {factor}: not seen")
    say(f"{n_seen} of {len(BY) * len(chosen)} changes of {len(chosen)} constants seen")


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
