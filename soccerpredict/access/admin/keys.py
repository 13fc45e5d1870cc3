"""API clients and keys. A key's text is shown once, when it is made; its digest never."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from soccerpredict.access import services
from soccerpredict.access.models import ApiClient, ApiKey, KeyUsage, Scope, all_scopes
from soccerpredict.access.services import IssuedKey
from soccerpredict.back_office.admin import (
    EstimatingPaginator,
    KeptAdmin,
    PlatformAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
    facts,
    minute,
    page_of,
)

# The texts travel to the next page in a cookie: more would go by way of the database.
MOST_AT_ONCE = 10
DAYS = 30  # whose requests the lists count
STATE_COLOURS = {
    "usable": "success",
    "being replaced": "warning",
    "client is off": "warning",
    "expired": "danger",
    "revoked": "danger",
}


def requests_since(path: str) -> Subquery:
    """The requests of the last DAYS, in one subquery: `path` leads from a use to the row."""
    since = timezone.now().date() - timedelta(days=DAYS - 1)
    uses = KeyUsage.objects.filter(**{path: OuterRef("pk")}, day__gte=since).order_by()
    return Subquery(uses.values(path).annotate(total=Sum("requests")).values("total"))


class KeyState:
    """The column that says whether a key works."""

    @badge("state", STATE_COLOURS)
    def state(self, key: ApiKey) -> str:
        now = timezone.now()
        if key.revoked_at and key.revoked_at <= now:
            return "revoked"
        if key.expires_at and key.expires_at <= now:
            return "expired"
        if not key.client.is_active:
            return "client is off"
        return "being replaced" if key.revoked_at else "usable"


class ApiKeyInline(KeyState, ReadOnlyInline):
    model = ApiKey
    fields = ("key", "name", "scopes", "state", "created_at", "expires_at", "last_used_at")

    def key(self, key: ApiKey) -> SafeString:
        return page_of(key)


@admin.register(ApiClient)
class ApiClientAdmin(PlatformAdmin):
    list_display = (
        "name",
        "contact",
        "is_active",
        "usable_keys",
        "default_limit_per_minute",
        "last_used",
        "lately",
    )
    list_filter = ("is_active",)
    search_fields = ("name", "contact")
    fields = ("name", "contact", "is_active", "default_limit_per_minute", "created_at")
    readonly_fields = ("created_at",)
    inlines = (ApiKeyInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        now = timezone.now()
        alive = Q(keys__revoked_at=None) | Q(keys__revoked_at__gt=now)
        alive &= Q(keys__expires_at=None) | Q(keys__expires_at__gt=now)
        found: QuerySet[ApiClient] = super().get_queryset(request)
        return found.annotate(
            usable=Count("keys", filter=alive),
            used_at=Max("keys__last_used_at"),
            n_lately=requests_since("key__client"),
        )

    @admin.display(description="last use (UTC)", ordering="used_at", empty_value="never")
    def last_used(self, client: ApiClient) -> str | None:
        used_at = getattr(client, "used_at", None)
        return minute(used_at) if used_at else None

    @admin.display(description=f"requests, {DAYS} days", ordering="n_lately")
    def lately(self, client: ApiClient) -> str:
        return f"{getattr(client, 'n_lately', None) or 0:,}"

    @admin.display(description="keys in use")
    def usable_keys(self, client: ApiClient) -> int:
        count: int = getattr(client, "usable", 0)
        return count


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        choices=Scope, initial=all_scopes, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ApiKey
        fields = ("client", "name", "scopes", "expires_at", "rate_limit_per_minute")

    def clean_client(self) -> ApiClient:
        client: ApiClient = self.cleaned_data["client"]
        if not client.is_active:
            raise ValidationError("This client is switched off: its keys don't work.")
        return client

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if "expires_at" in self.changed_data and moment and moment <= timezone.now():
            raise ValidationError("A key expires in the future; to end one now, revoke it.")
        return moment


@admin.register(ApiKey)
class ApiKeyAdmin(KeyState, KeptAdmin):
    """Issued here, ended here; kept, so that it stays known who could ask."""

    form = ApiKeyForm
    list_display = (
        "prefix",
        "client",
        "name",
        "scopes",
        "state",
        "last_used_at",
        "lately",
        "expires_at",
    )
    list_filter = ("client__is_active", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("client",)
    search_fields = ("prefix", "name", "client__name")
    autocomplete_fields = ("client",)
    actions = ("revoke", "roll")
    add_fieldsets = (
        (None, {"fields": ("client", "name", "scopes", "expires_at", "rate_limit_per_minute")}),
    )
    fieldsets = (
        (None, {"fields": (("prefix", "client", "state"), "name", "scopes")}),
        ("Limits", {"fields": ("rate_limit_per_minute", "expires_at")}),
        ("Life", {"fields": (("created_at", "last_used_at"), ("revoked_at", "replaced_by"))}),
        ("Use", {"fields": ("by_day",)}),
    )
    readonly_fields = (
        "prefix",
        "state",
        "created_at",
        "last_used_at",
        "revoked_at",
        "replaced_by",
        "by_day",
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ApiKey | None = None
    ) -> tuple[str, ...]:
        return (*self.readonly_fields, "client") if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        found: QuerySet[ApiKey] = super().get_queryset(request)
        lately = requests_since("key")
        return found.select_related("client").defer("digest").annotate(n_lately=lately)

    @admin.display(description=f"requests, {DAYS} days", ordering="n_lately")
    def lately(self, key: ApiKey) -> str:
        return f"{getattr(key, 'n_lately', None) or 0:,}"

    @admin.display(description=f"requests a day, newest {DAYS}")
    def by_day(self, key: ApiKey) -> SafeString:
        days = key.usage.order_by("-day").values_list("day", "requests")[:DAYS]
        return facts({day.isoformat(): f"{requests:,}" for day, requests in days})

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data)
            return
        issued = services.issue(
            client=obj.client,
            name=obj.name,
            scopes=obj.scopes,
            expires_at=obj.expires_at,
            rate_limit_per_minute=obj.rate_limit_per_minute,
        )
        obj.pk, obj.prefix = issued.key.pk, issued.key.prefix
        self.show(request, issued)

    def show(self, request: HttpRequest, issued: IssuedKey) -> None:
        text = (
            f"{issued.text} is the new key of {issued.key.client}. Copy it: it is shown only now."
        )
        self.message_user(request, text, messages.WARNING)

    @admin.action(description="Revoke: refuse these keys from now on", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponseBase | None:
        keys = list(queryset.usable(timezone.now()))  # type: ignore[attr-defined]
        if keys and "confirmed" not in request.POST:
            consequence = "Whoever uses these keys is refused within seconds, for good:"
            return self.ask(request, "revoke", "Revoke", consequence, keys)
        for key in keys:
            services.revoke(key)
            self.log_change(request, key, "Revoked.")
        self.tell(request, "Revoked", keys)
        return None

    @admin.action(description="Roll: replace these keys by new ones", permissions=["change"])
    def roll(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponseBase | None:
        usable = queryset.usable(timezone.now())  # type: ignore[attr-defined]
        keys = list(usable.filter(replaced_by=None)[:MOST_AT_ONCE])
        days = services.ROLL_OVERLAP.days
        if keys and "confirmed" not in request.POST:
            consequence = f"Each gets a successor, shown once; the old one works {days} more days:"
            return self.ask(request, "roll", "Roll", consequence, keys)
        for key in keys:
            issued = services.roll(key)
            self.log_change(request, key, f"Rolled: replaced by {issued.key}.")
            self.show(request, issued)
        self.tell(request, "Rolled", keys)
        return None

    def ask(
        self, request: HttpRequest, action: str, title: str, consequence: str, keys: list[ApiKey]
    ) -> HttpResponseBase:
        """A page that says what would happen, to whom."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "action": action,
            "consequence": consequence,
            "keys": keys,
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/access/apikey/confirm.html", context)

    def tell(self, request: HttpRequest, done: str, keys: Iterable[ApiKey]) -> None:
        names = ", ".join(str(key) for key in keys)
        if names:
            self.message_user(request, f"{done}: {names}", messages.SUCCESS)
        else:
            self.message_user(request, "None of these keys is in use any more.", messages.WARNING)


@admin.register(KeyUsage)
class KeyUsageAdmin(ReadOnlyAdmin):
    list_display = ("day", "client", "key", "requests")
    list_filter = ("day", ("key__client", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("key__client",)
    search_fields = ("=key__prefix", "key__client__name")
    search_help_text = "A key's prefix, or a part of its client's name."
    paginator = EstimatingPaginator
    show_facets = admin.ShowFacets.NEVER
    fields = ("day", "key", "requests")

    @admin.display(ordering="key__client__name")
    def client(self, usage: KeyUsage) -> ApiClient:
        return usage.key.client
