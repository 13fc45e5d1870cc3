"""What the gate found of candidates, and the decision to let one serve."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from predictions.admin.columns import Staged
from predictions.models import GateReport, ModelVersion
from predictions.services.live import live_requests
from soccerpredict.back_office.admin import badge, facts, minute, number, page_of
from soccerpredict.back_office.decisions import DecidedAdmin

MATCHES = number("n_matches", "matches")
VERDICT_COLOURS = {"passed": "success", "refused": "danger"}


def checks_of(report: GateReport) -> SafeString:
    lines = (
        ("✓" if check["passed"] else "✗" if check["binding"] else "–", check["said"])
        for check in report.content["checks"]
    )
    return format_html_join("", "<div>{} {}</div>", lines)


def findings(report: GateReport) -> SafeString:
    """A report in short, to be read before somebody decides."""
    beside = report.champion or "nothing"
    what = f"beside {beside} on {report.n_matches:,} matches, {minute(report.examined_at)} UTC"
    return format_html("<p>Gate report {}, {}:</p>{}", page_of(report), what, checks_of(report))


def newest_findings(version: ModelVersion) -> SafeString | str:
    """What the gate last found of a version as a candidate."""
    found = GateReport.objects.filter(candidate=version).select_related("candidate", "champion")
    report = found.order_by("-examined_at", "-id").first()
    return findings(report) if report else f"{version} was never put before the gate."


@admin.register(GateReport)
class GateReportAdmin(Staged, DecidedAdmin):
    list_display = ("examined", "candidate", "alias", "champion", "verdict", MATCHES, "reason")
    list_filter = ("stage", "passed")
    list_select_related = ("candidate", "champion")
    search_fields = ("asked_by", "reason", "candidate__recipe", "candidate__run_id")
    ordering = ("-examined_at", "-id")
    actions = ("promote", "force")
    fields = (
        ("candidate", "alias", "champion"),
        ("verdict", "n_matches", "dataset_version"),
        ("examined_at", "asked_by"),
        "reason",
        "checks",
        "scores",
        "leagues",
    )

    @admin.display(description="examined (UTC)", ordering="examined_at")
    def examined(self, report: GateReport) -> str:
        return minute(report.examined_at)

    @badge("verdict", VERDICT_COLOURS, ordering="passed")
    def verdict(self, report: GateReport) -> str:
        return "passed" if report.passed else "refused"

    def evidence(self, report: GateReport) -> SafeString:
        return findings(report)

    def checks(self, report: GateReport) -> SafeString:
        return checks_of(report)

    def scores(self, report: GateReport) -> SafeString:
        return facts({name: report.content[name] for name in ("scores", "difference", "limits")})

    def leagues(self, report: GateReport) -> SafeString:
        return facts(
            {
                league["league"]: f"{league['difference']:+.4f} ± {league['standard_error']:.4f} "
                f"on {league['n_matches']} matches"
                for league in report.content["leagues"]
            }
        )

    @admin.action(description="Promote the candidate", permissions=["decide"])
    def promote(
        self, request: HttpRequest, queryset: QuerySet[GateReport]
    ) -> HttpResponseBase | None:
        return self._promoted(request, queryset, title="Promote", force=False)

    @admin.action(description="Promote against the verdict", permissions=["decide"])
    def force(
        self, request: HttpRequest, queryset: QuerySet[GateReport]
    ) -> HttpResponseBase | None:
        return self._promoted(request, queryset, title="Promote against the verdict", force=True)

    def _promoted(
        self, request: HttpRequest, queryset: QuerySet[GateReport], *, title: str, force: bool
    ) -> HttpResponseBase | None:
        def decide(report: GateReport, reason: str) -> str:
            return live_requests.promotion(
                report.pk, request.user.get_username(), reason, force=force
            )

        consequence = "Every prediction of the stage comes from the candidate from now on:"
        return self.decided(request, queryset, decide, title=title, consequence=consequence)
