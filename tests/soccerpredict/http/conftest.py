import pytest
from django.test import Client


@pytest.fixture
def client(settings):
    """A client of the toy routes; an exception becomes an answer, as behind a real server."""
    settings.ROOT_URLCONF = "tests.soccerpredict.http.urls"
    return Client(raise_request_exception=False)


@pytest.fixture
def browser(settings):
    settings.ROOT_URLCONF = "tests.soccerpredict.http.urls"
    return Client(
        raise_request_exception=False,
        enforce_csrf_checks=True,
        headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
    )
