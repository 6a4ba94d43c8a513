import pytest
from django.core.exceptions import ValidationError

from tests.factories import a_participant, a_practice, a_story
from workshops import consent, review
from workshops.choices import Consent, Status

pytestmark = pytest.mark.django_db

STEPS = [
    (review.submit, "draft", "in review"),
    (review.submit, "in review", "in review"),
    (review.submit, "unpublished", "in review"),
    (review.submit, "published", None),
    (review.submit, "withdrawn", None),
    (review.return_to_draft, "draft", "draft"),
    (review.return_to_draft, "in review", "draft"),
    (review.return_to_draft, "unpublished", "draft"),
    (review.return_to_draft, "published", None),
    (review.return_to_draft, "withdrawn", None),
    (review.publish, "draft", "published"),
    (review.publish, "in review", "published"),
    (review.publish, "unpublished", "published"),
    (review.publish, "published", "published"),
    (review.publish, "withdrawn", None),
    (review.unpublish, "draft", None),
    (review.unpublish, "in review", None),
    (review.unpublish, "unpublished", "unpublished"),
    (review.unpublish, "published", "unpublished"),
    (review.unpublish, "withdrawn", None),
]


@pytest.mark.parametrize(("step", "before", "after"), STEPS, ids=lambda value: getattr(value, "__name__", value))
def test_step_moves_a_story_or_refuses(step, before, after):
    story = a_story(status=Status.DRAFT if before == "withdrawn" else before)
    if before == "withdrawn":
        consent.withdraw([story])
    if after:
        step(story)
    else:
        with pytest.raises(ValidationError):
            step(story)
    story.refresh_from_db()
    assert story.status == (after or before)


def test_publish_says_all_that_stands_against_it():
    story = a_story(status=Status.DRAFT, consent=Consent.TEAM, published_text=" ")

    with pytest.raises(ValidationError) as refusal:
        review.publish(story)

    assert refusal.value.message_dict == {
        "published_text": ["It has no published wording. Write what readers are to see."],
        "consent": ["Publishing needs consent “public” or “credited”; that of the story is “team”."],
    }


def test_publish_counts_the_consent_of_who_told_it():
    story = a_story(status=Status.DRAFT, told_by=a_participant(consent=Consent.FACILITATORS))

    with pytest.raises(ValidationError) as refusal:
        review.publish(story)

    assert refusal.value.message_dict == {
        "consent": [
            "Publishing needs consent “public” or “credited”; that of the person who told it is “facilitators”."
        ]
    }


def test_publish_never_revives_what_was_withdrawn_a_moment_before():
    story = a_story(status=Status.IN_REVIEW)
    consent.withdraw([story])

    with pytest.raises(ValidationError):
        review.publish(story)  # as a form holds it that was opened before

    story.refresh_from_db()
    assert story.status == Status.WITHDRAWN


def test_practice_is_published_and_returned_to_draft():
    practice = a_practice(status=Status.DRAFT)
    review.publish_practice(practice)
    practice.refresh_from_db()
    assert practice.status == Status.PUBLISHED
    review.return_practice_to_draft(practice)
    practice.refresh_from_db()
    assert practice.status == Status.DRAFT
