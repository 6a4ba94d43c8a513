"""A second factor in a browser: passkeys by a virtual authenticator, codes on a phone without JavaScript."""

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from tests.browser.looking import DAY, FORCED, NIGHT, findings
from tests.factories import a_user
from workshops.roles import EDITOR

pytestmark = pytest.mark.any_database

PHONE = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
PASSWORD = "right horse"


def sign_in(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def has_authenticator(page):
    """Give the browser a security key that says yes by itself."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture
def ann(site, settings):
    settings.SECOND_FACTOR_ROLES = [EDITOR]
    return a_user(EDITOR, username="ann", password=PASSWORD)


def test_passkey_is_made_and_opens_the_desk(new_page, ann):
    page = new_page()
    has_authenticator(page)
    sign_in(page)
    page.get_by_text("Your role needs a second factor").wait_for()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Show me new codes").click()
    page.get_by_role("link", name="I have them, go on").wait_for()
    assert page.locator(".recovery-codes li").count() == 10
    page.get_by_role("link", name="I have them, go on").click()
    assert WebAuthnCredential.objects.get().user == ann
    page.get_by_role("button", name="Sign out").click()

    sign_in(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("heading", name="The desk").wait_for()
    assert WebAuthnCredential.objects.get().last_used_at


def test_app_is_set_up_and_used_on_a_phone_without_javascript(new_page, ann):
    page = new_page(**PHONE)
    sign_in(page)
    page.get_by_text("A passkey needs JavaScript, which is off or was not loaded.").wait_for()
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_role("img", name="QR code").wait_for()
    app = TOTPDevice.objects.get()
    page.get_by_label("The six digits that your app shows").fill(f"{totp(app.bin_key):06}")
    page.get_by_role("button", name="Use this app from now on").click()
    page.get_by_role("button", name="Show me new codes").click()
    page.get_by_role("link", name="I have them, go on").wait_for()
    code = page.locator(".recovery-codes li").first.inner_text()
    page.get_by_role("link", name="I have them, go on").click()
    page.get_by_role("button", name="Sign out").click()

    sign_in(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("That recovery code is used up. 9 are left.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_pages_of_the_second_factor_are_accessible(new_page, ann):
    page = new_page()
    has_authenticator(page)
    sign_in(page)
    found = look(page)
    page.get_by_role("button", name="Set up an app").click()
    found += look(page)
    app = TOTPDevice.objects.get()
    page.get_by_label("The six digits that your app shows").fill(f"{totp(app.bin_key):06}")
    page.get_by_role("button", name="Use this app from now on").click()
    found += look(page)
    page.get_by_role("button", name="Show me new codes").click()
    page.get_by_role("link", name="I have them, go on").wait_for()
    found += look(page)
    page.goto("/admin/second-factor/")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Show me new codes").wait_for()
    page.goto("/admin/second-factor/")
    found += look(page)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    found += look(page)
    assert found == []


def look(page):
    return [(page.url, *each) for each in findings(page, [320, 1280], [DAY, NIGHT, FORCED])]
