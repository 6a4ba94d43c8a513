"""Sessions end after a working day without use; everybody sees theirs, and ends them."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovation_archive.accounts import session_store
from innovation_archive.accounts.session_store import IDLE_LIMIT, SEEN_COOKIE
from innovation_archive.accounts.sessions import browser_of
from innovation_archive.models import SignIn
from tests.factories import a_user
from tests.innovation_archive.accounts.test_links import follow, link_of
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
    "Edg/142.0.0.0"
)


@pytest.fixture
def account():
    return a_user(EDITOR, username="eve", password="right horse")


class Clock:
    """The time as sessions and the signatures of cookies know it."""

    def __init__(self, monkeypatch):
        self.now = timezone.now().timestamp()
        for place in ("innovation_archive.accounts.session_store.time.time", "django.core.signing.time.time"):
            monkeypatch.setattr(place, lambda: self.now)
        monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.fromtimestamp(self.now, datetime.UTC))

    def pass_by(self, **time):
        self.now += datetime.timedelta(**time).total_seconds()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def a_browser(account="eve", name=FIREFOX):
    """A browser in which somebody has just signed in."""
    browser = Client(HTTP_USER_AGENT=name)
    browser.post("/admin/login/", {"username": account, "password": "right horse"})
    return browser


def is_signed_in(browser):
    return browser.get("/admin/").status_code == 200


def test_session_that_is_used_goes_on_beyond_a_working_day(account, clock):
    browser = a_browser()
    for _hour in range(14):
        clock.pass_by(hours=1)
        assert is_signed_in(browser)


def test_session_ends_after_a_working_day_without_use(account, clock):
    browser = a_browser()
    clock.pass_by(hours=7)
    assert is_signed_in(browser)
    clock.pass_by(hours=8, seconds=1)
    answer = browser.get("/admin/")
    assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (302, False)
    assert answer.cookies["sessionid"].value == ""
    assert not is_signed_in(browser)


def test_session_ends_at_the_latest_some_hours_after_it_was_last_written(account, clock):
    browser = a_browser()
    for _hour in range(16):
        clock.pass_by(hours=1)
        browser.get("/admin/")
    assert not is_signed_in(browser)


def test_public_page_shows_a_reader_to_whom_a_session_was_that_has_ended(account, clock):
    browser = a_browser()
    assert browser.get("/matrix/").wsgi_request.user == account
    clock.pass_by(hours=8, minutes=6)
    answer = browser.get("/matrix/")
    assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (200, False)


def test_form_that_was_being_written_is_kept_when_a_session_ends(account, clock):
    browser = a_browser()
    browser.get("/admin/")
    clock.pass_by(hours=9)
    answer = browser.post(reverse("admin:workshops_practice_add"), {"statement": "Half a thought"})
    assert "Nothing is lost: you were signed out while you were writing." in answer.content.decode()


def test_cookie_that_says_when_one_was_here_proves_nothing_if_it_is_old_or_anothers(account, clock):
    a_user(EDITOR, username="bo", password="right horse")
    old, mine, fresh = a_browser(), a_browser(), a_browser("bo")
    for browser in (old, mine, fresh):
        browser.get("/admin/")
    kept = old.cookies[SEEN_COOKIE].value
    clock.pass_by(hours=7)
    fresh.get("/admin/")
    clock.pass_by(hours=2)
    for forged in (kept, fresh.cookies[SEEN_COOKIE].value, "", "x:y:z"):
        mine.cookies[SEEN_COOKIE] = forged
        mine.cookies["sessionid"] = SignIn.objects.filter(account=account).first().session_id
        assert not is_signed_in(mine)


def test_session_of_before_these_rules_has_ended(account):
    browser = a_browser()
    session = browser.session
    del session[session_store.SIGNED_IN_AT]
    session.save()
    browser.cookies.pop(SEEN_COOKIE)
    assert not is_signed_in(browser)


def test_cookie_is_written_every_five_minutes_and_for_nobody_who_is_not_signed_in(account, clock):
    browser = a_browser()
    assert SEEN_COOKIE not in browser.get("/admin/").cookies
    clock.pass_by(minutes=6)
    cookie = browser.get("/admin/").cookies[SEEN_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", IDLE_LIMIT.total_seconds())
    assert SEEN_COOKIE not in browser.get("/stories/").cookies
    assert SEEN_COOKIE not in Client().get("/admin/login/").cookies


def test_using_a_session_writes_nothing(account, clock, django_assert_num_queries):
    browser = a_browser()
    browser.get(reverse("admin:sessions"))
    before = list(Session.objects.values()), list(SignIn.objects.values())
    clock.pass_by(minutes=30)
    browser.get(reverse("admin:sessions"))
    assert (list(Session.objects.values()), list(SignIn.objects.values())) == before


# The list


def shown(browser):
    """[(browser, whether it is this one)] on the page of one's own sessions."""
    return [(row.browser, row.is_this_one) for row in browser.get(reverse("admin:sessions")).context["sign_ins"]]


