"""Bring the clubs' ratings up to date."""

import time
from typing import Any

from predictions.services.features import team_ratings
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Store every club's rating by month, from the results that the features were made of."

    def handle(self, **options: Any) -> None:
        started = time.perf_counter()
        rated = team_ratings.refresh()
        how = "all made again" if rated.is_full else "from the last month on"
        seconds = time.perf_counter() - started
        self.stdout.write(f"Stored {rated.n_ratings} ratings, {how}, in {seconds:.1f} s.")
