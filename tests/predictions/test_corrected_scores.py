"""What becomes of one match that is wrong, all the way to the predictions, by the commands."""

import numpy as np
import pytest
from django.urls import reverse

from livescores.models import Match, Region
from predictions.models import PublicationPointer
from predictions.services.features import feature_store
from tests.forms import save
from tests.predictions.commands import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trained", "own_files")]
HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR"
ROWS = (
    "E0,14/02/2026,15:00,Kelsham,Fennick,3,0,H",
    "E0,21/02/2026,15:00,Garrow,Kelsham,1,1,D",
    "E0,28/02/2026,15:00,Fennick,Garrow,0,2,A",
    "E0,21/03/2026,15:00,Kelsham,Garrow,,,",
)


@pytest.fixture
def take(tmp_path):
    """Import the same file, as it is, where the trained world counts as a real one."""
    Region.objects.update(is_simulated=False)
    file = tmp_path / "E0.csv"
    file.write_text("\n".join([HEADER, *ROWS]) + "\n")
    return lambda: run("import_matches", "football-data", str(file))


def built_and_predicted():
    """Features and probabilities of the coming match, once both commands have run."""
    run("build_features")
    run("batch_inference")
    return features_of(coming()), probabilities()[coming().pk]


def coming():
    return Match.objects.get(status="scheduled", home_team__name="Kelsham")


def features_of(match):
    features = feature_store.current()
    return features.features[features.row_of[match.pk]]


def probabilities():
    batch = PublicationPointer.objects.get(stage="champion").batch
    columns = ("match_id", "proba_home", "proba_draw", "proba_away")
    return {match: proba for match, *proba in batch.predictions.values_list(*columns)}


def test_a_corrected_score_reaches_features_and_predictions(admin_client, take):
    take()
    numbers, proba = built_and_predicted()
    match = Match.objects.get(home_team__name="Kelsham", home_score=3)

    address = reverse("admin:livescores_match_change", args=[match.pk])
    assert save(admin_client, address, {"home_score": 0, "away_score": 6}).status_code == 302
    said = take()
    corrected, then = built_and_predicted()

    match.refresh_from_db()
    assert "0 inserted, 0 updated, 4 unchanged, 0 rejected" in said
    assert (match.home_score, match.away_score, match.corrected) == (0, 6, ["score"])
    assert not np.array_equal(numbers, corrected, equal_nan=True)
    assert proba[0] > then[0]  # a lost match speaks against the home team
    take()
    again, still = built_and_predicted()
    assert np.array_equal(corrected, again, equal_nan=True)
    assert still == then


@pytest.mark.parametrize("broken_first", [False, True])
def test_a_broken_match_is_left_out_and_every_other_one_predicted(broken_first, take):
    """Broken before the features were built, and after."""
    take()
    broken = coming()
    if not broken_first:
        run("build_features")
    Match.objects.filter(pk=broken.pk).update(home_shots=900)

    built = run("build_features")
    published = run("batch_inference")

    n_good = Match.objects.count() - 1
    assert f"Rule 'home_shots is 0 to 150' is broken by 1 match: {broken.pk}." in built
    assert published.startswith(f"Published {n_good} predictions of the champion")
    assert probabilities().keys() == set(
        Match.objects.exclude(pk=broken.pk).values_list("pk", flat=True)
    )
    Match.objects.filter(pk=broken.pk).update(home_shots=None)
    run("build_features")
    run("batch_inference")
    assert broken.pk in probabilities()
