"""Make the insight into every match that is predicted, and keep it for whoever asks.

Only blocks whose features changed since are made anew: of an hourly batch those of coming matches.
"""

import hashlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.goal_rates import expected_goals
from predictions.modelling.recipes import Fitted
from predictions.models import InsightBlock, PublicationPointer
from predictions.services.insight_records import (
    BLOCK,
    N_REASONS,
    NO_FEATURE,
    RECORD,
    UNIT,
    Reason,
    deflated,
)
from predictions.services.models import ServedModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AS_RECORD = np.dtype(
    [
        ("match_id", "<u4"),
        ("goals", "<f4", 2),
        ("place", "<u2", N_REASONS),
        ("value", "<f4", N_REASONS),
        ("share", "<i2", (N_REASONS, 2)),
    ]
)
HOME_AND_AWAY = [0, 2]
if AS_RECORD.itemsize != RECORD.size:
    raise AssertionError("The two descriptions of a record differ.")


def refresh(model: ServedModel, match_ids: Ints, features: Floats) -> int:
    """Bring a model's blocks up to date with the matches (n,) and features (n, n_features).

    Answers how many were made; what no stage serves any more is forgotten.
    """
    version = model.version
    stored = InsightBlock.objects.filter(model_version=version)
    known = dict(stored.values_list("number", "digest"))
    made = 0
    for number, rows in blocks_of(match_ids):
        ids, numbers = match_ids[rows], features[rows]
        digest = _digest(ids, model.fitted.selected(numbers))
        if known.pop(number, None) != digest:
            _keep(model, number, digest, ids, numbers)
            made += 1
    stored.filter(number__in=list(known)).delete()
    _forget_unserved(version.pk)
    return made


def blocks_of(match_ids: Ints) -> Iterator[tuple[int, Ints]]:
    """The number of each block and its rows, by match id."""
    order = np.argsort(match_ids, kind="stable")
    numbers = match_ids[order] // BLOCK
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    for rows in np.split(order, starts[1:]):
        if len(rows):
            yield int(match_ids[rows[0]] // BLOCK), rows


def _digest(ids: Ints, numbers: Floats) -> str:
    content = hashlib.sha256(np.ascontiguousarray(ids).tobytes())
    content.update(np.ascontiguousarray(numbers).tobytes())
    return content.hexdigest()


def _keep(model: ServedModel, number: int, digest: str, ids: Ints, numbers: Floats) -> None:
    fitted = model.fitted
    facts = {
        "names": list(fitted.recipe.columns),
        "average": [float(p) for p in fitted.base_rates()],
    }
    InsightBlock.objects.update_or_create(
        model_version=model.version,
        number=number,
        defaults={
            "digest": digest,
            "facts": facts,
            "packed": deflated(records(fitted, ids, numbers)),
        },
    )


def records(fitted: Fitted, ids: Ints, numbers: Floats) -> bytes:
    """The records of some matches, one after the other."""
    kept = np.zeros(len(ids), dtype=AS_RECORD)
    kept["match_id"], kept["goals"], kept["place"] = ids, expected_goals(numbers), NO_FEATURE
    values, shares, order = moved(fitted, numbers)
    n = order.shape[1]
    kept["place"][:, :n] = order
    kept["value"][:, :n] = np.take_along_axis(values, order, axis=1)
    strongest = np.take_along_axis(shares, order[:, :, None], axis=1)
    kept["share"][:, :n] = np.rint(strongest[:, :, HOME_AND_AWAY] / UNIT)
    return kept.tobytes()


def reasons(fitted: Fitted, numbers: Floats) -> list[Reason]:
    """What moved the prediction of one match (1, n_features) most, the strongest first."""
    values, shares, order = moved(fitted, numbers)
    return [
        Reason(
            fitted.recipe.columns[place], float(values[0, place]), tuple(shares[0, place].tolist())
        )
        for place in order[0].tolist()
    ]


def moved(fitted: Fitted, numbers: Floats) -> tuple[Floats, Floats, Ints]:
    """Values (n, k), shares (n, k, 3), and the places of the strongest (n, N_REASONS).

    Of the model's own columns; a price that is missing counts as even odds.
    """
    shares = fitted.explain(numbers)
    strength = np.abs(shares).sum(axis=2)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :N_REASONS]
    return np.nan_to_num(fitted.selected(numbers)), shares, order


def _forget_unserved(just_made: int) -> None:
    served = PublicationPointer.objects.values_list("batch__model_version_id", flat=True)
    InsightBlock.objects.exclude(model_version_id__in=[*served, just_made]).delete()
