"""What becomes of evidence and results when two practices are merged."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from insights.models import Evidence, Insight, ReleasedPractice
from workshops.changes import PracticeMergeListener

MOVED = ("insight_id", "order", "role", "excerpt", "excerpt_start")


def move_evidence_of(old, into):
    """Evidence moves, except to an insight that has the other practice already. A practice with results stays."""
    if ReleasedPractice.objects.filter(practice=old).exists():
        says = _("The votes on “%(practice)s” were released, so it stays. Merge the other into it instead.")
        raise ValidationError(says % {"practice": old})
    twice = set(pieces_of(into).values_list("insight", flat=True))
    moved, dropped = [], []
    for piece in pieces_of(old):
        if piece.insight_id in twice:
            dropped.append({name: getattr(piece, name) for name in MOVED})
            piece.delete()
        else:
            moved.append(piece.pk)
            piece.practice = into
            piece.save()
    return {"moved": moved, "dropped": dropped, "result": last_result(into)}


def move_evidence_back(old, into, remembered):
    if last_result(into) != remembered["result"]:
        raise ValidationError(_("The votes on both together were released since, so they stay together."))
    for piece in pieces_of(into).filter(pk__in=remembered["moved"]):
        piece.practice = old
        piece.save()
    there = Insight.with_working_copies.filter(pk__in=[fields["insight_id"] for fields in remembered["dropped"]])
    insights = set(there.values_list("pk", flat=True))
    for fields in remembered["dropped"]:
        if fields["insight_id"] in insights:
            Evidence(practice=old, **fields).save()


def pieces_of(practice):
    """Its evidence in every insight and in every working copy of one."""
    return Evidence.with_working_copies.filter(practice=practice).order_by("pk")


def last_result(practice):
    """The primary key of the latest result of a practice; None if its votes were never released."""
    return ReleasedPractice.objects.filter(practice=practice).aggregate(last=Max("pk"))["last"]


LISTENER = PracticeMergeListener(move_evidence_of, move_evidence_back)
