"""Answers that stand in while the database is away: whose they are, how old, and what they say."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from soccerpredict import errors
from soccerpredict.http import problems, stale_answers
from soccerpredict.http.stale_answers import StaleAnswersMiddleware

CARDS, ASYNC = "predict/cards/", "predict/async/<str:job_id>"


@pytest.fixture(autouse=True)
def _none_kept():
    stale_answers.kept.clear()


class Site:
    """One route, whose database is there or not."""

    def __init__(self):
        self.is_away, self.asked = False, []
        self.middleware = StaleAnswersMiddleware(self.view)

    def view(self, request):
        if self.is_away:
            return problems.problem(request, problems.as_error(OperationalError("gone")))
        return HttpResponse(b"[1]", headers={"ETag": '"one"'})

    def get(self, path="/predict/cards/", route=CARDS, scopes=frozenset({"read"}), **more):
        request = RequestFactory().get(path, **more)
        request.resolver_match = ResolverMatch(print, (), {}, route=route)
        setattr(request, stale_answers.SCOPES, scopes)
        return self.middleware(request)


@pytest.fixture
def site():
    return Site()


def test_an_answer_stands_in_and_says_that_it_is_old(site):
    site.get()
    site.is_away = True

    answer = site.get()

    assert (answer.status_code, answer.content) == (200, b"[1]")
    assert answer.headers["X-Stale"] == "true"
    assert answer.headers["Age"] == "0"


def test_who_has_it_already_is_told_so(site):
    site.get()
    site.is_away = True

    answer = site.get(headers={"If-None-Match": '"one"'})

    assert (answer.status_code, answer.headers["X-Stale"]) == (304, "true")


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/predict/cards/?limit=1"},
        {"headers": {"Accept": "text/csv"}},
        {"headers": {"Accept-Encoding": "gzip"}},
        {"headers": {"HX-Request": "true"}},
        {"scopes": frozenset({"live"})},
        {"scopes": None},
        {"headers": {"Cookie": "sessionid=1"}},
    ],
    ids=str,
)
def test_it_answers_no_other_question(site, other):
    site.get()
    site.is_away = True

    assert site.get(**other).status_code == 503


def test_nothing_stands_in_for_long(site, settings):
    settings.STALE_SECONDS = -1
    site.get()
    site.is_away = True

    assert site.get().status_code == 503


def test_jobs_are_never_answered_from_before(site):
    site.get(route=ASYNC)
    site.is_away = True

    assert site.get(route=ASYNC).status_code == 503


def test_a_database_that_is_there_is_asked(site):
    site.get()

    assert "X-Stale" not in site.get().headers


def test_other_errors_stay_what_they_are(site):
    site.get()
    site.view = lambda request: problems.problem(request, errors.ServiceUnavailable("no broker"))
    site.middleware = StaleAnswersMiddleware(site.view)

    assert site.get().status_code == 503
