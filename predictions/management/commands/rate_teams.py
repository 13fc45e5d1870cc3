"""Bring the clubs' ratings up to date."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from predictions.services.features import team_ratings
from soccerpredict.errors import SoccerPredictError


class Command(BaseCommand):
    help = "Store every club's rating by month, from the results that the features were made of."

    def handle(self, **options: Any) -> None:
        started = time.perf_counter()
        try:
            rated = team_ratings.refresh()
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        how = "all made again" if rated.is_full else "from the last month on"
        seconds = time.perf_counter() - started
        self.stdout.write(f"Stored {rated.n_ratings} ratings, {how}, in {seconds:.1f} s.")
