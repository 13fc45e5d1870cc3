"""Operators who promote at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from predictions import registry
from predictions.models import AliasChange
from predictions.services import models, promotion
from soccerpredict.http.errors import Conflict
from tests.factories import make_model_version

pytestmark = pytest.mark.django_db(transaction=True)

N_OPERATORS = 6


@pytest.fixture
def aliases(monkeypatch):
    """What MLflow is told, in order; the race is in our database."""
    told = []
    monkeypatch.setattr(models, "fitted_of", lambda version: None)
    monkeypatch.setattr(registry, "set_alias", lambda stage, version: told.append(version))
    return told


def promote_together(versions):
    start = Barrier(len(versions))

    def promote(version):
        start.wait(10)
        try:
            return promotion.promote(
                stage="champion", version=version.version, by="ann", reason="race"
            )
        except Conflict:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(versions)) as operators:
        return [change for change in operators.map(promote, versions) if change]


def test_only_one_promotes_a_version(aliases):
    version = make_model_version()

    changes = promote_together([version] * N_OPERATORS)

    assert len(changes) == AliasChange.objects.count() == 1
    assert aliases == [version.version]


def test_different_versions_follow_each_other(aliases):
    versions = [make_model_version() for _ in range(N_OPERATORS)]

    promote_together(versions)

    changes = list(AliasChange.objects.order_by("id"))
    served = [change.model_version for change in changes]
    assert [change.previous for change in changes] == [None, *served[:-1]]
    assert aliases == [version.version for version in served]
