import datetime

import pytest
from django.utils import timezone

from tests.factories import a_participant
from workshops.contribution.slip_codes import issue_slip
from workshops.contribution.words import MAX_WRONG_WORDS, WordError, check_word, choose_word, is_settled
from workshops.models import FailedAttempt, Slip

pytestmark = pytest.mark.django_db


@pytest.fixture
def slip():
    person = a_participant()
    issue_slip(person)
    return Slip.objects.get(participant=person)


def refusal(do, *args):
    with pytest.raises(WordError) as refused:
        do(*args)
    return str(refused.value)


def test_word_opens_as_phones_write_it_and_is_kept_hashed(slip):
    choose_word(slip, "  Grüne Tür ")
    check_word(slip, "grüne  tür")
    check_word(slip, "GRÜNE TÜR")
    stored = str(Slip.objects.values())
    assert ("grüne" in stored.casefold(), slip.word.count("$") >= 1) == (False, True)


def test_word_is_chosen_once(slip):
    choose_word(slip, "green door")
    assert refusal(choose_word, slip, "another one") == "This slip has a word already. Type that one."
    check_word(slip, "green door")


@pytest.mark.parametrize("word", ["", "     ", "short", "a   b"])
def test_word_has_six_letters(slip, word):
    assert refusal(choose_word, slip, word) == "Choose a longer word: it needs at least 6 letters or digits."
    assert Slip.objects.get().word == ""


def test_word_that_nobody_chose_opens_nothing(slip):
    assert "not the word of this slip" in refusal(check_word, slip, "")


def test_guessing_a_word_ends_for_ten_minutes_for_this_slip_alone(slip):
    choose_word(slip, "green door")
    for _number in range(MAX_WRONG_WORDS):
        assert "not the word" in refusal(check_word, slip, "red door")
    assert "Wait ten minutes" in refusal(check_word, slip, "green door")
    other = a_participant()
    issue_slip(other)
    choose_word(other.slip, "green door")
    check_word(other.slip, "green door")
    FailedAttempt.objects.update(typed_at=timezone.now() - datetime.timedelta(minutes=11))
    check_word(slip, "green door")


def test_word_settles_in_a_day(slip):
    assert not is_settled(slip)
    choose_word(slip, "green door")
    assert not is_settled(slip)
    slip.word_chosen_at = timezone.now() - datetime.timedelta(days=1)
    assert is_settled(slip)
