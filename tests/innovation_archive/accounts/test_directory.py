"""Sign-in by an organisation's directory, against a provider on loopback that signs what it is told to."""

import logging
import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from innovation_archive.accounts.links import password_link
from innovation_archive.models import DirectoryLink
from tests.crowd import all_at_once
from tests.desk import filled, messages, page
from tests.factories import a_user, a_workshop
from tests.innovation_archive.accounts.provider import CLIENT_ID, CLIENT_SECRET, start_provider
from tests.innovation_archive.accounts.test_second_factor import an_app, code_of, is_in
from workshops.models import OutgoingMail, Workshop

pytestmark = pytest.mark.django_db

NAME = "Example Council"
NOT_TRUSTED = (
    f"What {NAME} said of you could not be checked, so you are not signed in. Begin again here; if it happens again, tell "
    "an administrator."
)
NOT_VERIFIED = f"{NAME} does not say that your e-mail address is verified, so no account here can be yours by it."
STALE = "That sign-in began in another window, or more than an hour ago. Begin again here."
AWAY = f"{NAME} does not answer as it should. Try again in a few minutes."


@pytest.fixture
def provider(settings):
    provider, stop = start_provider()
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, NAME
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    yield provider
    stop()


@pytest.fixture
def ann():
    """Invited, with a password that nobody knows."""
    return a_user("editor", username="ann", email="Ann@example.org")


def leave_for_directory(client, **fields):
    """The address at the directory to which a browser is led from the page to sign in."""
    return address_on(client.post("/admin/directory/", fields))


def address_on(shown):
    """Where this page leads by itself, and by its link too."""
    led = unescape(re.search(r'<meta http-equiv="refresh" content="0; url=([^"]*)">', shown.content.decode())[1])
    assert f'href="{escape(led)}"' in shown.content.decode()
    return led


def come_back(client, provider, address):
    return client.get(provider.authorize(address))


def sign_in(client, provider, **fields):
    return come_back(client, provider, leave_for_directory(client, **fields))


def refusal(client, provider):
    """Why somebody was not signed in, on the page that says so."""
    answer = sign_in(client, provider)
    assert answer.url == "/admin/login/?next=/admin/"
    assert not is_in(client)
    (says,) = messages(client.get(answer.url))
    return says


# Who is let in


def test_person_is_signed_in_to_the_account_with_their_address(client, provider, ann):
    answer = sign_in(client, provider, next="/admin/workshops/story/?q=hubs")
    assert answer.url == "/admin/workshops/story/?q=hubs"
    assert client.get("/admin/").wsgi_request.user == ann
    link = DirectoryLink.objects.get()
    assert (link.user, link.issuer, link.subject) == (ann, provider.issuer, "ann-1")


def test_person_is_known_again_whatever_their_address_has_become(client, provider, ann):
    sign_in(client, provider)
    client.logout()
    a_user("editor", username="bob", email="bob@example.org")
    provider.claims = {"email": "bob@example.org", "email_verified": False}
    sign_in(client, provider)
    assert client.get("/admin/").wsgi_request.user == ann
    assert DirectoryLink.objects.count() == 1


def test_address_that_passed_to_somebody_else_opens_nothing(client, provider, ann):
    sign_in(client, provider)
    client.logout()
    provider.claims = {"sub": "anna-2"}
    assert refusal(client, provider) == (
        f"The account with the e-mail address ann@example.org belongs to somebody else at {NAME}. An administrator can "
        "find out whose it is."
    )


def test_unknown_person_gets_no_account(client, provider, ann):
    provider.claims = {"email": "eve@example.org"}
    assert refusal(client, provider) == (
        "No account here has the e-mail address eve@example.org. An administrator can invite you."
    )
    assert type(ann).objects.count() == 1


@pytest.mark.parametrize("is_linked", [False, True])
def test_closed_account_stays_closed(client, provider, ann, is_linked):
    if is_linked:
        sign_in(client, provider)
    type(ann).objects.update(is_active=False)
    assert refusal(client, provider) == "Your account here is closed. An administrator can open it again."


def test_address_of_two_accounts_opens_neither(client, provider, ann):
    a_user("administrator", username="ann2", email="ann@example.org")
    assert refusal(client, provider) == (
        "Several accounts here have the e-mail address ann@example.org. An administrator can give each its own."
    )


def test_closed_account_with_the_same_address_is_in_nobodys_way(client, provider, ann):
    a_user("administrator", username="ann2", email="ann@example.org", is_active=False)
    sign_in(client, provider)
    assert client.get("/admin/").wsgi_request.user == ann


