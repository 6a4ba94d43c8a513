"""Tagging many stories from the list, taking it back, and keeping the vocabulary of tags, at the desk."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from tests.desk import messages, page
from tests.factories import a_practice, a_story, a_theme, a_user, a_workshop
from workshops.admin.stories.bulk_tagging import left_alone_message
from workshops.choices import Consent, Status
from workshops.models import BulkTagging, Story, StoryTag, Tag
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

DRAFT = {"status": Status.DRAFT, "consent": Consent.FACILITATORS}
MERGE = "/admin/workshops/tag/merge/"
NEAR_DOUBLES = "/admin/workshops/tag/near-doubles/"


@pytest.fixture
def facilitator(client):
    facilitator = a_user(FACILITATOR)
    client.force_login(facilitator)
    return facilitator


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator])


@pytest.fixture
def editor(client):
    editor = a_user(EDITOR)
    client.force_login(editor)
    return editor


def send(client, stories, address=None, follow=False, **fields):
    """Send the action's page: `show` what will change, or `do` it."""
    data = {"action": "tag_in_bulk", "_selected_action": [story.pk for story in stories], "select_across": "0"}
    return client.post(address or page(Story), data | fields, follow=follow)


def do(client, stories, address=None, said=None, **fields):
    return send(client, stories, address, True, do="1", said=len(stories) if said is None else said, **fields)


def content(response):
    return " ".join(response.content.decode().split())


def tags_of(*stories):
    return [sorted(story.tags.names()) for story in stories]


def undo_page():
    return reverse("admin:workshops_story_undo_tagging", args=[BulkTagging.objects.get().pk])


def test_page_asks_what_to_add_and_remove(client, workshop):
    stories = [a_story(workshop=workshop, tags=["hope"], **DRAFT), a_story(workshop=workshop, tags=["hope"], **DRAFT)]
    response = send(client, stories)
    assert "2 stories are chosen." in content(response)
    assert "These stories bear: hope (2)." in content(response)
    assert content(response).count('data-suggestions="/admin/workshops/story/tags/"') == 2
    assert BulkTagging.objects.count() == 0


def test_page_names_the_tags_that_most_of_the_stories_bear(client, workshop):
    response = send(client, [a_story(workshop=workshop, tags=[f"t{number:02}" for number in range(21)], **DRAFT)])
    assert "t18 (1), t19 (1) …</div>" in content(response)


def test_page_says_what_will_change_and_changes_nothing(client, workshop):
    theme = a_theme("Pace")
    stories = [a_story(workshop=workshop, tags=["hope"], **DRAFT), a_story(workshop=workshop, **DRAFT)]
    fields = {"add_tags": "trust, Hope", "remove_tags": "", "add_themes": [theme.pk]}
    said = content(send(client, stories, show="1", **fields))
    assert "Adds the tag “trust” to <strong>2 stories</strong>." in said
    assert "Adds the tag “hope” to <strong>1 story</strong>." in said
    assert "Adds the theme “Pace” to <strong>2 stories</strong>." in said
    assert 'value="Change 2 stories"' in said
    assert tags_of(*stories) == [["hope"], []]
    assert not Tag.objects.filter(name="trust").exists()


def test_facilitator_tags_a_selection_and_takes_it_back(client, workshop):
    theme = a_theme()
    first, second, other = (a_story(workshop=workshop, tags=["hope"], **DRAFT) for _ in range(3))
    fields = {"add_tags": "trust", "remove_tags": "hope", "add_themes": [theme.pk]}
    response = do(client, [first, second], **fields)
    assert messages(response) == [f'2 stories were changed. <a href="{undo_page()}">Undo</a>']
    assert tags_of(first, second, other) == [["trust"], ["trust"], ["hope"]]
    assert list(Story.objects.filter(themes=theme).order_by("pk")) == [first, second]
    said = content(client.get(undo_page()))
    assert "Removes the tag “trust” from <strong>2 stories</strong>." in said
    assert "Adds the tag “hope” to <strong>2 stories</strong>." in said
    response = client.post(undo_page(), follow=True)
    assert messages(response) == ["Undone on 2 stories."]
    assert tags_of(first, second, other) == [["hope"]] * 3
    assert not Story.objects.filter(themes=theme).exists()


