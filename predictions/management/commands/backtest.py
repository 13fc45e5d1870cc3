from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.modelling import recipes
from predictions.modelling.scoreboard import markdown
from predictions.services import backtest
from soccerpredict.http.errors import SoccerPredictError


def season(text: str) -> datetime:
    """The beginning of a season: 2021-22, or 2021."""
    return datetime(int(text[:4]), 7, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = "Walk forward: learn from all before a season or month, predict it, and score that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipe",
            action="append",
            dest="recipes",
            choices=sorted(recipes.RECIPES),
            help=f"may be repeated; default: {recipes.CHAMPION} and {recipes.CHALLENGER}",
        )
        parser.add_argument("--from-season", type=season, required=True, help="2021-22 or 2021")
        parser.add_argument("--by", choices=("season", "month"), default="season")
        parser.add_argument(
            "--league", action="append", default=[], help="'England, Premier League'; repeatable"
        )
        parser.add_argument("--seed", type=int, default=0)

    def handle(
        self,
        *,
        recipes: list[str] | None,
        from_season: datetime,
        by: str,
        league: list[str],
        seed: int,
        **options: Any,
    ) -> None:
        try:
            report = backtest.run(
                recipe_names=recipes or DEFAULT,
                since=from_season,
                by=by,
                leagues=league,
                seed=seed,
            )
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(markdown(report.of()))
        self.stdout.write(
            f"Features of {report.n_checked} matches are those of their own kick-off. "
            f"All leagues and seasons: {report.folder}."
        )


DEFAULT = [recipes.CHAMPION, recipes.CHALLENGER]
