"""What a key may do: one permission class per scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from soccerpredict.access import throttling
from soccerpredict.access.models import Scope
from soccerpredict.access.services import Credential
from soccerpredict.errors import Forbidden, Unauthorised

if TYPE_CHECKING:  # DRF loads this module while it loads its views
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """The key carries `scope`."""

    scope: ClassVar[Scope]

    def has_permission(self, request: Request, view: APIView) -> bool:
        credential = request.auth
        if not isinstance(credential, Credential):
            raise Unauthorised
        if self.scope not in credential.scopes:
            throttling.count(request, credential)  # a refusal counts, and carries the headers
            raise Forbidden(f"This key lacks the scope {self.scope.value}.")
        return True


class CanRead(HasScope):
    scope = Scope.READ


class CanAskLive(HasScope):
    scope = Scope.LIVE
