"""The pages of the second factor: asked for at sign-in, set up and taken away by its owner."""

from base64 import b32encode

import django_otp
from django.contrib import admin, messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import RedirectURLMixin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView, View
from django_otp.plugins.otp_static.models import StaticDevice

from innovation_archive.accounts import factors
from innovation_archive.accounts.factor_forms import CodeForm, FirstCodeForm
from innovation_archive.accounts.second_factor import must_have_factor, what_is_due
from workshops.addresses import qr_code


class AccountPage(LoginRequiredMixin, RedirectURLMixin):
    """A page about one's own account, in the look of the desk, which leads on to the page that somebody came for."""

    next_page = "admin:index"
    title = ""

    def get_context_data(self, **kwargs):
        user = self.request.user
        due = what_is_due(self.request)
        # Until the second factor is shown, the head of the page offers nothing of the desk.
        site = {} if due else admin.site.each_context(self.request)
        shared = {"title": self.title, "next": self.get_redirect_url(), "due": due, "factors": factors.factors_of(user)}
        heads = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
        return super().get_context_data(**heads, **shared, **kwargs) | site

    def to(self, name):
        """Redirect to another of these pages, which then leads on to where this one would have."""
        query = self.request.GET.urlencode(safe="/")
        return redirect(f"{reverse(name)}?{query}" if query else reverse(name))


class SecondStepPage(AccountPage, FormView):
    """Asks for the second factor of whoever has just given their password."""

    template_name = "admin/accounts/second_step.html"
    form_class = CodeForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not what_is_due(request):
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self):
        return _("Show that it is you")

    def get_form_kwargs(self):
        return {"user": self.request.user, **super().get_form_kwargs()}

    def form_valid(self, form):
        django_otp.login(self.request, form.device)
        if isinstance(form.device, StaticDevice):
            self.say_how_many_are_left(form.device.token_set.count())
        return super().form_valid(form)

    def say_how_many_are_left(self, count):
        says = ngettext(
            "That recovery code is used up. %(count)s is left. You can make new ones under “Second factor”.",
            "That recovery code is used up. %(count)s are left. You can make new ones under “Second factor”.",
            count,
        )
        messages.warning(self.request, says % {"count": count})


class FactorsPage(AccountPage, TemplateView):
    """What somebody has for a second factor, and what they can add."""

    template_name = "admin/accounts/factors.html"

    @property
    def title(self):
        return _("Second factor")

    def get_context_data(self, **kwargs):
        return super().get_context_data(must=must_have_factor(self.request.user), **kwargs)


class NewAppView(AccountPage, View):
    http_method_names = ["post"]

    def post(self, request):
        factors.begin_app(request.user)
        return self.to("factor_app")


class AppPage(AccountPage, FormView):
    """The key of a new app, as a picture and to type. It is shown until a first code proves that the app has it."""

    template_name = "admin/accounts/app.html"
    form_class = FirstCodeForm

    def dispatch(self, request, *args, **kwargs):
        self.app = factors.unconfirmed_app(request.user) if request.user.is_authenticated else None
        if request.user.is_authenticated and not self.app:
            return self.to("factors")
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self):
        return _("Set up an app")

    def get_form_kwargs(self):
        return {"user": self.request.user, **super().get_form_kwargs()}

    def get_context_data(self, **kwargs):
        key = b32encode(self.app.bin_key).decode()
        groups = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
        return super().get_context_data(qr=qr_code(self.app.config_url), key=groups, **kwargs)

    def form_valid(self, form):
        django_otp.login(self.request, form.device)
        messages.success(
            self.request, _("Your app is set up. From now on you are asked for its code when you sign in.")
        )
        return self.to("factors" if factors.factors_of(self.request.user).codes_left else "factor_codes")


class RecoveryCodesPage(AccountPage, TemplateView):
    """Recovery codes. They are made by a button, and shown by the answer to it and never again."""

    template_name = "admin/accounts/recovery_codes.html"

    @property
    def title(self):
        return _("Recovery codes")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not factors.has_factor(request.user):
            return self.to("factors")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request):
        codes = factors.make_recovery_codes(request.user)
        return self.render_to_response(self.get_context_data(codes=codes, account=request.user))


class RemoveFactorView(AccountPage, View):
    """Takes away one's own app, or the passkey with this primary key."""

    http_method_names = ["post"]

    def post(self, request, pk=None):
        if pk is None:
            factors.remove_app(request.user)
        else:
            factors.remove_passkey(request.user, pk)
        messages.success(request, _("It is removed."))
        return self.to("factors")
