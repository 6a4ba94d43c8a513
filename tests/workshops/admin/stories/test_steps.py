"""A story's way from draft to readers: buttons of its page, the warning before review, corrections afterwards; and a
practice's."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.desk import act, filled, messages, page
from tests.factories import a_correction, a_participant, a_practice, a_story, a_user, a_workshop
from workshops.choices import Consent, CorrectionState, Status
from workshops.models import Correction, Identity, Practice, Story
from workshops.roles import ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay")


@pytest.fixture
def editor():
    return a_user(EDITOR, username="ed")


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator])


def draft(workshop, **fields):
    return a_story(workshop=workshop, **{"status": Status.DRAFT, "title": "The van"} | fields)


def press(client, story, button, **changes):
    """Open a story's page, change fields, press a button; returns the page that follows."""
    address = page(Story, "change", story.pk)
    return client.post(address, filled(client.get(address), **{button: "yes"} | changes), follow=True)


def buttons(client, story):
    response = client.get(page(Story, "change", story.pk))
    return [step.label for step in response.context["steps"]]


def now(story):
    story.refresh_from_db()
    return story.status


def submit_page(story):
    return reverse("admin:workshops_story_submit", args=[story.pk])


@pytest.mark.parametrize(
    ("status", "facilitators", "editors"),
    [
        (Status.DRAFT, ["Submit for review"], []),
        (Status.IN_REVIEW, [], ["Publish", "Return with a remark"]),
        (Status.PUBLISHED, [], ["Unpublish"]),
        (Status.UNPUBLISHED, [], ["Publish", "Return with a remark"]),
    ],
)
def test_page_offers_the_steps_that_are_a_persons_to_take(
    client, facilitator, editor, workshop, status, facilitators, editors
):
    story = a_story(workshop=workshop, status=status)
    for person, steps in [(facilitator, facilitators), (editor, editors), (a_user(ANALYST), [])]:
        client.force_login(person)
        assert buttons(client, story) == steps


@pytest.mark.parametrize("button", ["_publish", "_return", "_unpublish"])
def test_facilitator_cannot_take_an_editors_step(client, facilitator, workshop, button):
    story = draft(workshop, status=Status.IN_REVIEW)
    client.force_login(facilitator)
    press(client, story, button, your_remark="Mine")
    assert (now(story), story.remark) == ("in review", "")


def test_submitting_saves_what_was_typed(client, facilitator, workshop):
    story = draft(workshop)
    client.force_login(facilitator)
    response = press(client, story, "_submit", title="The bus")
    assert messages(response) == ["“The bus” was submitted for review."]
    assert (now(story), story.title) == ("in review", "The bus")
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "Changed Title.",
        "It was submitted for review.",
    ]


def test_new_story_is_submitted_from_its_first_form(client, facilitator, workshop):
    client.force_login(facilitator)
    typed = {"title": "The van", "workshop": workshop.pk, "text": "We drove.", "consent": Consent.TEAM}
    form = filled(client.get(page(Story, "add")), **typed)
    client.post(page(Story, "add"), form | {"_submit": "yes"})
    assert Story.objects.get().status == Status.IN_REVIEW


def test_story_that_no_editor_sees_is_saved_and_not_submitted(client, facilitator, workshop):
    story = draft(workshop, consent=Consent.FACILITATORS)
    client.force_login(facilitator)
    response = press(client, story, "_submit", title="The bus", published_text="Then Ann rang 0161 496 0123.")
    assert messages(response) == [
        "“The bus” was not submitted for review. No editor can see it: the consent of the story is “facilitators”. "
        "If who told it agrees to more, widen that first."
    ]
    assert response.request["PATH_INFO"] == page(Story, "change", story.pk)
    assert (now(story), story.title) == ("draft", "The bus")


def test_story_with_a_mistake_is_not_submitted(client, facilitator, workshop):
    story = draft(workshop)
    client.force_login(facilitator)
    response = press(client, story, "_submit", title="", published_text="Typed.")
    assert response.context["adminform"].form["published_text"].value() == "Typed."
    assert now(story) == "draft"


