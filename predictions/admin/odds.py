"""Odds, and who set and who told them."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter

from predictions.admin.columns import OfMatchAdmin, Prices, TwoWayPrices
from predictions.models import Bookmaker, Odds, OddsSource, TwoWayOdds
from soccerpredict.back_office.admin import KeptAdmin, minute


@admin.register(Odds)
class OddsAdmin(Prices, OfMatchAdmin):
    list_display = ("match", "bookmaker", "kind", "home", "draw", "away", "held", "captured")
    list_select_related = (*OfMatchAdmin.list_select_related, "bookmaker")
    list_filter = ("kind", "moment", "is_quarantined", ("bookmaker", RelatedDropdownFilter))
    indexed_lookups = ("match__id__exact",)
    fields = (
        "match",
        ("bookmaker", "kind", "source"),
        ("home", "draw", "away"),
        ("captured_at", "moment", "recorded_at"),
        "is_quarantined",
    )

    @admin.display(description="captured (UTC)")
    def captured(self, odds: Odds) -> str:
        return minute(odds.captured_at)


@admin.register(TwoWayOdds)
class TwoWayOddsAdmin(TwoWayPrices, OfMatchAdmin):
    list_display = (
        *("match", "bookmaker", "market", "line", "kind", "first", "second", "held", "captured"),
    )
    list_select_related = (*OfMatchAdmin.list_select_related, "bookmaker")
    list_filter = (
        *("market", "kind", "moment", "is_quarantined"),
        ("bookmaker", RelatedDropdownFilter),
    )
    indexed_lookups = ("match__id__exact",)
    fields = (
        "match",
        ("bookmaker", "kind", "source"),
        ("market", "line"),
        ("first", "second"),
        ("captured_at", "moment", "recorded_at"),
        "is_quarantined",
    )

    @admin.display(description="captured (UTC)")
    def captured(self, odds: TwoWayOdds) -> str:
        return minute(odds.captured_at)


@admin.register(Bookmaker)
class BookmakerAdmin(KeptAdmin):
    list_display = ("code", "name", "kind", "priority")
    list_filter = ("kind",)
    search_fields = ("code", "name")


@admin.register(OddsSource)
class OddsSourceAdmin(KeptAdmin):
    list_display = ("name", "may_pass_on", "note", "first_seen_at")
    list_filter = ("may_pass_on",)
    search_fields = ("name", "note")
    readonly_fields = ("first_seen_at",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: OddsSource | None = None
    ) -> tuple[str, ...]:
        """The name, too: prices say by it where they come from."""
        return (*self.readonly_fields, "name") if obj else self.readonly_fields
