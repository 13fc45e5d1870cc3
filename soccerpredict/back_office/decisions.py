"""What a person decides about rows that a machine wrote: evidence first, always with a reason."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget

from soccerpredict.back_office.admin import PlatformAdmin, ReadOnlyAdmin
from soccerpredict.errors import SoccerPredictError

MOST_DECIDED = 100  # rows that one decision is about
LONGEST_REASON = 2_000

Decide = Callable[[Any, Any], object]


class ReasonForm(forms.Form):
    """Why somebody decides; NUL and blank text are no reason."""

    def __init__(self, *args: Any, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label="Why? This is kept for good.",
            max_length=longest,
            widget=UnfoldAdminTextareaWidget({"rows": 3}),
        )


class DecidingAdmin(PlatformAdmin):
    """Rows that a person decides about."""

    longest_reason = LONGEST_REASON

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change rows of this model."""
        return bool(self.has_change_permission(request))

    def evidence(self, row: Any) -> SafeString | str:
        """What a person should have read before deciding about a row."""
        return ""

    def decided(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        decide: Decide,
        *,
        title: str,
        consequence: str,
        asking: type[ReasonForm] = ReasonForm,
    ) -> HttpResponseBase | None:
        """Ask why, then call `decide(row, reason)` for each; what it refuses is told.

        A form that asks more is handed over whole, as its cleaned data.
        """
        rows = list(queryset[:MOST_DECIDED])
        form = asking(
            request.POST if "reason" in request.POST else None, longest=self.longest_reason
        )
        if not form.is_valid():
            n_left_out = max(0, queryset.count() - MOST_DECIDED)
            return self._ask(request, rows, form, title, consequence, n_left_out)
        given = form.cleaned_data["reason"] if asking is ReasonForm else form.cleaned_data
        why = f"{title}: {form.cleaned_data['reason']}"
        done = sum(self._done(request, row, decide, given, why) for row in rows)
        level = messages.SUCCESS if done else messages.WARNING
        self.message_user(request, f"{title}: {done} of {len(rows)}.", level)
        return None

    def _done(self, request: HttpRequest, row: Model, decide: Decide, given: Any, why: str) -> bool:
        """Whether it was done; whoever did it is on record."""
        try:
            told = decide(row, given)
        except SoccerPredictError as exc:
            self.message_user(request, str(exc), messages.ERROR)
            return False
        self.log_change(request, row, why)
        if isinstance(told, str):
            self.message_user(request, told, messages.SUCCESS)
        return True

    def _ask(
        self,
        request: HttpRequest,
        rows: Sequence[Model],
        form: ReasonForm,
        title: str,
        consequence: str,
        n_left_out: int,
    ) -> HttpResponseBase:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "action": request.POST["action"],
            "consequence": consequence,
            "rows": [(row, self.evidence(row)) for row in rows],
            "n_left_out": n_left_out,
            "form": form,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/ask_why.html", context)


class DecidedAdmin(DecidingAdmin, ReadOnlyAdmin):
    """Rows that a machine wrote and a person decides about."""

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Who may change rows of this model; their own pages stay to be read only."""
        return bool(super(ReadOnlyAdmin, self).has_change_permission(request))
