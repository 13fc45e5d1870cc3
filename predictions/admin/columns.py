"""What several admin pages show of their rows."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from livescores.admin_search import named
from livescores.models import Match
from predictions.models import Odds, Prediction, TwoWayOdds
from soccerpredict.back_office.admin import BigTableAdmin, badge, minute, page_of, percent

MOST_MATCHES = 300  # newest ones that a search for their odds or predictions looks at
STAGE_COLOURS = {"Champion": "success", "Challenger": "info"}


class PredictionColumns:
    """What a list of predictions shows of each, on its own page or a match's."""

    @admin.display(description="home")
    def home(self, prediction: Prediction) -> str:
        return percent(prediction.proba_home)

    @admin.display(description="draw")
    def draw(self, prediction: Prediction) -> str:
        return percent(prediction.proba_draw)

    @admin.display(description="away")
    def away(self, prediction: Prediction) -> str:
        return percent(prediction.proba_away)

    @admin.display(description="model")
    def model_version(self, prediction: Prediction) -> SafeString:
        return page_of(prediction.batch.model_version)

    @badge("stage", STAGE_COLOURS)
    def stage(self, prediction: Prediction) -> str:
        return prediction.batch.get_stage_display()

    @admin.display(description="computed (UTC)")
    def computed_at(self, prediction: Prediction) -> str:
        return minute(prediction.batch.computed_at)

    @badge("sample", {"in sample": "warning"})
    def sample(self, prediction: Prediction) -> str:
        return "in sample" if prediction.in_sample else "unseen"


class HeldBack:
    """Whether prices are in quarantine: they stay in their table, and nothing uses them."""

    @badge("quarantine", {"held back": "warning"})
    def held(self, odds: Odds | TwoWayOdds) -> str:
        return "held back" if odds.is_quarantined else ""


class TwoWayPrices(HeldBack):
    """The two columns of odds on a line."""

    @admin.display(description="over or home")
    def first(self, odds: TwoWayOdds) -> str:
        return f"{odds.odd_first:.2f}"

    @admin.display(description="under or away")
    def second(self, odds: TwoWayOdds) -> str:
        return f"{odds.odd_second:.2f}"


class Prices(HeldBack):
    """The three columns of whatever holds 1X2 odds."""

    @admin.display(description="home")
    def home(self, odds: Odds) -> str:
        return f"{odds.odd_home:.2f}"

    @admin.display(description="draw")
    def draw(self, odds: Odds) -> str:
        return f"{odds.odd_draw:.2f}"

    @admin.display(description="away")
    def away(self, odds: Odds) -> str:
        return f"{odds.odd_away:.2f}"


class Staged:
    """The column of the alias under which something serves."""

    @badge("stage", STAGE_COLOURS, ordering="stage")
    def alias(self, row: Any) -> str:
        return str(row.get_stage_display())


class OfMatchAdmin(BigTableAdmin):
    """A big table about matches: searched by the newest matches that the words mean."""

    list_select_related: tuple[str, ...] = ("match__home_team", "match__away_team")
    search_fields = ("match__home_team__name", "match__away_team__name")
    search_help_text = (
        f"Words of the teams' names, or a match's number; of its newest {MOST_MATCHES} matches. "
        "Filters alone look through the newest rows."
    )

    def search(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        matches = Match.objects.filter(named(search_term)).order_by("-start_time_utc", "-id")
        return queryset.filter(match__in=list(matches.values_list("pk", flat=True)[:MOST_MATCHES]))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names also on a row's own page, which knows no list_select_related."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.select_related(*self.list_select_related)
