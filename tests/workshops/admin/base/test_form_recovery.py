"""Nothing that somebody typed into a story is lost: to another's save, to an ended session, to a publishing."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.desk import filled, messages, page
from tests.factories import a_place, a_story, a_theme, a_user, a_workshop
from workshops.admin.base import form_recovery
from workshops.choices import Consent, Status
from workshops.models import Story
from workshops.roles import EDITOR, FACILITATOR
from workshops.stories import review

pytestmark = pytest.mark.django_db

PASSWORD = "tram-lantern-9"


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay", password=PASSWORD)


@pytest.fixture
def colleague():
    return a_user(FACILITATOR, username="col", password=PASSWORD)


@pytest.fixture
def story(facilitator, colleague):
    workshop = a_workshop(facilitators=[facilitator, colleague])
    return a_story(workshop=workshop, status=Status.DRAFT, title="The van", text="Told.", published_text="Worded.")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def opened(client, story):
    """What a browser would send of the story's form as it is now."""
    return filled(client.get(page(Story, "change", story.pk)))


def save(client, story, form, **changes):
    return client.post(page(Story, "change", story.pk), form | changes)


def form_errors(response):
    return response.context["adminform"].form.non_field_errors()


# Two people


def test_second_of_two_is_told_and_keeps_what_they_typed(facilitator, colleague, story):
    first, second = signed_in(colleague), signed_in(facilitator)
    theirs, mine = opened(first, story), opened(second, story)
    save(first, story, theirs, published_text="Theirs.", text="Their telling.")

    response = save(second, story, mine, published_text="Mine.", text="My telling.")

    (said,) = form_errors(response)
    assert said.startswith("col saved this story on ")
    assert response.content.decode().count("col saved this story on ") == 1
    assertNotContains(response, "Please correct the error")
    assertContains(response, "Error:")
    form = response.context["adminform"].form
    assert (form["published_text"].value(), form["text"].value()) == ("Mine.", "My telling.")
    shown = {label: ("".join(p.text for p in old), "".join(p.text for p in new)) for label, old, new in form.conflict}
    assert shown == {
        "Words as told": ("Their telling.", "My telling."),
        "Published wording": ("Theirs.", "Mine."),
    }
    story.refresh_from_db()
    assert (story.published_text, story.original_text.text) == ("Theirs.", "Their telling.")


def test_second_of_two_may_save_over_knowingly(facilitator, colleague, story):
    first, second = signed_in(colleague), signed_in(facilitator)
    theirs, mine = opened(first, story), opened(second, story)
    save(first, story, theirs, published_text="Theirs.")
    response = save(second, story, mine, published_text="Mine.")
    assert save(second, story, filled(response)).status_code == 302
    story.refresh_from_db()
    assert story.published_text == "Mine."


def test_third_save_is_told_of_again(facilitator, colleague, story):
    first, second = signed_in(colleague), signed_in(facilitator)
    mine = opened(second, story)
    save(first, story, opened(first, story), published_text="Theirs.")
    again = filled(save(second, story, mine, published_text="Mine."))
    save(first, story, opened(first, story), published_text="Theirs again.")
    assert len(form_errors(save(second, story, again))) == 1
    story.refresh_from_db()
    assert story.published_text == "Theirs again."


def test_conflict_shows_every_field_in_words(facilitator, colleague, story):
    client = signed_in(facilitator)
    mine = opened(client, story)
    bolton, culture = a_place("Bolton"), a_theme("Culture")
    Story.objects.filter(pk=story.pk).update(
        place=bolton, consent=Consent.TEAM, effective_consent=Consent.TEAM, version=9
    )
    story.themes.add(culture)
    story.tags.add("vans", "trust")
    response = save(client, story, mine, tags="vans")
    shown = {label: [p.text for p in old] for label, old, new in response.context["adminform"].form.conflict}
    assert shown["Place"] == ["Bolton"]
    assert shown["Themes"] == ["Culture"]
    assert "".join(shown["Tags"]) == "trust, vans"
    assert "".join(shown["Consent"]).startswith("Project team")


def test_step_of_an_editor_counts_as_a_change(facilitator, story):
    client = signed_in(facilitator)
    review.submit_story(story)
    mine = opened(client, story)
    review.return_story_to_draft(story, "Which van?")
    assert len(form_errors(save(client, story, mine, published_text="Mine."))) == 1


@pytest.mark.parametrize("opened_at", ["", "x", "-1", "0", "99999999999999999999"])
def test_form_that_does_not_say_what_it_opened_overwrites_nothing(facilitator, story, opened_at):
    client = signed_in(facilitator)
    save(client, story, opened(client, story), opened=opened_at, title="Forged")
    story.refresh_from_db()
    assert story.title == "The van"


def test_saving_twice_in_a_row_is_no_conflict(facilitator, story):
    client = signed_in(facilitator)
    for title in ("One", "Two"):
        assert save(client, story, opened(client, story), title=title).status_code == 302
    story.refresh_from_db()
    assert story.title == "Two"


def test_wording_typed_while_an_editor_publishes_becomes_a_suggestion(facilitator, story):
    client = signed_in(facilitator)
    review.submit_story(story)
    mine = opened(client, story)
    review.publish_story(story)
    response = save(client, story, mine, published_text="Mine.")
    assert response.status_code == 403
    assert response.context["form"]["published_text"].value() == "Mine."
    story.refresh_from_db()
    assert story.published_text == "Worded."
    typed = {"title": "The van", "published_text": "Mine.", "why": "It is better."}
    assert client.post(reverse("admin:workshops_story_suggest", args=[story.pk]), typed).status_code == 302


