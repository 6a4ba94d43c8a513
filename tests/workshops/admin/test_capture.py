"""Workshops, participants, practices and votes at the desk."""

import pytest

from tests.desk import act, filled, listed, messages, page
from tests.factories import a_participant, a_phase, a_practice, a_service_area, a_story, a_user, a_vote, a_workshop
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import Identity, Participant, Phase, Place, Practice, Programme, Tag, Tally, Vote, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR
from workshops.stories import review

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, username="fay")


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator], notes="Ann was late.")


def text(response):
    return response.content.decode()


def test_facilitator_enters_a_workshop_and_finds_it_again(client, facilitator):
    phase = a_phase()
    client.force_login(facilitator)
    form = filled(client.get(page(Workshop, "add")), title="Early help 1", slug="early-help-1", phase=phase.pk)
    assert client.post(page(Workshop, "add"), form).status_code == 302
    assert list(Workshop.objects.get().facilitators.all()) == [facilitator]
    assert listed(client.get(page(Workshop))) == ["Early help 1"]


def test_facilitators_find_their_own_workshops(client, facilitator, workshop):
    other = a_workshop(facilitators=[a_user(FACILITATOR)])
    client.force_login(facilitator)
    assert listed(client.get(page(Workshop))) == [str(workshop)]
    assert client.get(page(Workshop, "change", other.pk)).status_code == 404
    assert client.get(page(Workshop, "change", workshop.pk)).status_code == 200


def test_notes_are_for_those_who_ran_the_workshop(client, facilitator, workshop):
    seen = {}
    people = {"facilitator": facilitator, "editor": a_user(EDITOR), "analyst": a_user(ANALYST)}
    people["superuser"] = a_user(is_superuser=True)
    for name, person in people.items():
        client.force_login(person)
        response = client.get(page(Workshop, "change", workshop.pk))
        seen[name] = ("Ann was late." in text(response), "fay" in text(response))
    assert seen == {
        "facilitator": (True, True),
        "editor": (False, True),
        "analyst": (False, False),
        "superuser": (False, True),
    }


def test_workshops_are_not_the_editors_to_change(client, workshop):
    client.force_login(a_user(EDITOR))
    assert client.post(page(Workshop, "change", workshop.pk), {"title": "Changed"}).status_code == 403


def test_facilitators_are_chosen_among_facilitators(client, facilitator, workshop):
    colleague, retired = a_user(FACILITATOR), a_user(FACILITATOR, is_active=False)
    workshop.facilitators.add(retired)
    a_user(EDITOR)
    client.force_login(facilitator)
    address = page(Workshop, "change", workshop.pk)
    response = client.get(address)
    field = response.context["adminform"].form.fields["facilitators"]
    assert set(field.queryset) == {facilitator, colleague}
    client.post(address, filled(response, facilitators=[colleague.pk]))
    assert set(workshop.facilitators.all()) == {colleague, retired}


def test_identity_is_for_facilitators_of_the_persons_workshops(client, facilitator, workshop):
    participant = a_participant([workshop], code="p-ann", role="Resident")
    Identity.objects.create(participant=participant, name="Ann Field", contact="ann@example.org")
    seen = {}
    people = {"facilitator": facilitator, "editor": a_user(EDITOR), "superuser": a_user(is_superuser=True)}
    for name, person in people.items():
        client.force_login(person)
        client.post(page(Participant, "identity", participant.pk))
        shown = text(client.get(page(Participant, "change", participant.pk)))
        seen[name] = ["Resident" in shown, "Ann Field" in shown, "ann@example.org" in shown]
    assert seen == {
        "facilitator": [True, True, True],
        "editor": [True, False, False],
        "superuser": [True, False, False],
    }
    client.force_login(a_user(ANALYST))
    assert client.get(page(Participant, "change", participant.pk)).status_code == 403


def test_editor_does_not_write_participants(client, workshop):
    participant = a_participant([workshop])
    client.force_login(a_user(EDITOR))
    forged = {"code": participant.code, "identity-0-name": "Forged", "identity-TOTAL_FORMS": 1}
    assert client.post(page(Participant, "change", participant.pk), forged).status_code == 403


def test_facilitator_enters_a_participant_with_name_and_contact(client, facilitator, workshop):
    client.force_login(facilitator)
    fields = {"code": "gm-7k3q", "workshops": [workshop.pk], "identity-0-name": "Ann", "consent": Consent.PUBLIC}
    client.post(page(Participant, "add"), filled(client.get(page(Participant, "add")), **fields))
    participant = Participant.objects.get()
    assert (participant.code, participant.identity.name) == ("gm-7k3q", "Ann")
    assert list(participant.workshops.all()) == [workshop]


def test_participant_is_entered_with_a_workshop(client, facilitator, workshop):
    client.force_login(facilitator)
    response = client.post(page(Participant, "add"), filled(client.get(page(Participant, "add")), code="gm-7k3q"))
    assert response.context["adminform"].form.errors == {
        "workshops": ["Choose the workshop this person came to, or you will not find them again."]
    }


