"""Toy routes behind the project's own authentication, permissions and throttle."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from soccerpredict.access.permissions import CanAskLive
from soccerpredict.http.routing import route


class Reading(APIView):
    def get(self, request: Request) -> Response:
        auth: Any = request.auth  # a credential: the stubs know tokens alone
        return Response({"client": auth.client})


class Asking(Reading):
    permission_classes = [CanAskLive]


urlpatterns = [
    route("predict/read", Reading.as_view()),
    route("predict/live", Asking.as_view()),
]
