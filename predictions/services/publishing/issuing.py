"""Said or worked out: which predictions were issued, and which are retrospective.

Issued is what was made before the kick-off known then. All others were worked out afterwards, from
what was known at kick-off: right to measure a model by, and no proof that anybody was told.
"""

from dataclasses import dataclass
from datetime import datetime

# Over b, a batch, and p, one of its predictions.
ISSUED = "b.computed_at < p.start_time_utc"


def is_issued(computed_at: datetime, kickoff: datetime) -> bool:
    """`kickoff` is that of the prediction: as known when it was made."""
    return computed_at < kickoff


@dataclass(frozen=True)
class Origin:
    """How many of some predictions were issued, and how many are retrospective."""

    n_issued: int
    n_retrospective: int
