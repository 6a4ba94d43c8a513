"""Buttons and actions of who edits one programme: what they do there, and refuse elsewhere."""

import pytest

from insights.models import Insight
from tests.desk import act, filled, messages, page
from tests.factories import (
    a_correction,
    a_participant,
    a_practice,
    a_programme,
    a_story,
    a_theme,
    a_user,
    a_user_for,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, CorrectionState, Status
from workshops.models import Practice, PracticeMerge, Story, Tag
from workshops.roles import ANALYST, EDITOR, FACILITATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return a_programme(title="Ours")


@pytest.fixture
def theirs():
    return a_programme(title="Theirs")


@pytest.fixture
def editor(client, ours):
    editor = a_user_for(ours, EDITOR)
    client.force_login(editor)
    return editor


def status_of(row):
    row.refresh_from_db()
    return row.status


def test_editor_publishes_in_their_programme_and_no_story_of_another(client, editor, ours, theirs):
    here = a_story(workshop=a_workshop(programme=ours), status=Status.IN_REVIEW)
    assert 'name="_publish"' in client.get(page(Story, "change", here.pk)).content.decode()
    own = a_story(title="Own", workshop=a_workshop([editor], programme=theirs), status=Status.IN_REVIEW)
    response = act(client, Story, "publish", here, own)
    assert "“Own” is not yours to change." in messages(response)
    assert (status_of(here), status_of(own)) == (Status.PUBLISHED, Status.IN_REVIEW)
    assert 'name="_publish"' not in client.get(page(Story, "change", own.pk)).content.decode()


def test_editor_records_a_withdrawal_in_their_programme(client, editor, ours, theirs):
    here, there = (a_story(workshop=a_workshop(programme=each)) for each in (ours, theirs))
    act(client, Story, "withdraw", here, there, confirmed="yes")
    assert (status_of(here), status_of(there)) == (Status.WITHDRAWN, Status.PUBLISHED)


def test_editor_decides_on_corrections_of_their_programme(client, editor, ours, theirs):
    for programme, state in ((ours, CorrectionState.TAKEN), (theirs, CorrectionState.OPEN)):
        story = a_story(workshop=a_workshop(programme=programme))
        correction = a_correction(story, title="Said better", published_text="It is said better now.")
        address = f"/admin/workshops/story/{story.pk}/corrections/{correction.pk}/"
        client.post(address, {"take": "", "seen": story.version})
        correction.refresh_from_db()
        assert correction.state == state


def test_analyst_elsewhere_who_edits_here_changes_nothing_elsewhere(client, editor, theirs):
    editor.role_grants.create(role=ANALYST, programme=theirs)
    draft = a_story(workshop=a_workshop(programme=theirs), status=Status.DRAFT, consent=Consent.TEAM, text="Told")
    practice = a_practice([draft], status=Status.DRAFT)
    assert client.get(page(Story, "change", draft.pk)).status_code == 200
    assert client.post(page(Story, "change", draft.pk), {"title": "Mine"}).status_code == 403
    assert client.post(page(Story, "words", draft.pk)).status_code == 403
    assert client.get(page(Practice, "change", practice.pk)).status_code == 200
    assert client.post(page(Practice, "change", practice.pk), {"statement": "Mine"}).status_code == 403


def test_practice_that_another_programme_uses_is_published_by_editors_of_all(client, editor, ours, theirs):
    here, there = (a_story(workshop=a_workshop(programme=each)) for each in (ours, theirs))
    own = a_practice([here], status=Status.DRAFT)
    shared = a_practice([here, there], statement="Both", status=Status.DRAFT)
    response = act(client, Practice, "publish", own, shared)
    assert "“Both” is not yours to change: other programmes use it too, or alone." in messages(response)
    assert (status_of(own), status_of(shared)) == (Status.PUBLISHED, Status.DRAFT)


def test_practices_are_merged_within_the_programme(client, editor, ours, theirs):
    room = a_workshop(programme=ours)
    one, two = (a_practice([a_story(workshop=room)]) for _ in range(2))
    there = a_practice([a_story(workshop=a_workshop(programme=theirs))])
    address = "/admin/workshops/practice/merge/"
    client.post(address, {"practice": [one.pk, there.pk], "into": one.pk})
    assert PracticeMerge.objects.count() == 0
    client.post(address, {"practice": [one.pk, two.pk], "into": one.pk})
    assert PracticeMerge.objects.get().into == one


def test_tag_of_another_programme_is_neither_renamed_nor_merged(client, editor, ours, theirs):
    a_story(workshop=a_workshop(programme=ours), tags=["own", "shared", "mine"])
    a_story(workshop=a_workshop(programme=theirs), tags=["shared"])
    own, shared, mine = (Tag.objects.get(name=name) for name in ("own", "shared", "mine"))
    assert client.post(page(Tag, "change", shared.pk), {"name": "renamed"}).status_code == 403
    client.post("/admin/workshops/tag/merge/", {"tag": [own.pk, shared.pk], "into": own.pk})
    assert set(Tag.objects.values_list("name", flat=True)) == {"own", "shared", "mine"}
    client.post("/admin/workshops/tag/merge/", {"tag": [own.pk, mine.pk], "into": own.pk})
    assert set(Tag.objects.values_list("name", flat=True)) == {"own", "shared"}


def test_shared_vocabulary_is_for_editors_of_the_whole_archive(client, editor):
    theme = a_theme("Workforce")
    assert client.get(page(type(theme), "change", theme.pk)).status_code == 200
    assert client.post(page(type(theme), "change", theme.pk), {"name": "Mine"}).status_code == 403


def test_insight_is_of_a_programme_that_its_editor_edits(client, editor, ours, theirs):
    form = client.get(page(Insight, "add"))
    assert list(form.context["adminform"].form.fields["programme"].queryset) == [ours]
    published = an_insight(programme=theirs)
    an_insight(programme=theirs, status=Status.DRAFT)
    form = client.get(page(Insight, "add")).context["adminform"].form
    assert list(form.fields["builds_on"].queryset) == [published]


def test_evidence_of_another_programme_is_not_shown_before_it_is_published(client, editor, ours, theirs):
    draft = a_story(title="xdraftx", workshop=a_workshop(programme=theirs), status=Status.DRAFT, ref="s-theirs")
    insight = an_insight([draft], programme=ours, status=Status.DRAFT)
    content = client.get(page(Insight, "change", insight.pk)).content.decode()
    assert "“s-theirs”, from another programme, is among the evidence, but not published." in content
    assert "xdraftx" not in content
    assert "xdraftx" not in client.get(page(Insight, "history", insight.pk)).content.decode()


def test_patterns_are_those_of_what_an_editor_may_read(client, editor, ours, theirs):
    room = a_workshop(programme=theirs)
    for place in (room, a_workshop(phase=room.phase)):
        for _ in range(3):
            a_story(workshop=place, tags=["xpatternx"], status=Status.DRAFT, consent=Consent.TEAM)
    address = "/admin/insights/insight/patterns/"
    assert "xpatternx" not in client.get(address).content.decode()
    tag = Tag.objects.get()
    client.post(f"{address}start/", {"tags": [tag.pk]})
    assert Insight.objects.count() == 0
    client.force_login(a_user(EDITOR))
    assert "xpatternx" in client.get(address).content.decode()


def test_home_counts_what_waits_in_the_programme(client, editor, ours, theirs):
    for programme in (ours, theirs):
        story = a_story(
            title=f"In review: {programme}", workshop=a_workshop(programme=programme), status=Status.IN_REVIEW
        )
        an_insight(title=f"Draft: {programme}", programme=programme, status=Status.DRAFT)
        a_practice([story], status=Status.DRAFT)
    (part,) = [part for name, part in client.get("/admin/").context["parts"] if name.endswith("editor.html")]
    assert [row.title for row in part["queue"]["rows"]] == ["In review: Ours"]
    assert [row.title for row in part["insights"]["rows"]] == ["Draft: Ours"]
    assert part["practices"] == 1


def test_page_of_a_person_names_the_workshops_of_the_programme(client, editor, ours, theirs):
    here, there = a_workshop(programme=ours, title="Here"), a_workshop(programme=theirs, title="Over there")
    person = a_participant([here, there])
    content = client.get(page(type(person), "change", person.pk)).content.decode()
    assert ("Here" in content, "Over there" in content) == (True, False)


def test_facilitator_changes_nothing_by_it(client, ours):
    """The rules of one programme leave a facilitator what they had."""
    user = a_user(FACILITATOR)
    client.force_login(user)
    story = a_story(workshop=a_workshop([user], programme=ours), status=Status.DRAFT, title="Before")
    address = page(Story, "change", story.pk)
    client.post(address, filled(client.get(address), title="After"))
    story.refresh_from_db()
    assert story.title == "After"
