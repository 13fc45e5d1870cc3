"""Which prices of a match the others contradict; plain numbers, so web processes may ask, too.

A bookmaker's prices are turned into chances (its margin taken out in proportion) and held beside
the middle of what the other bookmakers say: the median of their logarithms, outcome by outcome.
The order in which prices came in does not matter: the verdict depends on all of them at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, log
from statistics import median
from typing import Self

Chances = tuple[float, ...]

# How far chances may lie apart, see `distance`. Of 1.88 million real 1X2 prices 107 lie further
# from the others' middle: prices of another match, of the other side, with a digit lost.
TOLERANCE = 0.1
# Markets move: of 236,222 real prices before a match none moved so far until its close. And a first
# price is a guess, about which bookmakers differ as widely.
TOLERANCE_IN_TIME = 0.5
# A model is no market: it knows nothing of today's line-ups.
TOLERANCE_OF_MODEL = 1.0
# The most a price may pay over what the others call fair; best prices on long shots pay threefold.
TOO_DEAR = 4.0
AT_ONCE = timedelta(hours=3)


@dataclass(frozen=True)
class Said:
    """The prices of one bookmaker at one moment; `key` names them, `rank` orders equals.

    Best prices over bookmakers are `is_best`: they say what somebody pays, not what is likely.
    What a person has released `stands`, and is heard where nobody else is.
    """

    key: int
    who: str
    at: datetime
    prices: Chances
    is_best: bool = False
    stands: bool = False
    is_opening: bool = False
    chances: Chances = field(init=False, repr=False)

    def __post_init__(self) -> None:
        inverse = [1 / price for price in self.prices]
        shares = tuple(share / sum(inverse) for share in inverse)
        object.__setattr__(self, "chances", shares)

    def order(self) -> tuple[str, datetime, int]:
        """By whom, when and which: the order in which it was read does not matter."""
        return self.who, self.at, self.key


@dataclass(frozen=True)
class Heard:
    """The middle of what others say, how many they are, and how far one may lie from them."""

    chances: Chances
    n: int
    tolerance: float = TOLERANCE
    who: str = "the only other"

    @classmethod
    def of(cls, others: Sequence[Said], tolerance: float) -> Self:
        """The middle of others, at least one, by the median of each outcome."""
        outcomes = range(len(others[0].prices))
        logs = [median(log(one.chances[i]) for one in others) for i in outcomes]
        shares = [exp(one) for one in logs]
        return cls(tuple(share / sum(shares) for share in shares), len(others), tolerance)

    def excess(self, said: Said) -> float:
        """How many times too far away the prices lie; above 1 they contradict."""
        apart = distance(said.chances, self.chances) / self.tolerance
        pays = max(p * price for p, price in zip(self.chances, said.prices, strict=True))
        return max(apart, pays / TOO_DEAR)


def distance(chances: Chances, others: Chances) -> float:
    """The relative entropy of each to the other, added up: 0 where they are equal.

    It weighs a difference of log-odds by the probability that has moved, so that long shots, about
    which bookmakers never agree, count for little, and a favourite that is none counts at once.

    References
    ----------
    Jeffreys (1946), Proceedings of the Royal Society A 186(1007).

    >>> round(distance((0.5, 0.3, 0.2), (0.45, 0.3, 0.25)), 4)
    0.0164
    """
    return sum((p - q) * (log(p) - log(q)) for p, q in zip(chances, others, strict=True))


def contradicted(said: Collection[Said], model: Chances | None = None) -> dict[int, Heard | None]:
    """What the others say, by key of each prices that they contradict.

    The worst goes first and is heard no more, until nobody is contradicted. Of two that contradict
    each other with no third to hear, the model tells; without one both go, and the answer is None.

    >>> prices = ((2.0, 3.4, 3.8), (2.05, 3.4, 3.7), (3.8, 3.4, 2.0))  # the last has sides reversed
    >>> said = [Said(key, f"B{key}", datetime.min, three) for key, three in enumerate(prices)]
    >>> list(contradicted(said))
    [2]
    """
    voices = sorted((one for one in said if not one.is_best), key=Said.order)
    out: dict[int, Heard | None] = {}
    while worst := max(_contradictions(voices), key=lambda found: found[0], default=None):
        _, one, heard = worst
        if heard.n > 1:
            out[one.key] = heard
            voices.remove(one)
            continue
        gone = _of_two(one, voices, model)
        out |= gone
        voices = [voice for voice in voices if voice.key not in gone]
    if model:
        out |= _by_model(voices, model)
        voices = [voice for voice in voices if voice.key not in out]
    for best in said:
        heard_by_best = hear(best, voices) if best.is_best and not best.stands else None
        if heard_by_best and heard_by_best.excess(best) > 1:
            out[best.key] = heard_by_best
    return out


def _contradictions(voices: Sequence[Said]) -> Iterator[tuple[float, Said, Heard]]:
    for one in voices:
        heard = None if one.stands else hear(one, voices)
        if heard and (excess := heard.excess(one)) > 1:
            yield excess, one, heard


def hear(said: Said, voices: Iterable[Said]) -> Heard | None:
    """What every other bookmaker says at that time, or if none does, at the time nearest to it.

    >>> one, other = (Said(key, f"B{key}", datetime.min, (2.0, 3.4, 3.8)) for key in (1, 2))
    >>> hear(one, [one, other]).n, hear(one, [one])
    (1, None)
    """
    nearest: dict[str, Said] = {}
    for voice in voices:
        held = nearest.get(voice.who)
        if voice.who != said.who and (held is None or _gap(said, voice) < _gap(said, held)):
            nearest[voice.who] = voice
    others = _to_be_heard(nearest.values())
    if not others:
        return None
    at_once = [voice for voice in others if _gap(said, voice) <= AT_ONCE]
    is_sure = bool(at_once) and not said.is_opening
    return Heard.of(at_once or others, TOLERANCE if is_sure else TOLERANCE_IN_TIME)


def _to_be_heard(voices: Iterable[Said]) -> list[Said]:
    """What a person has let stand against others does not turn against them."""
    known = list(voices)
    return [voice for voice in known if not voice.stands] or known


def _gap(one: Said, other: Said) -> timedelta:
    return abs(one.at - other.at)


def _of_two(one: Said, voices: Sequence[Said], model: Chances | None) -> dict[int, Heard | None]:
    """Which of two bookmakers' prices go: those further from the model, or both."""
    others = _to_be_heard(voice for voice in voices if voice.who != one.who)
    other = min(others, key=lambda voice: _gap(one, voice))
    if other.stands:
        return {one.key: Heard.of([other], TOLERANCE)}
    if model is None:
        return {one.key: None, other.key: None}
    heard = Heard(model, 1, TOLERANCE_OF_MODEL, "the model")
    return {max((one, other), key=heard.excess).key: heard}


def _by_model(voices: Sequence[Said], model: Chances) -> dict[int, Heard | None]:
    """A bookmaker who is alone is held beside the model."""
    if len({voice.who for voice in voices}) != 1:
        return {}
    heard = Heard(model, 1, TOLERANCE_OF_MODEL, "the model")
    return {one.key: heard for one in voices if not one.stands and heard.excess(one) > 1}


def out_of_line(lines: Mapping[float, Said], *, rises: bool) -> set[int]:
    """Keys of a bookmaker's prices on two lines that contradict each other.

    With more goals added to the home side its chance rises; with more goals asked for, that of over
    falls.

    >>> said = [Said(k, "B", datetime.min, pair) for k, pair in enumerate([(1.5, 2.6), (1.4, 3.0)])]
    >>> out_of_line({2.5: said[0], 3.5: said[1]}, rises=False)
    {0, 1}
    """
    ordered = [lines[line] for line in sorted(lines)]
    return {
        one.key
        for low, high in pairwise(ordered)
        if (high.chances[0] < low.chances[0]) == rises and high.chances != low.chances
        for one in (low, high)
    }