def test_warning_lists_what_may_tell_who_somebody_is(client, facilitator, workshop):
    Identity.objects.create(participant=a_participant([workshop]), name="Ann Field")
    story = draft(workshop)
    client.force_login(facilitator)
    response = press(client, story, "_submit", published_text="Then ann rang 0161 496 0123. We drove.")
    assert response.request["PATH_INFO"] == submit_page(story)
    assert [(finding.text, finding.sentence) for finding in response.context["findings"]] == [
        ("ann", "Then ann rang 0161 496 0123."),
        ("0161 496 0123", "Then ann rang 0161 496 0123."),
    ]
    assert (now(story), story.published_text) == ("draft", "Then ann rang 0161 496 0123. We drove.")

    response = client.post(submit_page(story), {"version": story.version}, follow=True)
    assert messages(response) == ["“The van” was submitted for review."]
    assert now(story) == "in review"


def test_warning_is_shown_again_when_the_story_changed_meanwhile(client, facilitator, workshop):
    story = draft(workshop, published_text="Then Ann drove.")
    client.force_login(facilitator)
    version = client.get(submit_page(story)).context["original"].version
    story.published_text = "Then Ann and Zoe drove."
    story.save()
    response = client.post(submit_page(story), {"version": version})
    assert response.context["changed"] is True
    assert [finding.text for finding in response.context["findings"]] == ["Ann", "Zoe"]
    assert now(story) == "draft"


def test_list_leaves_behind_what_may_tell_who_somebody_is(client, facilitator, workshop):
    story = draft(workshop, published_text="Then Ann drove.")
    client.force_login(facilitator)
    response = act(client, Story, "submit", story)
    assert messages(response) == [
        "“The van” was not submitted for review. Its title or wording has passages that may tell who somebody is: 1. "
        "Open it and submit it there: you will see them."
    ]
    assert now(story) == "draft"


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_of_the_warning_is_for_who_may_submit(client, facilitator, editor, workshop, method):
    story, review = draft(workshop), draft(workshop, status=Status.IN_REVIEW)
    hidden = draft(workshop, consent=Consent.FACILITATORS)
    answers = {}
    for name, person in {"other": a_user(FACILITATOR), "editor": editor, "analyst": a_user(ANALYST)}.items():
        client.force_login(person)
        answers[name] = [
            getattr(client, method)(submit_page(row), {"version": row.version}).status_code
            for row in (story, review, hidden)
        ]
    assert answers == {"other": [404, 404, 404], "editor": [403, 403, 404], "analyst": [403, 403, 404]}
    client.force_login(facilitator)
    assert getattr(client, method)(submit_page(review), {"version": review.version}).status_code == 403
    assert [now(row) for row in (story, review, hidden)] == ["draft", "in review", "draft"]


def test_editor_publishes_what_was_typed(client, editor):
    story = a_story(status=Status.IN_REVIEW)
    client.force_login(editor)
    press(client, story, "_publish", published_text="Better.")
    assert (now(story), story.published_text) == ("published", "Better.")


def test_editor_hears_why_consent_forbids_to_publish(client, editor):
    story = a_story(status=Status.IN_REVIEW, title="The van", consent=Consent.TEAM)
    client.force_login(editor)
    why = "Publishing needs consent “public” or “credited”; that of the story is “team”."
    assert why in client.get(page(Story, "change", story.pk)).content.decode()
    response = press(client, story, "_publish", title="The bus")
    assert messages(response) == [f"“The bus” was not published. {why}"]
    assert (now(story), story.title) == ("in review", "The bus")


def test_editor_returns_a_story_with_a_remark_that_its_facilitators_read(client, facilitator, editor, workshop):
    story = draft(workshop, status=Status.IN_REVIEW)
    client.force_login(editor)
    response = press(client, story, "_return", published_text="Typed.")
    assert response.context["adminform"].form.errors == {
        "your_remark": ["Say in a sentence what its facilitators should mend; they read it here."]
    }
    assert response.context["adminform"].form["published_text"].value() == "Typed."
    press(client, story, "_return", your_remark="Which van?")
    assert (now(story), story.remark) == ("draft", "Which van?")

    seen = {}
    for name, person in {"facilitator": facilitator, "editor": editor, "analyst": a_user(ANALYST)}.items():
        client.force_login(person)
        seen[name] = "Which van?" in client.get(page(Story, "change", story.pk)).content.decode()
    assert seen == {"facilitator": True, "editor": True, "analyst": False}


def test_remark_is_not_lost_by_saving(client, editor):
    story = a_story(status=Status.IN_REVIEW)
    client.force_login(editor)
    response = press(client, story, "_save", your_remark="Which van?")
    form = response.context["adminform"].form
    assert form.errors == {
        "your_remark": ["It goes with a story you return: press “Return with a remark”, or empty this field."]
    }
    assert form["your_remark"].value() == "Which van?"


