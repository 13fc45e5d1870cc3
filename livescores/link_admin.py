"""What sources call ours, what they contradict, and what waits for a person, in the admin."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from livescores.models import (
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    MatchQuerySet,
    Region,
    RegionAlias,
    Tournament,
    TournamentAlias,
    WaitingEvent,
)
from livescores.models.links import Alias
from livescores.services import corrections, link_decisions
from livescores.services.deciding import CannotDecide
from soccerpredict.back_office.admin import (
    EstimatingPaginator,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
    facts,
    minute,
    once,
    percent,
)

N_SHOWN = 12  # matches of each side of a review


def decide_each(
    page: "ModelAdmin[Any]",
    request: HttpRequest,
    rows: Iterable[Any],
    decide: Callable[..., LinkDecision],
    done: str,
) -> None:
    """Call `decide(row, by=...)` for each; what it refuses is told, the rest is on record."""
    count = 0
    for row in rows:
        try:
            decision = decide(row, by=request.user.get_username())
        except CannotDecide as exc:
            messages.error(request, str(exc))
        else:
            page.log_change(request, decision, decision.summary)
            count += 1
    messages.info(request, f"{count} {done}")


class MatchLinkInline(ReadOnlyInline):
    model = MatchLink
    fields = ("source", "external_id", "linked_at")
    verbose_name_plural = "sources"


class MatchConflictInline(ReadOnlyInline):
    model = MatchConflict
    fields = (
        "what",
        "state",
        "kept_value",
        "kept_source",
        "other_value",
        "other_source",
        "seen_at",
    )
    show_change_link = True
    verbose_name_plural = "conflicts"


@admin.register(TournamentAlias)
class TournamentAliasAdmin(ReadOnlyAdmin):
    list_display = ("name", "tournament", "region", "source", "method", "sure", "created_at")
    list_filter = ("method", "source", ("region", RelatedDropdownFilter))
    list_select_related = ("tournament", "region")
    search_fields = ("name", "tournament__name")

    @admin.display(description="sure", ordering="score")
    def sure(self, alias: TournamentAlias) -> str:
        return percent(alias.score)


@admin.register(RegionAlias)
class RegionAliasAdmin(ReadOnlyAdmin):
    list_display = ("name", "region", "source", "method", "created_at")
    list_filter = ("method", "source")
    list_select_related = ("region",)
    search_fields = ("name", "region__name")


@admin.register(MatchLink)
class MatchLinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "external_id", "match", "linked_at")
    list_filter = ("source",)
    list_select_related = ("match__home_team", "match__away_team")
    search_fields = ("=external_id",)
    ordering = ("-pk",)
    paginator = EstimatingPaginator
    show_facets = admin.ShowFacets.NEVER


@admin.register(MatchConflict)
class MatchConflictAdmin(ReadOnlyAdmin):
    list_display = (
        "match",
        "what",
        "how",
        "kept_value",
        "kept_source",
        "other_value",
        "other_source",
        "seen_at",
    )
    list_filter = ("state", "what", "kept_source", "other_source")
    list_select_related = ("match__home_team", "match__away_team")
    search_fields = ("match__home_team__name", "match__away_team__name")
    ordering = ("-pk",)
    paginator = EstimatingPaginator
    exclude = ("told", "told_season", "told_team")
    actions = ("take", "keep")

    @badge("state", {"Waits for a decision": "warning", "Agrees by now": "success"})
    def how(self, conflict: MatchConflict) -> str:
        return conflict.get_state_display()

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("livescores.change_matchconflict"))

    @admin.action(description="Take the source's", permissions=["decide"])
    def take(self, request: HttpRequest, conflicts: QuerySet[MatchConflict]) -> None:
        self.settle(request, conflicts, corrections.take, "corrections were given back.")

    @admin.action(description="Keep ours", permissions=["decide"])
    def keep(self, request: HttpRequest, conflicts: QuerySet[MatchConflict]) -> None:
        self.settle(request, conflicts, corrections.keep, "corrections were kept.")

    def settle(
        self,
        request: HttpRequest,
        conflicts: QuerySet[MatchConflict],
        decide: Callable[..., str],
        done: str,
    ) -> None:
        """The match's own history tells what was decided."""
        count = 0
        for conflict in conflicts:
            try:
                told = decide(conflict, by=request.user.get_username())
            except CannotDecide as exc:
                messages.error(request, str(exc))
            else:
                self.log_change(request, conflict.match, told)
                count += 1
        messages.info(request, f"{count} {done}")


