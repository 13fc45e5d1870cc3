from typing import Any

from soccerpredict.jobs import timetable
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Put jobs on the timetable that were never there; an operator's changes stay."

    def handle(self, **options: Any) -> None:
        self.stdout.write(str(timetable.install()))
