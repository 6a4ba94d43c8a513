"""Accounts at the desk. Administrators create them and give them roles, but no rights above their own."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from workshops.admin.base.paging import LookAheadPaginationMixin

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(LookAheadPaginationMixin, UserAdmin):
    list_display = ["username", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]

    def get_fieldsets(self, request, obj=None):
        """Permissions come from roles. Only a superuser can give permissions directly."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or request.user.is_superuser:
            return fieldsets
        return [
            (title, {"fields": ["is_active", "groups"]} if "is_superuser" in options["fields"] else options)
            for title, options in fieldsets
        ]

    def has_change_permission(self, request, obj=None):
        """Only a superuser may change a superuser's account: whoever sets its password could take it over."""
        return super().has_change_permission(request, obj) and not self.is_above(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_above(request.user, obj)

    def is_above(self, user, other):
        return other is not None and other.is_superuser and not user.is_superuser
