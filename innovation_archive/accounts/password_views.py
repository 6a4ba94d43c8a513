"""The pages by which somebody who cannot sign in comes to a password: asking for a link, and following one."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from innovation_archive.accounts.links import (
    account_of_link,
    may_ask_by_mail,
    replace_password,
    send_link,
    was_sent_enough,
)
from innovation_archive.accounts.sessions import end_sessions
from workshops import throttle
from workshops.throttle import FailureLimit, TooManyFailuresError, address_of

MAX_LINKS_PER_ADDRESS = 20
"""How many links may be asked for from one network within ten minutes."""

TOO_MANY_LINKS = gettext_lazy("Too many links were asked for from this network. Wait ten minutes, then try again.")


@method_decorator(never_cache, name="dispatch")
class SignedOutPage(FormView):
    """A page of the desk that needs no account, in the look of signing in."""

    def get_context_data(self, **kwargs):
        return admin.site.each_context(self.request) | super().get_context_data(title=self.title, **kwargs)


class ForgottenPasswordForm(PasswordResetForm):
    """The address to which a link is sent, if an open account with a password has it."""

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["email"].label = gettext_lazy("The e-mail address of your account")

    def clean(self):
        try:
            throttle.begin_attempt(FailureLimit(MAX_LINKS_PER_ADDRESS, ("link", address_of(self.request))))
        except TooManyFailuresError as refused:
            raise ValidationError(TOO_MANY_LINKS, code="too_many") from refused
        return super().clean()

    def send_links(self):
        for account in self.get_users(self.cleaned_data["email"]):
            if not was_sent_enough(account):
                send_link(self.request, account)


class ForgottenPasswordPage(SignedOutPage):
    """Sends a link for a new password. The answer is the same whether or not there is such an account."""

    template_name = "admin/accounts/forgotten.html"
    form_class = ForgottenPasswordForm

    def dispatch(self, request, *args, **kwargs):
        if not settings.PASSWORD_SIGN_IN:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self):
        return _("Forgotten your password?")

    def get_form_kwargs(self):
        return {"request": self.request, **super().get_form_kwargs()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(by_mail=may_ask_by_mail(), **kwargs)

    def form_valid(self, form):
        if may_ask_by_mail():
            form.send_links()
        return self.render_to_response(self.get_context_data(form=form, asked=True))


class ChosenPasswordForm(SetPasswordForm):
    """Says what is wrong with a password beside the field where it was chosen; Django says it beside its repetition."""

    def clean(self):
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return self.cleaned_data


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SetPasswordPage(SignedOutPage):
    """Sets the password of the account whose link was followed, and signs its owner in."""

    template_name = "admin/accounts/set_password.html"
    form_class = ChosenPasswordForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.account = account_of_link(**kwargs)

    @property
    def title(self):
        if self.account is None:
            return _("This link does not work any more")
        has_one = self.account.has_usable_password()
        return _("Choose a new password") if has_one else _("Welcome: choose a password")

    def get(self, request, *args, **kwargs):
        return self.over() if self.account is None else super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.over() if self.account is None else super().post(request, *args, **kwargs)

    def over(self):
        self.account = None
        return self.render_to_response(self.get_context_data(form=None), status=410)

    def get_form_kwargs(self):
        return {"user": self.account, **super().get_form_kwargs()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(account=self.account, **kwargs)

    def form_valid(self, form):
        if not replace_password(self.account, form.cleaned_data["new_password1"]):
            return self.over()
        end_sessions(self.account)
        login(self.request, self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(self.request, _("Your password is set, and you are signed in."))
        return redirect("admin:index")
