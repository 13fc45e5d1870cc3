"""Why an import cannot be undone."""

from collections.abc import Sequence

from livescores.models import ImportReport
from soccerpredict.errors import Conflict


class CannotUndo(Conflict):
    code = "cannot_undo"
    title = "The import cannot be undone"


class BuiltUpon(CannotUndo):
    """Later imports build on it; `later` are the numbers of those seen, `what` is of the first."""

    def __init__(self, report: ImportReport, later: Sequence[int], what: str) -> None:
        first = in_words(ImportReport.objects.get(pk=later[0]))
        super().__init__(
            f"{in_words(report).capitalize()} cannot be undone alone: {first} builds on "
            f"it, as for {what}. Undo that one first, or both with --with-later."
        )
        self.later = frozenset(later)


def in_words(report: ImportReport) -> str:
    return f"import {report.pk} ({report})"
