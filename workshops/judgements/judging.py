"""Saying that passages may stand, refusing to publish what nobody has judged, and forgetting judgements."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext, ngettext

from workshops import changes
from workshops.choices import Status
from workshops.judgements.passages import (
    STORY_TEXTS,
    FoundPassage,
    JudgedIn,
    PassageReader,
    each_once,
    holds_word,
    masked,
    practice_passages,
    practices_judged_in,
    story_passages,
)
from workshops.models import ContextAnswer, Judgement, Practice, Story, UnjudgedPublication, Workshop
from workshops.models.judgements import MAX_WHY_LENGTH, key_of

MAX_PASSAGES_NAMED = 8
"""A refusal names at most this many passages and counts the others."""


class UnjudgedPassagesError(ValidationError):
    """Something was not published because nobody has said that these `passages` of it may stand."""

    def __init__(self, passages: Sequence[FoundPassage]) -> None:
        self.passages = each_once(passages)
        super().__init__(unjudged_sentence(self.passages), code="unjudged")


def unjudged_sentence(passages: Sequence[FoundPassage]) -> str:
    """Which passages nobody has judged. It tells nobody that a name is that of somebody who was there."""
    named = [
        gettext("“%(passage)s” (%(mark)s)") % {"passage": each.text, "mark": each.mark}
        for each in masked(passages)[:MAX_PASSAGES_NAMED]
    ]
    more = len(passages) - len(named)
    if more > 0:
        named.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
    sentence = ngettext(
        "Nobody has said yet that a passage which may tell who somebody is may stand: %(passages)s.",
        "Nobody has said yet that passages which may tell who somebody is may stand: %(passages)s.",
        len(passages),
    )
    return sentence % {"passages": ", ".join(named)}


def refuse_unjudged(thing: Model, passages: Iterable[FoundPassage], *, is_from_shell: bool = False) -> None:
    """The gate of publishing: raises an UnjudgedPassagesError unless each of these passages of a thing is judged.

    Of those that are not refused from the shell, the editors' list keeps how many there are.
    """
    waiting = each_once(passage for passage in passages if passage.is_open)
    if refused := refused_among(waiting, is_from_shell=is_from_shell):
        raise UnjudgedPassagesError(refused)
    note_unjudged(thing, len(waiting))


def refused_among(passages: Iterable[FoundPassage], *, is_from_shell: bool) -> list[FoundPassage]:
    """The passages for which publishing is refused, each once: from the shell identifiers alone, else all unjudged ones."""
    waiting = each_once(passage for passage in passages if passage.is_open)
    return [passage for passage in waiting if passage.mark.is_identifier or not is_from_shell]


def note_unjudged(thing: Model, count: int) -> None:
    """Keep in the editors' list how many passages of what a file published nobody has judged."""
    rows = UnjudgedPublication.objects.about(thing)
    if not rows.update(passages=count) and count:
        UnjudgedPublication.objects.create(kind=str(thing._meta.model_name), ref=key_of(thing), passages=count)
    rows.settled().delete()


@transaction.atomic
def judge_passages(
    passages: Iterable[FoundPassage], where: JudgedIn, by: User | None, why: str = ""
) -> list[FoundPassage]:
    """Keep that these passages may stand, each once for its word. Returns those that were not judged before."""
    new = [passage for passage in passages if passage.is_open]
    why = " ".join(why.split())[:MAX_WHY_LENGTH]
    words = dict.fromkeys((passage.hit.mark.value, passage.word) for passage in new)
    add_judgements(words, where, by, why)
    if new:
        recount_unjudged(where)
    return new


def add_judgements(words: Iterable[tuple[str, str]], where: JudgedIn, by: User | None, why: str = "") -> None:
    """Keep a judgement of each (mark, word). One that somebody else has just made stays as it is."""
    rows = [Judgement(**where.keeps, mark=mark, word=word, judged_by=by, why=why) for mark, word in words]
    Judgement.objects.bulk_create(rows, ignore_conflicts=True)


