"""People come to an account by a link that they are sent or handed, and choose their password themselves."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from django.urls import reverse

from innovation_archive.accounts.links import password_link
from innovation_archive.models import AdministrativeAct
from tests.crowd import all_at_once
from tests.desk import messages
from tests.factories import a_programme, a_user
from tests.innovation_archive.admin.test_roles import account_form
from workshops.models import OutgoingMail, RoleGrant
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

SITE = "https://archive.example.org"
NEW = {"new_password1": "tram-lantern-9", "new_password2": "tram-lantern-9"}
SENT_IF_THERE_IS_ONE = "If an account has this address, a mail with a link is on its way to it."


@pytest.fixture
def mail_is_on(settings):
    settings.MAIL_IS_ON, settings.SITE_URL = True, SITE


@pytest.fixture
def administrator(client):
    administrator = a_user(ADMINISTRATOR, username="ada")
    client.force_login(administrator)
    return administrator


def invite(client, **fields):
    roles = Group.objects.filter(name__in=fields.pop("roles", []))
    grants = {"role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0}
    data = {"username": "new", "groups": [role.pk for role in roles], **grants, **fields}
    return client.post(reverse("admin:auth_user_add"), data, follow=True)


def link_in(text):
    """The path of the one link for a password in a mail or a page."""
    (path,) = re.findall(
        r"(?:https://archive\.example\.org|http://testserver)(/admin/password/\S+?/\S+?/)(?=\s|<)", text
    )
    return path


def link_of(account):
    client = Client()
    client.force_login(a_user(ADMINISTRATOR))
    return link_in(client.post(reverse("admin:auth_user_link", args=[account.pk])).content.decode())


def follow(path, client=None, **fields):
    return (client or Client()).post(path, NEW | fields, follow=True)


def signed_in_as(response):
    return response.wsgi_request.user.get_username()


def test_invited_person_chooses_their_password_by_the_link_in_a_mail(client, administrator, mail_is_on):
    programme = a_programme()
    grant = {"role_grants-TOTAL_FORMS": 1, "role_grants-0-role": EDITOR, "role_grants-0-programme": programme.pk}
    response = invite(client, email="new@example.org", roles=[FACILITATOR], **grant)
    assert messages(response) == ["A link by which new chooses a password is on its way to new@example.org."]
    account, mail = User.objects.get(username="new"), OutgoingMail.objects.get()
    assert account.has_usable_password() is False
    assert [group.name for group in account.groups.all()] == [FACILITATOR]
    assert RoleGrant.objects.get().user == account
    assert (mail.to, mail.subject, mail.is_confidential) == ("new@example.org", "Your account at the archive", True)
    assert "Your name there is new." in mail.body
    theirs = Client()
    page = theirs.get(link_in(mail.body))
    assert "Welcome: choose a password" in page.content.decode()
    assert signed_in_as(follow(link_in(mail.body), theirs)) == "new"
    account.refresh_from_db()
    assert account.check_password("tram-lantern-9")


def test_invitation_needs_an_address_where_mail_goes_out(client, administrator, mail_is_on):
    assert invite(client).context["errors"] == [["This field is required."]]
    assert User.objects.count() == 1


def test_invitation_is_shown_to_be_handed_over_where_no_mail_goes_out(client, administrator):
    response = invite(client)
    assert OutgoingMail.objects.count() == 0
    assert signed_in_as(follow(link_in(response.content.decode()))) == "new"


def test_link_is_shown_where_an_account_has_no_address(client, administrator, mail_is_on):
    link = reverse("admin:auth_user_link", args=[a_user(username="sam").pk])
    assert "No mail reaches sam" in client.get(link).content.decode()
    assert signed_in_as(follow(link_in(client.post(link).content.decode()))) == "sam"
    assert OutgoingMail.objects.count() == 0


def test_link_is_given_by_no_one_but_an_administrator_and_for_no_closed_account(client, administrator):
    link = reverse("admin:auth_user_link", args=[a_user(is_active=False).pk])
    assert client.post(link).status_code == 403
    client.force_login(a_user(EDITOR))
    assert client.post(reverse("admin:auth_user_link", args=[administrator.pk])).status_code == 403
    assert AdministrativeAct.objects.count() == 0


def test_looking_at_the_page_of_a_link_makes_none(client, administrator):
    page = client.get(reverse("admin:auth_user_link", args=[a_user().pk]))
    assert "/admin/password/" not in page.content.decode()
    assert AdministrativeAct.objects.count() == 0


@pytest.mark.parametrize("name", ["Ann", "ANN", "ａｎｎ"])
def test_name_that_differs_from_anothers_in_its_letters_case_or_width_is_refused(client, administrator, name):
    a_user(username="ann")
    assert invite(client, username=name).context["errors"] == [["A user with that username already exists."]]


def test_no_administrator_types_a_password(client, administrator):
    account = a_user(password="first horse")
    typed = {"usable_password": "true", "password1": "tram-lantern-9", "password2": "tram-lantern-9"}
    client.post(f"/admin/auth/user/{account.pk}/password/", typed)
    client.post(reverse("admin:auth_user_change", args=[account.pk]), account_form(account, password="tram-lantern-9"))
    account.refresh_from_db()
    assert account.check_password("first horse")


# Following a link


def test_link_works_once():
    link = link_of(a_user(username="sam"))
    assert signed_in_as(follow(link)) == "sam"
    for answer in (Client().get(link), follow(link)):
        assert (answer.status_code, signed_in_as(answer)) == (410, "")
        assert "This link does not work any more" in answer.content.decode()


def test_link_ends_with_its_time(monkeypatch):
    link = link_of(a_user())
    later = PasswordResetTokenGenerator()._now() + datetime.timedelta(days=3, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert Client().get(link).status_code == 410


def test_link_ends_when_its_account_is_closed_or_gets_another_address():
    closed, moved = a_user(), a_user(email="old@example.org")
    links = [link_of(closed), link_of(moved)]
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=moved.pk).update(email="new@example.org")
    assert [Client().get(link).status_code for link in links] == [410, 410]


@pytest.mark.parametrize("uid", ["MQ", "!", "eA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_link_that_nobody_made_opens_nothing(uid):
    a_user()
    assert Client().get(f"/admin/password/{uid}/cabcde-0123456789/").status_code == 410


def test_weak_password_is_refused_and_the_link_stays():
    account = a_user(password="first horse")
    link = link_of(account)
    response = follow(link, new_password1="12345", new_password2="12345")
    assert "This password is entirely numeric." in response.context["form"].errors["new_password1"]
    account.refresh_from_db()
    assert account.check_password("first horse")
    assert follow(link).status_code == 200


def test_reading_a_link_writes_nothing(django_assert_num_queries):
    link = link_of(a_user())
    with django_assert_num_queries(1):
        Client().get(link)


@pytest.mark.django_db(transaction=True)
def test_link_that_two_follow_at_once_sets_one_password(rf):
    account = a_user(username="sam")
    link = link_in(password_link(rf.get("/"), account) + "\n")
    chosen = [f"tram-lantern-{number}" for number in range(4)]
    answers = all_at_once(lambda n: follow(link, new_password1=chosen[n], new_password2=chosen[n]).status_code, 4)
    assert sorted(answers) == [200, 410, 410, 410]
    account.refresh_from_db()
    assert account.check_password(chosen[answers.index(200)])


# Asking for one


def ask(client, address, network="192.0.2.1"):
    return client.post(reverse("admin:password_forgotten"), {"email": address}, REMOTE_ADDR=network)


def test_person_who_forgot_their_password_is_sent_a_link(client, mail_is_on):
    a_user(username="sam", email="sam@example.org", password="first horse")
    answer = ask(client, "SAM@example.org")
    assert SENT_IF_THERE_IS_ONE in answer.content.decode()
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ("sam@example.org", "A new password for your account at the archive")
    assert signed_in_as(follow(link_in(mail.body))) == "sam"


def test_answer_is_the_same_whether_or_not_an_account_has_the_address(client, mail_is_on):
    a_user(email="sam@example.org", password="first horse")
    a_user(email="closed@example.org", password="first horse", is_active=False)
    a_user(email="directory@example.org")
    addresses = ["sam@example.org", "nobody@example.org", "closed@example.org", "directory@example.org"]
    pages = {without_token(ask(client, address).content.decode()) for address in addresses}
    assert len(pages) == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["sam@example.org"]


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_nobodys_mailbox_is_filled_by_whoever_asks_again_and_again(client, mail_is_on):
    a_user(email="sam@example.org", password="first horse")
    pages = [ask(client, "sam@example.org", f"192.0.2.{number}").content.decode() for number in range(5)]
    assert all(SENT_IF_THERE_IS_ONE in page for page in pages)
    assert OutgoingMail.objects.count() == 3


def test_network_that_asks_for_too_many_links_has_to_wait(client, mail_is_on, monkeypatch):
    monkeypatch.setattr("innovation_archive.accounts.password_views.MAX_LINKS_PER_ADDRESS", 2)
    ask(client, "a@example.org"), ask(client, "b@example.org")
    assert "Wait ten minutes" in ask(client, "c@example.org").content.decode()
    assert SENT_IF_THERE_IS_ONE in ask(client, "c@example.org", "192.0.2.2").content.decode()


def test_link_names_the_archives_own_host_whatever_a_request_says(client, mail_is_on, settings):
    settings.ALLOWED_HOSTS = ["*"]
    a_user(email="sam@example.org", password="first horse")
    client.post(reverse("admin:password_forgotten"), {"email": "sam@example.org"}, HTTP_HOST="evil.example")
    assert f"{SITE}/admin/password/" in OutgoingMail.objects.get().body


@pytest.mark.parametrize(("is_on", "site"), [(False, SITE), (True, "")])
def test_archive_that_can_send_no_link_says_who_gives_one(client, settings, is_on, site):
    settings.MAIL_IS_ON, settings.SITE_URL = is_on, site
    a_user(email="sam@example.org", password="first horse")
    for answer in (client.get(reverse("admin:password_forgotten")), ask(client, "sam@example.org")):
        assert "Ask an administrator for a link" in answer.content.decode()
    assert OutgoingMail.objects.count() == 0


def test_page_to_sign_in_leads_there(client):
    assert reverse("admin:password_forgotten") in client.get("/admin/login/").content.decode()


def test_link_does_not_stand_in_the_log(client, caplog):
    link = link_of(a_user())
    caplog.clear()
    client.get(link).close()
    assert link.split("/")[-2] not in "".join(str(record.__dict__.get("path", "")) for record in caplog.records)