def test_everybody_sees_their_own_sessions_and_nobody_elses(account):
    a_user(FACILITATOR, username="bo", password="right horse")
    a_browser("bo", EDGE)
    first, second = a_browser(name=FIREFOX), a_browser(name=SAFARI)
    assert shown(first) == [("Safari on iPhone", False), ("Firefox on Windows", True)]
    assert shown(second) == [("Safari on iPhone", True), ("Firefox on Windows", False)]


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (CHROME, "Chrome on Android"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_browser_is_named_as_people_know_it(named, shown):
    assert browser_of(named) == shown


def test_one_session_is_ended_and_the_others_go_on(account):
    here, lost, other = a_browser(), a_browser(name=SAFARI), a_browser(name=CHROME)
    row = SignIn.objects.get(browser="Safari on iPhone")
    here.post(reverse("admin:sessions"), {"end": row.pk})
    assert [is_signed_in(browser) for browser in (here, lost, other)] == [True, False, True]
    assert Session.objects.count() == 2


def test_all_sessions_but_this_one_are_ended(account):
    a_user(EDITOR, username="bo", password="right horse")
    here, others, anothers = a_browser(), [a_browser(), a_browser()], a_browser("bo")
    here.post(reverse("admin:sessions"), {"end": "others"})
    assert [is_signed_in(browser) for browser in (here, *others, anothers)] == [True, False, False, True]


def test_nobody_ends_anothers_session(account):
    a_user(ADMINISTRATOR, username="bo", password="right horse")
    theirs, mine = a_browser("bo"), a_browser()
    for pk in (SignIn.objects.get(account__username="bo").pk, "9" * 30):
        mine.post(reverse("admin:sessions"), {"end": pk})
    assert is_signed_in(theirs)
    assert is_signed_in(mine)


def test_signing_out_leaves_no_session(account):
    browser = a_browser()
    browser.post(reverse("admin:logout"))
    assert (Session.objects.count(), SignIn.objects.count()) == (0, 0)


def test_new_password_ends_all_sessions_but_the_one_that_set_it(account):
    here, other = a_browser(), a_browser()
    new = {"old_password": "right horse", "new_password1": "tram-lantern-9", "new_password2": "tram-lantern-9"}
    assert here.post(reverse("admin:password_change"), new | {"old_password": "wrong"}).status_code == 200
    assert is_signed_in(other)
    here.post(reverse("admin:password_change"), new)
    assert [is_signed_in(browser) for browser in (here, other)] == [True, False]
    assert shown(here) == [("Firefox on Windows", True)]
    assert Session.objects.count() == 1


def test_session_goes_on_when_its_owner_sets_a_new_password_at_the_end_of_a_day(account, clock):
    here = a_browser()
    for _hour in range(10):
        clock.pass_by(hours=1)
        here.get("/admin/")
    new = {"old_password": "right horse", "new_password1": "tram-lantern-9", "new_password2": "tram-lantern-9"}
    here.post(reverse("admin:password_change"), new)
    assert is_signed_in(here)


def test_password_set_by_a_link_ends_all_sessions(account):
    other = a_browser()
    follow(link_of(account))
    assert not is_signed_in(other)
    assert SignIn.objects.filter(account=account).count() == 1


def test_closed_account_has_no_sessions_left(account, client):
    a_browser()
    client.force_login(a_user(ADMINISTRATOR))
    client.post(reverse("admin:auth_user_close", args=[account.pk]))
    assert SignIn.objects.filter(account=account).count() == 0
    assert Session.objects.count() == 1
