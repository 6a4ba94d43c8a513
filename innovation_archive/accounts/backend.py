"""Reads the account of a session, together with what every page asks about it."""

from django.conf import settings
from django.contrib.auth.models import User

from innovation_archive.accounts.factors import with_second_factor
from workshops.permissions import RolesBackend


class AccountBackend(RolesBackend):
    """Accounts with the rights of their roles, and with `has_second_factor`, which so costs no query of its own."""

    def authenticate(self, request, **credentials):
        """Whose password this is. Where PASSWORD_SIGN_IN is off it is nobody's, whichever page asks."""
        return super().authenticate(request, **credentials) if settings.PASSWORD_SIGN_IN else None

    def get_user(self, user_id):
        account = with_second_factor(User.objects.filter(pk=user_id)).first()
        return account if account and self.user_can_authenticate(account) else None
