"""What a person may decide, and when not."""

from soccerpredict.errors import SoccerPredictError


class CannotDecide(SoccerPredictError):
    status = 409
    code = "cannot_decide"
    title = "The decision is not possible"
