"""Champion beside challenger on the same matches, counted from what both publish.

Only matches count that are over and that neither model has learned from. The database does the
sums anew every few seconds, so that a result that came in a moment ago is among them.
"""

import time
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from predictions.models import BatchRun, PublicationPointer, Stage
from predictions.outcomes import FROM_SCORE, SIDES

KEPT_SECONDS = 10.0
DECIMALS = 6
SCORES = ("log_loss", "brier", "rps")

BOTH = f"""
    SELECT a.start_time_utc AS kickoff,
           {", ".join(f"({FROM_SCORE} = {i})::int AS {side}" for i, side in enumerate(SIDES))},
           a.proba_home AS home_1, a.proba_draw AS draw_1, a.proba_away AS away_1,
           b.proba_home AS home_2, b.proba_draw AS draw_2, b.proba_away AS away_2
    FROM predictions_prediction a
    JOIN predictions_prediction b ON b.batch_id = %(challenger)s AND b.match_id = a.match_id
    JOIN livescores_match m ON m.id = a.match_id
    WHERE a.batch_id = %(champion)s AND a.start_time_utc > %(since)s
      AND NOT a.in_sample AND NOT b.in_sample
      AND m.status = 'finished' AND m.home_score IS NOT NULL AND m.away_score IS NOT NULL
"""
# As in modelling.scoring: Brier summed over outcomes, RPS divided by K - 1.
SCORED = """
    SELECT kickoff, {columns} FROM both_of_them
"""
OF_ONE = """
    -ln(greatest(home * home_{n} + draw * draw_{n} + away * away_{n}, 1e-15)) AS log_loss_{n},
    (home_{n} - home)^2 + (draw_{n} - draw)^2 + (away_{n} - away)^2 AS brier_{n},
    ((home_{n} - home)^2 + (away_{n} - away)^2) / 2 AS rps_{n}
"""
MEANS = """
    avg({name}_1), avg({name}_2), avg({name}_1 - {name}_2),
    stddev_samp({name}_1 - {name}_2) / sqrt(count(*))
"""
SELECT = f"""
    WITH both_of_them AS ({BOTH}),
         scored AS ({SCORED.format(columns=",".join(OF_ONE.format(n=n) for n in (1, 2)))})
    SELECT count(*), count(*) FILTER (WHERE kickoff > %(computed_at)s), min(kickoff), max(kickoff),
           {",".join(MEANS.format(name=name) for name in SCORES)}
    FROM scored
"""

Facts = dict[str, Any]


class _Kept(NamedTuple):
    batches: tuple[UUID, UUID]
    at: float
    facts: Facts | None


_kept: list[_Kept] = []


def current() -> Facts | None:
    """Both stages' scores and their paired differences; None before there is a match to compare.

    A difference is champion minus challenger: below 0, the champion is better.
    """
    batches = {batch.stage: batch for batch in _published()}
    if len(batches) < len(Stage):
        return None
    champion, challenger = batches[Stage.CHAMPION], batches[Stage.CHALLENGER]
    names = champion.pk, challenger.pk
    if not _kept or _kept[0].batches != names or time.monotonic() - _kept[0].at > KEPT_SECONDS:
        _kept[:] = [_Kept(names, time.monotonic(), _compared(champion, challenger))]
    return _kept[0].facts


def forget() -> None:
    """Count anew: for tests, which change the database under a process."""
    _kept.clear()


def _published() -> list[BatchRun]:
    pointers = PublicationPointer.objects.select_related("batch__model_version")
    return [pointer.batch for pointer in pointers]


def _compared(champion: BatchRun, challenger: BatchRun) -> Facts | None:
    since = max(batch.model_version.trained_until for batch in (champion, challenger))
    computed_at = max(batch.computed_at for batch in (champion, challenger))
    values: Facts = {
        "champion": champion.pk,
        "challenger": challenger.pk,
        "since": since,
        "computed_at": computed_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(SELECT, values)
        n_matches, n_issued, first, last, *numbers = cursor.fetchone()
    if not n_matches:
        return None
    return {
        "champion": _who(champion),
        "challenger": _who(challenger),
        "n_matches": n_matches,
        "n_issued": n_issued,
        "n_retrospective": n_matches - n_issued,
        "first_kick_off": first,
        "last_kick_off": last,
        **{name: _score(numbers[4 * i : 4 * i + 4]) for i, name in enumerate(SCORES)},
    }


def _who(batch: BatchRun) -> Facts:
    version = batch.model_version
    computed: datetime = batch.computed_at
    return {
        "model_run_id": version.run_id,
        "recipe_class": version.recipe_class,
        "predictions_computed_at": computed,
    }


def _score(numbers: list[float | None]) -> Facts:
    champion, challenger, difference, error = (
        None if number is None else round(number, DECIMALS) for number in numbers
    )
    return {
        "champion": champion,
        "challenger": challenger,
        "difference": difference,
        "standard_error": error,  # None of a single match
    }
