"""Accounts at the desk. Administrators create them and give them roles, but no rights above their own.

Each role, password and account that they change is written to a log which editors see, in the same transaction.
"""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from innovation_archive.models import ActKind, AdministrativeAct
from workshops.admin.base.paging import LookAheadPaginationMixin
from workshops.models import RoleGrant
from workshops.roles import ROLES

# What a role may do is said by the code, and the desk shows no form of permissions.
admin.site.unregister([User, Group])

NO_ROLE = "none"


class RoleGrantInline(admin.StackedInline):
    """The roles that somebody has for one programme. Who may change the account gives and takes them."""

    model = RoleGrant
    extra = 1
    verbose_name_plural = _("Roles for one programme")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.view_user")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")

    has_change_permission = has_delete_permission = has_add_permission


class RoleFilter(admin.SimpleListFilter):
    """Accounts by role, whether it is theirs for the whole archive or for a programme."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [*((role, role) for role in ROLES), (NO_ROLE, _("no role"))]

    def queryset(self, request, queryset):
        if self.value() == NO_ROLE:
            return queryset.filter(groups=None, role_grants=None, is_superuser=False)
        if self.value():
            return queryset.filter(Q(groups__name=self.value()) | Q(role_grants__role=self.value())).distinct()
        return queryset


@admin.register(User)
class AccountAdmin(LookAheadPaginationMixin, UserAdmin):
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "last_login"]
    list_filter = [RoleFilter, ("role_grants__programme", admin.RelatedOnlyFieldListFilter), "is_active"]
    inlines = [RoleGrantInline]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Who it is"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Roles"), {"fields": ["groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "role_grants__programme")

    @admin.display(description=_("roles"))
    def roles(self, account):
        everywhere = [group.name for group in account.groups.all()]
        return ", ".join([*everywhere, *(str(grant) for grant in account.role_grants.all())])

    def get_inlines(self, request, obj):
        """A new account gets its roles on its own page, once it is saved."""
        return self.inlines if obj else []

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and field:
            field.label = _("Roles for the whole archive")
            field.help_text = _("A role for one programme alone is given below. Both are written to the log.")
        return field

    def has_change_permission(self, request, obj=None):
        """Only a superuser may change a superuser's account: whoever sets its password could take it over."""
        return super().has_change_permission(request, obj) and not self.is_above(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_above(request.user, obj)

    def is_above(self, user, other):
        return other is not None and other.is_superuser and not user.is_superuser

    # The log. Django saves an account, its groups and its inlines in one transaction, of which these are parts.

    def save_model(self, request, obj, form, change):
        before = User.objects.filter(pk=obj.pk).first() if change else None
        request.rights_before = rights_of(before) if before else set()
        super().save_model(request, obj, form, change)
        for kind, detail in changes_of_account(before, obj):
            record_act(request.user, obj, kind, detail)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        account = form.instance
        now = rights_of(account)
        changed = {ActKind.GIVEN: now - request.rights_before, ActKind.TAKEN: request.rights_before - now}
        for kind, rights in changed.items():
            for role, programme in sorted(rights):
                record_act(request.user, account, kind, role, programme)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):  # noqa: A002 - Django's name
        before = User.objects.filter(pk=id).values_list("password", flat=True).first() if str(id).isdigit() else None
        response = super().user_change_password(request, id, form_url)
        account = User.objects.filter(pk=id).first() if before is not None else None
        if account and account.password != before:
            record_act(request.user, account, ActKind.NEW_PASSWORD)
        return response


def rights_of(account):
    """{(role, title of the programme, or "" for the whole archive)}"""
    everywhere = {(name, "") for name in account.groups.values_list("name", flat=True)}
    return everywhere | set(account.role_grants.order_by().values_list("role", "programme__title"))


def changes_of_account(before, now):
    """What was done to an account besides its roles, as (kind, detail). `before` is None for a new one."""
    if before is None:
        return [(ActKind.MADE, "")]
    found = []
    if before.is_active != now.is_active:
        found.append((ActKind.OPENED if now.is_active else ActKind.CLOSED, ""))
    if before.username != now.username:
        found.append((ActKind.RENAMED, before.username))
    return found


def record_act(by, about, kind, detail="", programme=""):
    AdministrativeAct.objects.create(by=by, about=about, kind=kind, detail=detail, programme=programme)
