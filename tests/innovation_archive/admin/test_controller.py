import pytest
from django.urls import reverse
from django.utils import timezone

from innovation_archive.models import Controller
from innovation_archive.privacy.periods import months_later
from tests.desk import filled, messages
from tests.factories import a_user, a_workshop
from workshops.models import Note
from workshops.roles import ADMINISTRATOR

pytestmark = pytest.mark.django_db

LIST = "admin:innovation_archive_controller_changelist"


@pytest.fixture
def desk(client):
    client.force_login(a_user(ADMINISTRATOR))
    return client


def test_home_of_an_administrator_lists_what_is_missing_and_leads_to_it(desk):
    home = desk.get(reverse("admin:index")).content.decode()
    assert "<li>The lawful basis</li>" in home
    assert f'href="{reverse(LIST)}"' in home
    Controller.objects.create(lawful_basis="consent")
    assert "<li>The lawful basis</li>" not in desk.get(reverse("admin:index")).content.decode()


def test_facts_are_set_once_and_changed_from_then_on(desk):
    page = desk.get(reverse(LIST), follow=True)
    assert "Still missing: who publishes the archive, an e-mail address" in page.content.decode()
    desk.post(page.request["PATH_INFO"], filled(page, publisher="The Example Foundation", keep_names="6"))
    page = desk.get(reverse(LIST), follow=True)
    assert "Still missing: an e-mail address" in page.content.decode()
    desk.post(page.request["PATH_INFO"], filled(page, lawful_basis="public task"))
    controller = Controller.objects.get()
    assert (controller.publisher, controller.lawful_basis, controller.keep_names) == (
        "The Example Foundation", "public task", 6,
    )  # fmt: skip


def test_period_beyond_its_limit_is_refused_in_a_sentence(desk):
    page = desk.get(reverse(LIST), follow=True)
    answer = desk.post(page.request["PATH_INFO"], filled(page, keep_uploads="31"))
    assert answer.context["adminform"].form.errors == {"keep_uploads": ["It cannot be more than 30."]}
    assert not Controller.objects.exists()


def test_who_shortens_a_period_is_told_what_goes_within_the_hour(desk):
    Controller.objects.create(keep_notes=60)
    for months in (14, 20):
        day = months_later(timezone.localdate(), -months)
        Note.objects.create(workshop=a_workshop(held_on=day), text="Vans.", entered_on=day)
    says = "“A workshop’s notes”: within the hour, "
    one = f"{says}1 entry is deleted, whose period is over. To keep it, set a longer one now."
    two = f"{says}2 entries are deleted, whose period is over. To keep them, set a longer one now."
    for keep_notes, told in (("30", []), ("16", [one]), ("12", [two])):
        page = desk.get(reverse(LIST), follow=True)
        answer = desk.post(page.request["PATH_INFO"], filled(page, keep_notes=keep_notes), follow=True)
        assert [said for said in messages(answer) if "within the hour" in said] == told