def chosen_passages(passages: Iterable[FoundPassage], tokens: Iterable[str]) -> list[FoundPassage]:
    """Those of these passages that a form ticked."""
    ticked = set(tokens)
    return [passage for passage in passages if passage.is_open and passage.token in ticked]


def recount_unjudged(where: JudgedIn) -> None:
    """Bring the editors' list up to date for what is judged there: one judgement may settle several stories."""
    rows = UnjudgedPublication.objects.all()
    reader = PassageReader()
    stories = Story.objects.filter(workshop__in=where.workshops, ref__in=rows.filter(kind="story").values("ref"))
    for story in stories.select_related("told_by"):
        note_unjudged(story, count_open(story_passages(story, reader)))
    practices = Practice.objects.filter(ref__in=rows.filter(kind="practice").values("ref"))
    judged_in = practices_judged_in(practices.values_list("pk", flat=True))
    for practice in practices:
        if judged_in[practice.pk] == where or set(judged_in[practice.pk].workshops) & set(where.workshops):
            note_unjudged(practice, count_open(practice_passages(practice, judged_in[practice.pk], reader)))


def count_open(passages: Iterable[FoundPassage]) -> int:
    return len(each_once(passage for passage in passages if passage.is_open))


# Forgetting.


@transaction.atomic
def forget_judgements(stories: Iterable[Story]) -> int:
    """Delete the judgements whose word stood in these stories alone, and what was answered about their context.

    Call it when stories are withdrawn or erased, in that transaction, before or after their words are deleted: a
    judgement stays only while another wording of its workshop, or of its programme, holds its word. Returns how many
    judgements went.
    """
    stories = list(stories)
    pks = [story.pk for story in stories]
    ContextAnswer.objects.filter(story__in=pks).delete()
    UnjudgedPublication.objects.filter(kind="story", ref__in=[story.ref for story in stories]).delete()
    workshops = Workshop.objects.filter(pk__in={story.workshop_id for story in stories}).select_related("phase")
    practices = Practice.objects.filter(stories__in=pks)
    rooms = {
        workshop
        for where in practices_judged_in(practices.values_list("pk", flat=True)).values()
        for workshop in where.workshops
    }
    rooms |= {workshop.pk for workshop in workshops}
    gone = [pk for workshop in sorted(rooms) for pk in judgements_without_wording(workshop, pks)]
    gone += judgements_of_programmes({workshop.phase.programme_id for workshop in workshops}, pks)
    Judgement.objects.filter(pk__in=gone).delete()
    return len(gone)


def judgements_without_wording(workshop: int, without: Sequence[int]) -> list[int]:
    """The judgements of a workshop whose word stands in no story and no practice of it but the stories `without`."""
    stories = Story.objects.filter(workshop=workshop).exclude(pk__in=without).exclude(status=Status.WITHDRAWN)
    practices = Practice.objects.filter(
        Q(stories__workshop=workshop) | Q(notes__workshop=workshop) | Q(ballots__workshop=workshop)
    ).distinct()
    texts = [
        *chain.from_iterable(stories.values_list(*STORY_TEXTS)),
        *chain.from_iterable(practices.values_list("statement", "description")),
    ]
    return words_in_none(Judgement.objects.filter(workshop=workshop), texts)


def judgements_of_programmes(programmes: Iterable[int], without: Sequence[int]) -> list[int]:
    """The judgements of programmes whose word stands in nothing that editors wrote there, as other apps know it."""
    return [
        pk
        for programme in sorted(programmes)
        for pk in words_in_none(
            Judgement.objects.filter(programme=programme),
            [text for texts in changes.programme_texts for text in texts(programme)],
        )
    ]


def words_in_none(judgements: Iterable[Judgement], texts: Sequence[str]) -> list[int]:
    return [each.pk for each in judgements if not any(holds_word(text, each.word) for text in texts)]
