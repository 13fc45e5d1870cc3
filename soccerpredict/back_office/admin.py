"""What the admin pages of every app share.

What a machine wrote, a person may read but not edit. Big tables are never counted, sorted or
searched as a whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin import display as admin_display
from django.core.paginator import Paginator
from django.db import connections, router
from django.db.models import Max, Model, QuerySet
from django.forms import BaseModelForm, ModelChoiceField, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet
from unfold.views import ChangeList

from soccerpredict.back_office import stale_forms

MOST = 10_000  # rows that are counted one by one, and within which one may turn pages
WINDOW = 200_000  # newest rows that a filter without an index looks through
LONGEST = 200  # characters of a value in a table of facts

Column = TypeVar("Column", bound=Callable[..., Any])
Shown = TypeVar("Shown", bound=Callable[..., Any])


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to MOST; a whole table beyond that has the size that its statistics tell."""

    template_name = "admin/estimated_pagination.html"

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        counted = self.object_list.order_by()[: MOST + 1].count()
        if counted <= MOST or self.object_list.query.where:
            return counted
        return max(counted, estimated_rows(self.object_list))

    @cached_property
    def num_pages(self) -> int:
        """Pages that can be reached: a far one would read every row before it."""
        return max(1, -(-min(self.count, MOST) // self.per_page))

    @property
    def size(self) -> str:
        if self.count <= MOST:
            return f"{self.count:,}"
        return f"more than {MOST:,}" if self.count == MOST + 1 else f"about {self.count:,}"


def estimated_rows(queryset: QuerySet[Any]) -> int:
    """The planner's idea of a table's size, as old as its last ANALYZE; -1 before the first."""
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
            [queryset.model._meta.db_table],
        )
        return int(cursor.fetchone()[0])


class UncountedChangeList(ChangeList):  # type: ignore[misc]
    """A list that offers to show all rows only where it doesn't show them already."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count


class PlatformAdmin(ModelAdmin):  # type: ignore[misc]
    show_full_result_count = False
    list_per_page = 30  # the theme draws slowly: more rows would take more than 300 ms
    list_filter_submit = True
    compressed_fields = False
    change_form_before_template = "admin/seen.html"
    change_form_outer_before_template = "admin/deeds.html"

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        return stale_forms.guarded(super().get_form(request, obj, **kwargs))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """To be saved, it is read once nobody else can change it any more."""
        found: Model | None = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not in_transaction(self.model):
            return found
        locked = self.model._base_manager.select_for_update().filter(pk=found.pk)
        list(locked.values_list("pk"))
        again: Model | None = super().get_object(request, object_id, from_field)
        return again

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if form.instance.pk:
            context["inline_admin_formsets"] = list(filled(context["inline_admin_formsets"]))
            context["seen"] = request.POST.get(stale_forms.SEEN) or stale_forms.seen(form)
            context |= self.deeds(request)
        shown: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return shown

    def deeds(self, request: HttpRequest) -> dict[str, Any]:
        """The list's actions, to be done about one row from its own page."""
        actions = self.get_actions(request).values()
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return {
            "deeds": [(name, text) for _, name, text in actions if name != "delete_selected"],
            "deeds_at": reverse(name, current_app=self.admin_site.name),
        }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return UncountedChangeList

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """For the audit log: not only which fields were changed, but from what to what."""
        told: list[dict[str, Any]] = super().construct_change_message(request, form, formsets, add)
        if not add and isinstance(form, BaseModelForm) and form.changed_data:
            told[0]["changed"]["fields"] = changes(form)
        return told


class KeptAdmin(PlatformAdmin):
    """Rows that history hangs on: corrected where they are wrong, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that a machine wrote."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class BigTableAdmin(ReadOnlyAdmin):
    """Millions of rows, newest first: every list is read from an index, or from its newest part."""

    paginator = EstimatingPaginator
    ordering = ("-pk",)
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    indexed_lookups: tuple[str, ...] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if search_term:
            return self.search(queryset, search_term), False
        if queryset.query.where and not request.GET.keys() & set(self.indexed_lookups):
            queryset = self.recent(queryset)
        return queryset, False

    def recent(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The part of the table that filters without an index look through."""
        newest = queryset.model._default_manager.aggregate(pk=Max("pk"))["pk"] or 0
        return queryset.filter(pk__gt=newest - WINDOW)

    def search(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        raise NotImplementedError


class ShownRows(PaginationInlineFormSet):  # type: ignore[misc]
    """Rows to be read: the page need not send them back, and nothing sent of them is taken."""

    def __init__(self, **asked: Any) -> None:
        super().__init__(**(asked | {"data": None, "files": None}))

    def is_valid(self) -> bool:
        return True

    def save(self, commit: bool = True) -> list[Any]:
        nothing: list[Any] = []
        self.new_objects = self.changed_objects = self.deleted_objects = nothing
        return nothing


class ReadOnlyInline(TabularInline):  # type: ignore[misc]
    """Rows that belong to the one on the page, newest first, ten at a time."""

    formset = ShownRows
    extra = 0
    per_page = 10
    ordering = ("-pk",)
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        """All of them, so that no form with a query for each choice is built."""
        return tuple(self.fields or ())


def filled(formsets: Iterable[Any]) -> Iterator[Any]:
    """Without the empty tables of rows that only machines add."""
    for one in formsets:
        if one.formset.forms or not isinstance(one.opts, ReadOnlyInline):
            yield one


def in_transaction(model: type[Model]) -> bool:
    return connections[router.db_for_write(model)].in_atomic_block


def changes(form: "BaseModelForm[Any]") -> list[str]:
    """Each changed field with its old and its new value; never what is typed unseen."""
    return [
        f"{form[name].label} from {shown(form, name, form[name].initial)}"
        f" to {shown(form, name, form.cleaned_data.get(name))}"
        for name in form.changed_data
        if not isinstance(form.fields[name].widget, PasswordInput)
    ]


def shown(form: "BaseModelForm[Any]", name: str, value: Any) -> str:
    """A form's value in words; a row's or a choice's own name instead of its key."""
    field = form.fields[name]
    if isinstance(field, ModelChoiceField) and value and not isinstance(value, Model | Iterable):
        value = field.queryset.filter(pk=value).first() if field.queryset is not None else value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        value = ", ".join(sorted(map(str, value)))
    return in_short(value) if value not in (None, "") else "nothing"


def badge(
    description: str, colours: Mapping[str, str], *, ordering: str | None = None
) -> Callable[[Column], Column]:
    """A column that shows its values as coloured labels."""

    def declared(column: Column) -> Column:
        shown = display(description=description, label=dict(colours), ordering=ordering)
        return shown(column)  # type: ignore[no-any-return]

    return declared


def once(column: Shown) -> Shown:
    """A column of a row's page that asks the database: the theme would make it up to five times."""

    @wraps(column)
    def shown(page: Any, row: Any) -> Any:
        made = row.__dict__.setdefault("_shown", {})
        if column.__name__ not in made:
            made[column.__name__] = column(page, row)
        return made[column.__name__]

    return shown  # type: ignore[return-value]


def number(field: str, description: str) -> Callable[[Any], str | None]:
    """A column of a whole number, its thousands told apart."""

    @admin_display(description=description, ordering=field, empty_value="-")
    def shown(row: Any) -> str | None:
        value = getattr(row, field)
        return None if value is None else f"{value:,}"

    return shown


def minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def percent(probability: float) -> str:
    return f"{probability:.1%}"


def link(address: str, text: object) -> SafeString:
    return format_html(
        '<a class="font-medium text-primary-600 dark:text-primary-500" href="{}">{}</a>',
        address,
        text,
    )


def page_of(row: Model) -> SafeString:
    """A row's name, leading to its page."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return link(reverse(name, args=[row.pk]), row)


def list_of(model: type[Model], text: object, **lookups: object) -> SafeString:
    """A text that leads to the rows of a model with these values."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return link(reverse(name, query=lookups), text)


def facts(value: object) -> SafeString:
    """A JSON value as a table of names and values."""
    return render_to_string("admin/facts.html", {"facts": list(named_values(value))})


def named_values(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from named_values(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for number, inner in enumerate(value, start=1):
            yield from named_values(inner, f"{name}.{number}" if name else str(number))
    elif value not in (None, {}, []):
        yield name, in_short(value)


def in_short(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(in_short(inner) for inner in value)
    elif isinstance(value, float):
        value = f"{value:.5g}"
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
