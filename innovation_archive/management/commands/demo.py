import datetime
import logging
import secrets
import threading
import time
from collections import deque
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.views import debug
from django.views.defaults import page_not_found

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.base import READERS
from innovation_archive.exchange.exports import zip_pieces
from innovation_archive.exchange.imports import import_file
from insights.votes.release import release
from workshops.models import Participant, Programme, Slip, Story, Workshop
from workshops.roles import ROLES
from workshops.slips import code_from, code_hash

logger = logging.getLogger(__name__)

HOUR = 3600
SAMPLE = Path(settings.BASE_DIR) / "innovation_archive" / "sample"
PROGRAMME = "greater-manchester-2020"
# A fortnight after the last workshop's votes. A fixed day, so that the demo is the same on every machine.
RELEASED_ON = datetime.date(2020, 10, 13)


class Command(BaseCommand):
    help = "Load the sample archive, make a slip and a demo account for each role, and serve on this machine alone."

    def add_arguments(self, parser):
        parser.add_argument("--no-server", action="store_true", help="load, and stop there")
        parser.add_argument("--port", type=int, metavar="N", default=8000, help="where to serve, if not at 8000")

    def handle(self, no_server=False, port=8000, **options):
        self.refuse_elsewhere()
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            self.load_sample()
            password = self.make_accounts()
            code = self.make_slip(password)
        self.print_addresses(port, password, code)
        if not no_server:
            # With DEBUG, Django would answer a wrong address with its list of all addresses.
            debug.technical_404_response = page_not_found
            with housekeeping_every_hour():
                call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)

    def refuse_elsewhere(self):
        """Refuse to run except on a developer's own machine: the demo prints its passwords on the screen."""
        if not settings.DEBUG:
            raise CommandError(
                "The demo runs only with DEBUG on, and DEBUG is set to off here. Unset it, or set DEBUG=1."
            )
        host = connection.settings_dict["HOST"]
        if (
            connection.vendor != "sqlite"
            and host not in {"", "localhost", "127.0.0.1", "::1"}
            and not host.startswith("/")
        ):
            raise CommandError(
                f"The demo is for a database on this machine, and DATABASE_URL points to {host}. "
                "Unset it to use the embedded database."
            )

    def load_sample(self):
        if Programme.objects.filter(slug=PROGRAMME).exists():
            self.stdout.write("The sample archive is here already; it stays as it is.")
            return
        for kind in KINDS:
            started = time.monotonic()
            path = SAMPLE / f"{kind}.csv"
            report = import_file(kind, path)
            if report.problems:
                raise CommandError("\n".join(report.problem_lines()))
            self.stdout.write(f"  {kind}: {report} ({time.monotonic() - started:.1f} s)")
        release(Programme.objects.get(slug=PROGRAMME), on=RELEASED_ON)
        self.stdout.write(f"  votes released, as on {RELEASED_ON}")
        for audience in READERS:  # so that /data/ shows the size of each file from the start
            deque(zip_pieces(audience), maxlen=0)

    def make_accounts(self):
        """Create an account for each role, with the role's name. Returns their password, the same for all on every run."""
        path = settings.DATA_DIR / "demo-password"
        if not path.exists():
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9))
        password = path.read_text()
        for role in ROLES:
            user, _ = User.objects.get_or_create(username=account_name(role))
            if not user.check_password(password) or not user.is_active:
                user.set_password(password)
                user.is_active = user.is_staff = True
                user.save()
            user.groups.set(Group.objects.filter(name=role))
        return password

    def make_slip(self, secret):
        """Give a slip to a participant of the sample who told something public. Returns its code, the same on every run.

        Nobody gets one who was in a workshop of another programme: their page could show what is not invented.
        """
        code = code_from(f"demo {secret}")
        if not Slip.objects.with_code(code).exists():
            elsewhere = Workshop.objects.exclude(phase__programme__illustrative=True)
            public = Count("stories", filter=Q(stories__in=Story.objects.published()))
            people = Participant.objects.filter(slip=None).exclude(workshops__in=elsewhere)
            person = people.annotate(public=public).filter(public__gt=0).order_by("-public", "code").first()
            if person is None:
                return ""
            Slip.objects.create(participant=person, fingerprint=code_hash(code))
        return code

    def print_addresses(self, port, password, code):
        site = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\nThe archive     {site}/\nThe desk        {site}/admin/")
        if code:
            self.stdout.write(f"A slip          {code}, to type at {site}{reverse('contribution')}")
        self.stdout.write(f"Accounts        {', '.join(account_name(role) for role in ROLES)}")
        self.stdout.write(f"Password        {password}\n")


def account_name(role):
    return role.replace(" ", "-")


@contextmanager
def housekeeping_every_hour():
    """Do housekeeping at once and every hour until the server ends, as a timer does where the archive is installed."""
    ended = threading.Event()
    threading.Thread(target=keep_house_until, args=[ended], name="housekeeping", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def keep_house_until(ended):
    while not ended.is_set():
        try:
            call_command("housekeeping", stdout=StringIO())
        except (CommandError, DatabaseError):
            logger.exception("Housekeeping failed; it is tried again in an hour.")
        finally:
            connection.close()  # this thread's own
        ended.wait(HOUR)
