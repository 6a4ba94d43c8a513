"""The printable sheet of slips: made by a POST, shown once, for the facilitators of the workshop."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.html import escape

from tests.factories import a_participant, a_story, a_user, a_workshop
from workshops.addresses import qr_code
from workshops.choices import Consent
from workshops.contribution.slip_codes import WrongSlipError, find_slip, issue_slip
from workshops.models import Identity, Participant, Slip
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db

CODE = re.compile(r'<p class="slip-code">([^<]+)</p>')


@pytest.fixture
def fay():
    return a_user(FACILITATOR)


@pytest.fixture
def room(fay):
    return a_workshop([fay], title="Hubs & <b>homes</b>")


@pytest.fixture
def ines(room):
    ines = a_participant(code="gm-ines", workshops=[room])
    Identity.objects.create(participant=ines, name="Ines <i>Example</i>")
    return ines


def sheet(client, room, **asked):
    return client.post(reverse("admin:workshops_workshop_slips", args=[room.pk]), {"print": "1", **asked})


def test_sheet_has_a_slip_a_person_whose_code_opens(client, fay, room, ines, settings):
    settings.SITE_URL = "https://archive.example.org"
    client.force_login(fay)
    response = sheet(client, room, people=[ines.pk], blank=2)
    page = response.content.decode()
    codes = CODE.findall(page)
    people = [find_slip(code, "192.0.2.1").participant for code in codes]
    assert (people[0], len(people), set(room.participants.all())) == (ines, 3, set(people))
    assert page.count("https://archive.example.org/my-contribution/") == 3
    assert page.count(str(qr_code("https://archive.example.org/my-contribution/"))) == 3
    assert "no-store" in response["Cache-Control"]
    assert {page.count(str(escape(level.label))) for level in Consent} == {3}
    assert "Cut off. For Ines &lt;i&gt;Example&lt;/i&gt; (gm-ines)" in page
    assert "<b>homes</b>" not in page


def test_opening_the_page_makes_nothing_and_shows_no_code(client, fay, room, ines):
    client.force_login(fay)
    response = client.get(reverse("admin:workshops_workshop_slips", args=[room.pk]), {"print": "1", "people": ines.pk})
    assert (response.status_code, Slip.objects.count(), CODE.findall(response.content.decode())) == (200, 0, [])


def test_slip_that_somebody_has_is_replaced_only_after_asking(client, fay, room, ines):
    old = issue_slip(ines)
    client.force_login(fay)
    asked = sheet(client, room, people=[ines.pk], blank=1)
    assert asked.status_code == 400
    assert "Some of them have a slip already: gm-ines." in asked.content.decode()
    assert find_slip(old, "192.0.2.1").participant == ines
    assert Participant.objects.count() == 1
    printed = sheet(client, room, people=[ines.pk], replace="on")
    assert find_slip(CODE.findall(printed.content.decode())[0], "192.0.2.1").participant == ines
    with pytest.raises(WrongSlipError):
        find_slip(old, "192.0.2.1")


@pytest.mark.parametrize("asked", [{}, {"blank": "0"}, {"blank": "-1"}, {"blank": "101"}, {"blank": "x"}])
def test_sheet_for_nobody_is_refused(client, fay, room, asked):
    client.force_login(fay)
    assert sheet(client, room, **asked).status_code == 400
    assert not Participant.objects.exists()


def test_nobody_who_told_something_to_others_can_be_ticked(client, fay, room, ines):
    a_story(workshop=a_workshop([a_user(FACILITATOR)]), told_by=ines)
    client.force_login(fay)
    assert sheet(client, room, people=[ines.pk]).status_code == 400
    assert not Slip.objects.exists()


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR, ANALYST, ADMINISTRATOR])
def test_sheet_is_not_there_for_others(client, room, ines, role):
    client.force_login(a_user(role))
    assert sheet(client, room, people=[ines.pk]).status_code == 404
    assert not Slip.objects.exists()


def test_log_says_for_whom_a_slip_was_printed_and_no_code(client, fay, room, ines):
    client.force_login(fay)
    code = CODE.findall(sheet(client, room, people=[ines.pk]).content.decode())[0]
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.get_change_message()) == ("gm-ines", "Printed a slip.")
    assert code not in str(LogEntry.objects.values())
