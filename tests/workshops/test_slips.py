import pytest

from tests.factories import a_participant
from workshops import slips
from workshops.models import Slip


def test_slip_code_is_thirteen_letters_that_nobody_confuses(settings):
    settings.SECRET_KEY = "the key of this test"
    assert slips.code_from("one phone") == "x4vs-xtym-9nnsx"
    assert slips.code_from("one phone", slips.FORMER_CODE_LENGTH) == "x4vs-xtym-9nns"
    assert len(slips.LETTERS) ** slips.CODE_LENGTH > 2**63
    assert slips.code_from("another phone") != slips.code_from("one phone")
    letters = {letter for number in range(200) for letter in slips.code_from(str(number))}
    assert letters == {*"23456789abcdefghjkmnpqrstvwxyz", "-"}


def test_new_codes_are_all_different():
    assert len({slips.new_code() for _ in range(50)}) == 50


def test_slip_code_is_read_as_it_was_meant():
    assert slips.tidy(" 7KFR w2mn–8zqp\0") == "7kfrw2mn8zqp"


@pytest.mark.django_db
def test_slip_is_found_by_its_code_and_the_code_is_not_kept():
    person = a_participant()
    a_slip = Slip.objects.create(participant=person, fingerprint=slips.code_hash("7kfr-w2mn-8zqp"))
    Slip.objects.create(participant=a_participant(), fingerprint=slips.code_hash("7kfr-w2mn-8zqq"))
    assert list(Slip.objects.with_code("7KFR W2MN 8ZQP")) == [a_slip]
    assert list(Slip.objects.with_code("7kfr-w2mn")) == []
    assert list(Slip.objects.with_code("")) == []
    assert "7kfr" not in str(Slip.objects.filter(pk=person.pk).values())


@pytest.mark.django_db
def test_slip_is_found_under_a_former_secret_key(settings):
    settings.SECRET_KEY = "the former key of this test"
    a_slip = Slip.objects.create(participant=a_participant(), fingerprint=slips.code_hash("7kfr-w2mn-8zqp"))
    settings.SECRET_KEY = "the new key of this test"
    assert list(Slip.objects.with_code("7kfr-w2mn-8zqp")) == []
    settings.SECRET_KEY_FALLBACKS = ["the former key of this test"]
    assert list(Slip.objects.with_code("7kfr-w2mn-8zqp")) == [a_slip]