def test_participant_keeps_workshops_that_a_facilitator_does_not_see(client, facilitator, workshop):
    other = a_workshop()
    participant = a_participant([workshop, other])
    client.force_login(facilitator)
    address = page(Participant, "change", participant.pk)
    response = client.get(address)
    assert list(response.context["adminform"].form.fields["workshops"].queryset) == [workshop]
    client.post(address, filled(response, role="Resident"))
    assert set(participant.workshops.all()) == {workshop, other}
    client.post(address, filled(client.get(address), workshops=[]))
    assert set(participant.workshops.all()) == {other}


def test_form_says_that_a_participant_lowered_consent(client, facilitator, workshop):
    participant = a_participant([workshop])
    withdrawal.lower_consent(participant, Consent.TEAM)
    client.force_login(facilitator)
    address = page(Participant, "change", participant.pk)
    response = client.post(address, filled(client.get(address), consent=Consent.CREDITED))
    assert response.context["adminform"].form.errors == {
        "consent": ["This person lowered their consent to “team”; it cannot be raised again here."]
    }


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR])
def test_lowered_consent_of_a_participant_is_recorded(client, workshop, role):
    participant, person = a_participant([workshop]), a_user(role)
    story = a_story(told_by=participant)
    if role == FACILITATOR:
        workshop.facilitators.add(person)
    client.force_login(person)
    act(client, Participant, "lower_to_facilitators", participant)
    participant.refresh_from_db()
    story.refresh_from_db()
    assert (participant.consent, participant.consent_ceiling, story.status) == (0, 0, "unpublished")


def test_practice_remembers_who_entered_it(client, facilitator):
    client.force_login(facilitator)
    form = filled(client.get(page(Practice, "add")), statement="Weekly calls", tags="trust")
    client.post(page(Practice, "add"), form)
    practice = Practice.objects.get()
    assert (practice.entered_by, practice.status, list(practice.tags.names())) == (facilitator, "draft", ["trust"])
    assert listed(client.get(page(Practice))) == ["Weekly calls"]


def test_practice_has_a_description_that_its_history_tells_of(client, facilitator):
    client.force_login(facilitator)
    form = filled(client.get(page(Practice, "add")), statement="Weekly calls", description="A call on one day.")
    client.post(page(Practice, "add"), form)
    practice = Practice.objects.get()
    address = page(Practice, "change", practice.pk)
    client.post(address, filled(client.get(address), description="A call on one day.\r\nIt takes an hour."))
    assert list(practice.history.values_list("description", flat=True)) == [
        "A call on one day.\nIt takes an hour.", "A call on one day.",
    ]  # fmt: skip
    review.publish_practice(practice)
    assert "It takes an hour." in text(client.get(address))


def test_draft_practice_is_not_for_other_facilitators(client, facilitator):
    draft = a_practice(status=Status.DRAFT, entered_by=a_user(FACILITATOR))
    published = a_practice()
    client.force_login(facilitator)
    assert listed(client.get(page(Practice))) == [str(published)]
    assert client.get(page(Practice, "change", draft.pk)).status_code == 404
    assert client.post(page(Practice, "change", published.pk), {"statement": "Changed"}).status_code == 403


@pytest.mark.parametrize("role", [FACILITATOR, EDITOR, ANALYST])
def test_practice_names_only_stories_that_may_be_seen(client, role):
    hidden = a_story(title="A hidden one", status=Status.DRAFT, consent=Consent.FACILITATORS)
    practice = a_practice(stories=[hidden, a_story(title="A public one")])
    client.force_login(a_user(role))
    shown = text(client.get(page(Practice, "change", practice.pk)))
    assert ("A public one" in shown, "A hidden one" in shown) == (True, False)


def test_practice_keeps_stories_that_an_editor_does_not_see(client):
    hidden = a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)
    first, second = a_story(), a_story()
    practice = a_practice(stories=[hidden, first])
    client.force_login(a_user(EDITOR))
    address = page(Practice, "change", practice.pk)
    client.post(address, filled(client.get(address), stories=[second.pk]))
    assert set(practice.stories.all()) == {hidden, second}


def test_editor_publishes_practices_and_returns_them(client, facilitator):
    practice = a_practice(status=Status.DRAFT, entered_by=facilitator)
    client.force_login(facilitator)
    act(client, Practice, "publish", practice)
    practice.refresh_from_db()
    assert practice.status == Status.DRAFT
    client.force_login(a_user(EDITOR))
    assert messages(act(client, Practice, "publish", practice)) == [f"“{practice}” was published."]
    practice.refresh_from_db()
    assert practice.status == Status.PUBLISHED
    act(client, Practice, "return_to_draft", practice)
    practice.refresh_from_db()
    assert practice.status == Status.DRAFT


def vote_form(client, **fields):
    return filled(client.get(page(Vote, "add"))) | {name: getattr(row, "pk", row) for name, row in fields.items()}


