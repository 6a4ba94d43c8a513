import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from innovation_archive.accounts.shell_links import LINK_LIFETIME, make_shell_token
from workshops.roles import ADMINISTRATOR, roles_of

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Prints a link by which an administrator signs in once, where passwords are off or the directory is away."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        account = User.objects.filter(username=username, is_active=True).first()
        if account is None:
            raise CommandError(f"There is no open account {username}.")
        if not account.is_superuser and ADMINISTRATOR not in roles_of(account):
            raise CommandError(f"{username} is no administrator. Administrators invite everybody else.")
        logger.warning("A link to sign in was made in the shell for the account %s.", account.pk)
        address = reverse("sign_in_link", args=[make_shell_token(account)])
        self.stdout.write(f"Within {LINK_LIFETIME // 60} minutes, once: {settings.SITE_URL}{address}")
