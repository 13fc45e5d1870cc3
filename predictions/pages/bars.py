"""Three probabilities as the parts of a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from predictions.pages.numbers import percent


@dataclass(frozen=True)
class Bar:
    """Home, draw and away; starts and widths are in per cent of the bar."""

    home: float
    draw: float
    away: float

    @classmethod
    def of(cls, proba: Sequence[float]) -> Self:
        home, draw, away = proba
        return cls(home, draw, away)

    @property
    def draw_start(self) -> float:
        return round(100 * self.home, 2)

    @property
    def away_start(self) -> float:
        return round(100 * (self.home + self.draw), 2)

    @property
    def draw_width(self) -> float:
        return round(self.away_start - self.draw_start, 2)

    @property
    def away_width(self) -> float:
        return round(100 - self.away_start, 2)

    @property
    def parts(self) -> list[str]:
        """In whole per cent."""
        return [percent(part) for part in (self.home, self.draw, self.away)]
