"""Simulated betting and what it returned."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from unfold.contrib.filters.admin import RelatedDropdownFilter

from predictions.admin.columns import Staged
from predictions.models import (
    BettingReturn,
    BettingRun,
    EdgeReturn,
    MonthReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
    Verdict,
)
from predictions.pages import edges
from predictions.pages.numbers import NBSP, signed
from predictions.services.betting import verdicts
from soccerpredict.back_office.admin import ReadOnlyAdmin, badge, facts, list_of, number, once

WAY = ("strategy", "bookmaker", "edge")
VERDICT_COLOURS = {Verdict.LOSS.label: "danger", Verdict.GAIN.label: "success"}
BOOKMAKER: Any = ("bookmaker", RelatedDropdownFilter)
FOUND = (
    number("n_bets", "bets"),
    "profit_units",
    "roi",
    "interval",
    "proven",
    "line_value",
)


@admin.register(BettingRun)
class BettingRunAdmin(Staged, ReadOnlyAdmin):
    list_display = (
        "computed_at",
        "alias",
        "total",
        "closing_value",
        "proven",
        number("n_matches", "matches"),
        number("n_issued", "issued before kick-off"),
        "returns",
    )
    list_filter = ("stage",)
    list_select_related = ("batch",)
    search_fields = ("batch__model_version__recipe",)
    ordering = ("-computed_at",)
    fields = (
        "returned",
        ("alias", "computed_at"),
        "batch",
        ("n_matches", "n_issued", "margin_method"),
        "returns",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BettingRun]:
        return verdicts.with_totals(super().get_queryset(request))

    @admin.display(description="returned", empty_value="-")
    def total(self, run: BettingRun) -> str | None:
        """Flat stakes on any edge at the first bookmaker."""
        found = total_of(run)
        return f"{edges.returned(found)} at {found.bookmaker.code}" if found else None

    @admin.display(description="CLV", empty_value="-")
    def closing_value(self, run: BettingRun) -> str | None:
        found = total_of(run)
        return clv(found) if found else None

    @badge("proven", VERDICT_COLOURS)
    def proven(self, run: BettingRun) -> str | None:
        found = total_of(run)
        return found.verdict.label if found else None

    @admin.display(description="returned")
    @once
    def returned(self, run: BettingRun) -> SafeString:
        """Each way to bet in all, then by the size of the edge."""
        return facts({way_of(one): in_words(one) for one in verdicts.returns_of(run)})

    def returns(self, run: BettingRun) -> SafeString:
        lists = ((OverallReturn, "in all"), (EdgeReturn, "by edge"), (RegionReturn, "by region"))
        links = [list_of(model, name, run__id__exact=run.pk) for model, name in lists]
        return mark_safe(", ".join(links))  # noqa: S308 - links of ours


def total_of(run: BettingRun) -> OverallReturn | None:
    totals: list[OverallReturn] = getattr(run, "totals", [])
    return totals[0] if totals else None


def clv(one: BettingReturn) -> str | None:
    return None if one.clv_pct is None else f"{signed(one.clv_pct)}{NBSP}%"


def way_of(one: BettingReturn) -> str:
    edge = f"edge of {edges.span(one)}" if isinstance(one, EdgeReturn) else "any edge"
    return f"{one.get_strategy_display()} at {one.bookmaker.code}, {edge}"


def in_words(one: BettingReturn) -> str:
    value = clv(one)
    closing = f"; closing-line value {value}" if value else ""
    return f"{edges.returned(one)}: {one.verdict.label}{closing}"


class ReturnAdmin(ReadOnlyAdmin):
    """What the returns of any group show."""

    group: tuple[str, ...] = ()
    list_filter: Any = ("strategy", "min_edge", BOOKMAKER)
    list_select_related: Any = ("bookmaker", "run")

    def get_fields(self, request: Any, obj: BettingReturn | None = None) -> Any:
        return (
            ("run", *self.group, "bookmaker"),
            ("strategy", "min_edge"),
            ("n_matches", "n_bets", "n_won", "n_void"),
            ("staked_units", "profit_units"),
            ("roi", "interval", "proven"),
            "line_value",
        )

    @admin.display(description="edge from", ordering="min_edge")
    def edge(self, returned: BettingReturn) -> str:
        return f"{returned.min_edge:.1%}"

    @admin.display(description="staked", ordering="staked")
    def staked_units(self, returned: BettingReturn) -> str:
        return f"{returned.staked:,.2f}"

    @admin.display(description="profit", ordering="profit")
    def profit_units(self, returned: BettingReturn) -> str:
        return f"{returned.profit:+,.2f}"

    @admin.display(description="ROI", empty_value="no bets")
    def roi(self, returned: BettingReturn) -> str | None:
        return None if returned.roi_pct is None else f"{returned.roi_pct:+.1f}%"

    @admin.display(description="90 % interval", empty_value="too few bets")
    def interval(self, returned: BettingReturn) -> str | None:
        if returned.roi_ci_low is None or returned.roi_ci_high is None:
            return None
        return f"{returned.roi_ci_low:+.1f} to {returned.roi_ci_high:+.1f} %"

    @badge("proven", VERDICT_COLOURS, ordering="roi_ci_low")
    def proven(self, returned: BettingReturn) -> str:
        return returned.verdict.label

    @admin.display(description="CLV", ordering="clv_pct")
    def line_value(self, returned: BettingReturn) -> str | None:
        return None if returned.clv_pct is None else f"{returned.clv_pct:+.1f}%"


@admin.register(OverallReturn)
class OverallReturnAdmin(ReturnAdmin):
    list_display = (*WAY, *FOUND)
    search_fields = ("bookmaker__code",)
    ordering = ("-run", "bookmaker__code", "strategy", "min_edge")


@admin.register(EdgeReturn)
class EdgeReturnAdmin(ReturnAdmin):
    list_display = ("span", "strategy", "bookmaker", *FOUND)
    search_fields = ("bookmaker__code",)
    ordering = ("-run", "bookmaker__code", "strategy", "min_edge")

    @admin.display(description="edge", ordering="min_edge")
    def span(self, returned: EdgeReturn) -> str:
        return edges.span(returned)


@admin.register(RegionReturn)
class RegionReturnAdmin(ReturnAdmin):
    group = ("region",)
    list_display = ("region", *WAY, *FOUND)
    list_filter = (*ReturnAdmin.list_filter, ("region", RelatedDropdownFilter))
    list_select_related = ("region", "bookmaker", "run")
    search_fields = ("region__name",)
    ordering = ("-run", "region__name", "strategy", "min_edge")


@admin.register(TournamentReturn)
class TournamentReturnAdmin(ReturnAdmin):
    group = ("tournament",)
    list_display = ("tournament", *WAY, *FOUND)
    list_filter = (*ReturnAdmin.list_filter, ("tournament", RelatedDropdownFilter))
    list_select_related = ("tournament__region", "bookmaker", "run")
    search_fields = ("tournament__name", "tournament__region__name")
    ordering = ("-run", "tournament__name", "strategy", "min_edge")


@admin.register(MonthReturn)
class MonthReturnAdmin(ReturnAdmin):
    group = ("month",)
    list_display = ("month", *WAY, *FOUND)
    search_fields = ("bookmaker__code",)
    ordering = ("-run", "-month", "strategy", "min_edge")