def test_all_that_match_the_filter_are_tagged(client, workshop):
    drafts = [a_story(workshop=workshop, **DRAFT) for _ in range(60)]
    reviewed = a_story(workshop=workshop, status=Status.IN_REVIEW)
    address = f"{page(Story)}?status__exact=draft"
    response = send(client, drafts[:1], address, select_across="1")
    assert "60 stories are chosen: all that match the list." in content(response)
    response = do(client, drafts[:1], address, said=60, select_across="1", add_tags="trust")
    assert messages(response)[0].startswith("60 stories were changed.")
    assert StoryTag.objects.count() == 60
    assert tags_of(reviewed) == [[]]


def test_all_that_match_may_be_chosen_without_javascript(client, workshop):
    first, second = a_story(workshop=workshop, **DRAFT), a_story(workshop=workshop, **DRAFT)
    response = send(client, [first], show="1", select_across="1", add_tags="trust")
    assert "2 stories are chosen: all that match the list." in content(response)
    assert 'name="select_across" value="1"' in content(response)
    assert tags_of(first, second) == [[], []]


def test_list_that_changed_meanwhile_is_said_anew(client, workshop):
    story = a_story(workshop=workshop, **DRAFT)
    a_story(workshop=workshop, **DRAFT)
    response = do(client, [story], said=1, select_across="1", add_tags="trust")
    assert "the list holds other stories than a moment ago" in content(response)
    assert 'value="Change 2 stories"' in content(response)
    assert StoryTag.objects.count() == 0


def test_what_is_not_ones_own_is_named_and_left_alone(client, workshop):
    mine = a_story(workshop=workshop, **DRAFT)
    published, foreign = a_story(workshop=workshop, title="Out already"), a_story(title="From elsewhere")
    stories = [mine, published, foreign]
    said = content(send(client, stories, show="1", add_tags="trust"))
    assert "1 story is chosen." in said
    assert "2 more are not yours to change and will be left alone: “From elsewhere”, “Out already”" in said
    response = do(client, stories, said=1, add_tags="trust")
    assert messages(response)[1] == "Left alone, for they are not yours to change: “From elsewhere”, “Out already”."
    assert tags_of(mine, published, foreign) == [["trust"], [], []]


def test_selection_of_others_stories_alone_is_refused(client, facilitator):
    story = a_story()
    response = send(client, [story], follow=True)
    assert messages(response) == ["None of these stories is yours to change."]


def test_drafts_of_others_cannot_be_named(client, workshop):
    mine, hidden = a_story(workshop=workshop, **DRAFT), a_story(title="Hidden", tags=["secret"], **DRAFT)
    response = send(client, [mine, hidden], show="1", remove_tags="secret")
    assert "Hidden" not in content(response)
    assert "None of these stories bears “secret”." in content(response)
    do(client, [mine, hidden], said=1, add_tags="trust")
    assert tags_of(hidden) == [["secret"]]


def test_analyst_is_not_offered_it(client):
    story = a_story(status=Status.DRAFT)
    client.force_login(a_user(ANALYST))
    do(client, [story], add_tags="trust")
    assert tags_of(story) == [[]]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Say what to add or to remove: one tag or theme at least."),
        ({"add_tags": " , "}, "Say what to add or to remove: one tag or theme at least."),
        ({"add_tags": "x" * 101}, "is too long for a tag: at most 100 letters."),
        ({"add_tags": "a\0b"}, "Null characters are not allowed."),
        ({"remove_tags": "nowhere"}, "None of these stories bears “nowhere”. Mend or remove it here."),
        (
            {"add_tags": "Hope", "remove_tags": "hope"},
            "“hope” is to be added and to be removed. Choose one of the two.",
        ),
        ({"add_themes": ["1000000"]}, "Select a valid choice. 1000000 is not one of the available choices."),
        ({"add_themes": ["x"]}, "“x” is not a valid value."),
    ],
)
@pytest.mark.parametrize("step", ["show", "do"])
def test_what_makes_no_sense_is_refused_and_kept(client, workshop, fields, sentence, step):
    story = a_story(workshop=workshop, tags=["hope"], **DRAFT)
    response = send(client, [story], **{step: "1", "said": "1"} | fields)
    assert response.status_code == 200
    assert sentence in content(response)
    assert tags_of(story) == [["hope"]]
    typed = {name: response.context["form"][name].value() for name in ("add_tags", "remove_tags")}
    assert typed == {"add_tags": fields.get("add_tags"), "remove_tags": fields.get("remove_tags")}


