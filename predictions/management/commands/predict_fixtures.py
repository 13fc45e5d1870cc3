from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from predictions.management.arguments import utc_moment
from predictions.modelling.fitting import recipes
from predictions.services.training import back_prediction
from predictions.services.training.back_prediction import BackPrediction
from soccerpredict.management.strict import StrictCommand

WRITTEN_IN_PART = 2  # exit status: every row is there, some for clubs that nobody knows


class Command(StrictCommand):
    help = (
        "Predict a CSV file of fixtures (league or country, home, away, or Div, HomeTeam, "
        "AwayTeam; date, time and neutral may stand besides), trained and fed only with what was "
        "known at a moment. Exit status: 0 when all is written, 2 when all is written and some "
        "names mean nothing of ours, 1 when nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", type=utc_moment, required=True, help="results known by then")
        parser.add_argument(
            "--recipe",
            default=recipes.CHAMPION,
            help=f"one of {', '.join(recipes.RECIPES)}; default: {recipes.CHAMPION}",
        )
        parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")

    def handle(
        self, *, file: Path, as_of: datetime, recipe: str, out: Path, **options: Any
    ) -> None:
        made = back_prediction.predict(file, as_of=as_of, recipe=recipe, out=out)
        self.tell(made, recipe, out, as_of)
        if made.unlinked:
            sentence = f"Names that mean nothing of ours: {len(made.unlinked)}, see above."
            raise CommandError(sentence, returncode=WRITTEN_IN_PART)

    def tell(self, made: BackPrediction, recipe: str, out: Path, as_of: datetime) -> None:
        write = self.stdout.write
        write(
            f"Wrote {made.n_fixtures} predictions of {recipe} to {out}, learned from "
            f"{made.n_learned} results."
        )
        if made.undated:
            write(f"  {made.undated} x no date: taken to kick off at {as_of:%Y-%m-%d %H:%M} UTC")
        for words, count in sorted(made.fallbacks.items()):
            write(f"  {count} x {words}")
        for sentence in made.unlinked:
            write(f"  not linked: {sentence}")
