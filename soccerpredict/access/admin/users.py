"""Users and groups. Nobody gives more than they have; roles are what the code says."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from soccerpredict.access.models import WrongPasswords
from soccerpredict.access.roles import Role
from soccerpredict.back_office.admin import KeptAdmin, PlatformAdmin, ReadOnlyAdmin, facts

admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(BaseUserAdmin, KeptAdmin):  # type: ignore[type-arg]
    """Switched off, never deleted: the audit log tells of them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "roles", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found: QuerySet[User] = super().get_queryset(request)
        return found.prefetch_related("groups")

    def roles(self, user: User) -> str:
        names = sorted(group.name for group in user.groups.all())
        return ", ".join(["superuser"] * user.is_superuser + names)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An administrator leaves superusers alone: who sets their password has their rights."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return (*fields, "is_superuser", "user_permissions")


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, PlatformAdmin):  # type: ignore[misc]
    list_display = ("name", "members")
    readonly_fields = ("rights",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        found: QuerySet[Group] = super().get_queryset(request)
        found = found.prefetch_related("permissions__content_type")
        return found.annotate(n_members=Count("user"))

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """A role's rights in short; others are put together by a superuser."""
        return ("name", "rights") if is_role(obj) else ("name", "permissions")

    @admin.display(description="rights")
    def rights(self, group: Group) -> SafeString:
        held: dict[str, list[str]] = {}
        for right in group.permissions.all():
            deed, _, _ = right.codename.partition("_")
            held.setdefault(str(right.content_type), []).append(deed)
        return facts({model: ", ".join(deeds) for model, deeds in sorted(held.items())})

    def members(self, group: Group) -> int:
        count: int = getattr(group, "n_members", 0)
        return count

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Only superusers put rights together; a role's are set by every migration."""
        return bool(request.user.is_superuser) and not is_role(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser) and not is_role(obj)


def is_role(group: Group | None) -> bool:
    return group is not None and group.name in Role.values


@admin.register(WrongPasswords)
class WrongPasswordsAdmin(ReadOnlyAdmin):
    """Who is guessing, and from where. Names are kept as digests only: some are passwords."""

    list_display = ("last_at", "place", "n_tries", "of_one_account")
    list_filter = ("last_at",)
    search_fields = ("=place",)
    search_help_text = "An address."
    show_facets = admin.ShowFacets.NEVER
    fields = ("last_at", "place", "n_tries", "account")

    @admin.display(description="of one account", boolean=True)
    def of_one_account(self, row: WrongPasswords) -> bool:
        return bool(row.account)
