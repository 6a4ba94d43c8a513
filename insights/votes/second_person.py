"""Two people release votes: one prepares the release and asks for it, another sees the same and releases it.

With `SECOND_READER=1` it takes two; otherwise an editor may ask, and may also release alone.
"""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from insights.models import ReleaseRequest
from workshops.models import Programme


def ask_for_release(programme: Programme, fingerprint: str, by: User) -> None:
    """Ask another editor to release what a preview with this fingerprint showed. The latest request stands."""
    values = {"fingerprint": fingerprint, "asked_by": by, "asked_at": timezone.now()}
    ReleaseRequest.objects.update_or_create(programme=programme, defaults=values)


def request_for(programme: Programme) -> ReleaseRequest | None:
    return ReleaseRequest.objects.filter(programme=programme).select_related("asked_by").first()


def refuse_single_person(programme: Programme, fingerprint: str, by: User | None) -> None:
    """Refuse that the person who prepared a release also releases it, where two people must. The shell may."""
    if not settings.SECOND_READER or by is None:
        return
    request = request_for(programme)
    if request is None or request.fingerprint != fingerprint:
        raise ValidationError(
            _("Two people release votes here. Ask for this release, and another editor releases what you saw.")
        )
    if request.asked_by == by:
        raise ValidationError(_("You asked for this release, so another editor releases it."))


def settle_request(programme: Programme, fingerprint: str) -> User | None:
    """End the request for a release that is being made. Returns who asked, if they asked for what is released."""
    request = request_for(programme)
    if request is None:
        return None
    request.delete()
    return request.asked_by if request.fingerprint == fingerprint else None
