"""DRF authentication by the header `X-API-Key`."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from soccerpredict.access import cache
from soccerpredict.access.services import Credential
from soccerpredict.errors import Unauthorised
from soccerpredict.http import stale_answers

HEADER = "HTTP_X_API_KEY"
MAX_LENGTH = 200  # more than any key has; nothing longer is worth a digest


class ApiKeyAuthentication(BaseAuthentication):
    """`request.auth` and `request.user` are the key's `Credential`.

    Only the header counts, never the query string. Whatever is wrong, the answer is the same.
    """

    def authenticate(self, request: Request) -> tuple[Credential, Credential]:
        text: str = request.META.get(HEADER, "")
        credential = cache.credential_for(text) if 0 < len(text) <= MAX_LENGTH else None
        if credential is None:
            raise Unauthorised
        # The access log is written by a middleware, which sees only Django's request.
        request._request.api_key_prefix = credential.prefix  # type: ignore[attr-defined]
        # What may stand in for its answer depends on what the key may see.
        setattr(request._request, stale_answers.SCOPES, credential.scopes)
        return credential, credential
