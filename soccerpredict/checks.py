"""System checks: what can be configured wrongly, told before anything starts.

`manage.py check` prints them, and so does every command before its work. An id stays with its
check for good, so that an operator may search for it or silence it (SILENCED_SYSTEM_CHECKS).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

# What a source cannot be fetched without, beside its name in FETCH_SOURCES.
NEEDED = {
    "whoscored": {"url": "WHOSCORED_URL"},
    "football-data-org": {"token": "FOOTBALL_DATA_ORG_TOKEN"},
    "api-football": {"token": "API_FOOTBALL_TOKEN"},
    "the-odds-api": {"token": "THE_ODDS_API_TOKEN"},
    "fonbet": {"url": "FONBET_URL"},
}
AT_LEAST_ONE = ("API_DEFAULT_LIMIT_PER_MINUTE", "FETCH_PAGE_SECONDS", "FETCH_SECONDS")


@register(Tags.security)
def secrets_differ(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One that leaks must not give away the other."""
    if settings.SECRET_KEY != settings.API_KEY_PEPPER:
        return []
    return [
        Warning(
            "SECRET_KEY and API_KEY_PEPPER are the same.",
            hint="Give each a value of its own: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))".',
            id="soccerpredict.W003",
        )
    ]


@register
def limits_are_positive(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is {getattr(settings, name)}.",
            hint="Write a whole number from 1.",
            id="soccerpredict.E001",
        )
        for name in AT_LEAST_ONE
        if getattr(settings, name) < 1
    ]


@register
def live_predictions_can_be_waited_for(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.LIVE_WAITING_THREADS >= 1:
        return []
    return [
        Error(
            "WEB_THREADS is below 2: half of the threads may wait for live predictions, so none.",
            hint="Give each web process at least 2 threads; 16 is the default.",
            id="soccerpredict.E002",
        )
    ]


@register
def deadlines_follow_each_other(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A worker gives up before its caller does, and the broker hands a task out again only then."""
    order = (
        ("LIVE_SOFT_LIMIT_SECONDS", settings.LIVE_SOFT_LIMIT_SECONDS),
        ("LIVE_HARD_LIMIT_SECONDS", settings.LIVE_HARD_LIMIT_SECONDS),
        ("LIVE_WAIT_SECONDS", settings.LIVE_WAIT_SECONDS),
        (
            "CELERY_VISIBILITY_SECONDS",
            settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
        ),
    )
    return [
        Error(
            f"{later} ({longer}) is not above {sooner} ({shorter}).",
            hint="A live task would run twice, or on after its caller was answered.",
            id="soccerpredict.E003",
        )
        for (sooner, shorter), (later, longer) in pairwise(order)
        if longer <= shorter
    ]


@register
def sources_can_be_fetched(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Only a warning: the other sources go on being fetched."""
    return [
        Warning(
            f"FETCH_SOURCES names {source}, but {variable} is empty.",
            hint=f"Set {variable}, or take {source} out of FETCH_SOURCES.",
            id="soccerpredict.W001",
        )
        for source, variable in _lacking()
    ]


def _lacking() -> Iterator[tuple[str, str]]:
    for source in settings.FETCH_SOURCES:
        for part, variable in NEEDED.get(source, {}).items():
            if not settings.SOURCES[source].get(part):
                yield source, variable


@register
def an_import_has_time_for_a_page(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.FETCH_SECONDS >= settings.FETCH_PAGE_SECONDS:
        return []
    return [
        Warning(
            f"FETCH_SECONDS ({settings.FETCH_SECONDS}) is below FETCH_PAGE_SECONDS "
            f"({settings.FETCH_PAGE_SECONDS}): an import may end before its first page came.",
            hint="FETCH_SECONDS is for all pages of one import, FETCH_PAGE_SECONDS for one.",
            id="soccerpredict.W002",
        )
    ]
