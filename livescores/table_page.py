"""The back office's page of any table: a preview of what a mapping makes of it, and the mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from livescores.sources.mapped import parser, ratings, suggesting
from livescores.sources.mapped.mapping import Mapping, loads
from livescores.sources.records import FileRejected, MatchRecord, ParsedFile, Rejection

SHOWN = 10
MOST_MB = 8


class TableForm(forms.Form):
    table = forms.FileField(
        required=False,
        label="Table",
        widget=forms.ClearableFileInput(attrs={"class": "w-full"}),
        help_text=f"CSV, workbook, Parquet or JSON of up to {MOST_MB} MB. Nothing of it is stored.",
    )
    mapping = forms.CharField(
        required=False,
        label="Mapping",
        widget=forms.Textarea(attrs={"rows": 24, "class": "w-full", "spellcheck": "false"}),
        help_text="TOML. Left empty, one is made of the names of the table's columns.",
    )

    def clean_table(self) -> "UploadedFile[Any] | None":
        table: UploadedFile[Any] | None = self.cleaned_data["table"]
        if table and (table.size or 0) > MOST_MB * 2**20:
            raise forms.ValidationError(f"The table is larger than {MOST_MB} MB.")
        return table


@dataclass(frozen=True)
class Preview:
    """What a mapping makes of a table."""

    n_rows: int
    n_matches: int
    n_rejected: int
    forms: Sequence[str]
    matches: Sequence[MatchRecord]
    rejections: Sequence[Rejection]


def respond(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page; a preview of what was sent, or the mapping as a file."""
    sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if sent else TableForm()
    preview = None
    if sent and form.is_valid():
        try:
            if "write" in request.POST:
                return _written(form.cleaned_data["mapping"])
            mapping = _begun(form)
            preview = _preview(form.cleaned_data["table"], loads(mapping))
        except FileRejected as exc:
            place = f"Line {exc.line}: " if exc.line else ""
            form.add_error(None, f"{place}{exc}")
    return TemplateResponse(
        request, "admin/livescores/table.html", context | {"form": form, "preview": preview}
    )


def _written(text: str) -> HttpResponse:
    """The mapping as a file, if it is one."""
    mapping = loads(text)
    response = HttpResponse(text, content_type="application/toml")
    response["Content-Disposition"] = f'attachment; filename="{mapping.source}.toml"'
    return response


def _begun(form: TableForm) -> str:
    """The mapping that was sent, or one to begin with, which the page then shows."""
    table: UploadedFile[Any] | None = form.cleaned_data["table"]
    mapping: str = form.cleaned_data["mapping"]
    if table is None:
        raise FileRejected("Choose a table.")
    if not mapping.strip():
        mapping = suggesting.suggest(table.read(), table.name or "")
        table.seek(0)
        form.data = {**form.data, "mapping": mapping}
    return mapping


def _preview(table: "UploadedFile[Any]", mapping: Mapping) -> Preview:
    content, name = table.read(), table.name or ""
    if mapping.kind == "ratings":
        rated = ratings.parse(content, name, mapping)
        return _counted(ParsedFile([], rated.rejections, rated.rows), len(rated.records))
    parsed = parser.parse(content, name, mapping)
    return _counted(parsed, len(parsed.matches))


def _counted(parsed: ParsedFile, n: int) -> Preview:
    return Preview(
        parsed.rows,
        n,
        len(parsed.rejections),
        [str(form) for form in parsed.forms],
        parsed.matches[:SHOWN],
        parsed.rejections[:SHOWN],
    )
