"""The words of a released practice stay; a slip of the pen is corrected by two people."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.desk import filled, messages, page
from tests.factories import a_practice, a_user
from workshops.models import Practice, SpellingCorrection
from workshops.roles import EDITOR, FACILITATOR
from workshops.voting.spelling import confirm_spelling, propose_spelling

pytestmark = pytest.mark.django_db

FROZEN = (
    "The votes on these words were released, so they stay. Propose a corrected spelling on the practice’s page, or make a "
    "new practice if you mean something else."
)


@pytest.fixture
def practice():
    return a_practice(statement="Keep teh vans.", is_frozen=True)


@pytest.fixture
def first():
    return a_user(EDITOR, username="first")


@pytest.fixture
def second():
    return a_user(EDITOR, username="second")


def address(practice):
    return f"/admin/workshops/practice/{practice.pk}/spelling/"


def text(response):
    return " ".join(response.content.decode().split())


def refused(call, *arguments):
    with pytest.raises(ValidationError) as refusal:
        call(*arguments)
    return refusal.value.messages


def test_statement_of_a_released_practice_is_refused_another_meaning(practice):
    stored = Practice.objects.get(pk=practice.pk)
    stored.statement = "Sell the vans."
    with pytest.raises(ValidationError) as refusal:
        stored.full_clean()
    assert refusal.value.message_dict == {"statement": [FROZEN]}
    stored.statement = "Keep teh vans. "
    stored.full_clean()


def test_desk_refuses_other_words_and_keeps_everything_else_open(practice, first, client):
    client.force_login(first)
    form = filled(client.get(page(Practice, "change", practice.pk)))
    response = client.post(page(Practice, "change", practice.pk), form | {"statement": "Sell the vans."})
    assert FROZEN in text(response)
    client.post(page(Practice, "change", practice.pk), form | {"tags": "vans"})
    practice.refresh_from_db()
    assert (practice.statement, list(practice.tags.names())) == ("Keep teh vans.", ["vans"])


def test_second_person_confirms_a_spelling(practice, first, second, client):
    proposal = propose_spelling(practice, " Keep the vans. ", first)
    assert practice.statement == "Keep teh vans."
    confirm_spelling(proposal, second)
    practice.refresh_from_db()
    assert practice.statement == "Keep the vans."
    (note,) = practice.spelling_notes
    assert note.startswith("Its spelling was corrected on ")
    assert note.endswith("People voted on “Keep teh vans.”.")
    Practice.objects.update(status="published")
    assert note in client.get(practice.get_absolute_url()).content.decode()


def test_whoever_proposed_a_spelling_does_not_confirm_it(practice, first):
    proposal = propose_spelling(practice, "Keep the vans.", first)
    assert refused(confirm_spelling, proposal, first) == [
        "Whoever proposed it does not confirm it: a second person reads it too."
    ]
    assert practice.spelling_notes == []
    with pytest.raises(IntegrityError, match="spelling_is_confirmed_by_another"):
        SpellingCorrection.objects.update(confirmed_by=first)


@pytest.mark.parametrize("after", ["", " ", "Keep teh vans.", "Keep teh vans.\n"])
def test_spelling_that_changes_nothing_is_refused(after, practice, first):
    assert refused(propose_spelling, practice, after, first) == [
        "Nothing is different from what stands there. Change the spelling."
    ]


def test_second_proposal_waits_for_the_first(practice, first, second):
    propose_spelling(practice, "Keep the vans.", first)
    assert refused(propose_spelling, practice, "Keep our vans.", second) == [
        "A spelling is proposed already. Confirm it or drop it first."
    ]


def test_practice_that_was_not_released_is_changed_on_its_own_page(first):
    assert refused(propose_spelling, a_practice(), "Other", first) == [
        "Its votes were not released yet. Change its statement on its own page."
    ]


def test_editors_propose_confirm_and_drop_at_the_desk(practice, first, second, client):
    client.force_login(first)
    asked = client.post(address(practice), {"after": "Keep the vans."}, follow=True)
    assert messages(asked) == ["The spelling is proposed. Another editor confirms it here."]
    assert 'name="confirm"' not in text(asked)
    assert messages(client.post(address(practice), {"confirm": "1"})) == [
        "Whoever proposed it does not confirm it: a second person reads it too."
    ]
    client.force_login(second)
    shown = text(client.get(address(practice)))
    assert "<del>teh</del>" in shown
    assert "<ins>the</ins>" in shown
    done = client.post(address(practice), {"confirm": "1"}, follow=True)
    assert messages(done) == ["The spelling was corrected. Readers see what it said before."]
    assert "People voted on “Keep teh vans.”." in text(done)
    assert messages(client.post(address(practice), {"drop": "1"}, follow=True)) == ["Somebody decided on it already."]


def test_proposal_is_dropped(practice, first, client):
    propose_spelling(practice, "Keep the vans.", first)
    client.force_login(first)
    assert messages(client.post(address(practice), {"drop": "1"}, follow=True)) == [
        "The proposed spelling was dropped."
    ]
    assert not SpellingCorrection.objects.exists()


def test_released_practice_is_copied_as_a_new_one(practice, first, client):
    practice.tags.add("vans")
    client.force_login(first)
    copy = client.get(page(Practice, "change", practice.pk)).context["copy_address"]
    form = filled(client.get(copy))
    assert (form["statement"], form["tags"]) == ("Keep teh vans.", "vans")
    client.post(page(Practice, "add"), form | {"statement": "Sell the vans."})
    made = Practice.objects.get(statement="Sell the vans.")
    assert (made.is_frozen, made.status, list(made.tags.names())) == (False, "draft", ["vans"])


def test_facilitator_proposes_no_spelling(practice, client):
    client.force_login(a_user(FACILITATOR))
    assert client.get(address(practice)).status_code == 403
    assert client.post(address(practice), {"after": "Keep the vans."}).status_code == 403
    assert not SpellingCorrection.objects.exists()
