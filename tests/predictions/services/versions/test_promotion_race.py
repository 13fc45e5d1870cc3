"""Operators who promote at the same moment, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from predictions import registry
from predictions.models import AliasChange, GateReport
from predictions.services.versions import gate, loading, promotion
from soccerpredict.errors import Conflict
from tests.factories import make_alias, make_model_version

pytestmark = pytest.mark.django_db(transaction=True)

N_OPERATORS = 6


@pytest.fixture
def aliases(monkeypatch):
    """What MLflow is told, in order; the race is in our database."""
    told = []
    monkeypatch.setattr(loading, "fitted_of", lambda version: None)
    monkeypatch.setattr(gate, "examine", found_good)
    monkeypatch.setattr(registry, "set_alias", lambda stage, version: told.append(version))
    return told


def found_good(candidate, champion, **how):
    return GateReport(
        candidate=candidate, champion=champion, passed=True, content={}, stage="champion"
    )


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


def test_of_those_who_looked_at_the_same_champion_one_wins(aliases, monkeypatch):
    looked = Barrier(N_OPERATORS)

    def examine_together(candidate, champion, **how):
        looked.wait(10)
        return found_good(candidate, champion)

    monkeypatch.setattr(gate, "examine", examine_together)
    old = make_alias().model_version

    (change,) = promote_together([make_model_version() for _ in range(N_OPERATORS)])

    assert change.previous == old
    assert aliases == [change.model_version.version]


def test_what_is_decided_one_after_the_other_follows_each_other(aliases):
    versions = [make_model_version() for _ in range(N_OPERATORS)]

    changes = promote_together(versions)

    served = [change.model_version for change in AliasChange.objects.order_by("id")]
    assert len(served) == len(changes) >= 1
    found = [change.previous for change in AliasChange.objects.order_by("id")]
    assert found == [None, *served[:-1]]
    assert aliases == [version.version for version in served]
