"""What a story at the desk may still lack, as {key: (in words, condition)}: counted on the home, filtered in the list."""

from django.db.models import Exists, OuterRef, Q

from workshops.choices import WITH_ITS_FACILITATORS, Consent, Status
from workshops.models import OriginalText, Story, StoryTag


def of_story(model, **fields):
    key = "content_object" if model is StoryTag else "story"
    return Exists(model.objects.filter(**{key: OuterRef("pk")}, **fields))


MISSING = {
    "answer": ("an answer to the editor’s remark", Q(status=Status.DRAFT) & ~Q(remark="")),
    "consent": ("consent beyond facilitators", Q(effective_consent=Consent.FACILITATORS)),
    "words": ("the words as told", ~of_story(OriginalText, text__gt="")),
    "wording": ("a published wording", Q(published_text="")),
    "theme": ("a theme", ~of_story(Story.themes.through)),
    "tags": ("tags", ~of_story(StoryTag)),
}


def missing(what):
    """The condition under which a story that is not published yet lacks this."""
    return Q(status__in=WITH_ITS_FACILITATORS) & MISSING[what][1]
