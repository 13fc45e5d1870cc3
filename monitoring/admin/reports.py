"""Reports on quality and drift, and what drift is measured against."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from monitoring.models import DriftReference, DriftReport, QualityReport
from monitoring.services.reports.report_files import drift_page, headline
from soccerpredict.back_office.admin import ReadOnlyAdmin, badge, facts, link, number, percent

MATCHES = number("n_matches", "matches")
ISSUED = number("n_issued", "issued before kick-off")
# Evidently's page holds its own scripts, which evaluate strings and name our features and numbers:
# it gets an origin of its own, without our cookies, and may ask nobody for anything.
PAGE_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; font-src data:; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@admin.register(QualityReport)
class QualityReportAdmin(ReadOnlyAdmin):
    list_display = ("as_of", MATCHES, ISSUED, "champion", "frequencies", "closing", "window")
    list_filter = ("generated_at",)
    search_fields = ("as_of",)
    search_help_text = "A part of the moment, as 2026-03."
    fields = (
        ("as_of", "generated_at"),
        ("window", "n_matches"),
        ("n_issued", "retrospective"),
        "champion",
        "scores",
    )

    @admin.display(description="90 days to", ordering="ends_at")
    def window(self, report: QualityReport) -> str:
        end = report.ends_at or report.as_of
        return f"{end:%Y-%m-%d}{', the newest result' if report.ends_early else ''}"

    @admin.display(description="worked out afterwards")
    def retrospective(self, report: QualityReport) -> str:
        return "-" if report.n_retrospective is None else f"{report.n_retrospective:,}"

    @admin.display(description="log-loss", ordering="log_loss")
    def champion(self, report: QualityReport) -> str:
        return decimals(report.log_loss)

    @admin.display(description="of class frequencies", ordering="frequencies_log_loss")
    def frequencies(self, report: QualityReport) -> str:
        return decimals(report.frequencies_log_loss)

    @admin.display(description="of the closing line", ordering="closing_log_loss")
    def closing(self, report: QualityReport) -> str:
        return decimals(report.closing_log_loss)

    @admin.display(description="champion, all leagues, 90 days")
    def scores(self, report: QualityReport) -> SafeString:
        return facts(headline(report.content))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A list shows no content; the page of a report reads it."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("content")


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnlyAdmin):
    list_display = (
        "generated_at",
        "verdict",
        number("n_drifted", "features drifted"),
        "share",
        MATCHES,
        "model_version",
    )
    list_filter = ("drifted", "generated_at")
    search_fields = ("=model_version__run_id", "model_version__recipe")
    list_select_related = ("model_version",)
    fields = (
        ("generated_at", "as_of", "at_newest_result"),
        ("model_version", "n_matches"),
        ("verdict", "n_drifted", "n_features", "share"),
        "page",
        "columns",
    )

    @badge("verdict", {"drifted": "danger", "steady": "success"}, ordering="drifted")
    def verdict(self, report: DriftReport) -> str:
        return "drifted" if report.drifted else "steady"

    @admin.display(description="share of features", ordering="drift_score")
    def share(self, report: DriftReport) -> str:
        return percent(report.drift_score)

    @admin.display(description="features that drifted")
    def columns(self, report: DriftReport) -> SafeString:
        columns = report.content["features"]
        return facts({one["name"]: one["statistic"] for one in columns if one["drifted"]})

    @admin.display(description="plots")
    def page(self, report: DriftReport) -> SafeString:
        return link(reverse("admin:monitoring_driftreport_page"), "Evidently's newest page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("content")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.newest_page)
        ours = path("newest-page/", page, name="monitoring_driftreport_page")
        return [ours, *super().get_urls()]

    def newest_page(self, request: HttpRequest) -> FileResponse:
        """What Evidently drew for the newest report."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            page = FileResponse(drift_page().open("rb"), content_type="text/html; charset=utf-8")
        except OSError as exc:
            raise Http404 from exc
        page.headers["Content-Security-Policy"] = PAGE_POLICY
        return page


@admin.register(DriftReference)
class DriftReferenceAdmin(ReadOnlyAdmin):
    list_display = ("model_version", MATCHES, "first_kickoff", "last_kickoff", "created_at")
    list_select_related = ("model_version",)
    search_fields = ("=model_version__run_id", "model_version__recipe")
    fields = ("model_version", "n_matches", ("first_kickoff", "last_kickoff"), "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("sample")


def decimals(score: float | None) -> str:
    return "-" if score is None else f"{score:.4f}"
