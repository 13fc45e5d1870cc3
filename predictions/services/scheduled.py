"""What the scheduler starts: the same work as the commands', each ending in its sentence."""

from collections.abc import Sequence

from django.utils import timezone

from livescores.services import event_links, import_changes, live
from predictions.services.betting import simulating
from predictions.services.features import building, feature_store, team_ratings
from predictions.services.importing import feeds, simulated_world, web
from predictions.services.importing.web import SourceNotConfigured, Wanted
from predictions.services.publishing import batch
from predictions.services.versions import loading, retraining
from soccerpredict.errors import SoccerPredictError
from soccerpredict.jobs.runs import NothingToDo


class FetchingFailed(SoccerPredictError):
    code = "fetching_failed"
    title = "A source could not be fetched"


def fetch_matches(source: str) -> str:
    try:
        pages = web.pages_of(source, Wanted())
    except SourceNotConfigured as exc:
        raise NothingToDo(str(exc)) from exc
    report = web.import_pages(source, pages)
    if report.files_failed:
        raise FetchingFailed(web.failure(report))
    if not web.is_news(report):
        report.delete()  # by the minute, they would bury the others
        raise NothingToDo(f"{source} has nothing new.")
    return web.summary(report)


def fetch_feed(source: str, leagues: Sequence[str], *, scores: bool) -> str:
    try:
        wanted = Wanted(leagues=leagues)
        return str(feeds.import_web(source, wanted, scores=scores, routine=True))
    except SourceNotConfigured as exc:
        raise NothingToDo(str(exc)) from exc


def close_silent_matches() -> str:
    silent, overdue = live.close_silent(), live.close_overdue()
    if not silent and not overdue:
        raise NothingToDo("Every live match was confirmed in the last hours, and none is overdue.")
    return (
        f"{silent} live matches that no source confirmed are unknown now, "
        f"and {overdue} fixtures whose result never came."
    )


def forget_waiting_events() -> str:
    return (
        f"{event_links.forget_old()} events that waited in vain were forgotten, "
        f"and the way back of {import_changes.forget_routine()} runs of feeds."
    )


def go_on_with_the_simulated_world() -> str:
    seed = simulated_world.seed_in_use()
    if seed is None:
        raise NothingToDo("There is no simulated world here.")
    if not simulated_world.is_news_due(timezone.now()):
        raise NothingToDo("No match of the simulated world has ended since.")
    report = simulated_world.simulate(seed=seed)
    return f"Simulated world {seed}: {web.summary(report)}"


def rebuild_features() -> str:
    return str(building.build())


def rate_teams() -> str:
    return f"Stored {team_ratings.refresh().n_ratings} ratings of teams."


def predict(stage: str) -> str:
    """Where the stage's model has predicted from these very features, the rest of its reasons."""
    known = batch.published_with(stage)
    if known == (loading.version_of(stage).pk, feature_store.current_version()):
        if not (made := batch.explain_more(stage)):
            raise NothingToDo(f"What the {stage} serves is up to date.")
        return f"Explained {made} more blocks of predictions of the {stage}."
    return f"Published {batch.run(stage=stage).n_predictions} predictions of the {stage}."


def simulate_betting(stage: str) -> str:
    return f"Simulated betting on {simulating.simulate(stage=stage).n_matches} matches."


def retrain() -> str:
    return retraining.summary(retraining.retrain(reason="The month's retraining."))
