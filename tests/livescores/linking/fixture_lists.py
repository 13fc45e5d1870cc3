"""Small leagues, told by two sources."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

from livescores.linking.clubs import Club
from livescores.linking.fixtures import ListedFixture

START = datetime(2024, 8, 10, 14, tzinfo=UTC)
WEEK = timedelta(days=7)


def club(name: str, *others: str, region: str = "England") -> Club:
    return Club(name, region, (name, *others))


def fixture(home: str, away: str, start: datetime = START, score=(1, 0), **fields) -> ListedFixture:
    told = {"id": 0, "league": "League", "season": "2024-25", "has_time": True, **fields}
    return ListedFixture(home=home, away=away, start=start, score=score, **told)


def season(names: Sequence[str], **fields) -> list[ListedFixture]:
    """Everybody plays everybody twice, a match a week, each with a result of its own."""
    return [
        fixture(home, away, START + number * WEEK, (number % 5, number // 5), id=number, **fields)
        for number, (home, away) in enumerate(permutations(names, 2))
    ]


def renamed(
    fixtures: Sequence[ListedFixture], names: Mapping[Hashable, Hashable]
) -> list[ListedFixture]:
    """The same matches as another source tells them."""
    return [
        one._replace(home=names.get(one.home, one.home), away=names.get(one.away, one.away))
        for one in fixtures
    ]
