"""A link by which an administrator signs in whom nothing else lets in. It is made in the shell alone.

It takes the place of the password or the directory, and of no second factor.
"""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

LINK_LIFETIME = 15 * 60
SALT = "innovation_archive.accounts.shell_links"


class OnceUntilLogin(PasswordResetTokenGenerator):
    """Tokens of an account's password and last sign-in, so that one that was used opens nothing again."""

    key_salt = SALT


def make_shell_token(account: User) -> str:
    return signing.dumps([account.pk, OnceUntilLogin().make_token(account)], salt=SALT)


def account_of_shell_token(token: str) -> User | None:
    """Whose it is; None if it is not whole, too old or used, or the account is closed."""
    try:
        pk, once = signing.loads(token, salt=SALT, max_age=LINK_LIFETIME)
    except signing.BadSignature:
        return None
    account = User.objects.filter(pk=pk, is_active=True).first()
    return account if account and OnceUntilLogin().check_token(account, once) else None


@method_decorator(never_cache, name="dispatch")
class SignInLinkPage(TemplateView):
    """Asks whoever followed the link to sign in with it: opening the page alone, as a preview does, uses nothing up."""

    template_name = "admin/accounts/sign_in_link.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.account = account_of_shell_token(kwargs["token"])

    def get_context_data(self, **kwargs):
        title = _("Sign in") if self.account else _("This link does not work any more")
        return admin.site.each_context(self.request) | super().get_context_data(
            title=title, account=self.account, **kwargs
        )

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(), status=200 if self.account else 410)

    def post(self, request, *args, **kwargs):
        if not self.account:
            return self.get(request)
        login(request, self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("admin:index")
