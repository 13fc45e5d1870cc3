"""Every error we raise on purpose. Services raise them; `problems` maps them to HTTP once."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypedDict


class FieldError(TypedDict):
    """One violation of the schema: where it is, a sentence, and a word to switch on."""

    loc: list[str | int]
    msg: str
    type: str


class SoccerPredictError(Exception):
    """Base of every error we raise on purpose; its text may reach a client.

    `headers` go on the answer, `members` into the problem document beside the standard ones.
    """

    status = 500
    code = "internal_error"
    title = "Internal server error"

    def __init__(
        self,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.headers = dict(headers or {})
        self.errors = list(errors)
        self.members = members


class BadRequest(SoccerPredictError):
    status = 400
    code = "bad_request"
    title = "Bad request"


class MalformedRequest(SoccerPredictError):
    """It is not HTTP: the web server refuses most of these before we see them."""

    status = 400
    code = "malformed_request"
    title = "Malformed request"


class UnknownStage(SoccerPredictError):
    status = 400
    code = "unknown_stage"
    title = "Unknown model stage"


class Unauthorised(SoccerPredictError):
    status = 401
    code = "unauthorised"
    title = "Missing or invalid X-API-Key header"

    def __init__(self, detail: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("headers", {"WWW-Authenticate": "ApiKey"})
        super().__init__(detail, **kwargs)


class Forbidden(SoccerPredictError):
    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(SoccerPredictError):
    status = 404
    code = "not_found"
    title = "Not found"


class MethodNotAllowed(SoccerPredictError):
    status = 405
    code = "method_not_allowed"
    title = "Method not allowed"


class NotAcceptable(SoccerPredictError):
    status = 406
    code = "not_acceptable"
    title = "No acceptable representation"


class Conflict(SoccerPredictError):
    status = 409
    code = "conflict"
    title = "Conflict"


class TooLarge(SoccerPredictError):
    status = 413
    code = "too_large"
    title = "Request body too large"


class UnsupportedMedia(SoccerPredictError):
    status = 415
    code = "unsupported_media_type"
    title = "Unsupported media type"


class InvalidInput(SoccerPredictError):
    status = 422
    code = "invalid_input"
    title = "Invalid input"

    @classmethod
    def at(cls, *loc: str | int, msg: str, type: str = "invalid") -> Self:
        """The error of a single place: `InvalidInput.at("body", "home_team_id", msg=...)`."""
        return cls(msg, errors=[{"loc": list(loc), "msg": msg, "type": type}])


class TooManyRequests(SoccerPredictError):
    status = 429
    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after: int = 60, **kwargs: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **kwargs)


class ServiceUnavailable(SoccerPredictError):
    """The broker, the database or the model is not there."""

    status = 503
    code = "service_unavailable"
    title = "Service unavailable"

    def __init__(self, detail: str = "", *, retry_after: int = 5, **kwargs: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **kwargs)


class DatabaseAway(ServiceUnavailable):
    """It does not answer, or is busy; an answer of a while ago may stand in."""


class GatewayTimeout(SoccerPredictError):
    """No worker answered in time; give `task_id=` so that the result can still be collected."""

    status = 504
    code = "timeout"
    title = "No answer in time"