def test_remark_of_others_is_not_sent_with_a_form(client, facilitator, workshop):
    story = draft(workshop)
    client.force_login(facilitator)
    press(client, story, "_save", your_remark="Mine", remark="Mine")
    story.refresh_from_db()
    assert story.remark == ""


# Corrections


def suggest_page(story):
    return reverse("admin:workshops_story_suggest", args=[story.pk])


def correction_page(correction):
    return reverse("admin:workshops_story_correction", args=[correction.story_id, correction.pk])


@pytest.fixture
def published(workshop):
    return a_story(workshop=workshop, title="The van", published_text="A van.")


def test_facilitator_suggests_a_correction_of_what_is_published(client, facilitator, published):
    client.force_login(facilitator)
    assert f'href="{suggest_page(published)}"' in client.get(page(Story, "change", published.pk)).content.decode()
    form = client.get(suggest_page(published)).context["form"]
    assert (form["title"].value(), form["published_text"].value()) == ("The van", "A van.")
    response = client.post(
        suggest_page(published), {"title": "The bus", "published_text": "A bus.", "why": "It was a bus."}, follow=True
    )
    assert messages(response) == ["Your correction was sent. An editor takes or declines it."]
    correction = Correction.objects.get()
    assert (correction.title, correction.suggested_by, correction.state) == ("The bus", facilitator, "open")
    published.refresh_from_db()
    assert published.title == "The van"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (
            {"title": "The van", "published_text": "A van.", "why": "Hm."},
            ["Nothing is different from what readers see now. Change the title or the wording."],
        ),
        (
            {"title": "The bus", "published_text": "A van.", "why": ""},
            ["Say in a sentence what is wrong as it stands; the editor decides by it."],
        ),
        (
            {"title": "", "published_text": "A bus.", "why": "Hm."},
            ["A published story has a title. Write the one that readers should see."],
        ),
    ],
)
def test_correction_says_what_it_lacks_and_keeps_what_was_typed(client, facilitator, published, typed, error):
    client.force_login(facilitator)
    form = client.post(suggest_page(published), typed).context["form"]
    assert [message for messages in form.errors.values() for message in messages] == error
    assert form["published_text"].value() == typed["published_text"]
    assert not Correction.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_correction_is_for_facilitators_of_what_is_published(client, facilitator, editor, workshop, published, method):
    typed = {"title": "The bus", "published_text": "A bus.", "why": "Hm."}
    answers = []
    for person, story in [
        (a_user(FACILITATOR), published),
        (a_user(ANALYST), published),
        (editor, published),
        (facilitator, draft(workshop)),
        (facilitator, a_story()),
        (facilitator, a_story(status=Status.DRAFT)),
    ]:
        client.force_login(person)
        answers.append(getattr(client, method)(suggest_page(story), typed).status_code)
    assert answers == [403, 403, 403, 403, 403, 404]
    assert not Correction.objects.exists()


def test_editor_sees_old_and_new_and_takes_it(client, editor, published):
    correction = a_correction(published, title="The bus", published_text="A bus.")
    client.force_login(editor)
    assert f'href="{correction_page(correction)}"' in client.get(page(Story, "change", published.pk)).content.decode()
    response = client.get(correction_page(correction))
    label, before, after = response.context["sides"][1]
    assert (label, before[1].text, after[1].text) == ("Published wording", "van", "bus")
    response = client.post(
        correction_page(correction), {"take": "yes", "seen": published.version, "answer": "Thanks"}, follow=True
    )
    assert messages(response) == ["The correction was taken. Readers see it from now on."]
    published.refresh_from_db()
    assert (published.title, published.published_text) == ("The bus", "A bus.")
    assert Story.history.filter(id=published.pk).latest().history_user == editor


def test_editor_declines_with_a_word_that_facilitators_read(client, facilitator, editor, published):
    correction = a_correction(published)
    client.force_login(editor)
    response = client.post(correction_page(correction), {"decline": "yes", "seen": published.version, "answer": ""})
    assert response.context["refused"] == "Say in a sentence why it stays as it is; who suggested it reads it."
    client.post(correction_page(correction), {"decline": "yes", "seen": published.version, "answer": "It was a van."})
    correction.refresh_from_db()
    assert (correction.state, correction.decided_by) == ("declined", editor)
    client.force_login(facilitator)
    assert "It was a van." in client.get(page(Story, "change", published.pk)).content.decode()
    assert "It was a van." in client.get(correction_page(correction)).content.decode()


