import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from tests.factories import a_user
from tests.roles import make_roles_again
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, ROLES, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

CAPTURE = ["workshop", "participant", "identity", "story", "practice", "vote", "tally"]
CONCLUSIONS = ["insight", "evidence", "setaside", "article", "commitment", "review"]


def every(*models):
    return {f"{action}_{model}" for model in models for action in ("add", "change", "delete", "view")}


def view(*models):
    return {f"view_{model}" for model in models}


RIGHTS = {
    FACILITATOR: every(*CAPTURE)
    | {"add_originaltext", "change_originaltext", "view_originaltext", "view_note", "change_note", "delete_note"}
    | {"add_correction", "view_correction"}
    | {"view_ballot", "add_ballot", "change_ballot"}
    | {"add_import", "view_import", "view_case"},
    EDITOR: (
        every("servicearea", "theme", "place", "tag", "practice", *CONCLUSIONS)
        | view("programme", "phase", "workshop", "participant", "story", "originaltext", "vote", "tally", "ballot")
        | view("publication", "publishedevidence", "release", "releasedgroup")
        | {"change_story", "view_correction", "change_correction"}
        | {"add_import", "view_import", "view_download", "view_privatereading", "view_administrativeact"}
        | {"view_case", "add_case", "view_casecontact", "view_caseevent"}
    ),
    ANALYST: view("workshop", "story", "practice", "vote", "tally", "release", "releasedgroup"),
    SYSTEM_LEADER: set(),
    ADMINISTRATOR: (
        every("programme", "phase", "servicearea", "theme", "place")
        | {"view_user", "add_user", "change_user", "view_group", "view_download"}
        | {"view_privatereading", "view_administrativeact"}
        | {"view_case", "add_case", "view_casecontact", "view_caseevent"}
        | {"view_controller", "add_controller", "change_controller"}
    ),
}


@pytest.mark.parametrize("role", ROLES)
def test_role_has_exactly_its_rights(role):
    assert set(Group.objects.get(name=role).permissions.values_list("codename", flat=True)) == RIGHTS[role]


def test_roles_are_made_good_when_the_migrations_run_again():
    Group.objects.get(name=ANALYST).permissions.clear()
    Group.objects.get(name=EDITOR).delete()
    make_roles_again()
    assert Group.objects.count() == 5
    test_role_has_exactly_its_rights(ANALYST)
    test_role_has_exactly_its_rights(EDITOR)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_sign_in(client, role):
    client.force_login(a_user(role))
    assert client.get(reverse("admin:index")).status_code == 200


def test_system_leader_finds_nothing_at_the_desk(client):
    client.force_login(a_user(SYSTEM_LEADER))
    assert client.get(reverse("admin:index")).context["user"].get_all_permissions() == set()
    assert client.get(reverse("admin:workshops_story_changelist")).status_code == 403


def models_offered(client):
    apps = client.get(reverse("admin:index")).context["app_list"]
    return {model["object_name"] for app in apps for model in app["models"]}


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (
            FACILITATOR,
            {
                "Workshop",
                "Participant",
                "Story",
                "Note",
                "Practice",
                "Vote",
                "Tally",
                "Ballot",
                "Import",
                "Case",
                "HiddenPassage",
            },
        ),
        (ANALYST, {"Workshop", "Story", "Practice", "Vote", "Tally", "Release"}),
        (
            ADMINISTRATOR,
            {
                "User",
                "Programme",
                "ServiceArea",
                "Theme",
                "Place",
                "Download",
                "PrivateReading",
                "AdministrativeAct",
                "Case",
                "Controller",
                "OutgoingMail",
            },
        ),
    ],
)
def test_desk_offers_what_a_role_is_for(client, role, offered):
    client.force_login(a_user(role))
    assert models_offered(client) == offered


def change_page(account):
    return reverse("admin:auth_user_change", args=[account.pk])


def account_form(account, **fields):
    """What a browser sends of this account's page, with these fields on top."""
    joined = {"date_joined_0": "2020-05-01", "date_joined_1": "09:00:00"}
    joined |= {"role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0}
    return {"username": account.username, "is_staff": "on", "is_active": "on", **joined, **fields}


def test_administrator_gives_roles(client):
    client.force_login(a_user(ADMINISTRATOR))
    account = a_user()
    editors = Group.objects.get(name=EDITOR)
    client.post(change_page(account), account_form(account, groups=[editors.pk]))
    assert list(account.groups.all()) == [editors]


def test_administrator_cannot_make_anyone_superuser(client):
    administrator, account = a_user(ADMINISTRATOR), a_user()
    client.force_login(administrator)
    administrators = Group.objects.get(name=ADMINISTRATOR)
    permission = administrators.permissions.first()
    for someone in (administrator, account):
        response = client.post(
            change_page(someone),
            account_form(
                someone,
                first_name="Saved",
                groups=[administrators.pk],
                is_superuser="on",
                user_permissions=[permission.pk],
            ),
        )
        assert response.status_code == 302
        someone.refresh_from_db()
        assert (someone.first_name, someone.is_superuser) == ("Saved", False)
        assert list(someone.user_permissions.all()) == []


def test_administrator_makes_accounts_without_any_right(client):
    client.force_login(a_user(ADMINISTRATOR))
    fields = {"username": "new", "role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0}
    sent = {"is_superuser": "on", "is_staff": "on", "password": "tram-lantern-9", "password1": "tram-lantern-9"}
    client.post(reverse("admin:auth_user_add"), fields | sent)
    account = User.objects.get(username="new")
    assert (account.is_superuser, account.is_staff, account.has_usable_password()) == (False, False, False)


def test_administrator_cannot_touch_a_superuser(client):
    client.force_login(a_user(ADMINISTRATOR))
    owner = a_user(is_superuser=True, password="first")
    assert client.post(change_page(owner), account_form(owner, first_name="Taken")).status_code == 403
    assert client.post(reverse("admin:auth_user_link", args=[owner.pk])).status_code == 403
    owner.refresh_from_db()
    assert owner.first_name == ""


@pytest.mark.parametrize("owner", [True, False])
def test_desk_shows_no_form_of_permissions(client, owner):
    client.force_login(a_user(ADMINISTRATOR, is_superuser=owner))
    account = a_user()
    form = client.get(change_page(account)).context["adminform"].form
    assert sorted(form.fields) == ["email", "first_name", "groups", "last_name", "username"]
    client.post(change_page(account), account_form(account, is_superuser="on", user_permissions=[1]))
    account.refresh_from_db()
    assert (account.is_superuser, account.user_permissions.count()) == (False, 0)
    assert client.get("/admin/auth/group/").status_code == 404


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER])
def test_accounts_are_for_administrators(client, role):
    client.force_login(a_user(role))
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
