"""What the monitoring routes share: open doors, which a setting closes for some, and no query."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from soccerpredict.access.authentication import ApiKeyAuthentication
from soccerpredict.access.permissions import CanRead
from soccerpredict.access.throttling import KeyThrottle
from soccerpredict.http.input.validation import QuerySerializer, validated


class NoQuery(QuerySerializer):
    """These routes have no parameters."""


class OpenView(APIView):
    """Needs no key; its answers are of the moment."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        validated(NoQuery, request.query_params)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)


class ClosableView(OpenView):
    """Open by the contract; MONITORING_NEEDS_KEY asks for a key that may read."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [ApiKeyAuthentication()] if settings.MONITORING_NEEDS_KEY else []

    def get_permissions(self) -> Sequence[BasePermission]:
        return [CanRead()] if settings.MONITORING_NEEDS_KEY else []

    def get_throttles(self) -> list[BaseThrottle]:
        return [KeyThrottle()] if settings.MONITORING_NEEDS_KEY else []
