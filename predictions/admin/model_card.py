"""What a model version's page tells of it: a card, and how its probabilities came true."""

from typing import Any

from django.template.loader import render_to_string

from predictions.models import BatchRun, GateReport, ModelVersion
from predictions.pages import charts, contest
from predictions.pages.charts import Chart, Series
from predictions.pages.numbers import percent
from predictions.services.versions import reliability
from soccerpredict.back_office.admin import facts, list_of, minute

PURPOSE = "Probabilities of home win, draw and away win of club matches; no betting advice."
NOT_BESIDE = "Only what is published of champion and challenger is compared all the time."
NOTHING = "No match has been played that it predicted without having learned from it."


def card_of(version: ModelVersion) -> dict[str, str]:
    """A model card in short; where its data and code came from in particular."""
    return {
        "purpose": PURPOSE,
        "recipe": version.recipe,
        "what it may see": version.recipe_class,
        "inputs": f"{version.n_features} features",
        "learned from": f"{version.n_matches:,} matches",
        "trained until": f"{minute(version.trained_until)} UTC",
        "data": version.dataset_version,
        "code": version.code_version,
        "artifact (SHA-256)": version.artifact_digest,
        "registry": f"{version.name} version {version.version}, run {version.run_id}",
    }


def card(version: ModelVersion) -> str:
    gates = list_of(GateReport, "gate reports", candidate__id__exact=version.pk)
    runs = list_of(BatchRun, "batch runs", model_version__id__exact=version.pk)
    return facts(card_of(version)) + render_to_string(
        "admin/model_links.html", {"links": [gates, runs]}
    )


def beside(version: ModelVersion) -> str:
    """The standing contest, if the version takes part in it."""
    found = contest.current()
    if found is None or version.run_id not in found.run_ids:
        return NOT_BESIDE
    return render_to_string("admin/contest.html", {"contest": found})


def diagram(version: ModelVersion) -> str:
    chart = reliability_chart(version)
    return render_to_string("admin/course.html", {"charts": [chart]}) if chart else NOTHING


def reliability_chart(version: ModelVersion) -> Chart | None:
    """True probabilities lie on the diagonal."""
    bins = reliability.of_version(version)
    if not bins:
        return None
    n_matches = sum(one.n for one in bins) // 3
    series = [
        Series("As it should be", "floor", [(0.0, 0.0), (1.0, 1.0)]),
        Series(str(version), "model", [(b.stated, b.came_true) for b in bins], has_dots=True),
    ]
    title = f"Calibration, {n_matches:,} matches"
    return charts.over_values(
        "reliability", title, series, x_name="Said", value_format=percent, span=(0.0, 1.0)
    )


def compared(versions: list[ModelVersion]) -> dict[str, Any]:
    """The cards and metrics of some versions side by side, what differs marked."""
    cards = [
        card_of(version) | {"registered": minute(version.registered_at)} for version in versions
    ]
    scores = [version.metrics for version in versions]
    names = sorted({name for metrics in scores for name in metrics})
    rows = [(name, [one[name] for one in cards]) for name in cards[0]]
    rows += [(name, [shown(metrics.get(name)) for metrics in scores]) for name in names]
    found = contest.current()
    takes_part = found and found.run_ids <= {version.run_id for version in versions}
    return {
        "versions": versions,
        "contest": found if takes_part else None,
        "rows": [(name, values, len(set(values)) > 1) for name, values in rows],
    }


def shown(score: object) -> str:
    return f"{score:.4f}" if isinstance(score, float) else "-" if score is None else str(score)