def test_mending_keeps_what_was_typed(client, workshop):
    story = a_story(workshop=workshop, **DRAFT)
    response = send(client, [story], mend="1", add_tags="trust, pace")
    assert 'value="trust, pace"' in content(response)
    assert 'value="Show what will change"' in content(response)


def test_title_and_tag_are_text_and_no_markup(client, workshop):
    story = a_story(workshop=workshop, title="<b>Bold</b>", tags=["<i>x</i>"], status=Status.PUBLISHED)
    mine = a_story(workshop=workshop, tags=["<i>x</i>"], **DRAFT)
    response = send(client, [story, mine], show="1", add_tags="<u>y</u>", remove_tags="<i>x</i>")
    assert [tag for tag in ("<b>", "<i>", "<u>") if tag in content(response)] == []
    assert "&lt;b&gt;Bold" in content(response)


def test_action_asks_as_many_questions_for_many_stories(client, workshop, django_assert_max_num_queries):
    stories = [a_story(workshop=workshop, tags=["hope"], **DRAFT) for _ in range(50)]
    with django_assert_max_num_queries(20):
        send(client, stories, show="1", add_tags="trust", remove_tags="hope")


def test_undo_is_for_oneself_and_for_hours(client, workshop):
    story = a_story(workshop=workshop, **DRAFT)
    do(client, [story], add_tags="trust")
    address = undo_page()
    nothing = "There is nothing to undo: it was undone, or more than 12 hours have passed."
    client.force_login(a_user(FACILITATOR))
    assert messages(client.get(address, follow=True)) == [nothing]
    assert messages(client.post(address, follow=True)) == [nothing]
    assert tags_of(story) == [["trust"]]
    client.force_login(workshop.facilitators.get())
    BulkTagging.objects.update(made_at=timezone.now() - datetime.timedelta(hours=13))
    assert messages(client.post(address, follow=True)) == [nothing]
    assert tags_of(story) == [["trust"]]


def test_undo_leaves_what_was_published_since(client, workshop):
    first, second = a_story(workshop=workshop, **DRAFT), a_story(workshop=workshop, status=Status.DRAFT)
    do(client, [first, second], add_tags="trust")
    Story.objects.filter(pk=second.pk).update(status=Status.PUBLISHED)
    response = client.post(undo_page(), follow=True)
    assert messages(response) == ["Undone on 1 story.", "1 story was left alone: no longer yours to change."]
    assert tags_of(first, second) == [[], ["trust"]]


# The vocabulary of tags


@pytest.mark.parametrize("role", [FACILITATOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR])
def test_merging_is_for_editors(client, role):
    first, second = a_story(tags=["trust", "trsut"]).tags.order_by("pk")
    client.force_login(a_user(role))
    assert client.get(MERGE, {"tag": [first.pk, second.pk]}).status_code == 403
    assert client.post(MERGE, {"tag": [first.pk, second.pk], "into": first.pk}).status_code == 403
    assert client.get(NEAR_DOUBLES).status_code == 403
    assert Tag.objects.count() == 2


def test_merge_says_what_it_changes_and_keeps_each_link_once(client, editor):
    both, one = a_story(tags=["trust", "trsut"]), a_story(tags=["trsut"])
    a_practice(tags=["trsut"])
    trust, trsut = Tag.objects.get(name="trust"), Tag.objects.get(name="trsut")
    data = {"action": "merge_tags", "_selected_action": [trust.pk, trsut.pk]}
    said = content(client.post(page(Tag), data, follow=True))
    assert "<strong>2 stories and 1 practice</strong>" in said
    assert f'value="{trsut.pk}" required checked' in said
    response = client.post(MERGE, {"tag": [trust.pk, trsut.pk], "into": trust.pk}, follow=True)
    assert messages(response) == ["“trsut” went into “trust”."]
    assert tags_of(both, one) == [["trust"], ["trust"]]
    assert StoryTag.objects.count() == 2
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.get_change_message()) == ("trust", "Merged “trsut” into it.")


def test_merge_without_saying_which_stays_is_refused(client, editor):
    a_story(tags=["trust", "trsut"])
    pks = list(Tag.objects.values_list("pk", flat=True))
    response = client.post(MERGE, {"tag": pks})
    assert "Nothing is merged yet. Say which of the tags stays." in content(response)
    response = client.post(MERGE, {"tag": pks, "into": "x"})
    assert "The tag that stays is one of these." in content(response)
    assert Tag.objects.count() == 2


