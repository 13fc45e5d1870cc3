"""A match's page, with what was thought of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from livescores.admin import MatchAdmin
from livescores.models import Match
from predictions.admin.columns import PredictionColumns, Prices, TwoWayPrices
from predictions.admin.course import course_of
from predictions.models import Odds, Prediction, PriceMoment, TwoWayOdds
from predictions.services.odds import closing_line
from predictions.services.odds.closing_line import ClosingPrice, NoClosingPrice
from soccerpredict.back_office.admin import ReadOnlyInline, facts, minute, once


class PredictionInline(PredictionColumns, ReadOnlyInline):
    model = Prediction
    fields = ("home", "draw", "away", "model_version", "stage", "computed_at", "sample")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prediction]:
        found: QuerySet[Prediction] = super().get_queryset(request)
        return found.select_related("batch__model_version")


class OddsInline(Prices, ReadOnlyInline):
    model = Odds
    fields = (
        "bookmaker",
        "kind",
        "home",
        "draw",
        "away",
        "held",
        "captured_at",
        "moment",
        "source",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Odds]:
        found: QuerySet[Odds] = super().get_queryset(request)
        return found.select_related("bookmaker")


class TwoWayOddsInline(TwoWayPrices, ReadOnlyInline):
    model = TwoWayOdds
    fields = (
        *("bookmaker", "market", "line", "kind", "first", "second", "held"),
        *("captured_at", "moment", "source"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TwoWayOdds]:
        found: QuerySet[TwoWayOdds] = super().get_queryset(request)
        return found.select_related("bookmaker")


# livescores knows nothing of predictions; here a match's page gets what was thought of it.
admin.site.unregister(Match)


@admin.register(Match)
class PredictedMatchAdmin(MatchAdmin):
    inlines = (PredictionInline, OddsInline, TwoWayOddsInline, *MatchAdmin.inlines)
    readonly_fields: tuple[str, ...] = (*MatchAdmin.readonly_fields, "course", "closing_line")

    def get_fieldsets(
        self, request: HttpRequest, obj: Match | None = None
    ) -> list[tuple[str | None, dict[str, Any]]]:
        thought = [
            ("Over time", {"fields": ("course",)}),
            ("Closing line", {"fields": ("closing_line",)}),
        ]
        return [*super().get_fieldsets(request, obj), *(thought if obj else [])]

    @admin.display(description="")
    @once
    def course(self, match: Match) -> str:
        return course_of(match)

    @admin.display(description="")
    @once
    def closing_line(self, match: Match) -> SafeString:
        """Each bookmaker's last price before kick-off and its origin, or why there is none."""
        answers = closing_line.of_match(match)
        return facts({answer.bookmaker: in_words(answer) for answer in answers})


def in_words(answer: ClosingPrice | NoClosingPrice) -> str:
    if isinstance(answer, NoClosingPrice):
        return answer.reason
    prices = " / ".join(f"{price:.2f}" for price in answer.prices)
    how = PriceMoment(answer.moment).label
    return f"{prices}, {answer.kind} of {answer.source}, {minute(answer.captured_at)} UTC ({how})"
