from typing import Any

from livescores.models import Team
from livescores.services import common_names
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = (
        "Give every club the common names of the shipped table that it lacks, those that an "
        "operator took away, too. New clubs get theirs by themselves."
    )

    def handle(self, **options: Any) -> None:
        given = common_names.give(Team.objects.select_related("region").order_by("pk"))
        self.stdout.write(f"{given} common names were added.")
