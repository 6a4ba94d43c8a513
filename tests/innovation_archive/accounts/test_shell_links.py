"""A link from the shell, by which an administrator signs in where nothing else lets them in."""

import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from innovation_archive.accounts import shell_links
from tests.factories import a_user
from tests.innovation_archive.accounts.test_second_factor import an_app, is_in

pytestmark = pytest.mark.django_db


def link_of(capsys, username):
    call_command("sign_in_link", username)
    return capsys.readouterr().out.partition("once: ")[2].strip()


@pytest.fixture
def chief():
    return a_user("administrator", username="chief")


def test_link_from_the_shell_lets_an_administrator_in_once(client, settings, capsys, chief):
    settings.PASSWORD_SIGN_IN = False
    link = link_of(capsys, "chief")
    assert client.get(link).status_code == 200
    assert not is_in(client)
    assert client.post(link).url == "/admin/"
    assert client.get("/admin/").wsgi_request.user == chief
    client.logout()
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert not is_in(client)


def test_link_from_the_shell_takes_the_place_of_no_second_factor(client, capsys, chief):
    an_app(chief)
    client.post(link_of(capsys, "chief"))
    assert client.get("/admin/").url == "/admin/second-step/?next=/admin/"


def test_link_from_the_shell_ends_after_fifteen_minutes(client, capsys, chief, monkeypatch):
    link = link_of(capsys, "chief")
    monkeypatch.setattr(shell_links, "LINK_LIFETIME", -1)
    assert client.post(link).status_code == 410


@pytest.mark.parametrize(
    "becomes",
    [{"is_active": False}, {"password": "!x"}, {"last_login": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}],
    ids=str,
)
def test_link_from_the_shell_ends_when_the_account_changes(client, capsys, chief, becomes):
    link = link_of(capsys, "chief")
    type(chief).objects.update(**becomes)
    assert client.post(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_link_that_nobody_made_opens_nothing(client, token):
    assert client.post(f"/admin/sign-in/{token}/").status_code == 410


def test_shell_makes_links_for_administrators_alone():
    a_user("editor", username="ann")
    with pytest.raises(CommandError, match=r"ann is no administrator\. Administrators invite everybody else\."):
        call_command("sign_in_link", "ann")
    with pytest.raises(CommandError, match=r"There is no open account bob\."):
        call_command("sign_in_link", "bob")
