"""Who finds which story at the desk: on every page of it, and by every way round."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import filled, listed, messages, page
from tests.factories import (
    a_participant,
    a_place,
    a_practice,
    a_service_area,
    a_story,
    a_user,
    a_user_for,
    a_vote,
    a_workshop,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.models import Participant, Practice, Story, Tag, Vote, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

STORIES = {
    "draft": {"status": Status.DRAFT},
    "facilitators only": {"status": Status.DRAFT, "consent": Consent.FACILITATORS},
    "team": {"status": Status.IN_REVIEW, "consent": Consent.TEAM},
    "published": {"status": Status.PUBLISHED},
    "unpublished": {"status": Status.UNPUBLISHED},
    "withdrawn": {"status": Status.DRAFT},
}
VIEWERS = {
    "its facilitator": FACILITATOR,
    "another facilitator": FACILITATOR,
    "editor": EDITOR,
    "analyst": ANALYST,
    "system leader": SYSTEM_LEADER,
    "administrator": ADMINISTRATOR,
    "superuser": None,
}

# For each viewer: the stories they may change, those they may only read, and those they may delete. The others
# answer as if they were not there, or, where the desk gives no right to stories at all, with 403.
CHANGE = {
    "its facilitator": {"draft", "facilitators only", "team"},
    "editor": {"draft", "team", "published", "unpublished"},
    "superuser": {"draft", "team", "published", "unpublished"},
}
READ = {
    "its facilitator": {"published", "unpublished"},
    "another facilitator": {"published"},
    "analyst": {"draft", "team", "published", "unpublished"},
}
DELETE = {"its facilitator": {"draft", "facilitators only", "team"}}
DESKLESS = {"system leader", "administrator"}
CASES = [(viewer, story) for viewer in VIEWERS for story in STORIES]


@pytest.fixture
def desk(client):
    """A workshop with a story in every state, and whoever looks at it."""
    people = {
        viewer: a_user(role, username=viewer) if role else a_user(is_superuser=True) for viewer, role in VIEWERS.items()
    }
    workshop = a_workshop(facilitators=[people["its facilitator"]])
    a_workshop(facilitators=[people["another facilitator"]])
    stories = {
        name: a_story(workshop=workshop, title=name, text=f"Told: {name}", **state) for name, state in STORIES.items()
    }
    withdrawal.withdraw_stories([stories["withdrawn"]])
    return people, stories


def seen_by(viewer):
    return CHANGE.get(viewer, set()) | READ.get(viewer, set())


def expected(viewer, may):
    return "forbidden" if viewer in DESKLESS else "shown" if may else "not there"


def answer(response):
    return {200: "shown", 403: "forbidden", 404: "not there"}[response.status_code]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_list_shows_what_may_be_seen(client, desk, viewer):
    people, _ = desk
    client.force_login(people[viewer])
    response = client.get(page(Story))
    assert response.status_code == (403 if viewer in DESKLESS else 200)
    if response.status_code == 200:
        assert listed(response) == sorted(seen_by(viewer))


@pytest.mark.parametrize("name", ["change", "history"])
@pytest.mark.parametrize(("viewer", "story"), CASES)
def test_page_is_shown_to_who_may_see_the_story(client, desk, viewer, story, name):
    people, stories = desk
    client.force_login(people[viewer])
    response = client.get(page(Story, name, stories[story].pk))
    assert answer(response) == expected(viewer, story in seen_by(viewer))


@pytest.mark.parametrize(("viewer", "story"), CASES)
def test_form_saves_for_who_may_change_the_story(client, desk, viewer, story):
    people, stories = desk
    client.force_login(people[viewer])
    address = page(Story, "change", stories[story].pk)
    shown = client.get(address)
    fields = filled(shown, title="Changed") if shown.status_code == 200 else {"title": "Changed"}

    response = client.post(address, fields)

    may_change = story in CHANGE.get(viewer, set())
    stories[story].refresh_from_db()
    left = "" if story == "withdrawn" else story
    assert stories[story].title == ("Changed" if may_change else left)
    may_not = 403 if viewer in DESKLESS or viewer == "analyst" or story in READ.get(viewer, set()) else 404
    assert response.status_code == (302 if may_change else may_not)


@pytest.mark.parametrize(("viewer", "story"), CASES)
def test_delete_is_for_facilitators_until_it_is_published(client, desk, viewer, story):
    people, stories = desk
    client.force_login(people[viewer])
    address = page(Story, "delete", stories[story].pk)
    response = client.post(address, {"post": "yes"})
    may_delete = story in DELETE.get(viewer, set())
    assert Story.objects.filter(pk=stories[story].pk).exists() is not may_delete
    assert response.status_code in ((302,) if may_delete else (404, 403))


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("name", ["change", "delete", "history"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_hidden_story_answers_as_one_that_is_not_there(client, desk, viewer, name, method):
    people, stories = desk
    client.force_login(people[viewer])
    absent = Story.objects.order_by("pk").last().pk + 1000
    for story in set(STORIES) - seen_by(viewer):
        answers = []
        for pk in (stories[story].pk, absent):
            response = getattr(client, method)(page(Story, name, pk), follow=True)
            said = messages(response) if response.status_code == 200 else []
            content = response.content.decode()
            assert story not in content or response.status_code == 403
            answers.append((response.status_code, response.redirect_chain, [m.replace(str(pk), "N") for m in said]))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("model", [Story, Workshop, Practice, Participant, Vote])
def test_no_redirect_tells_where_a_row_has_its_page(client, desk, model):
    people, stories = desk
    client.force_login(people["editor"])
    kind = ContentType.objects.get_for_model(model)
    assert client.get(f"/admin/r/{kind.pk}/{stories['facilitators only'].pk}/").status_code == 404


def test_story_is_viewed_on_site_by_its_own_address(client, desk):
    people, stories = desk
    client.force_login(people["editor"])
    content = client.get(page(Story, "change", stories["published"].pk)).content.decode()
    assert f'href="{stories["published"].get_absolute_url()}"' in content


@pytest.mark.parametrize("viewer", ["another facilitator", "editor", "analyst", "superuser"])
def test_search_finds_only_what_may_be_seen(client, desk, viewer):
    people, _ = desk
    client.force_login(people[viewer])
    assert listed(client.get(page(Story), {"q": "facilitators only"})) == []
    assert listed(client.get(page(Story), {"q": "published"})) == ["published"]
    assert listed(client.get(page(Story), {"q": "unpublished"})) == sorted(seen_by(viewer) & {"unpublished"})


def test_words_as_told_are_not_searched(client, desk):
    people, _ = desk
    client.force_login(people["its facilitator"])
    assert listed(client.get(page(Story), {"q": "Told"})) == []


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Story, "original_text__text__contains"),
        (Story, "told_by__identity__name__contains"),
        (Story, "told_by__code"),
        (Story, "told_by"),
        (Story, "workshop__notes__contains"),
        (Workshop, "notes__contains"),
        (Workshop, "facilitators"),
        (Vote, "participant__code"),
        (Vote, "participant"),
    ],
)
def test_address_cannot_guess_at_hidden_fields(client, desk, model, lookup):
    people, _ = desk
    client.force_login(people["analyst"])
    assert client.get(page(model)).status_code == 200
    assert client.get(page(model), {lookup: "1"}).status_code == 400


@pytest.mark.parametrize("lookup", ["workshop", "workshop__id__exact", "workshop__in", "service_area"])
def test_filter_by_a_number_beyond_any_row_is_refused(client, desk, lookup):
    people, _ = desk
    client.force_login(people["analyst"])
    assert client.get(page(Story), {lookup: "999"}).status_code == 200
    assert client.get(page(Story), {lookup: "9" * 19}).status_code == 400


@pytest.mark.parametrize(("model", "name"), [(Vote, "practice"), (Vote, "participant"), (Practice, "stories")])
@pytest.mark.parametrize("key", ["9" * 19, "'", "a\0b", "x" * 2000])
def test_form_that_an_address_fills_in_with_what_is_no_row_opens_empty(client, desk, model, name, key):
    people, _ = desk
    client.force_login(people["its facilitator"])
    response = client.get(page(model, "add"), {name: key})
    assert response.status_code == 200
    assert name not in response.context["adminform"].form.initial


def test_form_that_an_address_fills_in_takes_a_row(client, desk):
    people, _ = desk
    client.force_login(people["its facilitator"])
    response = client.get(page(Vote, "add"), {"practice": "999", "choice": "keep"})
    assert response.context["adminform"].form.initial == {"practice": "999", "choice": "keep"}


def test_filters_that_are_offered_work(client, desk):
    people, stories = desk
    client.force_login(people["its facilitator"])
    workshop = stories["draft"].workshop
    filters = {"status__exact": "published", "workshop__id__exact": workshop.pk}
    assert listed(client.get(page(Story), filters)) == ["published"]


def choices(client, people, viewer, model, field):
    """What the autocomplete of a field offers to this person."""
    client.force_login(people[viewer])
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    response = client.get("/admin/autocomplete/", asked)
    return sorted(row["text"] for row in response.json()["results"])


def test_autocomplete_of_stories_offers_what_may_be_seen(client, desk):
    people, _ = desk
    for viewer in ("its facilitator", "another facilitator", "editor"):
        assert choices(client, people, viewer, Practice, "stories") == sorted(seen_by(viewer))


def test_autocomplete_of_participants_offers_those_of_own_workshops(client, desk):
    people, stories = desk
    a_participant([stories["draft"].workshop], code="in-the-room")
    a_participant([a_workshop()], code="elsewhere")
    assert choices(client, people, "its facilitator", Vote, "participant") == ["in-the-room"]
    assert choices(client, people, "another facilitator", Vote, "participant") == []


def test_autocomplete_of_practices_leaves_out_drafts_of_others(client, desk):
    people, stories = desk
    a_practice(stories=[stories["draft"]], statement="A draft", status=Status.DRAFT)
    a_practice(statement="Known to all")
    assert choices(client, people, "its facilitator", Vote, "practice") == ["A draft", "Known to all"]
    assert choices(client, people, "another facilitator", Vote, "practice") == ["Known to all"]


def test_form_refuses_the_workshop_of_others_as_one_that_is_not_there(client, desk):
    people, stories = desk
    client.force_login(people["another facilitator"])
    form = client.get(page(Story, "add"))
    own = people["another facilitator"].workshops.get()
    assert list(form.context["adminform"].form.fields["workshop"].queryset) == [own]
    errors = []
    for workshop in (stories["draft"].workshop_id, 1_000_000):
        response = client.post(page(Story, "add"), filled(form, title="Mine", workshop=workshop))
        errors.append(response.context["adminform"].form.errors)
    assert errors[0] == errors[1]
    assert list(errors[0]) == ["workshop"]


def test_delete_page_names_nothing_but_what_is_deleted(client, desk):
    people, stories = desk
    for story in stories.values():
        story.tags.set(["kindness"])
    client.force_login(people["editor"])
    content = client.get(page(Tag, "delete", Tag.objects.get().pk)).content.decode()
    assert "kindness" in content
    assert [title for title in STORIES if f"{title} tagged" in content] == []


def test_protected_rows_are_counted_but_not_named(client, desk):
    people, stories = desk
    facilitator, colleague = people["its facilitator"], people["another facilitator"]
    teller = a_participant([stories["draft"].workshop, colleague.workshops.get()])
    Story.objects.filter(pk=stories["facilitators only"].pk).update(told_by=teller)
    for person in (facilitator, colleague):
        client.force_login(person)
        content = client.get(page(Participant, "delete", teller.pk)).content.decode()
        assert "records that use it: 1" in content
        assert "facilitators only" not in content
    assert client.post(page(Participant, "delete", teller.pk), {"post": "yes"}).status_code == 200
    assert Participant.objects.filter(pk=teller.pk).exists()


def test_history_names_a_story_by_its_ref_and_keeps_no_words(client, desk):
    people, stories = desk
    facilitator, story = people["its facilitator"], stories["draft"]
    client.force_login(facilitator)
    address = page(Story, "change", story.pk)
    words = {"title": "A telling title", "text": "Told once more", "published_text": "Worded"}
    client.post(address, filled(client.get(address), **words))
    entry = LogEntry.objects.get()
    assert entry.object_repr == story.ref
    assert entry.get_change_message() == "Changed Words as told, Published wording and Title."
    withdrawal.withdraw_stories([story])
    client.get("/admin/")  # which still says what was saved
    assert "A telling title" not in client.get("/admin/").content.decode()


def test_deleted_story_is_in_the_history_by_its_ref(client, desk):
    people, stories = desk
    client.force_login(people["its facilitator"])
    client.post(page(Story, "delete", stories["draft"].pk), {"post": "yes"})
    assert [entry.object_repr for entry in LogEntry.objects.all()] == [stories["draft"].ref]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_votes_are_seen_by_their_facilitators_editors_and_analysts(client, desk, viewer):
    """Of analysts those of people who agreed to no more than “facilitators” are not: their files leave these out."""
    people, stories = desk
    workshop, practice = stories["draft"].workshop, a_practice(ref="P-1")
    for consent in (Consent.FACILITATORS, Consent.TEAM):
        a_vote(practice=practice, participant=a_participant([workshop], consent=consent), workshop=workshop)
    client.force_login(people[viewer])
    response = client.get(page(Vote))
    if viewer in DESKLESS:
        assert response.status_code == 403
    else:
        assert response.context["cl"].result_count == {"another facilitator": 0, "analyst": 1}.get(viewer, 2)


def test_analyst_of_a_programme_finds_the_people_and_votes_that_their_files_hold():
    room, elsewhere, practice = a_workshop(), a_workshop(), a_practice()
    analyst, editor = (a_user_for(room.phase.programme, role) for role in (ANALYST, EDITOR))
    kept, told, other = (
        a_participant([where], consent=consent)
        for where, consent in ((room, Consent.FACILITATORS), (room, Consent.TEAM), (elsewhere, Consent.TEAM))
    )
    for person in (kept, told, other):
        a_vote(practice=practice, participant=person, workshop=person.workshops.get())
    seen = {
        user: (set(Participant.objects.visible_to(user)), {vote.participant for vote in Vote.objects.visible_to(user)})
        for user in (analyst, editor, a_user(ANALYST), a_user(EDITOR))
    }
    assert list(seen.values()) == [
        ({told}, {told}),
        ({kept, told}, {kept, told}),
        ({told, other}, {told, other}),
        ({kept, told, other}, {kept, told, other}),
    ]


@pytest.mark.parametrize(
    ("model", "make"),
    [
        (Story, a_story),
        (Practice, lambda: a_practice(stories=[a_story()])),
        (Vote, lambda: a_vote(practice=a_practice(), participant=a_participant())),
        (Participant, lambda: a_participant(place=a_place(), service_area=a_service_area())),
        (Workshop, a_workshop),
    ],
)
def test_list_asks_the_same_number_of_questions_however_long(client, django_assert_num_queries, model, make):
    client.force_login(a_user(EDITOR))
    make()
    with CaptureQueriesContext(connection) as few:
        client.get(page(model))
    for _ in range(9):
        make()
    with django_assert_num_queries(len(few)):
        assert client.get(page(model)).context["cl"].result_count == 10
