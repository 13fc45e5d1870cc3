"""Pages for visitors."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from livescores.models import Region
from predictions.services import published
from predictions.services.prediction_rows import Row
from predictions.services.published import NothingPublished, Published
from soccerpredict.http.negotiation import best

N_SHOWN = 40


@dataclass(frozen=True)
class ComingMatch:
    """A match as the front page shows it; parts of the bar in per cent of its width."""

    kickoff: datetime
    home: str
    away: str
    home_end: float
    draw_width: float

    @classmethod
    def of(cls, row: Row) -> "ComingMatch":
        return cls(
            datetime.fromisoformat(row["startTimeUtc"]),
            row["homeTeamName"],
            row["awayTeamName"],
            round(100 * row["proba_home"], 2),
            round(100 * row["proba_draw"], 2),
        )

    @property
    def draw_end(self) -> float:
        return round(self.home_end + self.draw_width, 2)

    @property
    def away_width(self) -> float:
        return round(100 - self.draw_end, 2)

    @property
    def percentages(self) -> str:
        return f"{self.home_end:.0f} % · {self.draw_width:.0f} % · {self.away_width:.0f} %"


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The start page for a browser, where to go for a program."""
    if best(request.META.get("HTTP_ACCEPT", "*/*"), ("application/json", "text/html")) != 1:
        return _signpost(request)
    champion = _champion()
    now = timezone.now().isoformat()
    coming = [row for row in champion.coming if row["startTimeUtc"] > now] if champion else []
    context = {
        "published": champion,
        "matches": [ComingMatch.of(row) for row in coming[:N_SHOWN]],
        "is_simulated": Region.objects.filter(is_simulated=True).exists(),
    }
    response = render(request, "predictions/front.html", context)
    response.headers["Vary"] = "Accept"
    return response


def _signpost(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "service": "SoccerPredict",
            "version": settings.VERSION,
            "docs": request.build_absolute_uri("/docs"),
            "health": request.build_absolute_uri("/healthcheck/"),
        },
        headers={"Vary": "Accept"},
    )


def _champion() -> Published | None:
    try:
        return published.current("champion")
    except NothingPublished:
        return None
