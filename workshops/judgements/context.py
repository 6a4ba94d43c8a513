"""Whether the context tells who it was: how many people of a story's service, place and role were in its workshop.

Where they are few, whoever publishes is asked once whether somebody who knows the work could tell who it was, as in the
test of the motivated intruder in the guidance of the Information Commissioner.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.models import ContextAnswer, Participant, Place, Story, UnjudgedPublication
from workshops.models.judgements import MAX_WHY_LENGTH

FEW_PEOPLE = 3
"""At so many people or fewer, publishing asks."""


SAY_WHY = _("Say in a few words why it is published though somebody could tell who it was.")


class Listed(NamedTuple):
    """Somebody on the list of a workshop."""

    pk: int
    role: str
    service_area: int | None
    place: int | None


class ContextUnansweredError(ValidationError):
    """A story was not published because few people were there whom it could mean, and nobody has said what that tells."""

    def __init__(self, context: "StoryContext") -> None:
        self.context = context
        ask = gettext("Say whether somebody who knows the work could tell who it was.")
        super().__init__(f"{context.sentence} {ask}", code="context")


@dataclass(frozen=True)
class StoryContext:
    """Who was in a story's workshop of its service and place and, if its teller is known, of their role."""

    story: Story
    listed: list[Listed]
    """All who are on the workshop's list."""
    answer: ContextAnswer | None = None
    """The latest answer about this story, whether or not it still counts."""

    @property
    def place(self) -> Place | None:
        """The place that readers are told, if that narrows down who it was: a wide one does not."""
        shown: Place | None = self.story.place
        return None if shown is None or shown.is_wide else shown

    @property
    def meant(self) -> list[Listed]:
        """Those whom readers who know the work could take for the teller."""
        role = self.story.told_by.role if self.story.told_by else ""
        return [
            person
            for person in self.listed
            if self.story.service_area_id in (None, person.service_area)
            and (self.place is None or person.place == self.place.pk)
            and (not role or person.role == role)
        ]

    @property
    def fingerprint(self) -> str:
        """A hash of what an answer is about: service, place and those people."""
        about = [self.story.service_area_id, self.story.place_id, sorted(self.meant)]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()

    @property
    def is_few(self) -> bool:
        """Whether few people could be meant. Where nobody is on the list there is nothing to count."""
        return bool(self.listed) and len(self.meant) <= FEW_PEOPLE

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.fingerprint == self.fingerprint

    def new_answer(self, could_tell: bool, why: str, by: User | None) -> ContextAnswer:
        """What somebody says of it, not saved yet."""
        return ContextAnswer(
            story=self.story,
            could_tell=could_tell,
            why=why,
            people=len(self.meant),
            fingerprint=self.fingerprint,
            answered_by=by,
        )

    @property
    def asks(self) -> bool:
        """Whether publishing asks what the context tells."""
        return self.is_few and not self.is_answered

    @property
    def sentence(self) -> str:
        if not self.listed:
            return gettext("Nobody is on the list of this workshop, so it cannot be counted whom the story could mean.")
        return self.sentence_of_people() if self.meant else self.sentence_of_nobody()

    def sentence_of_nobody(self) -> str:
        if self.story.service_area and self.place:
            return gettext("Nobody with this service and place is on the list of the workshop.")
        if self.story.service_area:
            return gettext("Nobody with this service is on the list of the workshop.")
        if self.place:
            return gettext("Nobody from this place is on the list of the workshop.")
        return gettext("Nobody with this role is on the list of the workshop.")

    def sentence_of_people(self) -> str:
        count = len(self.meant)
        words = {"people": self.people_by_role(), "place": self.place, "service": self.story.service_area}
        if self.story.service_area and self.place:
            said = ngettext(
                "%(people)s from %(place)s was there for %(service)s.",
                "%(people)s from %(place)s were there for %(service)s.",
                count,
            )
        elif self.story.service_area:
            said = ngettext("%(people)s was there for %(service)s.", "%(people)s were there for %(service)s.", count)
        elif self.place:
            said = ngettext("%(people)s from %(place)s was there.", "%(people)s from %(place)s were there.", count)
        else:
            said = ngettext("%(people)s was there.", "%(people)s were there.", count)
        return said % words

    def people_by_role(self) -> str:
        """“1 health visitor and 2 × social worker”: roles are written by people and have no plural here."""
        roles = Counter(person.role for person in self.meant)
        counts = [count_of_role(role, roles[role]) for role in sorted(roles, key=lambda role: (not role, role))]
        return get_text_list(counts, gettext("and"))


