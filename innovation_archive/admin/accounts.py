"""Accounts at the desk. Administrators invite people and give them roles, but no rights above their own, and no passwords.

Each role, password and account that they change is written to a log which editors see, in the same transaction.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.forms import CheckboxSelectMultiple, ModelForm
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from innovation_archive.accounts.leaving import LeavingForm, close_account, open_account, workshops_of
from innovation_archive.accounts.links import end_of_new_link, may_send_to, password_link, send_link
from innovation_archive.admin.sign_in import fold_name
from innovation_archive.models import ActKind, AdministrativeAct
from workshops.addresses import absolute_url
from workshops.admin.base.paging import LookAheadPaginationMixin
from workshops.mail.queue import mail_is_on
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


class AccountForm(ModelForm):
    """An account without its password, which its owner alone sets."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups"]
        field_classes = {"username": UsernameField}

    def clean_username(self):
        """Refuse a name that differs from another's in its case or width alone: both would open by the same letters."""
        name = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk).filter(username__iexact=fold_name(name))
        if others.exists():
            raise ValidationError(self.instance.unique_error_message(User, ["username"]))
        return name


class InvitationForm(AccountForm):
    """A new account. It opens once its owner has followed their link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = mail_is_on()
        self.fields["email"].help_text = (
            gettext("An invitation is sent there, with a link by which they choose their password.")
            if mail_is_on()
            else gettext("This archive sends no mail: the next page shows a link for you to hand over.")
        )

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class AccountAdmin(LookAheadPaginationMixin, UserAdmin):
    form, add_form = AccountForm, InvitationForm
    add_form_template = "admin/accounts/invite.html"
    list_display = ["username", "first_name", "last_name", "roles", "state", "last_login"]
    list_filter = [RoleFilter, ("role_grants__programme", admin.RelatedOnlyFieldListFilter), "is_active"]
    inlines = [RoleGrantInline]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "state"]}),
        (_("Who it is"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Roles"), {"fields": ["groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("Roles"), {"fields": ["groups"]}),
    ]
    readonly_fields = ["state", "last_login", "date_joined"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "role_grants__programme")

    @admin.display(description=_("roles"))
    def roles(self, account):
        everywhere = [group.name for group in account.groups.all()]
        return ", ".join([*everywhere, *(str(grant) for grant in account.role_grants.all())])

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, account):
        if not account.is_active:
            return gettext("closed")
        is_invited = not account.last_login and not account.has_usable_password()
        return gettext("invited, has not signed in yet") if is_invited else gettext("open")

    def get_urls(self):
        """With a page for links, and without Django's page on which an administrator types somebody's password."""
        pages = {"link": self.link_view, "close": self.close_view, "open": self.open_view}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"auth_user_{name}")
            for name, view in pages.items()
        ]
        return [*own, *(url for url in super().get_urls() if url.name != "auth_user_password_change")]

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

    def account_to_change(self, request, pk):
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

    def account_page(self, request, template, title, account, **context):
        about = {"title": title, "opts": self.opts, "original": account}
        return TemplateResponse(request, template, self.admin_site.each_context(request) | about | context)

    # Links by which people set their password

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": gettext("Invite somebody")} | (extra_context or {}))

    def response_add(self, request, obj, post_url_continue=None):
        return self.hand_link(request, obj) if settings.PASSWORD_SIGN_IN else self.say_how_to_sign_in(request, obj)

    def say_how_to_sign_in(self, request, account):
        says = gettext("%(name)s has an account. They sign in at %(address)s with their account at %(directory)s.")
        address = absolute_url(request, reverse("admin:index"))
        about = {"name": account.get_username(), "address": address, "directory": settings.OIDC_NAME}
        messages.success(request, says % about)
        return redirect("admin:auth_user_change", account.pk)

    @transaction.atomic
    def link_view(self, request, pk):
        account = self.account_to_change(request, pk)
        if not account.is_active or not settings.PASSWORD_SIGN_IN:
            raise PermissionDenied
        return self.hand_link(request, account) if request.method == "POST" else self.link_page(request, account)

    def hand_link(self, request, account):
        """Send a link to an account's owner; where no mail reaches them, show it once to whoever hands it over."""
        if not may_send_to(account):
            record_act(request.user, account, ActKind.LINK_SHOWN)
            return self.link_page(request, account, link=password_link(request, account), until=end_of_new_link())
        send_link(request, account)
        record_act(request.user, account, ActKind.LINK_SENT)
        says = gettext("A link by which %(name)s chooses a password is on its way to %(address)s.")
        messages.success(request, says % {"name": account.get_username(), "address": account.email})
        return redirect("admin:auth_user_change", account.pk)

    def link_page(self, request, account, **context):
        context |= {"by_mail": may_send_to(account)}
        return self.account_page(
            request, "admin/accounts/link.html", gettext("A link for a password"), account, **context
        )

    # Leavers

    def close_view(self, request, pk):
        """Closes an account and hands its workshops over; of one that is closed, hands over what is left."""
        account = self.account_to_change(request, pk)
        if account == request.user:
            raise PermissionDenied
        form = LeavingForm(account, request.POST if request.method == "POST" else None)
        if form.is_valid():
            successor = form.cleaned_data.get("successor")
            close_account(account, request.user, successor)
            messages.success(request, what_was_closed(account, successor))
            return redirect("admin:auth_user_change", account.pk)
        title = gettext("Close an account") if account.is_active else gettext("Hand workshops over")
        context = {"form": form, "workshops": workshops_of(account)}
        return self.account_page(request, "admin/accounts/close.html", title, account, **context)

    @method_decorator(require_POST)
    def open_view(self, request, pk):
        account = self.account_to_change(request, pk)
        open_account(account, request.user)
        says = gettext("The account of %(name)s is open again.") % {"name": account.get_username()}
        messages.success(request, says)
        return redirect("admin:auth_user_change", account.pk)


def what_was_closed(account, successor):
    if successor is None:
        return gettext("The account of %(name)s is closed.") % {"name": account.get_username()}
    says = gettext("The account of %(name)s is closed, and %(successor)s has their workshops.")
    return says % {"name": account.get_username(), "successor": successor.get_username()}


def rights_of(account):
    """{(role, title of the programme, or "" for the whole archive)}"""
    everywhere = {(name, "") for name in account.groups.values_list("name", flat=True)}
    return everywhere | set(account.role_grants.order_by().values_list("role", "programme__title"))


def changes_of_account(before, now):
    """What was done to an account besides its roles, as (kind, detail). `before` is None for a new one."""
    if before is None:
        return [(ActKind.MADE, "")]
    found = []
    if before.username != now.username:
        found.append((ActKind.RENAMED, before.username))
    if before.email != now.email:
        found.append((ActKind.ADDRESS, ""))
    return found


def record_act(by, about, kind, detail="", programme=""):
    AdministrativeAct.objects.create(by=by, about=about, kind=kind, detail=detail, programme=programme)
