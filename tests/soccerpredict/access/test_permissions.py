"""What a key may do, asked of the permissions themselves."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from soccerpredict.access.permissions import CanAskLive, CanRead
from soccerpredict.errors import Unauthorised


@pytest.mark.parametrize("permission", [CanRead, CanAskLive])
@pytest.mark.parametrize("auth", [None, "a key's text"])
def test_a_view_that_asks_for_no_key_lets_nobody_in(permission, auth):
    """Its authentication was left out by mistake, say: what is no credential has no scope."""
    request = Request(APIRequestFactory().get("/"))
    request.auth = auth

    with pytest.raises(Unauthorised):
        permission().has_permission(request, APIView())
