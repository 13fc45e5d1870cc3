"""Simulated betting and what it returned."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from predictions.admin.columns import Staged
from predictions.models import (
    BettingReturn,
    BettingRun,
    MonthReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
)
from soccerpredict.http.admin import ReadOnlyAdmin, list_of, number

WAY = ("strategy", "bookmaker", "edge")
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
        "batch",
        number("n_matches", "matches"),
        number("n_issued", "issued before kick-off"),
        "returns",
    )
    list_filter = ("stage",)
    list_select_related = ("batch",)
    search_fields = ("batch__model_version__recipe",)
    ordering = ("-computed_at",)
    fields = (
        ("alias", "computed_at"),
        "batch",
        ("n_matches", "n_issued", "margin_method"),
        "returns",
    )

    def returns(self, run: BettingRun) -> SafeString:
        return list_of(RegionReturn, "by region", run__id__exact=run.pk)


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

    @admin.display(description="gain", ordering="roi_ci_low")
    def proven(self, returned: BettingReturn) -> str:
        return "proven" if returned.is_proven else "not proven"

    @admin.display(description="CLV", ordering="clv_pct")
    def line_value(self, returned: BettingReturn) -> str | None:
        return None if returned.clv_pct is None else f"{returned.clv_pct:+.1f}%"


@admin.register(OverallReturn)
class OverallReturnAdmin(ReturnAdmin):
    list_display = (*WAY, *FOUND)
    search_fields = ("bookmaker__code",)
    ordering = ("-run", "bookmaker__code", "strategy", "min_edge")


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
