from typing import Any

from django.core.management.base import BaseCommand

from soccerpredict.jobs import timetable


class Command(BaseCommand):
    help = "Put jobs on the timetable that were never there; an operator's changes stay."

    def handle(self, **options: Any) -> None:
        self.stdout.write(str(timetable.install()))