# An ended session


def sign_in(client, response, username="fay", password=PASSWORD):
    """Fill the page to sign in as a browser would: with its hidden fields."""
    typed = response.context.get(form_recovery.RECOVERY_FIELD) or response.wsgi_request.POST.get(
        form_recovery.RECOVERY_FIELD, ""
    )
    data = {
        "username": username,
        "password": password,
        "next": response.context["next"],
        form_recovery.RECOVERY_FIELD: typed,
    }
    return client.post(reverse("admin:login"), data, follow=True)


def lose_session(client):
    del client.cookies["sessionid"]


def test_session_that_ended_gives_the_form_back(facilitator, story):
    client = signed_in(facilitator)
    mine = opened(client, story)
    lose_session(client)

    asked = save(client, story, mine, published_text="Mine.", title="", tags="vans, trust")
    assert 'name="kept"' in asked.content.decode()
    response = sign_in(client, asked)

    assert response.request["PATH_INFO"] == page(Story, "change", story.pk)
    form = response.context["adminform"].form
    assert form.non_field_errors() == [form_recovery.SIGNED_OUT]
    assertContains(response, f'<p class="errornote">{form_recovery.SIGNED_OUT}</p>', html=True)
    assertNotContains(response, "Please correct the error")
    assert [form[name].value() for name in ("published_text", "title", "tags")] == ["Mine.", "", "vans, trust"]
    story.refresh_from_db()
    assert (story.published_text, story.title) == ("Worded.", "The van")

    assert save(client, story, filled(response, title="Mine")).status_code == 302
    story.refresh_from_db()
    assert (story.published_text, story.title) == ("Mine.", "Mine")


def test_new_story_outlives_the_session_too(facilitator, story):
    client = signed_in(facilitator)
    form = filled(client.get(page(Story, "add")), title="New", workshop=story.workshop_id, text="Told at length.")
    lose_session(client)
    response = sign_in(client, client.post(page(Story, "add"), form))
    assert response.context["adminform"].form["text"].value() == "Told at length."
    assert Story.objects.count() == 1


def test_wrong_password_loses_nothing(facilitator, story):
    client = signed_in(facilitator)
    mine = opened(client, story)
    lose_session(client)
    asked = save(client, story, mine, title="Mine")
    once_more = sign_in(client, asked, password="wrong")
    assert 'name="kept"' in once_more.content.decode()
    assert sign_in(client, once_more).context["adminform"].form["title"].value() == "Mine"


def test_typed_text_comes_back_once(facilitator, story):
    client = signed_in(facilitator)
    mine = opened(client, story)
    lose_session(client)
    sign_in(client, save(client, story, mine, title="Mine"))
    assert opened(client, story)["title"] == "The van"


def test_another_account_does_not_get_what_was_typed(facilitator, colleague, story):
    client = signed_in(facilitator)
    mine = opened(client, story)
    lose_session(client)
    response = sign_in(client, save(client, story, mine, text="Ann said so."), username="col")
    assert "Ann said so." not in response.content.decode()
    assert messages(response) == [
        "Somebody else was writing on that page before you signed in. What they typed is not shown."
    ]
    assert "Ann said so." not in client.get(page(Story, "change", story.pk)).content.decode()


def test_who_nobody_knows_is_asked_to_sign_in_and_nothing_is_kept(story):
    response = save(Client(), story, {}, title="Mine")
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("typed", ["", "forged", "e30:1abc:def"])
def test_forged_text_is_not_laid_out(facilitator, story, typed):
    address = page(Story, "change", story.pk)
    data = {"username": "fay", "password": PASSWORD, "next": address, form_recovery.RECOVERY_FIELD: typed}
    response = Client().post(reverse("admin:login"), data, follow=True)
    assert response.context["adminform"].form["title"].value() == "The van"


def test_passwords_are_not_kept(facilitator):
    client = signed_in(facilitator)
    address = reverse("admin:password_change")
    client.get(address)
    lose_session(client)
    response = client.post(address, {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"})
    assert response.status_code == 302


def test_form_opened_before_signing_in_elsewhere_comes_back(facilitator, story):
    client = Client(enforce_csrf_checks=True)
    client.force_login(facilitator)
    token = {"csrfmiddlewaretoken": client.get(page(Story, "change", story.pk)).cookies["csrftoken"].value}
    mine = opened(client, story) | token
    lose_session(client)
    login = client.get(reverse("admin:login"))
    again = {"username": "fay", "password": PASSWORD, "csrfmiddlewaretoken": login.cookies["csrftoken"].value}
    client.post(reverse("admin:login"), again)

    response = client.post(page(Story, "change", story.pk), mine | {"title": "Mine"}, follow=True)

    form = response.context["adminform"].form
    assert (form["title"].value(), form.non_field_errors()) == ("Mine", [form_recovery.SIGNED_OUT])
    story.refresh_from_db()
    assert story.title == "The van"


def test_form_of_another_site_is_refused(facilitator, story):
    """A browser sends neither cookie with it."""
    client = Client(enforce_csrf_checks=True)
    assert client.post(page(Story, "change", story.pk), {"title": "Forged"}).status_code == 403


def test_form_of_an_editor_without_a_token_is_refused_outside_the_desk(story):
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_user(EDITOR))
    assert client.post("/join/", {"code": "x"}).status_code == 403
