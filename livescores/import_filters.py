"""Which imports the back office lists."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from livescores.models import ImportReport


class RoutineFilter(admin.SimpleListFilter):
    """One a minute, the runs of feeds would bury the others."""

    title = "run"
    parameter_name = "routine"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "Feeds by the timetable"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        return iter([{**first, "display": "Without feeds by the timetable"}, *others])

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ImportReport]
    ) -> QuerySet[ImportReport]:
        chosen = self.value()
        return queryset if chosen == "all" else queryset.filter(is_routine=chosen == "yes")