def test_correction_of_what_changed_meanwhile_is_compared_again(client, editor, published):
    correction, seen = a_correction(published, published_text="A bus."), published.version
    published.published_text = "A lorry."
    published.save()
    client.force_login(editor)
    response = client.post(correction_page(correction), {"take": "yes", "seen": seen, "answer": "Typed."})
    assert response.context["refused"] == "The story was changed while you were reading. Compare the two once more."
    assert response.context["sides"][1][1][1].text == "lorry"
    assert response.context["form"]["answer"].value() == "Typed."
    published.refresh_from_db()
    assert published.published_text == "A lorry."
    seen = response.context["original"].version
    client.post(correction_page(correction), {"take": "yes", "seen": seen})
    published.refresh_from_db()
    assert published.published_text == "A bus."


def test_facilitator_does_not_decide(client, facilitator, published):
    correction = a_correction(published)
    client.force_login(facilitator)
    data = {"take": "yes", "seen": published.version, "answer": "Yes"}
    assert client.post(correction_page(correction), data).status_code == 403
    correction.refresh_from_db()
    assert correction.state == "open"


def test_correction_from_who_told_it_says_its_day_and_may_leave_the_words_to_the_editor(client, editor, published):
    correction = a_correction(
        published, title=published.title, published_text="", why="Too grand.", is_from_teller=True,
        answer_by=datetime.date(2026, 12, 25),
    )  # fmt: skip
    client.force_login(editor)
    home = client.get(reverse("admin:index")).content.decode()
    assert "From who told it: answer by 25 December 2026" in home
    address = reverse("admin:workshops_story_correction", args=[published.pk, correction.pk])
    page = client.get(address).content.decode()
    assert "is promised an answer by 25 December 2026" in page
    assert "They leave the words to you." in page
    response = client.post(address, {"take": "", "answer": "Plainer now.", "seen": published.version}, follow=True)
    assert messages(response) == ["It is closed: you have put the wording right. Who told the story reads your answer."]
    published.refresh_from_db()
    correction.refresh_from_db()
    assert (published.published_text, correction.state) == ("A van.", CorrectionState.TAKEN)


def test_facilitator_does_not_leave_the_wording_empty(client, facilitator, published):
    client.force_login(facilitator)
    address = reverse("admin:workshops_story_suggest", args=[published.pk])
    response = client.post(address, {"title": "New", "published_text": "", "why": "So."})
    assert "A published story has a wording." in response.content.decode()
    assert not Correction.objects.exists()


def test_corrections_are_not_for_others(client, published):
    correction = a_correction(published)
    for role in (FACILITATOR, ANALYST):
        client.force_login(a_user(role))
        assert client.get(correction_page(correction)).status_code == 404
        assert "Suggested corrections" not in client.get(page(Story, "change", published.pk)).content.decode()


def test_correction_of_one_story_is_not_found_under_another(client, editor, published):
    correction = a_correction(a_story(consent=Consent.FACILITATORS, status=Status.DRAFT))
    client.force_login(editor)
    address = reverse("admin:workshops_story_correction", args=[published.pk, correction.pk])
    assert client.get(address).status_code == 404
    assert client.get(correction_page(correction)).status_code == 404


def test_editor_publishes_a_practice_on_its_page_and_takes_it_back(client, editor):
    client.force_login(editor)
    practice = a_practice(status=Status.DRAFT, statement="Ring them")
    address = page(Practice, "change", practice.pk)
    for label, button, done, status in [
        ("Publish", "_publish", "published", Status.PUBLISHED),
        ("Return to draft", "_return", "returned to draft", Status.DRAFT),
    ]:
        opened = client.get(address)
        assert [step.label for step in opened.context["steps"]] == [label]
        response = client.post(address, filled(opened, statement=f"Ring them, {done}", **{button: "yes"}), follow=True)
        assert messages(response) == [f"“Ring them, {done}” was {done}."]
        assert now(practice) == status
    assert "It was returned to draft." in [entry.get_change_message() for entry in LogEntry.objects.all()]


def test_practice_is_not_published_by_its_facilitator(client, facilitator, workshop):
    client.force_login(facilitator)
    practice = a_practice([draft(workshop)], status=Status.DRAFT)
    address = page(Practice, "change", practice.pk)
    opened = client.get(address)
    assert opened.context["steps"] == []
    client.post(address, filled(opened, statement="Ring them", _publish="yes"))
    assert (now(practice), practice.statement) == (Status.DRAFT, "Ring them")
