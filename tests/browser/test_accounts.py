"""How an account begins and ends, in a browser: invited, signed in, signed out elsewhere, closed. On a phone without JavaScript."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from innovation_archive.models import SignIn
from tests.browser.looking import DAY, NIGHT, findings
from tests.factories import a_user, a_workshop
from workshops.roles import ADMINISTRATOR, FACILITATOR

pytestmark = pytest.mark.any_database

PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
PASSWORD = "tram-lantern-9"


@pytest.fixture
def ada(site):
    return a_user(ADMINISTRATOR, username="ada")


def invite(page, name):
    """Fill in the page of a new account, and return the link that is shown."""
    page.goto(reverse("admin:auth_user_changelist"))
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("facilitator", exact=True).check()
    page.get_by_role("button", name="Invite").click()
    return page.get_by_label("The link").input_value()


def test_invited_person_chooses_a_password_and_signs_in_with_it(new_page, ada):
    link = invite(new_page(ada, **PHONE), "grace")
    page = new_page(**PHONE)
    page.goto(link)
    for typed in ("12345678", PASSWORD):
        page.get_by_label("New password:").fill(typed)
        page.get_by_label("New password confirmation:").fill(typed)
        page.get_by_role("button", name="Set the password and sign in").click()
    page.get_by_text("Your password is set, and you are signed in.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/admin/")
    page.get_by_label("Username").fill("Grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Sessions").click()
    page.get_by_text("Chrome on Linux").wait_for()


def test_session_left_open_elsewhere_is_ended_from_here(new_page, ada):
    elsewhere, here = new_page(ada, **PHONE), new_page(ada, **PHONE)
    here.goto("/admin/")
    here.get_by_role("link", name="Sessions").click()
    assert SignIn.objects.count() == 2
    here.get_by_role("button", name=re.compile("^End it")).click()
    here.get_by_text("1 session is ended.").wait_for()
    elsewhere.goto("/admin/")
    elsewhere.get_by_role("heading", name="Sign in").wait_for()


def test_leavers_workshops_are_handed_over_on_one_page(new_page, ada):
    sam, eve = (
        a_user(FACILITATOR, username="sam"),
        a_user(FACILITATOR, username="eve", first_name="Eve", last_name="Ash"),
    )
    workshop = a_workshop([sam], title="Hubs in May")
    page = new_page(ada, **PHONE)
    page.goto(reverse("admin:auth_user_change", args=[sam.pk]))
    page.get_by_role("link", name="Close this account").click()
    page.get_by_text("Hubs in May with nobody else").wait_for()
    page.get_by_label("Hand their workshops to").select_option("Eve Ash (eve)")
    page.get_by_role("button", name="Yes, close the account").click()
    page.get_by_text("The account of sam is closed, and eve has their workshops.").wait_for()
    assert list(workshop.facilitators.all()) == [eve]
    page.get_by_role("button", name="Open this account again").click()
    page.get_by_text("The account of sam is open again.").wait_for()


def look(page):
    return findings(page, [320, 1280], [DAY, NIGHT])


def test_axe_finds_nothing_on_the_pages_of_accounts(new_page, ada, settings):
    settings.MAIL_IS_ON, settings.SITE_URL = True, "https://archive.example.org"
    sam = a_user(FACILITATOR, username="sam")
    a_workshop([sam])
    page = new_page(ada, bypass_csp=True)
    new_page(ada)
    found = []
    for name, keys in [
        ("auth_user_add", []), ("auth_user_change", [sam.pk]), ("auth_user_link", [sam.pk]),
        ("auth_user_close", [sam.pk]), ("sessions", []),
    ]:  # fmt: skip
        page.goto(reverse(f"admin:{name}", args=keys))
        found += [(name, *finding) for finding in look(page)]
    page.goto(reverse("admin:auth_user_link", args=[sam.pk]))
    page.get_by_role("button", name="Show me a link").click()
    link = page.get_by_label("The link").input_value().replace(settings.SITE_URL, "")
    found += [("link shown", *finding) for finding in look(page)]
    page = new_page(bypass_csp=True)
    page.goto(link)
    page.get_by_role("button", name="Set the password and sign in").click()
    found += [("password refused", *finding) for finding in look(page)]
    page.goto(reverse("admin:password_forgotten"))
    page.get_by_label("The e-mail address of your account").fill("sam")
    page.get_by_role("button", name="Send me a link").click()
    found += [("address refused", *finding) for finding in look(page)]
    page.get_by_label("The e-mail address of your account").fill("sam@example.org")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_text("If an account has this address").wait_for()
    found += [("asked", *finding) for finding in look(page)]
    assert found == []
    assert User.objects.count() == 2
