"""Somebody leaves: their account is closed, and another facilitator goes on with their workshops."""

import pytest
from django.test import Client
from django.urls import reverse

from innovation_archive.models import AdministrativeAct
from tests.desk import messages
from tests.factories import a_user, a_workshop
from workshops.models import Workshop
from workshops.roles import ADMINISTRATOR, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """A facilitator who leaves, and one who stays."""
    return [a_user(FACILITATOR, username=name, password="right horse") for name in ("sam", "eve")]


@pytest.fixture
def administrator(client):
    administrator = a_user(ADMINISTRATOR, username="ada")
    client.force_login(administrator)
    return administrator


def close(client, account, **fields):
    return client.post(reverse("admin:auth_user_close", args=[account.pk]), fields, follow=True)


def sentences():
    return [str(act) for act in AdministrativeAct.objects.order_by("pk")]


def facilitators(workshop):
    return sorted(workshop.facilitators.values_list("username", flat=True))


def test_leavers_workshops_are_handed_to_another_facilitator(client, administrator, people):
    sam, eve = people
    alone, shared, others = a_workshop([sam]), a_workshop([sam, eve]), a_workshop([eve])
    response = close(client, sam, successor=eve.pk)
    assert messages(response) == ["The account of sam is closed, and eve has their workshops."]
    assert [facilitators(workshop) for workshop in (alone, shared, others)] == [["eve"], ["eve"], ["eve"]]
    assert list(Workshop.objects.facilitated_by(eve).order_by("pk")) == [alone, shared, others]
    assert sentences() == ["ada closed the account of sam.", "ada handed the workshops of sam over to eve."]


def test_leaver_is_signed_out_at_once_and_signs_in_no_more(client, administrator, people):
    sam, _ = people
    theirs = Client()
    theirs.force_login(sam)
    assert theirs.get("/admin/").status_code == 200
    close(client, sam)
    assert theirs.get("/admin/").status_code == 302
    answer = theirs.post("/admin/login/", {"username": "sam", "password": "right horse"})
    assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (200, False)


def test_account_is_closed_at_once_though_nobody_takes_the_workshops(client, administrator, people):
    sam, eve = people
    workshop = a_workshop([sam])
    close(client, sam, successor="")
    assert facilitators(workshop) == ["sam"]
    response = close(client, sam, successor=eve.pk)
    assert response.status_code == 200
    assert facilitators(workshop) == ["eve"]
    assert sentences() == ["ada closed the account of sam.", "ada handed the workshops of sam over to eve."]


def test_page_says_which_workshops_nobody_else_ran(client, administrator, people):
    sam, eve = people
    gone = a_user(FACILITATOR, is_active=False)
    a_workshop([sam, gone], title="Alone")
    a_workshop([sam, eve, gone], title="Shared")
    page = client.get(reverse("admin:auth_user_close", args=[sam.pk]))
    assert {row.title: row.others for row in page.context["workshops"]} == {"Alone": 0, "Shared": 1}


def test_workshops_are_handed_to_open_accounts_of_facilitators_alone(client, administrator, people):
    sam, eve = people
    workshop = a_workshop([sam])
    others = [a_user(EDITOR), a_user(FACILITATOR, is_active=False), administrator, sam]
    for account in others:
        close(client, sam, successor=account.pk)
    sam.refresh_from_db()
    assert (sam.is_active, facilitators(workshop)) == (True, ["sam"])
    page = client.get(reverse("admin:auth_user_close", args=[sam.pk]))
    assert list(page.context["form"].fields["successor"].queryset) == [eve]


def test_account_without_workshops_is_closed_with_one_button(client, administrator, people):
    sam, _ = people
    assert list(client.get(reverse("admin:auth_user_close", args=[sam.pk])).context["form"].fields) == []
    close(client, sam)
    sam.refresh_from_db()
    assert sam.is_active is False


def test_closed_account_is_opened_again_with_its_roles(client, administrator, people):
    sam, _ = people
    close(client, sam)
    client.post(reverse("admin:auth_user_open", args=[sam.pk]))
    sam.refresh_from_db()
    assert (sam.is_active, [group.name for group in sam.groups.all()]) == (True, [FACILITATOR])
    client.post(reverse("admin:auth_user_open", args=[sam.pk]))
    assert sentences() == ["ada closed the account of sam.", "ada opened the account of sam."]


def test_nobody_closes_their_own_account_or_one_above_theirs(client, administrator):
    above = a_user(is_superuser=True)
    assert [close(client, account).status_code for account in (administrator, above)] == [403, 403]
    client.force_login(a_user(FACILITATOR))
    assert close(client, above).status_code == 403
    assert sentences() == []


def test_looking_at_the_page_closes_nothing(client, administrator, people):
    client.get(reverse("admin:auth_user_close", args=[people[0].pk]), {"successor": people[1].pk})
    assert client.get(reverse("admin:auth_user_open", args=[people[0].pk])).status_code == 405
    people[0].refresh_from_db()
    assert people[0].is_active is True


def test_list_of_accounts_says_who_is_closed_and_who_has_not_come_yet(client, administrator, people):
    a_user(username="new")
    close(client, people[0])
    page = client.get(reverse("admin:auth_user_changelist"))
    admin = page.context["cl"].model_admin
    assert {row.username: str(admin.state(row)) for row in page.context["cl"].result_list} == {
        "ada": "open",
        "eve": "open",
        "new": "invited, has not signed in yet",
        "sam": "closed",
    }
