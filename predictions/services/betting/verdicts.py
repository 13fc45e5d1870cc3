"""What the newest betting simulation proves: of all bets, and of bets with an edge like this one.

An edge is what a model hopes for. Until bets of its size are proven to have gained, it is no value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet, Subquery

from predictions.models import BettingReturn, BettingRun, EdgeReturn, OverallReturn
from predictions.services.betting.region_returns import first_bookmaker


@dataclass(frozen=True)
class Verdicts:
    """A way to bet in a simulation: in all, and by how large the edge was.

    `by_edge` is empty where the simulation is of before edges were told apart.
    """

    run: BettingRun | None
    bookmaker: str | None
    total: OverallReturn | None
    by_edge: list[EdgeReturn]


def newest(
    stage: str,
    *,
    strategy: str = BettingReturn.Strategy.FLAT.value,
    min_edge: float = 0.0,
    bookmaker: str | None = None,
) -> Verdicts:
    """Of the stage's newest simulation; without a bookmaker, of the first by priority."""
    run = BettingRun.objects.filter(stage=stage).order_by("-computed_at", "-pk").first()
    code = bookmaker or first_bookmaker(run, OverallReturn)
    way = {"run": run, "strategy": strategy, "bookmaker__code": code}
    total = OverallReturn.objects.filter(**way, min_edge=min_edge).select_related("bookmaker")
    by_edge = EdgeReturn.objects.filter(**way).select_related("bookmaker").order_by("min_edge")
    return Verdicts(run, code, total.first(), list(by_edge))


def is_outdated(stage: str) -> bool:
    """Whether the stage's newest simulation is of before edges were told apart."""
    run = BettingRun.objects.filter(stage=stage).order_by("-computed_at", "-pk").first()
    return run is not None and not EdgeReturn.objects.filter(run=run).exists()


@dataclass(frozen=True)
class BetsLikeIt:
    """What flat stakes have returned, by bookmaker and edge; books in order of priority."""

    books: Mapping[str, Sequence[EdgeReturn]] = field(default_factory=dict)

    def of(self, edge: float, bookmaker: str) -> EdgeReturn | None:
        """Bets of such an edge at that bookmaker, or at the first that was simulated."""
        book = self.books.get(bookmaker) or next(iter(self.books.values()), ())
        # From the highest span down: the first that the edge reaches is its own.
        return next((one for one in reversed(book) if edge >= one.min_edge), None)


def bets_like_it(stage: str) -> BetsLikeIt:
    """Of the stage's newest simulation, by one query."""
    newest_run = BettingRun.objects.filter(stage=stage).order_by("-computed_at", "-pk").values("pk")
    found = EdgeReturn.objects.filter(
        run=Subquery(newest_run[:1]), strategy=BettingReturn.Strategy.FLAT, bookmaker__kind="book"
    ).select_related("bookmaker")
    books: dict[str, list[EdgeReturn]] = {}
    for one in found.order_by("bookmaker__priority", "bookmaker__code", "min_edge"):
        books.setdefault(one.bookmaker.code, []).append(one)
    return BetsLikeIt(books)


def with_totals(runs: QuerySet[BettingRun]) -> QuerySet[BettingRun]:
    """Each with `totals`: flat stakes on any edge, the first bookmaker by priority first."""
    found = OverallReturn.objects.filter(
        strategy=BettingReturn.Strategy.FLAT, min_edge=0.0, bookmaker__kind="book"
    ).select_related("bookmaker")
    ordered = found.order_by("bookmaker__priority", "bookmaker__code")
    return runs.prefetch_related(Prefetch("overallreturn_set", ordered, to_attr="totals"))


def returns_of(run: BettingRun) -> list[BettingReturn]:
    """Each way to bet on any edge, then each span of edges, book by book."""
    order = ("bookmaker__priority", "bookmaker__code", "strategy", "min_edge")
    in_all = OverallReturn.objects.filter(run=run, min_edge=0.0).select_related("bookmaker")
    by_edge = EdgeReturn.objects.filter(run=run).select_related("bookmaker")
    return [*in_all.order_by(*order), *by_edge.order_by(*order)]
