"""Why a provider refuses an answer: a used-up plan, a league outside the plan, or a wrong key.

Providers say so in the body, in words or codes of their own, and with any status: The Odds API
answers 401 for all three, API-Football 200. What they say is never shown: it may repeat the key.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from livescores.sources.records import FileRejected

TOO_MANY = 429
REFUSED = frozenset({401, 402, 403})
LONGEST = 2000  # characters that are looked at
# Of words in small letters, with one space between any two: codes and sentences look alike then.
KEY_CODE = re.compile(r"\b(missing|invalid|deactivated|unknown|expired) (api )?(key|token)\b")
WAIT = re.compile(r"\b(per|a|each) (second|minute)\b|\bwait \d+ seconds?\b")
FOR_LONG = re.compile(r"\b(day|daily|month|monthly)\b")
LIMIT = re.compile(
    r"\b(quota|credits?|used up|exhausted)\b"
    r"|\blimit\b.*\b(reached|exceeded)\b|\b(reached|exceeded)\b.*\blimit\b"
)
WRONG = r"\b(invalid|missing|incorrect|wrong|expired|deactivated|suspended|not valid|not found)\b"
KEY = r"\b(api ?key|application key|token|credentials?|account)\b"
WRONG_KEY = re.compile(f"{KEY}.*{WRONG}|{WRONG}.*{KEY}")
OUTSIDE = re.compile(
    r"\b(plans?|subscriptions?|subscribed?|upgrade|tier|permissions?|restricted)\b"
)


class FetchFailed(FileRejected):
    """A page that could not be had; the text says why, without any secret."""


class PlanUsedUp(FetchFailed):
    """The provider answers no more until the plan's next day or month."""


class OutsidePlan(FetchFailed):
    """The plan does not hold what was asked for."""


class KeyRefused(FetchFailed):
    """The key or token is none that the provider knows."""


def of(host: str, status: int, body: bytes, what: str) -> FetchFailed | None:
    """What an answer refuses, in a sentence; None where it is no refusal, or one that passes.

    `what` was asked for.
    """
    said = _said(body)
    answered = f"{host} answered {status}"
    if KEY_CODE.search(said):
        return _key_refused(answered)
    if WAIT.search(said) and not FOR_LONG.search(said):
        return None if status == TOO_MANY else FetchFailed(f"{answered}: it was asked too often.")
    if LIMIT.search(said) and (status != TOO_MANY or FOR_LONG.search(said)):
        return PlanUsedUp(f"{answered}: the quota is used up.")
    if status == TOO_MANY:
        return None
    if WRONG_KEY.search(said):
        return _key_refused(answered)
    if OUTSIDE.search(said):
        return OutsidePlan(f"{answered}: our plan does not include {what}.")
    return _key_refused(answered) if status in REFUSED else None


def _key_refused(answered: str) -> KeyRefused:
    return KeyRefused(f"{answered}: it does not accept our credentials.")


def _said(body: bytes) -> str:
    try:
        text = " ".join(_texts(orjson.loads(body)))
    except orjson.JSONDecodeError:
        text = body.decode(errors="replace")
    return re.sub(r"[\W_]+", " ", text.casefold())[:LONGEST]


def _texts(value: Any) -> Iterator[str]:
    """Every name and text of a JSON value."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
    elif isinstance(value, str):
        yield value