@pytest.mark.parametrize(
    ("mine", "theirs"), [("mike@example.org", "mıke@example.org"), ("kim@example.org", "\u212aim@example.org")]
)
def test_letter_that_looks_like_another_opens_nothing(client, provider, mine, theirs):
    a_user("editor", email=mine)
    provider.claims = {"email": theirs}
    assert (
        refusal(client, provider)
        == f"No account here has the e-mail address {theirs}. An administrator can invite you."
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1},
        {"email": None},
    ],
    ids=str,
)
def test_address_that_is_not_verified_opens_nothing(client, provider, ann, claims):
    provider.claims = claims
    assert refusal(client, provider) == NOT_VERIFIED
    assert not DirectoryLink.objects.exists()


def test_setting_vouches_for_addresses_of_which_the_directory_says_nothing(client, provider, ann, settings):
    settings.OIDC_TRUST_EMAIL = True
    provider.claims = {"email_verified": False}
    assert refusal(client, provider) == NOT_VERIFIED
    provider.claims = {"email_verified": None}
    sign_in(client, provider)
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_first_sign_ins_at_once_make_one_link(provider, ann):
    def first(_number):
        client = Client()
        sign_in(client, provider)
        return is_in(client)

    assert all_at_once(first, 3) == [True, True, True]
    assert DirectoryLink.objects.count() == 1


# What is believed


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"iss": "https://directory.example.net"},
        {"iss": None},
        {"aud": "another archive"},
        {"aud": "another archive", "azp": CLIENT_ID},
        {"aud": [CLIENT_ID, "another archive"]},
        {"aud": None},
        {"exp": 1_750_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "ann\0"},
    ],
    ids=str,
)
def test_claims_that_are_not_for_this_sign_in_open_nothing(client, provider, ann, claims):
    provider.claims = claims
    assert refusal(client, provider) == NOT_TRUSTED


@pytest.mark.parametrize("signed_by", ["another key", "the client's secret", "its public key as a secret", "nobody"])
def test_token_that_the_directory_did_not_sign_opens_nothing(client, provider, ann, signed_by):
    provider.signed_by = signed_by
    assert refusal(client, provider) == NOT_TRUSTED


def test_answer_without_id_token_opens_nothing(client, provider, ann):
    provider.answers["/token"] = '{"access_token": "1", "token_type": "Bearer"}'
    assert refusal(client, provider) == NOT_TRUSTED


def test_state_of_another_browser_opens_nothing(client, provider, ann):
    """Whoever lures somebody to their own answer of the directory signs them in to nothing."""
    luring = provider.authorize(leave_for_directory(Client()))
    answer = client.get(luring)
    assert messages(client.get(answer.url)) == [STALE]
    assert not is_in(client)
    assert "/token" not in provider.asked


def test_state_works_once(client, provider, ann):
    address = leave_for_directory(client)
    come_back(client, provider, address)
    client.post("/admin/logout/")
    answer = come_back(client, provider, address)
    assert messages(client.get(answer.url)) == [STALE]
    assert not is_in(client)


def test_coming_back_with_no_state_of_this_session_writes_nothing(client, provider, ann, django_assert_num_queries):
    provider.authorize(leave_for_directory(Client()))
    before = Session.objects.count()
    with django_assert_num_queries(0):
        client.get("/admin/directory/return/?code=1&state=2")
    assert Session.objects.count() == before


def test_code_of_another_sign_in_opens_nothing(client, provider, ann):
    """The verifier of this session does not fit the challenge of that one."""
    other = provider.authorize(leave_for_directory(Client()))
    mine = provider.authorize(leave_for_directory(client))
    state = mine.partition("state=")[2]
    answer = client.get(f"{other.partition('&state=')[0]}&state={state}")
    assert messages(client.get(answer.url)) == [f"{NAME} did not let you sign in."]
    assert not is_in(client)


def test_refusal_of_the_directory_is_said_and_its_words_are_not(client, provider, ann):
    answer = client.get("/admin/directory/return/?error=access_denied&error_description=Call+0900+123")
    assert messages(client.get(answer.url)) == [f"{NAME} did not let you sign in."]


def test_directory_that_calls_itself_otherwise_is_not_asked(client, provider, ann):
    provider.metadata = {"issuer": "https://directory.example.net"}
    answer = client.post("/admin/directory/")
    assert messages(client.get(answer.url)) == [AWAY]


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/.well-known/openid-configuration", "<h1>Maintenance</h1>", AWAY),
        ("/.well-known/openid-configuration", "[]", AWAY),
        ("/.well-known/openid-configuration", "{}", AWAY),
        ("/token", "<h1>Maintenance</h1>", AWAY),
        ("/token", "[]", AWAY),
        ("/token", "{}", NOT_TRUSTED),
        ("/keys", "<h1>Maintenance</h1>", AWAY),
        ("/keys", "[]", AWAY),
        ("/keys", "{}", AWAY),
        ("/keys", '{"keys": [{"kty": "RSA", "kid": "1"}]}', NOT_TRUSTED),
    ],
)
def test_directory_in_disorder_signs_nobody_in(client, provider, ann, path, answer, says):
    provider.answers[path] = answer
    asked = client.post("/admin/directory/")
    if asked.status_code == 200:
        asked = come_back(client, provider, address_on(asked))
    assert messages(client.get(asked.url)) == [says]
    assert not is_in(client)


