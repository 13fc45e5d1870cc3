"""When a match does not count: the one rule for bets and for the quality of forecasts.

A bet or a forecast stands if the match was played to the end within MOVED of the kick-off that was
known when it was made. A match that was postponed, cancelled, abandoned or awarded, or played later
(or earlier) than that, is void: stakes go back, and nothing is scored.
"""

from datetime import timedelta

from livescores.models import MatchStatus

MOVED = timedelta(hours=48)
STATUSES = (
    MatchStatus.POSTPONED,
    MatchStatus.CANCELLED,
    MatchStatus.ABANDONED,
    MatchStatus.AWARDED,
)


def has_moved(kick_off: str, foreseen: str) -> str:
    """As SQL over two moments: the kick-off known now, and the one that was foreseen."""
    return f"(abs(extract(epoch FROM {kick_off} - {foreseen})) > {MOVED.total_seconds():.0f})"


# As SQL over m (match).
IS_VOID = f"(m.status IN ({', '.join(repr(str(status.value)) for status in STATUSES)}))"
