"""Simulated betting and what it returned."""

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from predictions.admin.columns import Staged
from predictions.models import BettingRun, RegionReturn
from soccerpredict.http.admin import ReadOnlyAdmin, list_of


@admin.register(BettingRun)
class BettingRunAdmin(Staged, ReadOnlyAdmin):
    list_display = ("computed_at", "alias", "batch", "n_matches", "returns")
    list_filter = ("stage",)
    list_select_related = ("batch",)
    search_fields = ("batch__model_version__recipe",)
    ordering = ("-computed_at",)
    fields = (("alias", "computed_at"), "batch", ("n_matches", "returns"))

    def returns(self, run: BettingRun) -> SafeString:
        return list_of(RegionReturn, "by region", run__id__exact=run.pk)


@admin.register(RegionReturn)
class RegionReturnAdmin(ReadOnlyAdmin):
    list_display = (
        "region",
        "strategy",
        "bookmaker",
        "min_edge",
        "n_matches",
        "n_bets",
        "n_won",
        "staked_units",
        "profit_units",
        "roi",
        "interval",
        "run",
    )
    list_filter = (
        "strategy",
        "min_edge",
        ("region", RelatedDropdownFilter),
        ("bookmaker", RelatedDropdownFilter),
    )
    list_select_related = ("region", "bookmaker", "run")
    search_fields = ("region__name",)
    ordering = ("-run", "region__name", "strategy", "min_edge")
    fields = (
        ("run", "region", "bookmaker"),
        ("strategy", "min_edge"),
        ("n_matches", "n_bets", "n_won"),
        ("staked_units", "profit_units"),
        ("roi", "interval"),
    )

    @admin.display(description="staked", ordering="staked")
    def staked_units(self, returned: RegionReturn) -> str:
        return f"{returned.staked:,.2f}"

    @admin.display(description="profit", ordering="profit")
    def profit_units(self, returned: RegionReturn) -> str:
        return f"{returned.profit:+,.2f}"

    @admin.display(description="ROI", empty_value="no bets")
    def roi(self, returned: RegionReturn) -> str | None:
        return f"{returned.profit / returned.staked:+.1%}" if returned.staked else None

    @admin.display(description="90 % interval")
    def interval(self, returned: RegionReturn) -> str | None:
        if returned.roi_ci_low is None or returned.roi_ci_high is None:
            return None
        return f"{returned.roi_ci_low:+.1f} to {returned.roi_ci_high:+.1f} %"
