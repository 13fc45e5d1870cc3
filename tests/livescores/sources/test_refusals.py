"""What providers say when they refuse: three sentences, whatever status and words they choose."""

import pytest

from livescores.sources import refusals
from livescores.sources.refusals import KeyRefused, OutsidePlan, PlanUsedUp

# As the providers' documentation has them.
USED_UP = {
    "the-odds-api": (
        401,
        b'{"message": "Usage quota has been reached. See usage plans at https://the-odds-api.com",'
        b'"error_code": "OUT_OF_USAGE_CREDITS"}',
    ),
    "the-odds-api-in-short": (401, b'{"error_code":"OUT_OF_USAGE_CREDITS"}'),
    "api-football": (
        200,
        b'{"errors": {"requests": "You have reached the request limit for the day, Go to '
        b'https://dashboard.api-football.com to upgrade your plan."}}',
    ),
    "rapidapi": (
        429,
        b'{"message": "You have exceeded the DAILY quota for Requests on your current plan, '
        b'BASIC. Upgrade your plan at https://rapidapi.com/"}',
    ),
    "in-words": (403, b"Monthly request limit exceeded"),
    "payment": (402, b'{"error": "No credits left."}'),
}
OUTSIDE = {
    "football-data-org": (
        403,
        b'{"message": "The resource you are looking for is restricted and apparently not within '
        b'your permissions. Please check your subscription.", "errorCode": 403}',
    ),
    "api-football": (
        200,
        b'{"errors": {"plan": "Free plans do not have access to this season, try from 2021 to '
        b'2023."}}',
    ),
    "rapidapi": (403, b'{"message":"You are not subscribed to this API."}'),
    "the-odds-api": (401, b'{"error_code": "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN"}'),
}
WRONG_KEY = {
    "the-odds-api": (
        401,
        b'{"message": "API key is not valid. See usage at https://the-odds-api.com. Your key was '
        b's3cret", "error_code": "INVALID_KEY"}',
    ),
    "cancelled": (
        401,
        b'{"message": "The key is deactivated: the subscription was cancelled. Upgrade.",'
        b'"error_code": "DEACTIVATED_KEY"}',
    ),
    "football-data-org": (400, b'{"message": "Your API token is invalid.", "errorCode": 400}'),
    "api-football": (
        200,
        b'{"errors": {"token": "Error/Missing application key. Go to https://www.api-football.com'
        b'/documentation-v3 to learn how to get your API application key."}}',
    ),
    "suspended": (200, b'{"errors": {"access": "Your account is suspended, check on https://x"}}'),
    "silent": (401, b""),
    "web-page": (403, b"<html><h1>Forbidden</h1></html>"),
    "broken": (401, b'{"message": "Quot'),
}


def refusal(answer):
    status, body = answer
    return refusals.of("api.test", status, body, "/v4/CL")


@pytest.mark.parametrize("answer", USED_UP.values(), ids=USED_UP)
def test_a_plan_that_is_used_up_says_so(answer):
    assert isinstance(refusal(answer), PlanUsedUp)
    assert str(refusal(answer)) == f"api.test answered {answer[0]}: the quota is used up."


@pytest.mark.parametrize("answer", OUTSIDE.values(), ids=OUTSIDE)
def test_a_league_outside_the_plan_is_named(answer):
    assert isinstance(refusal(answer), OutsidePlan)
    assert (
        str(refusal(answer)) == f"api.test answered {answer[0]}: our plan does not include /v4/CL."
    )


@pytest.mark.parametrize("answer", WRONG_KEY.values(), ids=WRONG_KEY)
def test_a_wrong_key_is_called_one_and_never_repeated(answer):
    assert isinstance(refusal(answer), KeyRefused)
    text = f"api.test answered {answer[0]}: it does not accept our credentials."
    assert str(refusal(answer)) == text


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, b'{"message": "You reached your request limit. Wait 41 seconds.", "errorCode": 429}'),
        (429, b'{"error_code": "EXCEEDED_FREQ_LIMIT"}'),
        (429, b""),
        (400, b'{"message": "The filter dateFrom is not well formed."}'),
        (422, b'{"error_code": "INVALID_SPORT_KEY", "message": "Unknown sport"}'),
    ],
    ids=["minute", "frequency", "silent", "date", "sport"],
)
def test_what_passes_or_is_our_mistake_is_no_refusal(status, body):
    assert refusal((status, body)) is None


def test_too_many_questions_in_a_minute_are_no_used_up_plan():
    body = (
        b'{"errors": {"rateLimit": "Too many requests. You have exceeded the limit of requests per '
        b'minute of your subscription."}}'
    )

    assert str(refusal((200, body))) == "api.test answered 200: it was asked too often."
