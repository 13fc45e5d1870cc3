"""Addresses of rows that there are, for the parameters of a route."""

import re
from itertools import product

from django.contrib.auth.models import User
from django.utils import timezone

from livescores.models import Match, Team, Tournament
from predictions.models import Prediction, PublicationPointer

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>([^)]*)\)")


def paths(place):
    """One address for each way to fill the route; a parameter that nobody knows is a KeyError."""
    names = [one.group(1) or one.group(2) for one in PARAMETER.finditer(place.route)]
    given = {name: values_of(name, place) for name in names}
    return [
        "/" + PARAMETER.sub("{}", place.route).strip("^$").replace("^", "").format(*values)
        for values in product(*given.values())
    ]


def values_of(name, place):
    if name == "app_label":
        return re.search(r"<app_label>([^)]*)", place.route).group(1).split("|")
    if name == "object_id":
        return list(place.model._default_manager.order_by("-pk").values_list("pk", flat=True)[:1])
    return ROWS[name]()


def matches():
    """The next one that is predicted, the last one that was, and one in another state."""
    pointer = PublicationPointer.objects.get(stage="champion")
    known = Prediction.objects.filter(batch=pointer.batch_id).order_by("start_time_utc", "match")
    now = timezone.now()
    found = [known.filter(start_time_utc__gt=now).first(), known.last()]
    found.append(known.filter(start_time_utc__lte=now).last())
    ids = {one.match_id for one in found if one}
    seen = set(Match.objects.filter(pk__in=ids).values_list("status", flat=True))
    return sorted(
        ids | set(Match.objects.exclude(status__in=seen).values_list("pk", flat=True)[:1])
    )


ROWS = {
    "match_id": matches,
    "league_id": lambda: [Tournament.objects.values_list("pk", flat=True).first()],
    "team_id": lambda: [Team.objects.values_list("pk", flat=True).first()],
    "id": lambda: [User.objects.values_list("pk", flat=True).first()],
}
