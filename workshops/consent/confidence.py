"""What was said in confidence: it starts with its facilitators, and goes further only for a reason that is recorded."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.choices import Consent
from workshops.models import Story

NOTHING_SAID = {
    "in_confidence": False,
    "raised_to": Consent.FACILITATORS,
    "raised_why": "",
    "raised_by": None,
    "raised_at": None,
}
"""What a withdrawn story keeps of all this."""


def record_raise(story: Story, level: Consent, why: str, by: User | None) -> None:
    """Note on a story why as many people as `level` says may see it. It is for the caller to save.

    Raises a ValidationError without a reason. `by` is who gives it; the shell names nobody.
    """
    if not why.strip():
        raise ValidationError(_("It was said in confidence. Say why more people than its facilitators may see it."))
    story.raised_to, story.raised_why = level, why.strip()
    story.raised_by, story.raised_at = by, timezone.now()
