"""Signing in at the desk: who guesses at passwords comes no further, and nobody else is shut out by it."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from innovation_archive.admin import sign_in
from tests.crowd import all_at_once
from tests.factories import a_ballot, a_story, a_user
from workshops.choices import Consent, Status
from workshops.models import FailedAttempt

pytestmark = pytest.mark.django_db

FOR_THIS_ACCOUNT = (
    "Too many wrong passwords were typed for this account. Wait ten minutes, then try again. If you have forgotten "
    "your password, the link below leads to a new one."
)
FROM_THIS_NETWORK = FOR_THIS_ACCOUNT.replace("for this account", "from this network")


@pytest.fixture(autouse=True)
def accounts(monkeypatch):
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ACCOUNT", 3)
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ACCOUNT_EVERYWHERE", 4)
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ADDRESS", 5)
    for name in ("ann", "bob"):
        a_user("facilitator", username=name, password="right horse")


def signed_in(client, name, password, address="192.0.2.1"):
    """Whether this opened the desk, and otherwise why not."""
    response = client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)
    if response.status_code == 302:
        client.logout()
        return True
    return response.context["form"].non_field_errors()[0]


def guess(client, name, times, address="192.0.2.1"):
    for number in range(times):
        assert signed_in(client, name, f"wrong {number}", address).startswith("Please enter a correct username")


def test_signing_in_ends_for_an_account_after_too_many_wrong_passwords(client):
    guess(client, "ann", 3)
    assert signed_in(client, "ann", "right horse") == FOR_THIS_ACCOUNT


def test_signing_in_ends_for_one_account_and_one_address_alone(client):
    guess(client, "ann", 3)
    assert signed_in(client, "bob", "right horse") is True
    assert signed_in(client, "ann", "right horse", address="192.0.2.2") is True


def test_signing_in_ends_for_an_address_that_tries_many_accounts(client):
    for name in ("ann", "bob", "carol", "dave", "erin"):
        guess(client, name, 1)
    assert signed_in(client, "bob", "right horse") == FROM_THIS_NETWORK
    assert signed_in(client, "bob", "right horse", address="192.0.2.2") is True


def test_signing_in_goes_on_after_ten_minutes(client):
    guess(client, "ann", 3)
    FailedAttempt.objects.update(typed_at=timezone.now() - datetime.timedelta(minutes=11))
    assert signed_in(client, "ann", "right horse") is True


def test_wrong_passwords_keep_nobody_from_a_ballot(client, monkeypatch):
    monkeypatch.setattr("workshops.voting.ballots.MAX_WRONG_CODES_PER_ADDRESS", 1)
    ballot = a_ballot()
    guess(client, "ann", 3)
    assert client.get(f"/join/{ballot.join_code}/", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_nothing_that_was_typed_is_kept(client):
    guess(client, "ann", 1)
    assert {len(kept.address) for kept in FailedAttempt.objects.all()} == {64}
    assert FailedAttempt.objects.count() == 3


def test_right_password_and_refused_attempt_are_not_counted(client):
    assert signed_in(client, "ann", "right horse") is True
    assert FailedAttempt.objects.count() == 0
    guess(client, "ann", 3)
    counted = FailedAttempt.objects.count()
    assert signed_in(client, "ann", "right horse") == FOR_THIS_ACCOUNT
    assert FailedAttempt.objects.count() == counted


def test_signing_in_ends_for_an_account_that_is_guessed_at_from_everywhere(client):
    for number in range(4):
        guess(client, "ann", 1, address=f"192.0.2.{number}")
    assert signed_in(client, "ann", "right horse", address="192.0.2.9") == FOR_THIS_ACCOUNT
    assert signed_in(client, "bob", "right horse", address="192.0.2.9") is True


@pytest.fixture
def browser_of_ann():
    """A browser in which ann was signed in before, and is not now."""
    browser = Client(REMOTE_ADDR="192.0.2.1")
    browser.post("/admin/login/", {"username": "ann", "password": "right horse"})
    browser.get("/admin/")
    browser.cookies.pop("sessionid")
    return browser


def test_nobody_is_shut_out_of_a_browser_in_which_they_signed_in_before(client, browser_of_ann):
    for number in range(4):
        guess(client, "ann", 1, address=f"192.0.2.{number}")
    assert signed_in(client, "ann", "right horse") == FOR_THIS_ACCOUNT
    guess(browser_of_ann, "ann", 2)
    assert signed_in(browser_of_ann, "ann", "right horse") is True


def test_browser_of_one_account_guesses_at_another_as_any_other_does(browser_of_ann):
    guess(browser_of_ann, "bob", 3)
    assert signed_in(browser_of_ann, "bob", "right horse") == FOR_THIS_ACCOUNT


def test_browser_of_the_owner_has_a_limit_too(browser_of_ann):
    guess(browser_of_ann, "ann", 3)
    assert signed_in(browser_of_ann, "ann", "right horse") == FOR_THIS_ACCOUNT


SPELLINGS = ["ann", "Ann", "ANN", "aNN", " ann", "ann ", "ａｎｎ", "ＡＮＮ", "a nn", "\u3000Ａnn"]


def test_spellings_of_a_name_are_one(client, monkeypatch):
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ACCOUNT", 9)
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ACCOUNT_EVERYWHERE", 99)
    monkeypatch.setattr(sign_in, "MAX_FAILURES_PER_ADDRESS", 99)
    for name in SPELLINGS[1:]:
        guess(client, name, 1)
    assert signed_in(client, "ann", "right horse") == FOR_THIS_ACCOUNT


def test_account_opens_by_any_spelling_of_its_name(client):
    assert [name for name in SPELLINGS if signed_in(client, name, "right horse") is not True] == []


def test_names_that_differ_in_their_case_alone_open_by_their_own_spelling(client):
    a_user("facilitator", username="ANN", password="another horse")
    assert signed_in(client, "ann", "right horse") is True
    assert signed_in(client, "ANN", "another horse") is True


@pytest.mark.django_db(transaction=True)
def test_guesses_that_are_sent_at_once_all_count(monkeypatch):
    read = []
    monkeypatch.setattr(sign_in.AuthenticationForm, "clean", lambda form: read.append(1) or refuse(form))

    def refuse(form):
        raise form.get_invalid_login_error()

    all_at_once(lambda number: signed_in(Client(), "ann", f"wrong {number}"), 8)
    assert 0 < len(read) <= 3
    assert FailedAttempt.objects.count() == 3 * len(read)


def test_page_that_asks_who_is_signed_in_is_kept_by_no_cache(client):
    editor = a_user("editor")
    story, draft = a_story(), a_story(status=Status.DRAFT, consent=Consent.TEAM)
    client.force_login(editor)
    for address in (story.get_absolute_url(), draft.get_absolute_url(), "/matrix/", "/data/"):
        assert client.get(address)["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert not client.get("/stories/").has_header("Cache-Control")  # the same for everyone
    client.logout()
    assert not client.get(story.get_absolute_url()).has_header("Cache-Control")
