"""The steps of a story from draft to published and back. Each refuses with a ValidationError that says why.

Each locks the story and reads it again first, so that it never overrides a withdrawal made a moment before.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import changes
from workshops.choices import Consent, CorrectionState, Status
from workshops.history import record_bulk_history
from workshops.judgements.context import refuse_unanswered
from workshops.judgements.judging import refuse_unjudged
from workshops.judgements.passages import (
    PassageReader,
    masked,
    practice_passages,
    practices_judged_in,
    story_passages,
)
from workshops.models import Correction, Practice, Story


def giving_away(story, *, names):
    """What in a story's title and published wording may tell who somebody is, as Passages in order, with judgements.

    `names` says whether it may be said that a name is that of somebody who was in the room, which not everybody may learn.
    """
    passages = story_passages(story)
    return passages if names else masked(passages)


@transaction.atomic
def submit_story(story):
    """Hand a story that its facilitator finds ready to the editors, who must be able to see it."""
    lock_and_refresh(story)
    if story.effective_consent < Consent.TEAM:
        raise ValidationError(narrow_consent(story))
    change_status(story, Status.IN_REVIEW, allowed=[Status.DRAFT, Status.UNPUBLISHED])


def narrow_consent(story):
    """The sentence that says whose consent keeps editors from seeing this story."""
    if story.consent < Consent.TEAM:
        return _(
            "No editor can see it: the consent of the story is “facilitators”. If who told it agrees to more, "
            "widen that first."
        )
    return _(
        "No editor can see it: the consent of the person who told it is “facilitators”. If who told it agrees to more, "
        "widen that first."
    )


@transaction.atomic
def return_story_to_draft(story, remark):
    """Give the story back to the facilitators of its workshop, with an editor's remark on what they should mend."""
    if not remark.strip():
        sentence = _("Say in a sentence what its facilitators should mend; they read it here.")
        raise ValidationError({"remark": sentence})
    lock_and_refresh(story)
    story.remark = remark.strip()
    change_status(story, Status.DRAFT, allowed=[Status.IN_REVIEW, Status.UNPUBLISHED])


@transaction.atomic
def publish_story(story):
    """Show a story to readers. Besides what stands against it, it is refused while a passage of it is unjudged, or while
    nobody has said whether its context tells who it was."""
    lock_and_refresh(story)
    refuse_blocked(story)
    refuse_unjudged(story, story_passages(story))
    refuse_unanswered(story)
    story.status = Status.PUBLISHED
    story.remark = ""
    story.save()


@transaction.atomic
def publish_story_again(story):
    """Give readers back a story that was hidden from them and from the desk for a while, as it stood before them."""
    lock_and_refresh(story)
    refuse_blocked(story)
    change_status(story, Status.PUBLISHED, allowed=[Status.UNPUBLISHED])


def refuse_blocked(story):
    if blockers := story.publication_blockers():
        raise ValidationError(blockers)


@transaction.atomic
def unpublish_story(story):
    lock_and_refresh(story)
    change_status(story, Status.UNPUBLISHED, allowed=[Status.PUBLISHED])
    changes.tell([story.pk])


def publish_practice(practice):
    publish_practices([practice])


@transaction.atomic
def publish_practices(practices, *, is_from_shell=False):
    """Publish many at once: a release may publish hundreds, and others wait to write meanwhile.

    Raises an UnjudgedPassagesError if one of them has an unjudged passage; none is published then.
    """
    rows = Practice.objects.filter(pk__in=[practice.pk for practice in practices])
    refuse_unjudged_practices(rows.select_for_update(), is_from_shell=is_from_shell)
    rows.update(status=Status.PUBLISHED, **Practice.next_version())
    record_bulk_history(list(rows))
    for practice in practices:
        practice.status = Status.PUBLISHED


def refuse_unjudged_practices(practices, *, is_from_shell=False):
    """The gate for statements that are put before people, be they readers or those who vote on a phone."""
    for practice, passages in passages_of_practices(practices):
        refuse_unjudged(practice, passages, is_from_shell=is_from_shell)


def passages_of_practices(practices):
    """[(practice, its Passages)], with the lists of names asked for once."""
    practices, reader = list(practices), PassageReader()
    judged_in = practices_judged_in([practice.pk for practice in practices])
    return [(practice, practice_passages(practice, judged_in[practice.pk], reader)) for practice in practices]


@transaction.atomic
def return_practice_to_draft(practice):
    """Take a practice back from readers. What rests on it rests on its stories, so listeners are told of those."""
    practice.status = Status.DRAFT
    practice.save(update_fields=["status"])
    changes.tell(list(Story.objects.filter(practices=practice).values_list("pk", flat=True)))


@transaction.atomic
def accept_correction(correction, editor, answer="", *, seen=None):
    """Put a suggested correction in place, checked like any wording that is published.

    `seen` is the version of the story that the editor compared it with. Where who told the story left the wording to
    the editor, the story stays as the editor has put it.
    """
    decide_correction(correction, CorrectionState.TAKEN, editor, answer)
    if not correction.published_text:
        return
    story = correction.story
    lock_and_refresh(story)
    if seen is not None and seen != story.version:
        raise ValidationError(_("The story was changed while you were reading. Compare the two once more."))
    story.title, story.published_text = correction.title, correction.published_text
    story.full_clean()
    refuse_unjudged(story, story_passages(story))
    story.save()


@transaction.atomic
def decline_correction(correction, editor, answer):
    """Leave the story as it is, and tell who suggested it why."""
    if not answer.strip():
        raise ValidationError({"answer": _("Say in a sentence why it stays as it is; who suggested it reads it.")})
    decide_correction(correction, CorrectionState.DECLINED, editor, answer)


def decide_correction(correction, state, editor, answer):
    correction.refresh_from_db(from_queryset=Correction.objects.select_for_update())
    if correction.state != CorrectionState.OPEN:
        raise ValidationError(already_decided(correction))
    correction.state, correction.answer = state, answer.strip()
    correction.decided_by, correction.decided_at = editor, timezone.now()
    correction.save()


def already_decided(correction):
    """The sentence that says what became of a correction, and by whom."""
    if correction.state == CorrectionState.TAKEN:
        sentence = _("It was taken already, by %(who)s.")
    else:
        sentence = _("It was declined already, by %(who)s.")
    return sentence % {"who": correction.decided_by or _("somebody else")}


def change_status(story, status, allowed):
    if story.status == status:
        return
    if story.status not in allowed:
        sentence = _("It is %(status)s, and cannot go from there to “%(next)s”.")
        raise ValidationError(sentence % {"status": Status(story.status).label.lower(), "next": status.label.lower()})
    story.status = status
    story.save()


def hold_stories(story_ids):
    """Let no withdrawal and no lowering of these stories happen before this transaction ends.

    Whoever locks stories and insights locks the stories first, in the order of their keys, so that nobody deadlocks.
    """
    list(Story.objects.filter(pk__in=story_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_and_refresh(story):
    story.refresh_from_db(from_queryset=Story.objects.select_for_update())
