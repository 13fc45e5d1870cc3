"""Prices that cannot be true, for a person to decide about."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from unfold.contrib.filters.admin import RelatedDropdownFilter

from predictions.models import QuarantinedOdds
from predictions.services.odds import quarantine
from soccerpredict.back_office.admin import badge, minute
from soccerpredict.back_office.decisions import DecidedAdmin

DECISION_COLOURS: dict[str, str] = {
    "Waiting": "warning",
    "Released": "success",
    "Discarded": "info",
    QuarantinedOdds.State.CLEARED.label: "success",
}


@admin.register(QuarantinedOdds)
class QuarantinedOddsAdmin(DecidedAdmin):
    list_display = ("as_read", "match", "bookmaker", "kind", "reason", "place", "found", "decision")
    list_filter = (
        "state",
        "rule",
        "market",
        "source",
        "kind",
        ("bookmaker", RelatedDropdownFilter),
    )
    list_select_related = ("match__home_team", "match__away_team", "bookmaker")
    search_fields = ("match__home_team__name", "match__away_team__name", "reason", "file")
    ordering = ("-found_at", "-id")
    actions = ("release", "discard")
    longest_reason = quarantine.MOST_REASON
    fields = (
        "match",
        ("bookmaker", "kind", "source"),
        ("market", "as_read"),
        ("rule", "reason"),
        ("place", "found_at"),
        ("captured_at", "moment"),
        ("decision", "decided_by", "decided_at"),
        "decision_reason",
        ("released_as", "released_as_two_way"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedOdds]:
        found: QuerySet[QuarantinedOdds] = super().get_queryset(request)
        return found.select_related(*self.list_select_related, "released_as", "released_as_two_way")

    @admin.display(description="read at")
    def place(self, row: QuarantinedOdds) -> str:
        return f"{row.file}:{row.line}" if row.line else row.file

    @admin.display(description="found (UTC)", ordering="found_at")
    def found(self, row: QuarantinedOdds) -> str:
        return minute(row.found_at)

    @badge("decision", DECISION_COLOURS, ordering="state")
    def decision(self, row: QuarantinedOdds) -> str:
        return row.get_state_display()

    def evidence(self, row: QuarantinedOdds) -> str:
        return f"{row.match}: {row.reason} Read at {self.place(row) or row.source}."

    @admin.action(description="Release: take these prices for true", permissions=["decide"])
    def release(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedOdds]
    ) -> HttpResponseBase | None:
        def decide(row: QuarantinedOdds, reason: str) -> None:
            quarantine.release(row.pk, by=request.user.get_username(), reason=reason)

        consequence = "Cards, models and simulations use these prices from now on:"
        return self.decided(request, queryset, decide, title="Release", consequence=consequence)

    @admin.action(description="Discard: leave these prices out for good", permissions=["decide"])
    def discard(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedOdds]
    ) -> HttpResponseBase | None:
        def decide(row: QuarantinedOdds, reason: str) -> None:
            quarantine.discard(row.pk, by=request.user.get_username(), reason=reason)

        consequence = "Nothing will ever use these prices, and no import asks again:"
        return self.decided(request, queryset, decide, title="Discard", consequence=consequence)
