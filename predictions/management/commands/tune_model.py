from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser

from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.services.training import tuning
from soccerpredict.management.strict import StrictCommand


def season(text: str) -> datetime:
    """The beginning of a season: 2018-19, or 2018."""
    return datetime(int(text[:4]), 7, 1, tzinfo=UTC)


class Command(StrictCommand):
    help = "Search for better trees by Optuna over past seasons; goes on with the study it keeps."

    def add_arguments(self, parser: CommandParser) -> None:
        letters = [seen.letter for seen in RecipeClass]
        parser.add_argument("--class", dest="letter", choices=letters, default="C")
        parser.add_argument("--from-season", type=season, required=True, help="2018-19 or 2018")
        parser.add_argument(
            "--until-season", type=season, required=True, help="the first that is not looked at"
        )
        parser.add_argument("--trials", type=int, default=20)
        parser.add_argument("--seed", type=int, default=0)

    def handle(
        self,
        *,
        letter: str,
        from_season: datetime,
        until_season: datetime,
        trials: int,
        seed: int,
        **options: Any,
    ) -> None:
        tuned = tuning.tune(
            letter=letter, since=from_season, until=until_season, n_trials=trials, seed=seed
        )
        best = ", ".join(f"{name} {value:.4g}" for name, value in tuned.parameters.items())
        self.stdout.write(
            f"Best of {tuned.n_trials} trials: log-loss {tuned.log_loss:.4f} with {best}. "
            f"The study is kept in {tuned.path}."
        )
