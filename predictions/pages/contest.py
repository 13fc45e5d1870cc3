"""Champion beside challenger on the same matches: scores, differences, and what they prove."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from predictions.pages.numbers import NONE, signed
from predictions.services.publishing.issuing import Origin
from predictions.services.versions import comparison

SCORES = {"log_loss": "Log-loss", "brier": "Brier score", "rps": "RPS"}
NOT_PROVEN = "Not proven"
TOO_FEW = "Too few matches"
REACH = 1.96  # standard errors to either side: an interval that holds 95 %
DECIMALS = 4


@dataclass(frozen=True)
class Round:
    """A score of both. `difference` is champion minus challenger: below 0, the champion leads."""

    name: str
    champion: str
    challenger: str
    difference: str
    interval: str
    verdict: str

    @property
    def is_proven(self) -> bool:
        return self.verdict not in (NOT_PROVEN, TOO_FEW)


@dataclass(frozen=True)
class Contest:
    """Both stages on the matches that neither had learned from."""

    run_ids: frozenset[str]
    n_matches: int
    origin: Origin
    first: datetime
    last: datetime
    rounds: list[Round]

    @property
    def leading(self) -> Round:
        """By the score that decides: log-loss."""
        return self.rounds[0]


def current() -> Contest | None:
    """As it stands now; None before both are published and a match is over."""
    found = comparison.current()
    if found is None:
        return None
    return Contest(
        frozenset(found[stage]["model_run_id"] for stage in ("champion", "challenger")),
        found["n_matches"],
        Origin(found["n_issued"], found["n_retrospective"]),
        found["first_kick_off"],
        found["last_kick_off"],
        list(rounds(found)),
    )


def rounds(found: comparison.Facts) -> Iterator[Round]:
    for key, name in SCORES.items():
        yield _round(name, found[key])


def _round(name: str, score: dict[str, Any]) -> Round:
    difference, error = score["difference"], score["standard_error"]
    champion, challenger = (f"{score[stage]:.{DECIMALS}f}" for stage in ("champion", "challenger"))
    shown = signed(difference, DECIMALS)
    if error is None:
        return Round(name, champion, challenger, shown, NONE, TOO_FEW)
    low, high = difference - REACH * error, difference + REACH * error
    interval = f"{signed(low, DECIMALS)} to {signed(high, DECIMALS)}"
    return Round(name, champion, challenger, shown, interval, verdict(low, high))


def verdict(low: float, high: float) -> str:
    """Who is better; nobody where the interval of the difference holds 0."""
    if high < 0:
        return "Champion ahead"
    return "Challenger ahead" if low > 0 else NOT_PROVEN