def test_directory_that_does_not_answer_is_said_to_be_away(client, settings, provider):
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    answer = client.post("/admin/directory/")
    assert messages(client.get(answer.url)) == [AWAY]


def test_log_says_why_and_not_who(client, provider, ann, caplog):
    provider.claims = {"aud": "another archive"}
    with caplog.at_level(logging.INFO):
        sign_in(client, provider)
    (line,) = [
        record.getMessage() for record in caplog.records if record.name.startswith("innovation_archive.accounts")
    ]
    assert line == "An ID token of the directory was refused: invalid_claim"


def test_directory_is_asked_for_its_addresses_once_in_ten_minutes_and_for_its_keys_each_time(client, provider, ann):
    for _time in range(2):
        sign_in(client, provider)
    assert provider.asked == ["/.well-known/openid-configuration", "/token", "/keys", "/token", "/keys"]


# The pages


def test_page_to_sign_in_offers_the_directory_beside_a_password(client, provider):
    shown = client.get("/admin/login/").content.decode()
    assert f'value="Sign in with {NAME}"' in shown
    assert 'name="password"' in shown


def test_without_the_setting_there_is_no_directory(client):
    assert "directory" not in client.get("/admin/login/").content.decode()
    assert client.post("/admin/directory/").status_code == 404
    assert client.get("/admin/directory/return/").status_code == 404
    assert client.get("/admin/directory/sign-out/").status_code == 404


def test_directory_is_left_for_by_a_button_alone(client, provider):
    assert client.get("/admin/directory/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/admin/directory/").status_code == 403
    assert provider.asked == []


def test_directory_leads_to_no_other_host(client, provider, ann):
    assert sign_in(client, provider, next="https://example.net/").url == "/admin/"


def test_directory_sends_back_to_the_address_of_the_archive(client, provider, settings):
    settings.SITE_URL = "https://archive.example.org"
    address = leave_for_directory(client)
    assert "redirect_uri=https%3A%2F%2Farchive.example.org%2Fadmin%2Fdirectory%2Freturn%2F" in address


def sent_without_session(client, facilitator):
    """The address to which a form was sent when its session had ended, and what the page to sign in keeps of it."""
    workshop = a_workshop(facilitators=[facilitator])
    client.force_login(facilitator)
    address = page(Workshop, "change", workshop.pk)
    form = filled(client.get(address), title="Hubs in winter")
    Session.objects.all().delete()
    return address, client.post(address, form).context["kept"]


def test_form_that_was_sent_without_a_session_comes_back_after_the_directory(client, provider):
    address, kept = sent_without_session(client, a_user("facilitator", email="ann@example.org"))
    answer = sign_in(client, provider, next=address, kept=kept)
    assert answer.url == address
    assert client.get(address).context["adminform"].form["title"].value() == "Hubs in winter"


def test_form_and_page_outlast_a_refusal_of_the_directory(client, provider):
    """Whoever is not let in by it goes on with a password, and to where they were."""
    facilitator = a_user("facilitator", username="fay", email="fay@example.org", password="right horse")
    address, kept = sent_without_session(client, facilitator)
    provider.claims = {"email": "eve@example.org"}
    refused = sign_in(client, provider, next=address, kept=kept)
    assert refused.url == f"/admin/login/?next={address}"
    again = client.get(refused.url).context["kept"]
    client.post("/admin/login/", {"username": "fay", "password": "right horse", "kept": again})
    assert client.get(address).context["adminform"].form["title"].value() == "Hubs in winter"


def test_form_of_somebody_else_does_not_come_back_after_the_directory(client, provider, ann):
    _address, kept = sent_without_session(client, a_user("facilitator"))
    sign_in(client, provider, next="/admin/", kept=kept)
    assert messages(client.get("/admin/")) == [
        "Somebody else was writing on that page before you signed in. What they typed is not shown."
    ]
    assert "kept" not in client.session


def test_who_signs_out_is_shown_the_way_out_of_the_directory(client, provider, ann):
    sign_in(client, provider)
    shown = client.post("/admin/logout/").content.decode()
    assert 'href="/admin/directory/sign-out/"' in shown
    assert not is_in(client)
    led = client.get("/admin/directory/sign-out/").url
    assert led.startswith(
        f"{provider.issuer}/leave?post_logout_redirect_uri=http%3A%2F%2Ftestserver%2Fadmin%2Flogin%2F"
    )
    assert f"client_id={CLIENT_ID}" in led


