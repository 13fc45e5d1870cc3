"""What the door says: a page for people, a problem document for programs, honest probes."""

import json
import time
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from soccerpredict.http.paths import is_api
from soccerpredict.progress import Told
from soccerpredict.starting.steps import STEPS, TABLES, State

AGAIN_SECONDS = 2  # a page that is open asks anew
RETRY = {"Retry-After": str(AGAIN_SECONDS), "Cache-Control": "no-store"}
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
PAGE = Template((Path(__file__).parent / "page.html").read_text())
REFRESH = f'<meta http-equiv="refresh" content="{AGAIN_SECONDS}">'


class Answer(NamedTuple):
    status: HTTPStatus
    headers: dict[str, str]
    body: bytes


def answer(path: str, state: State, *, wants_html: bool) -> Answer:
    probe = path.rstrip("/")
    if probe == "/livez":
        return _json(HTTPStatus.OK, {"status": "alive"})
    if probe == "/readyz":
        return _json(HTTPStatus.SERVICE_UNAVAILABLE, readiness(state), **RETRY)
    if wants_html and not is_api(path):
        headers = {"Content-Type": "text/html; charset=utf-8", **RETRY, **SAFE}
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, headers, page(state).encode())
    return _json(HTTPStatus.SERVICE_UNAVAILABLE, problem(path, state), "problem+json", **RETRY)


def _json(status: HTTPStatus, members: dict[str, Any], kind: str = "json", **more: str) -> Answer:
    headers = {"Content-Type": f"application/{kind}", "Cache-Control": "no-store", **more, **SAFE}
    return Answer(status, headers, json.dumps(members).encode())


def readiness(state: State) -> dict[str, Any]:
    """As `/readyz` says it later; servers that have been started are there."""
    has_servers = state.step > TABLES and not state.failed
    servers = "available" if has_servers else "away"
    return {
        "status": "not ready",
        "database": servers,
        "broker": servers,
        "model": "away",
        "preparing": preparing(state),
    }


def problem(path: str, state: State) -> dict[str, Any]:
    return {
        "type": "urn:soccerpredict:problem:being_prepared",
        "title": "The start failed" if state.failed else "Being prepared",
        "status": HTTPStatus.SERVICE_UNAVAILABLE.value,
        "detail": state.sentence,
        "instance": path[:200],
        "code": "being_prepared",
        "preparing": preparing(state),
    }


def preparing(state: State) -> dict[str, Any]:
    return {
        "step": state.step,
        "of": len(STEPS),
        "name": state.name,
        "detail": str(Told(state.told, state.number, state.of)),
        "failed": bool(state.failed),
    }


def page(state: State) -> str:
    title = "The start failed" if state.failed else "Being prepared"
    return PAGE.substitute(
        title=title,
        refresh="" if state.failed else REFRESH,
        summary=escape(state.sentence if state.failed else _summary(state)),
        tone="failed" if state.failed else "",
        steps="\n".join(_step(number, state) for number in range(1, len(STEPS) + 1)),
        note=(
            "What was done is kept: the next start goes on from there."
            if state.failed
            else "This page refreshes itself, and shows the matches once everything is ready."
        ),
    )


def _summary(state: State) -> str:
    return f"{state.step} of {len(STEPS)}, {state.name.lower()}"


def _step(number: int, state: State) -> str:
    name = escape(STEPS[number - 1])
    if number < state.step:
        return f'<li class="done"><b>{name}</b> <span class="unseen">done</span></li>'
    if number > state.step:
        return f'<li class="ahead"><b>{name}</b></li>'
    if state.failed:
        return f'<li class="failed" aria-current="step"><b>{name}</b> <span>failed</span></li>'
    return f'<li class="now" aria-current="step"><b>{name}</b>{_detail(state)}</li>'


def _detail(state: State) -> str:
    words = [escape(str(Told(state.told, state.number, state.of)))] if state.told else []
    if state.since:
        words.append(f"for {_duration(time.time() - state.since)}")
    share = (
        f'<progress aria-label="Done" max="{state.of}" value="{state.number - 1}">'
        f"{state.number} of {state.of}</progress>"
        if state.of
        else ""
    )
    return f"<span>{', '.join(words)}</span>{share}"


def _duration(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"
