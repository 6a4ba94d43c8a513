"""/privacy/: what is held about whom, made of the controller's facts and of what the code does."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from innovation_archive.accounts.session_store import IDLE_LIMIT, SEEN_COOKIE
from innovation_archive.contribution import receipts, visit
from innovation_archive.models import Controller
from innovation_archive.operation.housekeeping import state_of_housekeeping
from innovation_archive.privacy.facts import missing_facts
from innovation_archive.privacy.fixed_periods import fixed_periods
from innovation_archive.privacy.periods import PERIODS
from workshops.admin.base.form_recovery import OWNER_COOKIE, OWNER_LIFETIME
from workshops.choices import Consent
from workshops.models.ballots import BALLOT_LIFETIME
from workshops.throttle import FAILURE_LIFETIME
from workshops.voting.phone_views import cookie_name

SEEN_BY: dict[Consent, str | Promise] = {
    Consent.FACILITATORS: _("The facilitators of the workshop see it at the desk, and no other role does."),
    Consent.TEAM: _("They see it, and the editors and analysts of the programme. It is on no public page."),
    Consent.PUBLIC: _(
        "Everyone sees the published wording, with the service area and place, or a wider place. Its words as they were "
        "told stay with the facilitators and editors."
    ),
    Consent.CREDITED: _("Everyone sees the same, and the credit that the person chose."),
}
"""Who sees a story at each level of consent."""


def cookies() -> list[tuple[str, str | Promise]]:
    """Every cookie that the archive sets, and what for."""
    signed_in = ngettext(
        "At the desk only: keeps you signed in, for %(count)s hour.",
        "At the desk only: keeps you signed in, for %(count)s hours.",
        longest := settings.SESSION_COOKIE_AGE // 3600,
    )
    last_here = ngettext(
        "At the desk only: when you were last here, since a sign-in ends after %(count)s hour without use.",
        "At the desk only: when you were last here, since a sign-in ends after %(count)s hours without use.",
        idle := int(IDLE_LIMIT.total_seconds() // 3600),
    )
    whose_browser = ngettext(
        "At the desk only, for %(count)s day: who signed in here last, so that they alone get back what they were writing, "
        "and so that nobody who guesses at their password elsewhere keeps them out.",
        "At the desk only, for %(count)s days: who signed in here last, so that they alone get back what they were writing, "
        "and so that nobody who guesses at their password elsewhere keeps them out.",
        OWNER_LIFETIME // 86_400,
    )
    return [
        (
            settings.CSRF_COOKIE_NAME,
            _("On pages with a form, for a year: other sites cannot send the form in your name."),
        ),
        (cookie_name("…"), _("Your ballot paper, until the ballot ends.")),
        (
            visit.COOKIE,
            _(
                "On the pages of your contribution only: keeps yours open until you press “I am done”, or for half an "
                "hour in which you do nothing. The code of your slip is not in it."
            ),
        ),
        (receipts.COOKIE, _("There too, for half an hour: the receipt of what you did last.")),
        (settings.SESSION_COOKIE_NAME, signed_in % {"count": longest}),
        (SEEN_COOKIE, last_here % {"count": idle}),
        (CookieStorage.cookie_name, _("At the desk only: what it has to tell you on the next page.")),
        (OWNER_COOKIE, whose_browser % {"count": OWNER_LIFETIME // 86_400}),
    ]


@dataclass(frozen=True)
class Kept:
    """One line of the list of periods."""

    name: str
    covers: str | Promise
    begins: str | Promise
    length: str


def periods_set_by(controller: Controller) -> list[Kept]:
    return [
        Kept(period.name, period.covers, period.begins, period.in_words(controller.length_of(period)))
        for period in PERIODS
    ]


def periods_of_every_archive() -> list[Kept]:
    return [Kept(each.name, each.covers, each.begins, each.in_words) for each in fixed_periods()]


class PrivacyPage(TemplateView):
    template_name = "innovation_archive/privacy/privacy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        controller = Controller.objects.current()
        periods_set, periods_fixed = periods_set_by(controller), periods_of_every_archive()
        housekeeping = state_of_housekeeping()
        return super().get_context_data(
            controller=controller,
            missing=missing_facts(controller),
            levels=[(level.label, SEEN_BY[level]) for level in Consent],
            periods_set=periods_set,
            periods_fixed=periods_fixed,
            housekeeping=housekeeping,
            kept_too_long=[
                each.covers for each in periods_set + periods_fixed if each.name in housekeeping.failed_periods
            ],
            ballot_hours=int(BALLOT_LIFETIME.total_seconds() // 3600),
            failure_minutes=int(FAILURE_LIFETIME.total_seconds() // 60),
            cookies=cookies(),
            **kwargs,
        )