def test_directory_without_a_page_to_sign_out_is_said_to_have_none(client, provider):
    provider.metadata = {"end_session_endpoint": None}
    answer = client.get("/admin/directory/sign-out/")
    assert messages(client.get(answer.url)) == [f"{NAME} has no page to sign out. Close the browser to end it there."]


def test_who_came_with_a_password_is_shown_no_way_out_of_the_directory(client, provider, ann):
    client.force_login(ann)
    assert "directory" not in client.post("/admin/logout/").content.decode()


# The second factor


def test_second_factor_is_asked_for_after_the_directory(client, provider, ann):
    app = an_app(ann)
    sign_in(client, provider)
    assert client.get("/admin/").url == "/admin/second-step/?next=/admin/"
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert is_in(client)


def test_role_that_needs_a_second_factor_needs_it_after_the_directory(client, provider, ann, settings):
    settings.SECOND_FACTOR_ROLES = ["editor"]
    sign_in(client, provider)
    assert client.get("/admin/").url == "/admin/second-factor/?next=/admin/"


def test_setting_lets_the_directory_count_for_both(client, provider, ann, settings):
    settings.OIDC_IS_SECOND_FACTOR, settings.SECOND_FACTOR_ROLES = True, ["editor"]
    an_app(ann)
    sign_in(client, provider)
    assert is_in(client)


def test_directory_that_counts_for_both_does_so_for_who_came_by_it_alone(client, provider, ann, settings):
    settings.OIDC_IS_SECOND_FACTOR = True
    an_app(ann)
    client.force_login(ann)
    assert not is_in(client)


def test_somebody_else_comes_by_the_directory_before_a_second_factor_is_shown(client, provider, ann):
    bob = a_user("editor", username="bob")
    an_app(bob)
    client.force_login(bob)
    sign_in(client, provider)
    assert client.get("/admin/").wsgi_request.user == ann


# Without passwords


@pytest.fixture
def no_passwords(settings, provider):
    settings.PASSWORD_SIGN_IN = False


def test_right_password_opens_nothing_where_passwords_are_off(client, no_passwords):
    a_user("editor", username="ann", password="right horse")
    refused = client.post("/admin/login/", {"username": "ann", "password": "right horse"})
    assert refused.context["form"].non_field_errors() == [
        f"Nobody signs in with a password here. Use your account at {NAME}."
    ]
    assert not is_in(client)


def test_page_to_sign_in_asks_for_no_password_where_they_are_off(client, no_passwords):
    shown = client.get("/admin/login/").content.decode()
    assert 'name="password"' not in shown
    assert f'value="Sign in with {NAME}"' in shown


def test_head_of_the_desk_offers_no_password_to_change_where_they_are_off(client, no_passwords):
    client.force_login(a_user("editor", password="right horse"))
    assert reverse("admin:password_change") not in client.get("/admin/").content.decode()


def test_link_for_a_password_signs_nobody_in_where_passwords_are_off(client, no_passwords, rf, ann):
    link = password_link(rf.get("/"), ann).removeprefix("http://testserver")
    assert client.get(link).status_code == 410
    assert (
        client.post(link, {"new_password1": "four right horses", "new_password2": "four right horses"}).status_code
        == 410
    )
    assert not is_in(client)
    assert client.get("/admin/password/forgotten/").status_code == 404


def test_administrator_hands_out_no_links_for_passwords_where_they_are_off(client, no_passwords, ann):
    client.force_login(a_user("administrator"))
    shown = client.get(f"/admin/auth/user/{ann.pk}/change/").content.decode()
    address = reverse("admin:auth_user_link", args=[ann.pk])
    assert address not in shown
    assert client.post(address).status_code == 403


def test_account_that_is_made_where_passwords_are_off_is_for_the_directory(client, no_passwords):
    client.force_login(a_user("administrator"))
    form = filled(client.get("/admin/auth/user/add/"), username="eve", email="eve@example.org")
    answer = client.post("/admin/auth/user/add/", form)
    assert messages(client.get(answer.url)) == [
        f"eve has an account. They sign in at http://testserver/admin/ with their account at {NAME}."
    ]
    assert not OutgoingMail.objects.exists()


# The settings


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET."),
        ({"OIDC_ISSUER": "http://directory.example.org"}, "OIDC_ISSUER starts with https://."),
        ({"OIDC_ISSUER": "", "PASSWORD_SIGN_IN": False}, "Without PASSWORD_SIGN_IN and OIDC_ISSUER nobody signs in."),
    ],
    ids=str,
)
def test_check_refuses_settings_that_let_nobody_in_safely(provider, settings, wrong, says):
    call_command("check")
    for name, value in wrong.items():
        setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=says):
        call_command("check")
