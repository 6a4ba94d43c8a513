"""The second factor: who is asked for it, who must set one up, and that nothing opens before."""

import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import get_resolver
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from innovation_archive.accounts.factors import WaitBeforeNextCodeError, accept_code, make_recovery_codes
from innovation_archive.models import ActKind, AdministrativeAct
from tests.crowd import all_at_once
from tests.desk import filled, messages, page
from tests.factories import a_story, a_user, a_user_for, a_workshop
from workshops.choices import Consent, Status
from workshops.models import Workshop
from workshops.roles import ADMINISTRATOR, EDITOR

pytestmark = pytest.mark.django_db

PASSWORD = "right horse"


def sign_in(client, user, **fields):
    return client.post("/admin/login/", {"username": user.username, "password": PASSWORD, **fields})


def an_app(user):
    return TOTPDevice.objects.create(user=user, name="app")


def code_of(app, steps=0):
    """What the app shows now, or some steps of 30 seconds from now."""
    return f"{totp(app.bin_key, drift=steps):06}"


def wrong_code(app):
    return f"{(int(code_of(app)) + 500_000) % 1_000_000:06}"


@pytest.fixture
def ann():
    return a_user("editor", username="ann", password=PASSWORD)


@pytest.fixture
def app(ann):
    return an_app(ann)


def is_in(client):
    return client.get("/admin/").status_code == 200


# Whoever has a factor is asked for it


def test_who_has_no_factor_and_needs_none_signs_in_with_a_password(client, ann):
    assert sign_in(client, ann, next="/admin/").url == "/admin/"
    assert is_in(client)


def test_who_has_an_app_is_asked_for_its_code(client, ann, app):
    sign_in(client, ann)
    asked = client.get("/admin/workshops/story/?q=hubs")
    assert asked.url == "/admin/second-step/?next=/admin/workshops/story/%3Fq%3Dhubs"
    led_on = client.post(asked.url, {"code": code_of(app)})
    assert led_on.url == "/admin/workshops/story/?q=hubs"
    assert is_in(client)


def test_second_step_leads_to_no_other_host(client, ann, app):
    sign_in(client, ann)
    led_on = client.post("/admin/second-step/?next=https://example.net/", {"code": code_of(app)})
    assert led_on.url == "/admin/"


def test_code_may_be_typed_in_two_groups(client, ann, app):
    sign_in(client, ann)
    code = code_of(app)
    client.post("/admin/second-step/", {"code": f" {code[:3]} {code[3:]}"})
    assert is_in(client)


def test_wrong_code_opens_nothing(client, ann, app):
    sign_in(client, ann)
    refused = client.post("/admin/second-step/", {"code": wrong_code(app)})
    assert refused.context["form"].errors == {
        "code": ["That is not the code of just now. Codes change every 30 seconds, and each one works once."]
    }
    assert not is_in(client)


def test_code_of_somebody_else_opens_nothing(client, ann, app):
    other = an_app(a_user(username="bob"))
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(other)})
    assert not is_in(client)


def test_code_works_once(client, ann, app):
    code = code_of(app)
    for _time in range(2):
        client.logout()
        sign_in(client, ann)
        last = client.post("/admin/second-step/", {"code": code})
    assert last.status_code == 200
    assert not is_in(client)


def test_nothing_of_the_desk_opens_before_the_second_step(client, ann, app):
    """Every address below /admin/, for somebody who has given a password alone."""
    sign_in(client, ann)
    assert not_led_to("/admin/second-step/", client) == [
        *OTHER_WAYS_TO_SIGN_IN,
        ("/admin/second-step/", 200),
        ("/admin/passkeys/authentication/begin/", 405),
        ("/admin/passkeys/authentication/complete/", 405),
        ("/admin/passkeys/jsi18n/", 200),
        ("/admin/login/", 200),
    ]


OTHER_WAYS_TO_SIGN_IN = [
    ("/admin/directory/", 404),
    ("/admin/directory/return/", 404),
    ("/admin/sign-in/1/", 410),
]
"""For somebody else; here no directory is set."""


def not_led_to(page, client):
    """The addresses of the desk that lead elsewhere, or nowhere, each with the status of its answer."""
    answers = [(address, client.get(address)) for address in addresses_of_the_desk()]
    return [
        (address, answer.status_code)
        for address, answer in answers
        if answer.status_code != 302 or not answer.url.startswith(page)
    ]


