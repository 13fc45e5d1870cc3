"""Champion beside challenger: who is ahead, and when nobody is said to be."""

import pytest
from django.urls import reverse

from predictions.pages import contest
from predictions.services.versions import comparison
from tests.factories import (
    make_match,
    make_model_version,
    make_publication,
)

VERSIONS = reverse("admin:predictions_modelversion_changelist")
SURE, FAIR = (0.8, 0.1, 0.1), (0.4, 0.3, 0.3)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.02, -0.001, "Champion ahead"),
        (0.001, 0.02, "Challenger ahead"),
        (-0.001, 0.001, "Not proven"),
        (0.0, 0.01, "Not proven"),
        (-0.01, 0.0, "Not proven"),
    ],
)
def test_a_verdict_needs_an_interval_without_0(low, high, said):
    assert contest.verdict(low, high) == said


@pytest.fixture
def _nothing_kept():
    comparison.forget()
    yield
    comparison.forget()


def publish(predicted, stage):
    """What a stage says of each match."""
    return make_publication(*predicted, stage=stage, model_version=make_model_version()).batch


@pytest.mark.django_db
@pytest.mark.usefixtures("_nothing_kept")
class TestOnThePages:
    def test_nothing_is_compared_before_both_are_published(self, admin_client):
        assert contest.current() is None
        assert "Nothing to compare yet" in admin_client.get(VERSIONS).content.decode()

    def test_a_single_match_proves_nothing(self):
        match = make_match(score=(1, 0))
        publish([(match, SURE)], "champion")
        publish([(match, FAIR)], "challenger")

        leading = contest.current().leading

        # ln(0.4) - ln(0.8) = -ln 2
        assert (leading.difference, leading.verdict) == ("−0.6931", "Too few matches")

    def test_the_models_and_the_start_page_say_who_is_ahead(self, admin_client):
        matches = [make_match(score=(n % 3, 0)) for n in range(1, 3)] + [make_match(score=(4, 0))]
        probabilities = [SURE, (0.7, 0.2, 0.1), (0.75, 0.15, 0.1)]
        champion = publish(list(zip(matches, probabilities, strict=True)), "champion")
        publish([(match, FAIR) for match in matches], "challenger")

        shown = admin_client.get(VERSIONS).content.decode()
        start = admin_client.get(reverse("admin:index")).content.decode()
        page = reverse("admin:predictions_modelversion_change", args=[champion.model_version_id])

        assert contest.current().leading.verdict == "Champion ahead"
        assert all("Champion ahead" in text for text in (shown, start))
        assert "On the same 3 matches" in admin_client.get(page).content.decode()

    def test_where_the_interval_holds_0_nobody_is_ahead(self, admin_client):
        matches = [make_match(score=(1, 0)), make_match(score=(0, 1))]
        publish([(match, SURE) for match in matches], "champion")
        publish([(match, FAIR) for match in matches], "challenger")

        assert contest.current().leading.verdict == "Not proven"
        assert "Not proven" in admin_client.get(reverse("admin:index")).content.decode()