def test_later_vote_replaces_an_earlier_one(client, facilitator, workshop):
    practice, participant = a_practice(), a_participant([workshop])
    a_vote(practice=practice, participant=participant, choice="keep")
    a_vote(practice=practice, participant=a_participant(), choice="discard")
    client.force_login(facilitator)
    form = vote_form(client, workshop=workshop, practice=practice, participant=participant, choice="amplify")
    assert client.post(page(Vote, "add"), form).status_code == 302
    vote = Vote.objects.get(participant=participant)
    assert (vote.choice, vote.workshop) == ("amplify", workshop)
    assert Vote.objects.count() == 2


def test_vote_takes_only_own_workshops_and_participants(client, facilitator, workshop):
    stranger, elsewhere = a_participant(), a_workshop()
    client.force_login(facilitator)
    form = vote_form(client, workshop=elsewhere, practice=a_practice(), participant=stranger, choice="keep")
    response = client.post(page(Vote, "add"), form)
    choice = ["Select a valid choice. That choice is not one of the available choices."]
    assert response.context["adminform"].form.errors == {"workshop": choice, "participant": choice}


def test_changed_vote_stays_with_its_voter_and_practice(client, facilitator, workshop):
    participant, other = a_participant([workshop]), a_participant([workshop])
    vote = a_vote(practice=a_practice(), participant=participant, workshop=workshop)
    client.force_login(facilitator)
    address = page(Vote, "change", vote.pk)
    client.post(address, filled(client.get(address), choice="discard", participant=other.pk))
    vote.refresh_from_db()
    assert (vote.choice, vote.participant) == ("discard", participant)


def test_analyst_knows_voters_by_pseudonym(client, workshop):
    participant = a_participant([workshop], code="p-ann")
    vote = a_vote(practice=a_practice(), participant=participant, workshop=workshop)
    seen = {}
    for role in (ANALYST, EDITOR):
        client.force_login(a_user(role))
        pages = text(client.get(page(Vote))) + text(client.get(page(Vote, "change", vote.pk)))
        found = client.get(page(Vote), {"q": "p-ann"}).context["cl"].result_count
        seen[role] = ("p-ann" in pages, participant.pseudonym in pages, found)
    assert seen[ANALYST] == (False, True, 0)
    assert (seen[EDITOR][0], seen[EDITOR][2]) == (True, 1)


def test_tally_is_of_own_workshops_and_not_negative(client, facilitator, workshop):
    practice, area = a_practice(), a_service_area()
    client.force_login(facilitator)
    form = filled(client.get(page(Tally, "add"))) | {
        "practice": practice.pk,
        "workshop": workshop.pk,
        "service_area": area.pk,
        "keep": 12,
    }
    response = client.post(page(Tally, "add"), form | {"discard": -1})
    assert list(response.context["adminform"].form.errors) == ["discard"]
    response = client.post(page(Tally, "add"), form | {"workshop": a_workshop().pk})
    assert list(response.context["adminform"].form.errors) == ["workshop"]
    client.post(page(Tally, "add"), form)
    assert Tally.objects.values_list("keep", "discard").get() == (12, 0)


def test_administrator_sets_up_a_programme_with_its_phases(client):
    client.force_login(a_user(ADMINISTRATOR))
    fields = {
        "title": "Winter",
        "slug": "winter",
        "phases-TOTAL_FORMS": 1,
        "phases-0-number": 1,
        "phases-0-question": "What now?",
    }
    client.post(page(Programme, "add"), filled(client.get(page(Programme, "add")), **fields))
    assert list(Phase.objects.values_list("programme__slug", "number", "question")) == [("winter", 1, "What now?")]


def test_programme_form_says_what_is_wrong(client):
    client.force_login(a_user(ADMINISTRATOR))
    fields = {
        "title": "Winter",
        "slug": "winter",
        "started": "2020-09-30",
        "ended": "2020-05-01",
        "phases-TOTAL_FORMS": 1,
        "phases-0-number": 0,
        "phases-0-question": "What now?",
    }
    response = client.post(page(Programme, "add"), filled(client.get(page(Programme, "add")), **fields))
    assert response.context["adminform"].form.errors == {
        "ended": ["It ends on 2020-05-01, before it starts on 2020-09-30. Swap or mend the dates."]
    }
    (phases,) = response.context["inline_admin_formsets"]
    assert phases.formset.errors == [{"number": ["Phases count from 1."]}]


def test_editor_names_a_place_and_its_aliases(client):
    client.force_login(a_user(EDITOR))
    fields = {"name": "Bolton", "code": "E08000001", "aliases": "Bolton Council\r\n  Bolton MBC "}
    client.post(page(Place, "add"), filled(client.get(page(Place, "add")), **fields))
    assert Place.objects.get().aliases == ["Bolton Council", "Bolton MBC"]


def test_tag_form_knows_its_twin(client):
    Tag.objects.for_names(["Mental health"])
    client.force_login(a_user(EDITOR))
    response = client.post(page(Tag, "add"), {"name": " mental  HEALTH"})
    assert response.context["adminform"].form.errors == {
        "name": ["“mental HEALTH” is the same tag as “Mental health”. Use that one."]
    }
