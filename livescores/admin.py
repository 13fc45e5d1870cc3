"""Regions to matches, in the admin; it brings along the pages of links and imports."""

import time
from functools import lru_cache
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from livescores import import_admin  # noqa: F401
from livescores.admin_search import DaysFilter, named
from livescores.link_admin import MatchConflictInline, MatchLinkInline, decide_each
from livescores.models import (
    Match,
    PointsDeduction,
    Region,
    Season,
    Team,
    TeamAlias,
    Tournament,
)
from livescores.services import (
    common_names,
    corrections,
    joining,
    link_decisions,
    match_rulings,
    names,
)
from livescores.services.deciding import CannotDecide
from soccerpredict.back_office.admin import (
    EstimatingPaginator,
    KeptAdmin,
    PlatformAdmin,
    ReadOnlyInline,
    badge,
    minute,
)
from soccerpredict.back_office.decisions import DecidingAdmin, ReasonForm

NOTICE_SECONDS = 60
MOST_JOINED = 5
STATUS_COLOURS = {
    "Live": "danger",
    "Finished": "success",
    "Scheduled": "info",
    "Postponed": "warning",
    "Cancelled": "warning",
    "Abandoned": "warning",
}


def data_notice(request: HttpRequest) -> tuple[str, str] | None:
    """What every page of the admin says of data that nobody played for."""
    period = int(time.monotonic() // NOTICE_SECONDS)
    return ("Simulated data", "warning") if has_simulated(period) else None


@lru_cache(maxsize=1)
def has_simulated(period: int) -> bool:
    """Asked once a minute and process."""
    return Region.objects.filter(is_simulated=True).exists()


@admin.register(Region)
class RegionAdmin(KeptAdmin):
    list_display = ("name", "is_simulated")
    list_filter = ("is_simulated",)
    search_fields = ("name",)


@admin.register(Tournament)
class TournamentAdmin(KeptAdmin):
    list_display = ("name", "region", "code", "tier", "is_cup")
    list_filter = (("region", RelatedDropdownFilter), "tier", "is_cup")
    list_select_related = ("region",)
    search_fields = ("name", "code", "region__name")
    autocomplete_fields = ("region",)


@admin.register(Season)
class SeasonAdmin(KeptAdmin):
    list_display = ("name", "tournament", "region")
    list_filter = (("tournament__region", RelatedDropdownFilter),)
    list_select_related = ("tournament__region",)
    search_fields = ("name", "tournament__name", "tournament__region__name")
    autocomplete_fields = ("tournament",)
    readonly_fields = ("told_name",)
    ordering = ("tournament__region__name", "tournament__tier", "-name")

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        if change:
            names.renamed(Season.objects.get(pk=obj.pk), obj)
        super().save_model(request, obj, form, change)

    @admin.display(ordering="tournament__region__name")
    def region(self, season: Season) -> Region:
        return season.tournament.region


class TeamAliasInline(ReadOnlyInline):
    model = TeamAlias
    fk_name = "team"
    fields = ("name", "source", "method", "created_at")


@admin.register(PointsDeduction)
class PointsDeductionAdmin(PlatformAdmin):
    list_display = ("team", "season", "points", "decided", "reason")
    list_filter = (("season__tournament__region", RelatedDropdownFilter),)
    list_select_related = ("team", "season__tournament")
    search_fields = ("team__name", "reason")
    autocomplete_fields = ("team",)
    raw_id_fields = ("season",)
    ordering = ("-decided_at", "-pk")

    @admin.display(description="decided (UTC)", ordering="decided_at")
    def decided(self, deduction: PointsDeduction) -> str:
        return minute(deduction.decided_at)


@admin.register(Team)
class TeamAdmin(KeptAdmin):
    list_display = ("name", "region")
    list_filter = (("region", RelatedDropdownFilter),)
    list_select_related = ("region",)
    search_fields = ("name", "aliases__name")
    autocomplete_fields = ("region",)
    inlines = (TeamAliasInline,)
    actions = ("merge",)

    @admin.action(description="Merge into the one with most matches", permissions=["change"])
    def merge(self, request: HttpRequest, teams: QuerySet[Team]) -> None:
        try:
            done = link_decisions.merge(list(teams), by=request.user.get_username())
        except CannotDecide as exc:
            self.message_user(request, str(exc), messages.ERROR)
        else:
            for decision in done:
                self.log_change(request, decision, decision.summary)
            self.message_user(request, f"{len(done)} clubs became another.")


@admin.register(TeamAlias)
class TeamAliasAdmin(PlatformAdmin):
    list_display = ("name", "team", "region", "source", "method", "score", "created_at")
    list_filter = ("method", "source", ("region", RelatedDropdownFilter))
    list_select_related = ("team", "region")
    search_fields = ("name", "team__name")
    autocomplete_fields = ("team", "region")
    readonly_fields = ("score", "evidence", "created_at")

    actions = ("split",)

    @admin.action(description="It is a club of its own", permissions=["change"])
    def split(self, request: HttpRequest, aliases: QuerySet[TeamAlias]) -> None:
        decide_each(self, request, aliases, link_decisions.split, "names are clubs of their own.")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A name that people use; a source's own is linked on import."""
        first = {"source": common_names.SOURCE, "method": TeamAlias.Method.OPERATOR}
        return {**first, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: TeamAlias, form: Any, change: bool) -> None:
        if "team" in form.changed_data:
            obj.method = TeamAlias.Method.OPERATOR
        super().save_model(request, obj, form, change)


class MoveForm(ReasonForm):
    """To when, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kick_off"] = forms.DateTimeField(
            label="Kick-off (UTC), as 2026-03-14 15:00", widget=UnfoldAdminTextInputWidget()
        )
        self.order_fields(["kick_off", "reason"])


@admin.register(Match)
class MatchAdmin(DecidingAdmin, KeptAdmin):
    list_display = ("kick_off", "teams", "score", "state", "tournament", "region", "source")
    list_display_links = ("kick_off", "teams")
    list_filter = (
        "status",
        ("season__tournament__region", RelatedDropdownFilter),
        ("start_time_utc", DaysFilter),
    )
    list_select_related = ("home_team", "away_team", "season__tournament__region")
    search_fields = ("home_team__name", "away_team__name")
    search_help_text = "Words of the teams' names, or a match's number."
    autocomplete_fields = ("home_team", "away_team")
    raw_id_fields = ("season",)  # its name alone, as 2025-26, tells no season from another
    readonly_fields: tuple[str, ...] = ("id", "updated_at", "league", "corrected", "same_as")
    actions = ("void", "move", "join", "split")
    longest_reason = 300
    inlines: tuple[type[ReadOnlyInline], ...] = (MatchLinkInline, MatchConflictInline)
    ordering = ("-start_time_utc", "-id")
    sortable_by = ("kick_off",)
    paginator = EstimatingPaginator
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("id", "source", "updated_at", "corrected", "same_as"),
                    ("season", "league"),
                    ("home_team", "away_team"),
                    ("start_time_utc", "finished_at"),
                    ("status", "minute", "has_kickoff_time", "neutral_venue"),
                )
            },
        ),
        (
            "Score after 90 minutes",
            {
                "fields": (
                    ("home_score", "away_score"),
                    ("home_half_time_score", "away_half_time_score"),
                )
            },
        ),
        (
            "Statistics",
            {
                "classes": ("collapse",),
                "fields": (
                    ("home_shots", "away_shots"),
                    ("home_shots_on_target", "away_shots_on_target"),
                    ("home_corners", "away_corners"),
                    ("home_fouls", "away_fouls"),
                    ("home_yellow_cards", "away_yellow_cards"),
                    ("home_red_cards", "away_red_cards"),
                ),
            },
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Match], search_term: str
    ) -> tuple[QuerySet[Match], bool]:
        return queryset.filter(named(search_term)), False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"source": "operator", **super().get_changeform_initial_data(request)}

    @admin.action(description="Void: it counts nowhere", permissions=["decide"])
    def void(self, request: HttpRequest, matches: QuerySet[Match]) -> HttpResponseBase | None:
        def decide(match: Match, reason: str) -> str:
            return match_rulings.void(match)

        consequence = (
            "No table, bet or forecast is settled on these matches, and no source changes that:"
        )
        return self.decided(request, matches, decide, title="Void", consequence=consequence)

    @admin.action(description="Move to another kick-off", permissions=["decide"])
    def move(self, request: HttpRequest, matches: QuerySet[Match]) -> HttpResponseBase | None:
        def decide(match: Match, given: dict[str, Any]) -> str:
            return match_rulings.move(match, given["kick_off"])

        consequence = "These matches kick off then, whatever their sources say:"
        return self.decided(
            request, matches, decide, title="Move", consequence=consequence, asking=MoveForm
        )

    @admin.action(description="Join: they are one match", permissions=["decide"])
    def join(self, request: HttpRequest, matches: QuerySet[Match]) -> HttpResponseBase | None:
        if not 2 <= matches.count() <= MOST_JOINED:
            self.message_user(request, "Choose the two rows of one match.", messages.ERROR)
            return None
        into = joining.best(list(matches))

        def decide(match: Match, reason: str) -> None:
            if match.pk != into.pk:
                joining.join(match, into, by=request.user.get_username(), reason=reason)

        consequence = f"Row {into.pk} stands for them from now on; forecasts stay where they are:"
        return self.decided(request, matches, decide, title="Join", consequence=consequence)

    @admin.action(description="Split: it is a match of its own", permissions=["decide"])
    def split(self, request: HttpRequest, matches: QuerySet[Match]) -> HttpResponseBase | None:
        def decide(match: Match, reason: str) -> str:
            return str(joining.split(match, by=request.user.get_username()))

        consequence = "These rows are as they were before they were joined to others:"
        return self.decided(request, matches, decide, title="Split", consequence=consequence)

    def save_model(self, request: HttpRequest, obj: Match, form: Any, change: bool) -> None:
        obj.updated_at = timezone.now()
        if change:
            corrections.correct(Match.objects.get(pk=obj.pk), obj)
        super().save_model(request, obj, form, change)

    @admin.display(description="kick-off (UTC)", ordering="start_time_utc")
    def kick_off(self, match: Match) -> str:
        return minute(match.start_time_utc)

    @admin.display(description="match")
    def teams(self, match: Match) -> str:
        return f"{match.home_team} v {match.away_team}"

    @admin.display(empty_value="")
    def score(self, match: Match) -> str | None:
        return None if match.home_score is None else f"{match.home_score} : {match.away_score}"

    @badge("status", STATUS_COLOURS)
    def state(self, match: Match) -> str:
        return match.get_status_display()

    @admin.display(description="league")
    def league(self, match: Match) -> str:
        league = match.season.tournament if match.season_id else None
        return f"{league.region}: {league.name}, {match.season}" if league else "-"

    def tournament(self, match: Match) -> str:
        return match.season.tournament.name

    def region(self, match: Match) -> Region:
        return match.season.tournament.region
