"""Passkeys, as the server sees them: made by who may, taken for the one it was made for, on this host, once."""

import pytest
from django_otp_webauthn.models import WebAuthnCredential

from tests.factories import a_user
from tests.innovation_archive.accounts.authenticator import Authenticator
from tests.innovation_archive.accounts.test_second_factor import an_app, code_of, is_in, sign_in

pytestmark = pytest.mark.django_db

PASSWORD = "right horse"


@pytest.fixture
def ann():
    return a_user("editor", username="ann", password=PASSWORD)


def post(client, step, data=None):
    return client.post(f"/admin/passkeys/{step}/", data or {}, content_type="application/json")


def register(client, authenticator):
    options = post(client, "registration/begin").json()
    return post(client, "registration/complete", authenticator.register(options))


def show(client, authenticator):
    options = post(client, "authentication/begin").json()
    return post(client, "authentication/complete", authenticator.sign(options))


@pytest.fixture
def passkey(client, ann):
    """Ann's, made in a session that is over."""
    authenticator = Authenticator()
    sign_in(client, ann)
    assert register(client, authenticator).status_code == 200
    client.logout()
    return authenticator


def test_passkey_is_asked_for_at_the_next_sign_in_and_opens_the_desk(client, ann, passkey):
    sign_in(client, ann)
    assert client.get("/admin/").url == "/admin/second-step/?next=/admin/"
    options = post(client, "authentication/begin").json()
    answer = client.post(
        "/admin/passkeys/authentication/complete/?next=/admin/workshops/story/",
        passkey.sign(options),
        content_type="application/json",
    )
    assert answer.json()["redirect_url"] == "/admin/workshops/story/"
    assert is_in(client)


def test_session_that_makes_the_first_passkey_goes_on(client, ann, settings):
    settings.SECOND_FACTOR_ROLES = ["editor"]
    sign_in(client, ann)
    assert not is_in(client)
    register(client, Authenticator())
    assert is_in(client)


def test_password_alone_adds_no_passkey_to_who_has_a_factor(client, ann, passkey):
    sign_in(client, ann)
    for step in ("registration/begin", "registration/complete"):
        assert post(client, step).url == f"/admin/second-step/?next=/admin/passkeys/{step}/"
    assert WebAuthnCredential.objects.count() == 1


def test_registration_begun_before_a_factor_was_set_up_is_not_completed_without_it(client, ann):
    sign_in(client, ann)
    options = post(client, "registration/begin").json()
    an_app(ann)
    assert post(client, "registration/complete", Authenticator().register(options)).status_code == 302
    assert not WebAuthnCredential.objects.exists()


def test_passkey_is_made_for_the_host_that_is_asked(client, ann):
    sign_in(client, ann)
    options = client.post("/admin/passkeys/registration/begin/", HTTP_HOST="localhost:8000").json()
    assert (options["rp"]["id"], options["user"]["name"]) == ("localhost", "ann")


@pytest.mark.parametrize(
    "where",
    [
        {"origin": "https://testserver.example.net"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver:8000"},
        {"host": "example.net"},
    ],
    ids=str,
)
def test_what_was_signed_for_another_site_opens_nothing(client, ann, passkey, where):
    for name, value in where.items():
        setattr(passkey, name, value)
    sign_in(client, ann)
    assert show(client, passkey).status_code == 422
    assert not is_in(client)


def test_challenge_is_good_for_one_answer(client, ann, passkey):
    sign_in(client, ann)
    options = post(client, "authentication/begin").json()
    signed = passkey.sign(options)
    assert post(client, "authentication/complete", signed).status_code == 200
    client.logout()
    sign_in(client, ann)
    assert post(client, "authentication/complete", signed).status_code == 400
    post(client, "authentication/begin")
    assert post(client, "authentication/complete", signed).status_code == 422
    assert not is_in(client)


def test_passkey_of_somebody_else_opens_nothing(client, ann, passkey):
    bob = a_user("editor", username="bob", password=PASSWORD)
    an_app(bob)
    sign_in(client, bob)
    assert show(client, passkey).status_code == 403
    assert not is_in(client)


def test_signature_of_another_key_opens_nothing(client, ann, passkey):
    forger = Authenticator()
    forger.id = passkey.id
    sign_in(client, ann)
    assert show(client, forger).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("step", ["registration", "authentication"])
@pytest.mark.parametrize("part", ["begin", "complete"])
def test_passkeys_are_nothing_to_who_gave_no_password(client, passkey, step, part):
    assert post(client, f"{step}/{part}").status_code == 403


def test_passkey_that_an_administrator_took_away_is_not_taken(client, ann, passkey):
    app = an_app(ann)
    WebAuthnCredential.objects.all().delete()
    sign_in(client, ann)
    assert show(client, passkey).status_code == 404
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert is_in(client)


def test_owner_removes_a_passkey_and_nobody_elses(client, ann, passkey):
    bob = a_user("editor", username="bob", password=PASSWORD)
    sign_in(client, bob)
    key = WebAuthnCredential.objects.get().pk
    client.post(f"/admin/second-factor/passkeys/{key}/remove/")
    assert WebAuthnCredential.objects.count() == 1
    client.logout()
    sign_in(client, ann)
    show(client, passkey)
    client.post(f"/admin/second-factor/passkeys/{key}/remove/")
    assert not WebAuthnCredential.objects.exists()
    assert is_in(client)


def test_nothing_is_kept_of_a_passkey_that_opens_it(client, ann, passkey):
    """The private key stays where it was made."""
    kept = WebAuthnCredential.objects.get()
    private = passkey.key.private_numbers().private_value.to_bytes(32, "big")
    assert private not in bytes(kept.public_key) + bytes(kept.attestation.data) + bytes(kept.credential_id)
