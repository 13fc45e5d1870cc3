"""Why an import cannot be undone."""

from livescores.models import ImportReport
from soccerpredict.errors import Conflict


class CannotUndo(Conflict):
    code = "cannot_undo"
    title = "The import cannot be undone"


class BuiltUpon(CannotUndo):
    """A later import builds on it."""

    def __init__(self, report: ImportReport, later: ImportReport, what: str) -> None:
        super().__init__(
            f"{in_words(report).capitalize()} cannot be undone alone: {in_words(later)} builds on "
            f"it, as for {what}. Undo that one first, or both with --with-later."
        )
        self.later = later


def in_words(report: ImportReport) -> str:
    return f"import {report.pk} ({report})"
