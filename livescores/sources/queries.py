"""What a provider is asked for, and which pages of its own answer it. Plain values, no network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

NEW_SEASON_MONTH = 7


class NotConfigured(Exception):
    """A source cannot be asked as things are set; the text says what to set."""


class CannotAsk(Exception):
    """A season or league that the source does not have; the text says what it has."""


@dataclass(frozen=True)
class Asked:
    """What to fetch: the provider's address and token from settings, the rest from the caller.

    `season` is written 2024-25, or 2024 for leagues of one calendar year; empty means the current
    one. `leagues` are the source's own codes; empty means all that it has.
    """

    url: str
    today: date
    token: str = field(default="", repr=False)
    season: str = ""
    leagues: Sequence[str] = ()
    second_url: str = ""  # asked where the first fails

    def at_both(self, pages: "Callable[[Asked], Sequence[Page]]") -> "list[Page]":
        """The pages at the first address, each with the one that is asked instead of it."""
        found = list(pages(self))
        if not self.second_url:
            return found
        second = pages(replace(self, url=self.second_url, second_url=""))
        return [replace(page, instead=at) for page, at in zip(found, second, strict=True)]

    def of(self, known: Mapping[str, object]) -> list[str]:
        """The leagues asked for, all of `known` where none is named.

        Raises:
            CannotAsk: a code that the source does not have.
        """
        for code in self.leagues:
            if code not in known:
                raise CannotAsk(f"Unknown league {code[:20]!r}: choose {', '.join(known)}.")
        return list(self.leagues or known)

    def years(self) -> tuple[int, int]:
        """First and last calendar year of the season asked for.

        Raises:
            CannotAsk: the season is not written like 2024-25 or 2024.
        """
        if not self.season:
            first = self.today.year if self.today.month >= NEW_SEASON_MONTH else self.today.year - 1
            return first, first + 1
        first_text, dash, last_text = self.season.partition("-")
        is_year = first_text.isascii() and first_text.isdecimal() and len(first_text) == 4
        first = int(first_text) if is_year else 0
        last = first + 1 if dash else first
        if not 1900 <= first <= 2100 or (dash and last_text != f"{last % 100:02}"):
            raise CannotAsk(f"{self.season[:20]!r} is no season: write 2024-25, or 2024.")
        return first, last

    def days(self, before: int, after: int) -> tuple[date, date]:
        return self.today - timedelta(days=before), self.today + timedelta(days=after)


@dataclass(frozen=True)
class Page:
    """One page of a provider. Its `url` may be logged and kept; headers and `secret` may not."""

    url: str
    name: str  # tells the parser what a file's name would
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)  # more of the query
    may_be_missing: bool = False  # a season that has not begun has no page yet
    instead: "Page | None" = None  # at the source's second address, where the first fails
