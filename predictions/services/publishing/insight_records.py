"""How the insight into one match is kept and told: no library but Python's own, for web processes.

Goal rates are enough for every market, since the score matrix is made to agree with the served
1X2 when it is read; of the reasons those are kept that moved the prediction most.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from predictions.outcomes import LABELS

BLOCK = 512  # match ids
N_REASONS = 12
UNIT = 1 / 32_767  # of a kept share: a step is 0.003 percentage points
RECORD = struct.Struct(f"<I2f{N_REASONS}H{N_REASONS}f{2 * N_REASONS}h")
MATCH_ID = struct.Struct("<I")
NO_FEATURE = 0xFFFF  # where a model has fewer features than there are places

Three = tuple[float, float, float]


@dataclass(frozen=True)
class Reason:
    """A feature, its value, and its share in each probability."""

    name: str
    value: float
    shares: Three


@dataclass(frozen=True)
class Record:
    """The expected goals of a match, and what moved its prediction most."""

    goals: tuple[float, float]
    reasons: list[Reason]


def deflated(records: bytes) -> bytes:
    return zlib.compress(records, 6)


def found(packed: bytes, match_id: int, names: Sequence[str]) -> Record | None:
    """The record of a match in a block, if it has one."""
    records = zlib.decompress(packed)
    for start in range(0, len(records), RECORD.size):
        if MATCH_ID.unpack_from(records, start)[0] == match_id:
            return _record(RECORD.unpack_from(records, start), names)
    return None


def _record(values: Sequence[Any], names: Sequence[str]) -> Record:
    places, rest = values[3 : 3 + N_REASONS], values[3 + N_REASONS :]
    numbers, shares = rest[:N_REASONS], rest[N_REASONS:]
    reasons = [
        Reason(names[place], number, _all_three(shares[2 * i], shares[2 * i + 1]))
        for i, (place, number) in enumerate(zip(places, numbers, strict=True))
        if place != NO_FEATURE
    ]
    return Record((values[1], values[2]), reasons)


def _all_three(home: int, away: int) -> Three:
    # Chances sum to 1 with a feature as without it, so its shares sum to 0: the draw's is no news.
    return home * UNIT, -(home + away) * UNIT, away * UNIT


def explained(
    served: Sequence[float], average: Sequence[float], reasons: Iterable[Reason]
) -> dict[str, Any]:
    """What the model says of the average match, and the features that moved it from there most.

    Shares are in probability; with `all_others` they lead from the average match to what is served.
    """
    shown = list(reasons)
    others = [
        served[i] - average[i] - sum(reason.shares[i] for reason in shown)
        for i in range(len(LABELS))
    ]
    return {
        "average_match": by_class(average),
        "features": [
            {"name": reason.name, "value": reason.value, **by_class(reason.shares)}
            for reason in shown
        ],
        "all_others": by_class(others),
    }


def by_class(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(LABELS, (float(value) for value in values), strict=True))
