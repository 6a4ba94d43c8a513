"""Correcting the spelling of a practice whose votes were released. Its meaning is changed only by a new practice."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.models import Practice, SpellingCorrection
from workshops.stories import review


@transaction.atomic
def propose_spelling(practice: Practice, after: str, by: User) -> SpellingCorrection:
    """Propose how a released practice should be spelt. A ValidationError says why that is not possible."""
    practice.refresh_from_db(from_queryset=Practice.objects.select_for_update())
    after = after.strip()
    if not practice.is_frozen:
        raise ValidationError(_("Its votes were not released yet. Change its statement on its own page."))
    if not after or after == practice.statement.strip():
        raise ValidationError(_("Nothing is different from what stands there. Change the spelling."))
    if practice.spellings.open().exists():
        raise ValidationError(_("A spelling is proposed already. Confirm it or drop it first."))
    return practice.spellings.create(before=practice.statement, after=after, proposed_by=by)


@transaction.atomic
def confirm_spelling(proposal: SpellingCorrection, by: User) -> None:
    """Put a proposed spelling in place, which takes a second person."""
    practice = Practice.objects.select_for_update().get(pk=proposal.practice_id)
    proposal.refresh_from_db(from_queryset=SpellingCorrection.objects.open())
    if proposal.proposed_by in (by, None):
        raise ValidationError(_("Whoever proposed it does not confirm it: a second person reads it too."))
    if practice.statement != proposal.before:
        raise ValidationError(_("The statement is another by now. Drop this proposal and make a new one."))
    practice.statement = proposal.after
    review.refuse_unjudged_practices([practice])
    proposal.confirmed_by, proposal.confirmed_on = by, timezone.localdate()
    proposal.save(update_fields=["confirmed_by", "confirmed_on"])
    practice.save(update_fields=["statement"])
