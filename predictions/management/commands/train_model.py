from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from predictions.management.arguments import accept_fewer, utc_moment
from predictions.modelling.fitting import recipes
from predictions.services.training import fitting
from soccerpredict import progress
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Fit a champion and a challenger on what is known, measure and register them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipe",
            action="append",
            dest="recipes",
            help=f"may be repeated; one of {', '.join(recipes.RECIPES)}; "
            f"default: {recipes.CHAMPION} and {recipes.CHALLENGER}",
        )
        parser.add_argument("--as-of", type=utc_moment, help="results known by then; default: all")
        parser.add_argument("--seed", type=int, default=0)
        accept_fewer(parser)

    def handle(
        self, *, recipes: list[str] | None, as_of: datetime | None, seed: int, **options: Any
    ) -> None:
        with progress.shown():
            versions = fitting.train(
                recipe_names=recipes,
                as_of=as_of,
                seed=seed,
                accept_fewer=options["accept_fewer"],
            )
        for version in versions:
            metrics = version.metrics
            self.stdout.write(
                f"Registered {version.recipe} as version {version.version}, trained on "
                f"{version.n_matches} matches until {version.trained_until:%Y-%m-%d}: log-loss "
                f"{metrics['holdout_log_loss']:.4f} on {metrics['holdout_n_matches']:.0f} later "
                f"matches (class frequencies {metrics['holdout_frequencies_log_loss']:.4f})."
            )