@admin.register(LinkReview)
class LinkReviewAdmin(ReadOnlyAdmin):
    list_display = ("name", "what", "source", "is_now", "may_be", "sure", "how", "created_at")
    list_filter = ("state", "what", "source", ("team__region", RelatedDropdownFilter))
    list_select_related = (
        "team",
        "candidate",
        "tournament",
        "tournament_candidate",
        "region",
        "region_candidate",
    )
    search_fields = ("name", "team__name", "candidate__name", "tournament_candidate__name")
    ordering = ("-score", "pk")
    actions = ("accept", "reject")
    fields = (
        "name",
        "what",
        "source",
        "how",
        "sure",
        "side_by_side",
        "what_speaks_for_it",
        "created_at",
    )
    readonly_fields = fields

    @admin.display(description="is now", empty_value="no more")
    def is_now(self, review: LinkReview) -> Model | None:
        return review.sides[0]

    @admin.display(description="may be", empty_value="no more")
    def may_be(self, review: LinkReview) -> Model | None:
        return review.sides[1]

    @admin.display(description="likely", ordering="score")
    def sure(self, review: LinkReview) -> str:
        return percent(review.score)

    @badge("state", {"Waiting": "info", "Accepted": "success", "Rejected": "warning"})
    def how(self, review: LinkReview) -> str:
        return review.get_state_display()

    @admin.display(description="side by side")
    @once
    def side_by_side(self, review: LinkReview) -> SafeString:
        now, may_be = review.sides
        sides = [_side(f"The {review.what}", now), _side("It may be", may_be)]
        return render_to_string("admin/livescores/linkreview/sides.html", {"sides": sides})

    @admin.display(description="what speaks for it")
    def what_speaks_for_it(self, review: LinkReview) -> SafeString:
        return facts(review.evidence)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("livescores.change_linkreview"))

    @admin.action(description="They are one", permissions=["decide"])
    def accept(self, request: HttpRequest, reviews: QuerySet[LinkReview]) -> None:
        decide_each(self, request, reviews, link_decisions.accept, "became others.")

    @admin.action(description="They are two", permissions=["decide"])
    def reject(self, request: HttpRequest, reviews: QuerySet[LinkReview]) -> None:
        decide_each(self, request, reviews, link_decisions.reject, "stay what they are.")


def _side(title: str, row: Any) -> dict[str, Any]:
    """A club, league or region with its names and newest matches."""
    if row is None:
        return {"title": title}
    place = "" if isinstance(row, Region) else f" ({row.region})"
    return {
        "title": title,
        "row": f"{row}{place}",
        "names": [str(alias) for alias in _names_of(row)],
        "matches": _matches_of(row).with_names().order_by("-start_time_utc")[:N_SHOWN],
    }


def _names_of(row: Any) -> Iterable[Alias]:
    return RegionAlias.objects.filter(region=row) if isinstance(row, Region) else row.aliases.all()


def _matches_of(row: Any) -> MatchQuerySet:
    if isinstance(row, Tournament):
        return Match.objects.filter(season__tournament=row)
    if isinstance(row, Region):
        return Match.objects.filter(season__tournament__region=row)
    return Match.objects.filter(Q(home_team=row) | Q(away_team=row))


@admin.register(LinkDecision)
class LinkDecisionAdmin(ReadOnlyAdmin):
    list_display = ("summary", "action", "decided_by", "decided_at", "was_undone")
    list_filter = ("action",)
    list_select_related = ("undone_by",)
    search_fields = ("summary", "decided_by")
    ordering = ("-pk",)
    actions = ("undo",)
    fields = ("summary", "action", "review", "undoes", "decided_by", "decided_at")

    @admin.display(description="undone", boolean=True)
    def was_undone(self, decision: LinkDecision) -> bool:
        return hasattr(decision, "undone_by")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("livescores.change_linkdecision"))

    @admin.action(description="Undo", permissions=["decide"])
    def undo(self, request: HttpRequest, decisions: QuerySet[LinkDecision]) -> None:
        """The last first, since earlier ones may not be undone before it."""
        latest_first = decisions.order_by("-pk")
        decide_each(self, request, latest_first, link_decisions.undo, "decisions were undone.")


@admin.register(WaitingEvent)
class WaitingEventAdmin(ReadOnlyAdmin):
    list_display = ("event", "region", "competition", "kick_off", "likeliest", "alike", "how")
    list_filter = ("state", "source", "region")
    list_select_related = ("candidate__home_team", "candidate__away_team")
    search_fields = ("home", "away", "competition")
    ordering = ("-likeness", "-last_seen_at")
    actions = ("accept", "reject")

    @admin.display(description="event", ordering="home")
    def event(self, event: WaitingEvent) -> str:
        return f"{event.home} v {event.away}"

    @admin.display(description="kick-off (UTC)", ordering="start_time_utc")
    def kick_off(self, event: WaitingEvent) -> str:
        return minute(event.start_time_utc)

    @admin.display(description="likeliest match", empty_value="")
    def likeliest(self, event: WaitingEvent) -> Match | None:
        return event.candidate

    @admin.display(description="alike", ordering="likeness")
    def alike(self, event: WaitingEvent) -> str:
        return percent(event.likeness)

    @badge("state", {"Waiting": "info", "Accepted": "success", "Rejected": "warning"})
    def how(self, event: WaitingEvent) -> str:
        return event.get_state_display()

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("livescores.change_waitingevent"))

    @admin.action(description="It is the likeliest match", permissions=["decide"])
    def accept(self, request: HttpRequest, events: QuerySet[WaitingEvent]) -> None:
        named = events.select_related("candidate__home_team", "candidate__away_team")
        decide_each(
            self, request, named, link_decisions.accept_event, "events are linked from now on."
        )

    @admin.action(description="It is none of our matches", permissions=["decide"])
    def reject(self, request: HttpRequest, events: QuerySet[WaitingEvent]) -> None:
        decide_each(
            self, request, events, link_decisions.reject_event, "events are left alone from now on."
        )