def count_of_role(role: str, count: int) -> str:
    if not role:
        said = ngettext(
            "%(count)s person whose role is not recorded", "%(count)s people whose role is not recorded", count
        )
        return said % {"count": count}
    return ngettext("%(count)s %(role)s", "%(count)s × %(role)s", count) % {"count": count, "role": role}


def context_of(story: Story) -> StoryContext:
    return contexts_of([story])[story.pk]


def contexts_of(stories: Iterable[Story]) -> dict[int, StoryContext]:
    """The context of each story by primary key, in two queries however many there are."""
    stories = list(stories)
    there = listed_in({story.workshop_id for story in stories})
    answers: dict[int, ContextAnswer] = {}
    for answer in ContextAnswer.objects.filter(story__in=stories).select_related("answered_by"):
        answers.setdefault(answer.story_id, answer)
    return {story.pk: StoryContext(story, there[story.workshop_id], answers.get(story.pk)) for story in stories}


def listed_in(workshops: Iterable[int]) -> dict[int, list[Listed]]:
    """Those on the lists of these workshops, by the primary key of each workshop."""
    there = defaultdict(list)
    people = Participant.objects.filter(workshops__in=set(workshops))
    columns = people.values_list("workshops", "pk", "role", "service_area", "place").order_by("pk")
    for workshop, pk, role, service_area, place in columns:
        there[workshop].append(Listed(pk, role, service_area, place))
    return there


class ContextReader:
    """Reads the contexts of rows that are about to be written. It asks once for the list of each workshop."""

    def __init__(self) -> None:
        self._listed: dict[int, list[Listed]] = {}

    def context_of(self, story: Story) -> StoryContext:
        """The context of a story as it would be; its answers are prefetched, or it has none because it is new."""
        room = story.workshop_id
        if room not in self._listed:
            self._listed[room] = listed_in([room]).get(room, [])
        answers = story.context_answers.all() if story.pk else ()
        return StoryContext(story, self._listed[room], next(iter(answers), None))


def refuse_unanswered(story: Story) -> None:
    """The gate of publishing: raises a ContextUnansweredError where few could be meant and nobody has answered."""
    context = context_of(story)
    if context.asks:
        raise ContextUnansweredError(context)


def answer_context(story: Story, could_tell: bool, by: User | None, why: str = "") -> ContextAnswer:
    """Keep what an editor says the context tells. A ValidationError asks why it is published if it tells who it was."""
    why = " ".join(why.split())[:MAX_WHY_LENGTH]
    if could_tell and not why:
        raise ValidationError(SAY_WHY)
    answer = context_of(story).new_answer(could_tell, why, by)
    answer.save()
    recheck_context(story)
    return answer


def recheck_context(story: Story) -> None:
    """Take a story off the editors' list once nothing is to be asked of its context any more."""
    waiting = UnjudgedPublication.objects.about(story).filter(asks_context=True)
    if waiting and not context_of(story).asks:
        waiting.update(asks_context=False)
        UnjudgedPublication.objects.about(story).settled().delete()


def wider_places(story: Story) -> list[Place]:
    """The wide places that a story may show instead of its own. Which lies in which is recorded nowhere, so a person
    chooses."""
    if story.place is None:
        return []
    return [
        place
        for place in Place.objects.exclude(pk=story.place.pk)
        if place.is_wide and not story.place.code.startswith(place.code[:3])
    ]
