import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import a_participant, a_story, an_insight
from workshops import changes
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.consent.passages import hide_passage
from workshops.models import Correction, HiddenPassage, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """What listeners are told of, one sorted list a change."""
    told = []
    monkeypatch.setattr(changes, "listeners", [lambda pks: told.append(sorted(pks))])
    return told


def state(story):
    story.refresh_from_db()
    return story.status, Consent(story.consent).word, Consent(story.effective_consent).word


def test_withdraw_takes_stories_back_and_tells(heard):
    before = timezone.now()
    published, draft, other = a_story(), a_story(status=Status.DRAFT), a_story()

    assert withdrawal.withdraw_stories([published, draft]).stories == 2

    published.refresh_from_db()
    assert published.withdrawn_at >= before
    assert [state(story)[0] for story in (published, draft, other)] == ["withdrawn", "withdrawn", "published"]
    assert heard == [sorted([published.pk, draft.pk])]


def test_withdraw_again_changes_nothing(heard):
    story = a_story()
    withdrawal.withdraw_stories(Story.objects.filter(pk=story.pk))
    story.refresh_from_db()
    first = story.withdrawn_at

    assert withdrawal.withdraw_stories(Story.objects.all()) == (0, "")

    story.refresh_from_db()
    assert story.withdrawn_at == first
    assert heard == [[story.pk]]


def test_withdraw_has_not_happened_when_a_listener_fails(monkeypatch):
    def fail(pks):
        raise RuntimeError

    story = a_story()
    monkeypatch.setattr(changes, "listeners", [fail])

    with pytest.raises(RuntimeError):
        withdrawal.withdraw_stories([story])

    assert state(story)[0] == "published"


def test_lower_unpublishes_what_it_no_longer_allows(heard):
    story = a_story(consent=Consent.CREDITED)
    withdrawal.lower_consent(story, Consent.TEAM)
    assert state(story) == ("unpublished", "team", "team")
    assert heard == [[story.pk]]


def test_lower_from_credited_to_public_keeps_a_story_published(heard):
    story = a_story(consent=Consent.CREDITED, credit="A baker")
    withdrawal.lower_consent(story, Consent.PUBLIC)
    assert state(story) == ("published", "public", "public")
    assert story.shown_credit == ""


def test_lower_twice_changes_nothing(heard):
    story = a_story()
    withdrawal.lower_consent(story, Consent.TEAM)
    withdrawal.lower_consent(story, Consent.TEAM)
    assert state(story) == ("unpublished", "team", "team")
    assert heard == [[story.pk]]


def test_lower_never_raises_consent():
    story = a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)
    withdrawal.lower_consent(story, Consent.TEAM)
    assert state(story) == ("draft", "facilitators", "facilitators")
    assert story.consent_ceiling == Consent.TEAM


def test_lowered_consent_of_a_story_cannot_be_raised_again():
    story = a_story()
    withdrawal.lower_consent(story, Consent.TEAM)
    story.consent = Consent.PUBLIC

    with pytest.raises(ValidationError) as refusal:
        story.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        story.save()

    assert refusal.value.message_dict == {
        "consent": ["Its giver lowered the consent to “team”; it cannot be raised again here."]
    }


def test_lower_of_a_participant_carries_to_all_they_told(heard):
    teller = a_participant(consent=Consent.CREDITED)
    published, draft = a_story(told_by=teller), a_story(told_by=teller, status=Status.DRAFT)
    withdrawn, other = a_story(told_by=teller), a_story(told_by=a_participant())
    withdrawal.withdraw_stories([withdrawn])

    withdrawal.lower_consent(teller, Consent.TEAM)

    assert state(published) == ("unpublished", "team", "team")
    assert state(draft) == ("draft", "team", "team")
    assert state(withdrawn) == ("withdrawn", "facilitators", "facilitators")
    assert state(other) == ("published", "public", "public")
    assert heard == [[withdrawn.pk], sorted([published.pk, draft.pk])]


@pytest.mark.parametrize("another", [None, Consent.CREDITED])
def test_lowered_consent_of_a_participant_stays_on_a_story_that_names_another_teller(another):
    teller = a_participant(consent=Consent.CREDITED)
    story, narrow = a_story(told_by=teller), a_story(told_by=teller, consent=Consent.FACILITATORS, status=Status.DRAFT)
    withdrawal.lower_consent(teller, Consent.TEAM)

    for each in (story, narrow):
        each.refresh_from_db()
        each.told_by = another and a_participant(consent=another)
        each.save()

    assert state(story) == ("unpublished", "team", "team")
    assert state(narrow) == ("draft", "facilitators", "facilitators")
    story.consent = Consent.PUBLIC
    with pytest.raises(ValidationError):
        story.full_clean()


def test_lowered_consent_of_a_participant_is_in_the_history_of_their_stories():
    teller = a_participant(consent=Consent.CREDITED)
    story = a_story(told_by=teller)
    withdrawal.lower_consent(teller, Consent.TEAM)
    assert story.history.first().consent == Consent.TEAM


def test_lowered_consent_of_a_participant_cannot_be_raised_again():
    teller = a_participant(consent=Consent.PUBLIC)
    withdrawal.lower_consent(teller, Consent.TEAM)
    teller.consent = Consent.CREDITED

    with pytest.raises(ValidationError) as refusal:
        teller.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        teller.save()

    assert refusal.value.message_dict == {
        "consent": ["This person lowered their consent to “team”; it cannot be raised again here."]
    }


def test_save_with_narrower_consent_is_told(heard):
    story = a_story(status=Status.DRAFT)
    story.consent = Consent.TEAM
    story.save()
    story.title = "Another title"
    story.save()
    story.consent = Consent.PUBLIC
    story.save()
    assert heard == [[story.pk]]


def test_words_of_a_withdrawn_story_are_hidden_in_editors_texts():
    told = "We waited nine months for a bed"
    story = a_story(title="The closed ward by the river Irk", text=f"{told} on Bolton Road then.", published_text=told)
    insight = an_insight(summary="The closed ward by the river Irk", body=f"“{told} on Bolton Road then”, he said.")
    withdrawal.withdraw_stories([story])
    insight.refresh_from_db()
    assert (insight.summary, insight.body) == ("[words removed]", "“[words removed]”, he said.")


def test_words_that_corrections_held_are_kept_nowhere_after_a_withdrawal():
    told = "We waited nine months for a bed on Bolton Road"
    story = a_story(title="The closed ward by the river Irk", published_text=told)
    correction = Correction.objects.create(story=story, title=story.title, published_text=f"{told}, he said.", why=told)
    hide_passage(correction, "why", 0, 9, "Somebody objects")
    withdrawal.withdraw_stories([story])
    assert not Correction.objects.exists()
    assert not HiddenPassage.objects.exists()
