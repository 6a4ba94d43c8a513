"""What was said in confidence, whoever writes it and however."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.crowd import all_at_once
from tests.factories import a_participant, a_practice, a_story, a_story_in_confidence, a_user, a_workshop
from workshops.choices import Consent, Status
from workshops.consent.confidence import record_raise
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.models import Note, Practice, Story
from workshops.notes import read_notes, saving
from workshops.voting import merging

pytestmark = pytest.mark.django_db

NO_PRACTICE = "The story “s-1” was said in confidence, so no practice is drawn from it."


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"consent": Consent.TEAM}, "story_in_confidence_is_raised_for_a_reason"),
        ({"raised_to": Consent.TEAM}, "story_raise_says_when_and_why"),
        ({"raised_why": "Because."}, "story_raise_says_when_and_why"),
        (
            {"consent": Consent.TEAM, "raised_to": Consent.TEAM, "raised_why": "Because."},
            "story_raise_says_when_and_why",
        ),
    ],
)
def test_database_refuses_a_raised_consent_without_a_recorded_reason(fields, constraint):
    a_story_in_confidence()
    with pytest.raises(IntegrityError, match=constraint):
        Story.objects.update(**fields)


def test_database_refuses_to_mark_a_story_that_more_people_see_already():
    a_story()
    with pytest.raises(IntegrityError, match="story_in_confidence_is_raised_for_a_reason"):
        Story.objects.update(in_confidence=True)


def test_database_refuses_a_practice_of_a_note_in_confidence():
    note = Note.objects.create(workshop=a_workshop(), text="One left", in_confidence=True)
    with pytest.raises(IntegrityError, match="note_in_confidence_is_no_practice"):
        Note.objects.filter(pk=note.pk).update(practice=a_practice())


def test_record_raise_keeps_who_when_and_why():
    user, story = a_user(), a_story_in_confidence()
    record_raise(story, Consent.TEAM, "  She said so on the phone. ", user)
    story.consent = Consent.TEAM
    story.full_clean()
    story.save()
    kept = Story.objects.get()
    assert (kept.raised_to, kept.raised_why, kept.raised_by) == (Consent.TEAM, "She said so on the phone.", user)
    assert kept.raised_at is not None


def test_record_raise_asks_for_a_reason():
    with pytest.raises(ValidationError, match="Say why more people than its facilitators may see it"):
        record_raise(a_story_in_confidence(), Consent.TEAM, " \n", None)


def test_wider_consent_than_the_reason_was_given_for_is_refused_in_a_sentence():
    story = a_story_in_confidence(raised_to=Consent.TEAM)
    story.consent = Consent.PUBLIC
    with pytest.raises(ValidationError) as refusal:
        story.full_clean()
    assert refusal.value.message_dict == {
        "consent": [
            "It was said in confidence. Leave it with its facilitators, or say in “Why more people may see it” what its "
            "teller agreed to."
        ]
    }


def test_teller_who_agrees_to_more_does_not_raise_what_they_said_in_confidence():
    teller = a_participant(consent=Consent.FACILITATORS)
    story = a_story_in_confidence(told_by=teller)
    teller.consent = Consent.CREDITED
    teller.save()
    story.refresh_from_db()
    assert (story.consent, story.effective_consent) == (Consent.FACILITATORS, Consent.FACILITATORS)


def test_narrowed_consent_takes_a_new_reason_to_widen_again():
    story = a_story_in_confidence(raised_to=Consent.PUBLIC)
    story.consent = Consent.FACILITATORS
    story.save()
    assert (story.raised_to, story.raised_why, story.raised_at) == (Consent.FACILITATORS, "", None)
    story.consent = Consent.TEAM
    with pytest.raises(ValidationError, match="It was said in confidence"):
        story.full_clean()


def test_lowered_consent_keeps_the_mark():
    story = a_story_in_confidence(raised_to=Consent.PUBLIC)
    lower_consent(story, Consent.TEAM)
    story.refresh_from_db()
    assert (story.in_confidence, story.consent, story.raised_to) == (True, Consent.TEAM, Consent.TEAM)


def test_withdrawn_story_keeps_no_reason():
    story = a_story_in_confidence(raised_to=Consent.PUBLIC)
    withdraw_stories([story])
    kept = Story.objects.values("status", "in_confidence", "raised_to", "raised_why", "raised_by", "raised_at").get()
    assert kept == {
        "status": Status.WITHDRAWN,
        "in_confidence": False,
        "raised_to": 0,
        "raised_why": "",
        "raised_by": None,
        "raised_at": None,
    }


@pytest.mark.parametrize(
    "draw",
    [
        lambda practice, story: practice.stories.add(story),
        lambda practice, story: practice.stories.set([story]),
        lambda practice, story: story.practices.add(practice),
        lambda practice, story: Practice.stories.through.objects.bulk_create(
            [Practice.stories.through(practice=practice, story=story)]
        ),
    ],
)
def test_no_practice_is_drawn_from_a_story_in_confidence(draw):
    practice, story = a_practice(), a_story_in_confidence(raised_to=Consent.PUBLIC, ref="s-1")
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        draw(practice, story)
    assert refusal.value.messages == [NO_PRACTICE]
    assert practice.stories.count() == 0


@pytest.mark.parametrize(
    "mark",
    [
        lambda story: Story(**{**vars_of(story), "in_confidence": True}).save(),
        lambda story: Story.objects.filter(pk=story.pk).update(in_confidence=True),
    ],
)
def test_story_that_is_marked_later_is_taken_out_of_practices(mark):
    story, other = a_story(consent=Consent.FACILITATORS, status=Status.DRAFT), a_story()
    practice = a_practice([story, other])
    mark(story)
    assert list(practice.stories.all()) == [other]


def vars_of(story):
    return {field.attname: getattr(story, field.attname) for field in Story._meta.concrete_fields}


@pytest.mark.django_db(transaction=True)
def test_practice_drawn_while_its_story_is_marked_ends_without_it():
    """Ten of each at the same moment: whoever comes first, no link is left."""
    pairs = [
        (a_practice(), a_story(consent=Consent.FACILITATORS, status=Status.DRAFT, workshop=a_workshop()))
        for _ in range(10)
    ]

    def draw_or_mark(number):
        practice, story = pairs[number // 2]
        if number % 2:
            with transaction.atomic():
                Story.objects.filter(pk=story.pk).update(in_confidence=True)
            return None
        try:
            practice.stories.add(story)
        except ValidationError as refusal:
            return refusal.messages
        return None

    all_at_once(draw_or_mark, 20)
    assert Story.objects.filter(in_confidence=True).count() == 10
    assert Practice.stories.through.objects.count() == 0


def test_undone_merge_leaves_out_a_story_that_was_marked_meanwhile():
    story, other = a_story(consent=Consent.FACILITATORS, status=Status.DRAFT), a_story()
    old, into = a_practice([story, other]), a_practice()
    merge = merging.merge_practices(old, into, None)
    Story.objects.filter(pk=story.pk).update(in_confidence=True)
    back = merging.undo_merge(merge)
    assert list(back.stories.all()) == [other]


# From notes


def entries(text, **changes):
    """The entries of notes as the preview would save them."""
    kept = ("kind", "title", "text", "choice", "service_area", "place", "themes", "tags", "private", "agreements")
    return [
        {name: getattr(entry, name) for name in kept} | {"location": "", "consent": Consent.PUBLIC} | changes
        for entry in read_notes(text).entries
    ]


def test_saved_entries_keep_the_mark():
    workshop, user = a_workshop(), a_user()
    text = "# Stories\n- Off the record: One left\n- Two stayed\n# Keep\n- 🤫 Three hid\n- Four rang"
    saving.save_pasted(workshop, text, entries(text), user)
    told = Story.objects.order_by("published_text").values_list("published_text", "in_confidence", "consent")
    assert list(told) == [("One left", True, Consent.FACILITATORS), ("Two stayed", False, Consent.PUBLIC)]
    noted = Note.objects.order_by("text").values_list("text", "in_confidence", "practice__statement")
    assert list(noted) == [("Four rang", False, "Four rang"), ("Three hid", True, None)]


def test_story_made_of_a_note_keeps_the_mark():
    note = Note.objects.create(workshop=a_workshop(), text="One left", in_confidence=True)
    other = Note.objects.create(workshop=note.workshop, text="Two stayed")
    assert saving.promote(note, a_user()).in_confidence is True
    story = saving.promote(other, a_user())
    assert (story.in_confidence, story.consent) == (False, Consent.FACILITATORS)


def test_entry_in_confidence_is_not_saved_as_a_practice():
    text = "- 🤫 One left"
    with pytest.raises(ValidationError) as refusal:
        saving.save_pasted(a_workshop(), text, entries(text, kind="practice"), a_user())
    assert refusal.value.messages == [
        "It was said in confidence, and editors see practices. Make it a story or a note."
    ]
    assert (Practice.objects.count(), Note.objects.count()) == (0, 0)
