from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from predictions.management.arguments import utc_moment
from predictions.modelling.evaluation.scoreboard import markdown
from predictions.modelling.fitting import recipes
from predictions.services.training import backtest
from soccerpredict.management.strict import StrictCommand


def season(text: str) -> datetime:
    """The beginning of a season: 2021-22, or 2021."""
    return datetime(int(text[:4]), 7, 1, tzinfo=UTC)


class Command(StrictCommand):
    help = "Walk forward: learn from all before a season or month, predict it, and score that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipe",
            action="append",
            dest="recipes",
            choices=sorted(recipes.RECIPES),
            help=f"may be repeated; default: {recipes.CHAMPION} and {recipes.CHALLENGER}",
        )
        begin = parser.add_mutually_exclusive_group(required=True)
        begin.add_argument("--from-season", dest="since", type=season, help="2021-22 or 2021")
        begin.add_argument("--from", dest="since", type=utc_moment, help="a day, at its beginning")
        parser.add_argument("--until", type=utc_moment, help="the first day that is not scored")
        parser.add_argument("--by", choices=("season", "month"), default="season")
        parser.add_argument(
            "--league", action="append", default=[], help="'England, Premier League'; repeatable"
        )
        parser.add_argument(
            "--unseen", action="store_true", help="learn nothing from the leagues that are scored"
        )
        parser.add_argument("--seed", type=int, default=0)

    def handle(
        self,
        *,
        recipes: list[str] | None,
        since: datetime,
        until: datetime | None,
        by: str,
        league: list[str],
        unseen: bool,
        seed: int,
        **options: Any,
    ) -> None:
        if unseen and not league:
            raise CommandError("--unseen needs a --league that is scored.")
        report = backtest.run(
            recipe_names=recipes or DEFAULT,
            since=since,
            until=until,
            by=by,
            leagues=league,
            unseen=unseen,
            seed=seed,
        )
        self.stdout.write(markdown(report.of()))
        self.stdout.write(
            f"Features of {report.n_checked} matches are those of their own kick-off. "
            f"All leagues and seasons: {report.folder}."
        )


DEFAULT = [recipes.CHAMPION, recipes.CHALLENGER]