def addresses_of_the_desk():
    """Each address with a 1 for whatever it asks for. Signing out, which would end the session, is left out."""
    return [f"/{address}" for address in flat(get_resolver().url_patterns) if "logout" not in address]


def flat(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from flat(pattern.url_patterns, route)
        elif route.startswith("admin/"):
            yield as_address(route)


def as_address(route):
    route = re.sub(r"<[^>]*>", "1", route)
    route = re.sub(r"\^|\$|\\Z", "", route)
    return re.sub(r"\(\?P1[^)]*\)|\(\?P<\w+>[^)]*\)", "1", route)


def test_public_pages_show_a_reader_what_they_show_everybody(client, ann, app):
    draft = a_story(status=Status.DRAFT, consent=Consent.PUBLIC)
    sign_in(client, ann)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get("/stories/").wsgi_request.user.is_anonymous
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_page_of_the_second_step_names_no_list_of_the_desk(client, ann, app):
    sign_in(client, ann)
    shown = client.get("/admin/second-step/")
    assert "/admin/workshops/" not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


def test_who_has_not_signed_in_is_sent_to_do_so(client):
    for address in ("second-step/", "second-factor/", "second-factor/app/", "second-factor/codes/"):
        assert client.get(f"/admin/{address}").url == f"/admin/login/?next=/admin/{address}"


def test_signing_out_works_before_the_second_step(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/logout/")
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"


def test_somebody_else_may_sign_in_instead(client, ann, app):
    sign_in(client, ann)
    sign_in(client, a_user("editor", username="bob", password=PASSWORD))
    assert is_in(client)


def test_session_that_began_before_the_factor_is_asked_for_it(client, ann):
    client.force_login(ann)
    assert is_in(client)
    an_app(ann)
    assert not is_in(client)


def test_form_that_is_sent_before_the_second_step_comes_back_as_typed(client):
    facilitator = a_user("facilitator")
    workshop = a_workshop(facilitators=[facilitator])
    client.force_login(facilitator)
    address = page(Workshop, "change", workshop.pk)
    form = filled(client.get(address), title="Hubs in winter")
    app = an_app(facilitator)
    asked = client.post(address, form)
    client.get(asked.url)
    shown = client.post(asked.url, {"code": code_of(app)}, follow=True)
    assert shown.context["adminform"].form["title"].value() == "Hubs in winter"
    assert Workshop.objects.get().title == workshop.title


def test_asking_writes_nothing(client, ann, app, django_assert_num_queries):
    sign_in(client, ann)
    before = Session.objects.get().session_data
    client.get("/admin/")
    client.get("/admin/second-step/")
    app.delete()
    client.get("/stories/")
    assert Session.objects.get().session_data == before


# Guesses


def test_guesses_wait_longer_each_time(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": wrong_code(app)})
    refused = client.post("/admin/second-step/", {"code": code_of(app)})
    wait = timezone.localtime(TOTPDevice.objects.get().throttling_failure_timestamp + datetime.timedelta(seconds=1))
    assert refused.context["form"].errors["code"] == [
        f"Wrong codes were typed a short while ago. Wait until {wait:%H:%M:%S}, then type the code of then."
    ]
    TOTPDevice.objects.update(throttling_failure_count=10)
    app.refresh_from_db()
    assert app.verify_is_allowed()[1]["locked_until"] == app.throttling_failure_timestamp + datetime.timedelta(
        seconds=512
    )


def test_code_counts_again_after_the_wait(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": wrong_code(app)})
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - datetime.timedelta(seconds=2))
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert is_in(client)
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_guesses_at_the_app_leave_recovery_codes_alone(client, ann, app):
    codes = make_recovery_codes(ann)
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": wrong_code(app)})
    client.post("/admin/second-step/", {"code": codes[0]})
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_sent_at_once_are_one_guess(ann, app):
    right, wrong = code_of(app), wrong_code(app)
    answers = all_at_once(lambda _number: guess(ann, wrong), 5)
    assert sorted(answers) == ["wait", "wait", "wait", "wait", "wrong"]
    assert guess(ann, right) == "wait"


def guess(user, code):
    try:
        return "right" if accept_code(user, code) else "wrong"
    except WaitBeforeNextCodeError:
        return "wait"


# Recovery codes


@pytest.mark.django_db(transaction=True)
def test_recovery_code_sent_five_times_at_once_opens_once(ann, app):
    code = make_recovery_codes(ann)[0]
    answers = all_at_once(lambda _number: guess(ann, code), 5)
    assert answers.count("right") == 1
    assert StaticToken.objects.count() == 9


def test_recovery_code_works_once(client, ann, app):
    code = make_recovery_codes(ann)[0]
    sign_in(client, ann)
    shown = client.post("/admin/second-step/", {"code": code.upper()}, follow=True)
    assert messages(shown) == [
        "That recovery code is used up. 9 are left. You can make new ones under “Second factor”."
    ]
    client.logout()
    sign_in(client, ann)
    refused = client.post("/admin/second-step/", {"code": code})
    assert refused.context["form"].errors["code"] == [
        "That is not one of your recovery codes, or it has been used before."
    ]


def test_recovery_codes_are_shown_once(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert StaticToken.objects.count() == 0
    client.get("/admin/second-factor/codes/")
    assert StaticToken.objects.count() == 0
    shown = client.post("/admin/second-factor/codes/")
    codes = shown.context["codes"]
    assert sorted(code.replace("-", "") for code in codes) == sorted(
        StaticToken.objects.values_list("token", flat=True)
    )
    assert len(codes) == 10
    assert "no-store" in shown["Cache-Control"]
    again = client.get("/admin/second-factor/codes/").content.decode()
    assert [code for code in codes if code in again] == []


def test_new_recovery_codes_end_the_old_ones_and_no_session(client, ann, app):
    old = make_recovery_codes(ann)
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": old[0]})
    client.post("/admin/second-factor/codes/")
    assert is_in(client)
    assert StaticToken.objects.filter(token=old[1].replace("-", "")).count() == 0
    assert StaticToken.objects.count() == 10


def test_recovery_codes_go_with_the_last_factor(client, ann, app):
    make_recovery_codes(ann)
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    client.post("/admin/second-factor/app/remove/")
    assert not StaticDevice.objects.exists()
    assert is_in(client)


# Setting one up


def test_app_is_set_up_by_its_first_code(client, ann):
    sign_in(client, ann)
    assert client.post("/admin/second-factor/app/new/?next=/admin/workshops/story/").url == (
        "/admin/second-factor/app/?next=/admin/workshops/story/"
    )
    app = TOTPDevice.objects.get()
    shown = client.get("/admin/second-factor/app/")
    assert shown.context["key"].replace(" ", "") in app.config_url
    assert "<svg" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert is_in(client)
    led_on = client.post("/admin/second-factor/app/?next=/admin/workshops/story/", {"code": code_of(app)})
    assert led_on.url == "/admin/second-factor/codes/?next=/admin/workshops/story/"
    assert TOTPDevice.objects.get().confirmed
    assert is_in(client)


def test_key_of_an_app_is_not_shown_once_it_counts(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    assert client.get("/admin/second-factor/app/").url == "/admin/second-factor/"
    assert app.key not in client.get("/admin/second-factor/").content.decode()


def test_app_whose_first_code_is_wrong_does_not_count(client, ann):
    sign_in(client, ann)
    client.post("/admin/second-factor/app/new/")
    refused = client.post("/admin/second-factor/app/", {"code": wrong_code(TOTPDevice.objects.get())})
    assert list(refused.context["form"].errors) == ["code"]
    assert not TOTPDevice.objects.get().confirmed


def test_new_app_takes_the_place_of_the_old_one(client, ann, app):
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    client.post("/admin/second-factor/app/new/")
    assert TOTPDevice.objects.count() == 2
    new = TOTPDevice.objects.get(confirmed=False)
    client.post("/admin/second-factor/app/", {"code": code_of(new)})
    assert TOTPDevice.objects.get() == new
    assert is_in(client)


def test_password_alone_sets_up_nothing_for_who_has_a_factor(client, ann, app):
    sign_in(client, ann)
    for address in (
        "second-factor/app/new/",
        "second-factor/codes/",
        "second-factor/app/remove/",
        "passkeys/registration/begin/",
        "passkeys/registration/complete/",
    ):
        assert client.post(f"/admin/{address}").url == f"/admin/second-step/?next=/admin/{address}"
    assert TOTPDevice.objects.get() == app
    assert StaticDevice.objects.count() == 0


# Roles that must have one


def test_who_must_have_a_factor_is_led_to_set_one_up(client, ann, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator", "editor"]
    sign_in(client, ann)
    led = client.get("/admin/workshops/story/")
    assert led.url == "/admin/second-factor/?next=/admin/workshops/story/"
    shown = client.get(led.url)
    assert "Your role needs a second factor" in shown.content.decode()
    assert "/admin/workshops/" not in shown.content.decode().replace(led.url, "").replace("next=/admin/workshops/", "")
    client.post("/admin/second-factor/app/new/")
    assert not is_in(client)
    client.post("/admin/second-factor/app/", {"code": code_of(TOTPDevice.objects.get())})
    assert is_in(client)


def test_who_must_have_a_factor_reaches_nothing_else(client, ann, settings):
    settings.SECOND_FACTOR_ROLES = ["editor"]
    sign_in(client, ann)
    assert not_led_to("/admin/second-factor/", client) == [
        *OTHER_WAYS_TO_SIGN_IN,
        ("/admin/second-factor/", 200),
        ("/admin/second-factor/app/new/", 405),
        ("/admin/passkeys/registration/begin/", 405),
        ("/admin/passkeys/registration/complete/", 405),
        ("/admin/passkeys/jsi18n/", 200),
        ("/admin/login/", 200),
    ]


@pytest.mark.parametrize(
    ("make", "must"),
    [
        (lambda: a_user("editor"), True),
        (lambda: a_user_for(a_workshop().phase.programme, "editor"), True),
        (lambda: a_user(is_superuser=True), True),
        (lambda: a_user("facilitator", "analyst"), False),
        (a_user, False),
    ],
    ids=["editor", "editor of a programme", "superuser", "facilitator", "no role"],
)
def test_factor_is_required_of_the_roles_that_are_named(client, settings, make, must):
    settings.SECOND_FACTOR_ROLES = [EDITOR]
    client.force_login(make())
    assert (client.get("/admin/").status_code == 302) is must


def test_last_factor_of_who_needs_one_is_asked_for_anew(client, ann, app, settings):
    settings.SECOND_FACTOR_ROLES = [EDITOR]
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    client.post("/admin/second-factor/app/remove/")
    assert client.get("/admin/").url == "/admin/second-factor/?next=/admin/"


def test_misspelt_role_is_refused(settings):
    settings.SECOND_FACTOR_ROLES = ["administrators"]
    with pytest.raises(SystemCheckError, match="names “administrators”, which is no role"):
        call_command("check")


# An administrator takes a lost one away


def test_administrator_takes_a_lost_factor_away(client, ann, app):
    make_recovery_codes(ann)
    administrator = a_user(ADMINISTRATOR, username="ada")
    client.force_login(administrator)
    asked = client.get(f"/admin/auth/user/{ann.pk}/second-factor/")
    assert app.key not in asked.content.decode()
    assert TOTPDevice.objects.exists()
    client.post(f"/admin/auth/user/{ann.pk}/second-factor/")
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    act = AdministrativeAct.objects.get()
    assert (act.by, act.about, act.kind) == (administrator, ann, ActKind.FACTOR_TAKEN)
    assert str(act) == "ada took the second factor of ann away."


def test_account_page_leads_to_its_factor(client, ann):
    client.force_login(a_user(ADMINISTRATOR))
    shown = client.get(f"/admin/auth/user/{ann.pk}/change/").content.decode()
    assert f'href="/admin/auth/user/{ann.pk}/second-factor/"' in shown


@pytest.mark.parametrize("role", ["facilitator", "editor", "analyst", "system leader"])
def test_others_take_nobodys_factor(client, role, app):
    client.force_login(a_user(role))
    assert client.post(f"/admin/auth/user/{app.user_id}/second-factor/").status_code == 403
    assert TOTPDevice.objects.get() == app


def test_administrator_takes_no_superusers_factor(client):
    above = an_app(a_user(is_superuser=True))
    client.force_login(a_user(ADMINISTRATOR))
    assert client.post(f"/admin/auth/user/{above.user_id}/second-factor/").status_code == 403
    assert TOTPDevice.objects.get() == above


def test_session_does_not_outlive_its_factor_where_one_is_required(client, ann, app, settings):
    settings.SECOND_FACTOR_ROLES = [EDITOR]
    sign_in(client, ann)
    client.post("/admin/second-step/", {"code": code_of(app)})
    app.delete()
    assert not is_in(client)


@pytest.mark.parametrize(
    "model", ["otp_totp/totpdevice", "otp_static/staticdevice", "django_otp_webauthn/webauthncredential"]
)
def test_superuser_reads_no_key_at_the_desk(client, model):
    client.force_login(a_user(is_superuser=True))
    assert client.get(f"/admin/{model}/").status_code == 404
