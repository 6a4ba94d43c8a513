"""What administrators do to accounts, passwords and roles is written where editors see it."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from innovation_archive.models import AdministrativeAct
from tests.desk import listed
from tests.factories import a_programme, a_user, a_user_for
from tests.innovation_archive.admin.test_roles import account_form, change_page
from workshops.models import RoleGrant
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

NO_GRANTS = {"role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0}


@pytest.fixture
def administrator(client):
    administrator = a_user(ADMINISTRATOR, username="ada")
    client.force_login(administrator)
    return administrator


@pytest.fixture
def account():
    return a_user(username="sam")


def grants(*rows):
    """What a browser sends of the roles for one programme: `rows` are (primary key or "", role, programme, delete)."""
    fields = {"role_grants-TOTAL_FORMS": len(rows), "role_grants-INITIAL_FORMS": sum(bool(row[0]) for row in rows)}
    for number, (pk, role, programme, delete) in enumerate(rows):
        fields |= {f"role_grants-{number}-{name}": value for name, value in [
            ("id", pk), ("role", role), ("programme", programme.pk), ("DELETE", "on" if delete else "")
        ]}  # fmt: skip
    return fields


def sentences():
    return [str(act) for act in AdministrativeAct.objects.order_by("pk")]


def test_role_for_a_programme_is_given_and_taken_on_the_accounts_page(client, administrator, account):
    programme = a_programme(title="Hubs")
    client.post(change_page(account), account_form(account) | grants(("", EDITOR, programme, False)))
    (grant,) = RoleGrant.objects.all()
    assert (grant.user, grant.role, grant.programme) == (account, EDITOR, programme)
    client.post(
        change_page(account), account_form(account) | grants((grant.pk, EDITOR, programme, True)) | {
            "role_grants-0-user": account.pk
        },
    )  # fmt: skip
    assert RoleGrant.objects.count() == 0
    assert sentences() == [
        "ada gave sam the role “editor” for “Hubs”.",
        "ada took from sam the role “editor” for “Hubs”.",
    ]


def test_role_for_all_is_written(client, administrator, account):
    group = Group.objects.get(name=ANALYST)
    client.post(change_page(account), account_form(account, groups=[group.pk]))
    client.post(change_page(account), account_form(account))
    assert sentences() == [
        "ada gave sam the role “analyst” for the whole archive.",
        "ada took from sam the role “analyst” for the whole archive.",
    ]


def test_role_that_somebody_gives_themselves_is_told_so(client, administrator):
    roles = Group.objects.filter(name__in=[ADMINISTRATOR, FACILITATOR])
    client.post(change_page(administrator), account_form(administrator, groups=[role.pk for role in roles]))
    assert sentences() == ["ada gave themselves the role “facilitator” for the whole archive."]


def test_account_closed_opened_and_renamed_is_written(client, administrator, account):
    client.post(reverse("admin:auth_user_close", args=[account.pk]))
    client.post(reverse("admin:auth_user_open", args=[account.pk]))
    client.post(change_page(account), account_form(account) | {"username": "sammy"})
    assert sentences() == [
        "ada closed the account of sammy.",
        "ada opened the account of sammy.",
        "ada changed the name of an account from “sam”; it is that of sammy.",
    ]


def test_new_account_and_the_link_for_its_password_are_written(client, administrator, account):
    client.post(reverse("admin:auth_user_add"), NO_GRANTS | {"username": "new"})
    client.post(reverse("admin:auth_user_link", args=[account.pk]))
    assert sentences() == [
        "ada made the account of new.",
        "ada was shown a link by which the password of new is set.",
        "ada was shown a link by which the password of sam is set.",
    ]


def test_address_to_which_links_are_sent_is_written_when_it_changes(client, administrator, account):
    client.post(change_page(account), account_form(account, email="sam@example.org"))
    client.post(change_page(account), account_form(account, email="sam@example.org", first_name="Sam"))
    assert sentences() == ["ada changed the e-mail address of sam, to which links for a password are sent."]


def test_form_that_was_refused_is_not_written(client, administrator, account):
    client.post(change_page(account), account_form(account, username=""))
    assert sentences() == []


def test_act_that_cannot_be_written_is_not_done(client, administrator, account, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("innovation_archive.admin.accounts.record_act", refuse)
    client.raise_request_exception = False
    assert client.post(reverse("admin:auth_user_link", args=[account.pk])).status_code == 500
    client.post(change_page(account), account_form(account, groups=[Group.objects.get(name=EDITOR).pk]))
    account.refresh_from_db()
    assert list(account.groups.all()) == []


def test_log_is_read_by_editors_and_administrators_and_changed_by_nobody(client, account):
    act = AdministrativeAct.objects.create(by=a_user(ADMINISTRATOR, username="ada"), about=account, kind="closed")
    page = reverse("admin:innovation_archive_administrativeact_changelist")
    readers = [a_user(EDITOR), a_user_for(a_programme(), EDITOR), a_user(ADMINISTRATOR)]
    for user in readers:
        client.force_login(user)
        assert "ada closed the account of sam." in client.get(page).content.decode()
    for user in (a_user(FACILITATOR), a_user(ANALYST)):
        client.force_login(user)
        assert client.get(page).status_code == 403
    client.force_login(a_user(is_superuser=True))
    for name in ("change", "delete"):
        address = reverse(f"admin:innovation_archive_administrativeact_{name}", args=[act.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert AdministrativeAct.objects.count() == 1


def test_list_of_accounts_says_which_role_is_for_which_programme(client, administrator):
    user = a_user_for(a_programme(title="Hubs"), EDITOR, username="eve")
    user.groups.add(Group.objects.get(name=ANALYST))
    response = client.get(reverse("admin:auth_user_changelist"))
    shown = {row.username: response.context["cl"].model_admin.roles(row) for row in response.context["cl"].result_list}
    assert shown == {"ada": "administrator", "eve": "analyst, editor of Hubs"}
    assert User.objects.count() == 2


def test_list_of_accounts_is_narrowed_by_role(client, administrator):
    a_user_for(a_programme(), EDITOR, username="eve")
    both = a_user_for(a_programme(), EDITOR, username="bo")
    both.groups.add(*Group.objects.filter(name__in=[EDITOR, ANALYST]))
    a_user(username="new")
    a_user(username="root", is_superuser=True)
    page = reverse("admin:auth_user_changelist")
    found = {role: listed(client.get(page, {"role": role})) for role in (EDITOR, ANALYST, FACILITATOR, "none")}
    assert found == {EDITOR: ["bo", "eve"], ANALYST: ["bo"], FACILITATOR: [], "none": ["new"]}
