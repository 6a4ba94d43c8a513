"""Taking a lost second factor away from somebody. Nobody reads one: the desk has no page for the rows of django-otp."""

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401 they register pages that show keys and codes
from django.contrib import admin, messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from innovation_archive.accounts.factors import factors_of, remove_all
from innovation_archive.models import ActKind, AdministrativeAct

admin.site.unregister([TOTPDevice, StaticDevice])


class TakeFactorPage(LoginRequiredMixin, TemplateView):
    """Asks an administrator, then takes away all factors of an account and its recovery codes."""

    template_name = "admin/accounts/take_factor.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.account = get_object_or_404(User, pk=kwargs["pk"])
            if not admin.site.get_model_admin(User).has_change_permission(request, self.account):
                raise PermissionDenied
            if self.account == request.user:
                return redirect("factors")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        about = {"title": _("Take the second factor away"), "opts": User._meta, "original": self.account}
        return admin.site.each_context(self.request) | super().get_context_data(
            factors=factors_of(self.account), **about, **kwargs
        )

    def post(self, request, pk):
        with transaction.atomic():
            remove_all(self.account)
            AdministrativeAct.objects.create(by=request.user, about=self.account, kind=ActKind.FACTOR_TAKEN)
        says = _("%(name)s has no second factor any more.")
        messages.success(request, says % {"name": self.account.get_username()})
        return redirect("admin:auth_user_change", pk)
