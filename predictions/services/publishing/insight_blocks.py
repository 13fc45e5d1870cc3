"""Make the insight into every match that is predicted, and keep it for whoever asks.

Only blocks whose features changed since are made anew: of an hourly batch those of coming matches.
Those of a new model are all made, the newest matches first, over as many runs as it takes: a batch
spends INSIGHT_SECONDS on them after it has published.
"""

import hashlib
import logging
import time
from collections.abc import Iterator

import numpy as np
from django.conf import settings

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features.goal_rates import expected_goals
from predictions.modelling.fitting.recipes import Fitted
from predictions.models import InsightBlock, PublicationPointer
from predictions.services.publishing.insight_records import (
    BLOCK,
    N_REASONS,
    NO_FEATURE,
    RECORD,
    UNIT,
    Reason,
    deflated,
)
from predictions.services.versions.loading import ServedModel

logger = logging.getLogger(__name__)


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

    Answers how many were made. What is out of date, or of no stage any more, is forgotten; where
    nothing is kept yet, a worker answers.
    """
    blocks = dict(blocks_of(match_ids))
    digests = {
        # Of what the model reads alone: other features may change as they will.
        number: _digest(match_ids[rows], model.fitted.selected(features[rows]))
        for number, rows in blocks.items()
    }
    current = _forget_others(model, digests)
    waiting = sorted(digests.keys() - current, reverse=True)  # the newest matches first
    deadline = time.monotonic() + settings.INSIGHT_SECONDS
    for made, number in enumerate(waiting):
        # At least one a run: however slow the machine, the blocks come to an end.
        if made and time.monotonic() > deadline:
            logger.info("%d blocks of insight wait for the next run.", len(waiting) - made)
            return made
        rows = blocks[number]
        _keep(model, number, digests[number], match_ids[rows], features[rows])
    return len(waiting)


def _forget_others(model: ServedModel, digests: dict[int, str]) -> set[int]:
    """Keeps the model's blocks with these digests, and those of models that are served."""
    stored = InsightBlock.objects.filter(model_version=model.version)
    kept = {
        number
        for number, digest in stored.values_list("number", "digest")
        if digests.get(number) == digest
    }
    stored.exclude(number__in=kept).delete()
    _forget_unserved(model.version.pk)
    return kept


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