@pytest.mark.parametrize("asked", [{}, {"tag": "x"}, {"tag": "1000000"}, {"tag": "9" * 19}, {"tag": ["only one"]}])
def test_merge_of_fewer_than_two_leads_back_to_the_list(client, editor, asked):
    tag = Tag.objects.create(name="trust")
    asked = {"tag": tag.pk} if asked == {"tag": ["only one"]} else asked
    response = client.get(MERGE, asked, follow=True)
    assert messages(response) == ["Tick two tags or more to merge them."]


def test_tags_of_hidden_stories_are_kept_from_editors(client, editor):
    a_story(tags=["secret"], **DRAFT)
    a_story(tags=["secrets"])
    secret = Tag.objects.get(name="secret")
    for address in (page(Tag), NEAR_DOUBLES):
        assert "secret<" not in content(client.get(address))
    assert client.get(page(Tag, "change", secret.pk)).status_code == 404
    response = client.get(MERGE, {"tag": [tag.pk for tag in Tag.objects.all()]}, follow=True)
    assert messages(response) == ["Tick two tags or more to merge them."]


def test_renaming_shows_what_it_changes(client, editor):
    a_story(tags=["trsut"])
    a_practice(tags=["trsut"])
    tag = Tag.objects.get()
    address = page(Tag, "change", tag.pk)
    assert "1 story, 1 practice" in content(client.get(address))
    client.post(address, {"name": "Trust in people"})
    renamed = Tag.objects.get()
    assert (renamed.pk, renamed.name, renamed.slug) == (tag.pk, "Trust in people", "trsut")


def test_renaming_onto_another_tag_offers_the_merge(client, editor):
    a_story(tags=["trsut", "trust"])
    trust, trsut = Tag.objects.get(name="trust"), Tag.objects.get(name="trsut")
    response = client.post(page(Tag, "change", trsut.pk), {"name": "TRUST"})
    offer = f"{MERGE}?tag={trsut.pk}&amp;tag={trust.pk}&amp;into={trust.pk}"
    assert f'“trust” is there already. <a href="{offer}">Merge the two</a>, or choose another name.' in content(
        response
    )
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["trsut", "trust"]
    assert f'value="{trust.pk}" required checked' in content(client.get(offer.replace("&amp;", "&")))


def test_near_doubles_are_listed_with_their_uses(client, editor):
    a_story(tags=["carer", "hope"])
    a_story(tags=["carers"])
    a_practice(tags=["carers"])
    response = client.get(NEAR_DOUBLES)
    (why, tags), *others = response.context["page"].object_list
    assert (why, [(tag.name, tag.story_count, tag.practice_count) for tag in tags], others) == (
        "singular and plural",
        [("carer", 1, 0), ("carers", 1, 1)],
        [],
    )
    link = "&amp;".join(f"tag={tag.pk}" for tag in tags)
    assert f'href="{MERGE}?{link}"' in content(response)


def test_near_doubles_page_by_page(client, editor, django_assert_max_num_queries):
    names = [f"{letter}{letter}{letter} word" for letter in "abcdefghijklmnopqrstuvwxyz"]
    Tag.objects.for_names([*names, *(f"{name}s" for name in names)])
    with django_assert_max_num_queries(8):
        first = client.get(NEAR_DOUBLES).context["page"]
    last = client.get(NEAR_DOUBLES, {"p": "2"}).context["page"]
    assert (len(first.object_list), len(last.object_list)) == (25, 1)
    assert [tag.name for tag in last.object_list[0][1]] == ["zzz word", "zzz words"]
    assert client.get(NEAR_DOUBLES, {"p": "x"}).context["page"].number == 1


def test_no_near_doubles_says_so(client, editor):
    a_story(tags=["trust", "hope"])
    assert "No two tags look alike. There is nothing to do here." in content(client.get(NEAR_DOUBLES))


@pytest.mark.parametrize(
    ("count", "end"), [(1, "“0”."), (20, "“18”, “19”."), (21, "“19” and 1 more."), (23, "“19” and 3 more.")]
)
def test_stories_left_alone_are_named_and_the_rest_counted(count, end):
    said = left_alone_message([str(number) for number in range(count)])
    assert said.startswith("Left alone, for they are not yours to change: “0”")
    assert said.endswith(end)
