"""What the admin looks like: its colours, and the sidebar of everything that may be looked at."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def list_page(title: str, icon: str, model: str) -> dict[str, Any]:
    """A line of the admin's sidebar, for those who may see the model's rows: `app_model`."""
    app, name = model.rsplit("_", 1)
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


def is_of_task_results(request: HttpRequest) -> bool:
    return "/taskresult/" in request.path and not request.path.endswith("/workers/")


UNFOLD = {
    "SITE_TITLE": "SoccerPredict",
    "SITE_HEADER": "SoccerPredict",
    "SITE_SYMBOL": "sports_soccer",
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "oklch(97.9% .021 166.113)",
            "100": "oklch(95% .052 163.051)",
            "200": "oklch(90.5% .093 164.15)",
            "300": "oklch(84.5% .143 164.978)",
            "400": "oklch(76.5% .177 163.223)",
            "500": "oklch(69.6% .17 162.48)",
            # Links and buttons: dark enough to be read on white, and white on them.
            "600": "oklch(50.8% .118 165.612)",
            "700": "oklch(43.2% .095 166.913)",
            "800": "oklch(37.8% .077 168.94)",
            "900": "oklch(32% .064 170.75)",
            "950": "oklch(26.2% .051 172.552)",
        },
    },
    "LOGIN": {"form": "soccerpredict.access.sign_in_form.SignInForm"},
    "ENVIRONMENT": "livescores.admin.data_notice",
    "DASHBOARD_CALLBACK": "monitoring.start_page.with_overview",
    "SCRIPTS": [lambda request: static("site/admin.js")],
    "STYLES": [lambda request: static("site/admin.css")],
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("site/icon.svg"),
        }
    ],
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "title": "Matches",
                "items": [
                    list_page("Matches", "stadium", "livescores_match"),
                    list_page("Regions", "public", "livescores_region"),
                    list_page("Tournaments", "emoji_events", "livescores_tournament"),
                    list_page("Seasons", "date_range", "livescores_season"),
                    list_page("Teams", "groups", "livescores_team"),
                    list_page("Points deductions", "remove_circle", "livescores_pointsdeduction"),
                    list_page("Team ratings", "leaderboard", "predictions_teamrating"),
                    list_page("Others' ratings", "star_half", "livescores_clubrating"),
                    list_page("Team aliases", "badge", "livescores_teamalias"),
                    list_page("Tournament aliases", "label", "livescores_tournamentalias"),
                    list_page("Region aliases", "flag", "livescores_regionalias"),
                    list_page("Links that wait", "compare_arrows", "livescores_linkreview"),
                    list_page("Decisions on links", "gavel", "livescores_linkdecision"),
                    list_page("Sources of matches", "link", "livescores_matchlink"),
                    list_page("Conflicts of sources", "call_split", "livescores_matchconflict"),
                    list_page("Import reports", "upload_file", "livescores_importreport"),
                    {
                        **list_page("Any table", "table", "livescores_importreport"),
                        "link": reverse_lazy("admin:livescores_table"),
                        "active": lambda request: request.path.endswith("/importreport/table/"),
                    },
                    list_page("Import changes", "difference", "livescores_importchange"),
                    list_page("Import rejections", "rule", "livescores_importrejection"),
                    list_page("Pages of sources", "language", "livescores_sourcepage"),
                    list_page("Events that wait", "pending", "livescores_waitingevent"),
                ],
            },
            {
                "title": "Predictions",
                "items": [
                    list_page("Predictions", "online_prediction", "predictions_prediction"),
                    list_page("Odds", "paid", "predictions_odds"),
                    list_page("Two-way odds", "swap_vert", "predictions_twowayodds"),
                    list_page("Quarantined odds", "gpp_bad", "predictions_quarantinedodds"),
                    list_page("Sources of odds", "lan", "predictions_oddssource"),
                    list_page("Bookmakers", "storefront", "predictions_bookmaker"),
                    list_page("Batch runs", "dynamic_feed", "predictions_batchrun"),
                    list_page("Publications", "publish", "predictions_publication"),
                    list_page("Published now", "near_me", "predictions_publicationpointer"),
                    list_page("Insight", "lightbulb", "predictions_insightblock"),
                    list_page("Betting runs", "casino", "predictions_bettingrun"),
                    list_page("Returns by region", "trending_up", "predictions_regionreturn"),
                    list_page("Returns by league", "trophy", "predictions_tournamentreturn"),
                    list_page("Returns by month", "calendar_month", "predictions_monthreturn"),
                    list_page("Returns in all", "functions", "predictions_overallreturn"),
                    list_page("Returns by edge", "percent", "predictions_edgereturn"),
                ],
            },
            {
                "title": "Models",
                "items": [
                    list_page("Model versions", "model_training", "predictions_modelversion"),
                    list_page("Alias changes", "swap_horiz", "predictions_aliaschange"),
                    list_page("Retirements", "inventory_2", "predictions_retirement"),
                    list_page("Gate reports", "fact_check", "predictions_gatereport"),
                ],
            },
            {
                "title": "Monitoring",
                "items": [
                    list_page("Quality reports", "verified", "monitoring_qualityreport"),
                    list_page("Drift reports", "waves", "monitoring_driftreport"),
                    list_page("Drift references", "history", "monitoring_driftreference"),
                ],
            },
            {
                "title": "Jobs",
                "items": [
                    {
                        **list_page("Workers", "engineering", "django_celery_results_taskresult"),
                        "link": reverse_lazy("admin:monitoring_workers"),
                        "active": lambda request: request.path.endswith("/workers/"),
                    },
                    list_page("Heartbeats", "monitor_heart", "jobs_jobrun"),
                    list_page("Prediction jobs", "pending_actions", "predictions_predictionjob"),
                    {
                        **list_page("Task results", "task_alt", "django_celery_results_taskresult"),
                        "active": is_of_task_results,
                    },
                    list_page("Acknowledgements", "done_all", "monitoring_acknowledgement"),
                    list_page("Group results", "checklist", "django_celery_results_groupresult"),
                    list_page("Periodic tasks", "schedule", "django_celery_beat_periodictask"),
                    list_page("Crontabs", "calendar_clock", "django_celery_beat_crontabschedule"),
                    list_page("Intervals", "timer", "django_celery_beat_intervalschedule"),
                    list_page("Moments", "alarm", "django_celery_beat_clockedschedule"),
                    list_page("Solar events", "wb_twilight", "django_celery_beat_solarschedule"),
                ],
            },
            {
                "title": "API access",
                "items": [
                    list_page("Clients", "apps", "access_apiclient"),
                    list_page("Keys", "key", "access_apikey"),
                    list_page("Usage by day", "bar_chart", "access_keyusage"),
                ],
            },
            {
                "title": "Users",
                "items": [
                    list_page("Users", "person", "auth_user"),
                    list_page("Groups", "group", "auth_group"),
                    list_page("Wrong passwords", "password", "access_wrongpasswords"),
                    list_page("Audit log", "receipt_long", "admin_logentry"),
                ],
            },
        ],
    },
}
