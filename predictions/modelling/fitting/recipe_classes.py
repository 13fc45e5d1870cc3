"""The five promises of what a model may see. They are never reported as one."""

from enum import Enum

from predictions.modelling.arrays import Ints
from predictions.modelling.features.feature_names import (
    CLOSING,
    IDENTITY,
    ODDS_FREE,
    PAST_ODDS,
    PRE_MATCH,
    places_of,
)


class RecipeClass(Enum):
    """What a model may see: a letter, a short name, the promise, its features, its teacher."""

    letter: str
    sees: str
    promise: str
    columns: tuple[str, ...]
    is_market_taught: bool

    A = (
        "odds-free",
        "Results and match statistics; no odds anywhere, not even in training.",
        ODDS_FREE,
        False,
    )
    B = (
        "market-taught",
        "To predict, results, match statistics and who plays; to learn, closing odds of matches "
        "before, kept as a fading number for each club.",
        (*ODDS_FREE, *IDENTITY),
        True,
    )
    C = (
        "past odds",
        "No odds of the match itself; odds of earlier matches.",
        (*ODDS_FREE, *PAST_ODDS),
        True,
    )
    D = (
        "pre-match odds",
        "The match's prices some days or hours before; odds of earlier matches.",
        (*ODDS_FREE, *PAST_ODDS, *PRE_MATCH),
        True,
    )
    E = (
        "closing odds",
        "The match's prices at kick-off and before; odds of earlier matches.",
        (*ODDS_FREE, *PAST_ODDS, *PRE_MATCH, *CLOSING),
        True,
    )

    def __init__(
        self, sees: str, promise: str, columns: tuple[str, ...], is_market_taught: bool
    ) -> None:
        self.letter = self.name
        self.sees = sees
        self.promise = promise
        self.columns = columns
        self.is_market_taught = is_market_taught

    @property
    def label(self) -> str:
        """Letter and short name, as pages and answers show it."""
        return f"{self.letter} {self.sees}"

    @property
    def compared(self) -> tuple[str, ...]:
        """Those by which one match can be compared with another: not who plays, nor the day."""
        return tuple(name for name in self.columns if name not in IDENTITY)

    @property
    def places(self) -> Ints:
        """Where its columns stand among all features: (k,)."""
        return places_of(self.columns)
