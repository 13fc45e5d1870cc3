"""What an edge is worth on a page: nothing, unless bets like it are proven to have gained."""

from datetime import datetime

from livescores.models import MatchStatus
from predictions.modelling.pricing.books import DOUBTFUL_EDGE
from predictions.models import BettingReturn, EdgeReturn
from predictions.pages.numbers import NBSP, signed

DOUBTFUL = (
    f"An edge above {100 * DOUBTFUL_EDGE:g}{NBSP}% is doubtful: the price, or the model, is far "
    "more likely to be wrong than generous."
)
CAN_BE_BET_ON = {MatchStatus.SCHEDULED, MatchStatus.UNKNOWN}


def is_open(status: str, kickoff: datetime, now: datetime, *, in_sample: bool) -> bool:
    """Whether a match is still to come that the model knows no more of than anybody."""
    return status in CAN_BE_BET_ON and kickoff > now and not in_sample


def span(one: EdgeReturn) -> str:
    """5 to 10 %, or 15 % and more."""
    start = f"{100 * one.min_edge:g}"
    if one.max_edge is None:
        doubtful = ", doubtful" if one.min_edge >= DOUBTFUL_EDGE else ""
        return f"{start}{NBSP}% and more{doubtful}"
    return f"{start} to {100 * one.max_edge:g}{NBSP}%"


def returned(one: BettingReturn) -> str:
    """A return with its interval."""
    if one.roi_pct is None:
        return "no bet yet"
    roi = f"{signed(one.roi_pct)}{NBSP}%"
    if one.roi_ci_low is None or one.roi_ci_high is None:
        return f"{roi} ({one.n_bets} bets, too few to tell)"
    return f"{roi} (90{NBSP}%: {signed(one.roi_ci_low)} to {signed(one.roi_ci_high)})"


def sentence(one: EdgeReturn) -> str:
    """What flat stakes on such edges have returned."""
    of_what = f"an edge of {span(one)} at {one.bookmaker.code}"
    if one.roi_pct is None:
        return f"No bet like this one, {of_what}, has been simulated yet."
    verdict = one.verdict.label
    return f"Bets like this one, {of_what}, returned {returned(one)}: {verdict}."
