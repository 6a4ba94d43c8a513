import pytest
from django.core.exceptions import ValidationError

from tests.desk import act, messages, page
from tests.factories import a_participant, a_place, a_service_area, a_story, a_user, a_workshop
from workshops.choices import Status
from workshops.judgements.context import answer_context, context_of, contexts_of, wider_places
from workshops.models import ContextAnswer, Story
from workshops.stories import review

pytestmark = pytest.mark.django_db


@pytest.fixture
def visiting():
    return a_service_area("Health visiting")


@pytest.fixture
def bury():
    return a_place("Bury", code="E08000002")


def people(room, count, **fields):
    return [a_participant([room], **fields) for _ in range(count)]


def told(room, **fields):
    return a_story(**{"workshop": room, "status": Status.IN_REVIEW} | fields)


def test_context_says_who_was_there_of_the_storys_service_and_place(visiting, bury):
    room = a_workshop()
    people(room, 1, role="health visitor", service_area=visiting, place=bury)
    people(room, 2, role="manager", service_area=visiting, place=a_place("Wigan"))
    people(a_workshop(), 5, role="health visitor", service_area=visiting, place=bury)

    def said(**fields):
        return context_of(told(room, **fields)).sentence

    assert said(service_area=visiting, place=bury) == "1 health visitor from Bury was there for Health visiting."
    assert said(place=bury) == "1 health visitor from Bury was there."
    assert said(service_area=visiting) == "1 health visitor and 2 × manager were there for Health visiting."
    assert said(service_area=a_service_area()) == "Nobody with this service is on the list of the workshop."
    assert said(service_area=visiting, place=a_place()) == (
        "Nobody with this service and place is on the list of the workshop."
    )
    assert context_of(told(a_workshop())).sentence == (
        "Nobody is on the list of this workshop, so it cannot be counted whom the story could mean."
    )


def test_wide_place_tells_of_nobody_where_they_work(visiting, bury):
    """Once it is shown, readers could mean anybody of the service who was there."""
    room = a_workshop()
    people(room, 1, role="health visitor", service_area=visiting, place=bury)
    people(room, 3, role="health visitor", service_area=visiting, place=a_place("Wigan"))
    wide = a_place("Greater Manchester", code="E47000001")
    narrow, wider = (context_of(told(room, service_area=visiting, place=place)) for place in (bury, wide))
    assert (len(narrow.meant), narrow.is_few) == (1, True)
    assert (wider.sentence, wider.is_few) == ("4 × health visitor were there for Health visiting.", False)


def test_role_of_a_known_teller_is_counted(visiting):
    room = a_workshop()
    people(room, 6, role="manager", service_area=visiting)
    teller = people(room, 1, role="health visitor", service_area=visiting)[0]
    assert context_of(told(room, service_area=visiting)).is_few is False
    context = context_of(told(room, service_area=visiting, told_by=teller))
    assert (context.sentence, context.is_few) == ("1 health visitor was there for Health visiting.", True)


@pytest.mark.parametrize(("there", "asks"), [(0, False), (1, True), (3, True), (4, False)])
def test_publishing_asks_where_three_people_or_fewer_could_be_meant(there, asks):
    room = a_workshop()
    people(room, there)
    story = told(room)
    if asks:
        with pytest.raises(ValidationError, match="knows the work could tell"):
            review.publish_story(story)
        answer_context(story, could_tell=False, by=a_user())
    review.publish_story(story)
    assert list(Story.objects.published()) == [story]


def test_answer_is_asked_for_again_only_where_service_place_or_people_changed(visiting, bury):
    room = a_workshop()
    people(room, 2, service_area=visiting, place=bury)
    story = told(room, service_area=visiting, place=bury)
    answer_context(story, could_tell=True, by=a_user(), why="She wants to be known.")

    def asks():
        return context_of(Story.objects.get(pk=story.pk)).asks

    story.title = "Another title"
    story.save()
    people(room, 1, service_area=a_service_area())
    assert not asks()
    newcomer = people(room, 1, service_area=visiting, place=bury)[0]
    assert asks()
    newcomer.delete()
    assert not asks()
    Story.objects.filter(pk=story.pk).update(place=None)
    assert asks()


def test_who_says_that_somebody_could_tell_says_why_it_is_published():
    story = told(a_workshop())
    with pytest.raises(ValidationError, match="Say in a few words"):
        answer_context(story, could_tell=True, by=a_user(), why="  ")
    assert not ContextAnswer.objects.exists()


def test_contexts_of_many_stories_take_two_queries(django_assert_num_queries, visiting, bury):
    for _ in range(3):
        room = a_workshop()
        people(room, 2, service_area=visiting)
        told(room)
    with django_assert_num_queries(3):
        found = contexts_of(Story.objects.select_related("told_by", "service_area", "place"))
    assert [context.sentence for context in found.values()] == ["2 people whose role is not recorded were there."] * 3


def test_bulk_leaves_out_and_names_stories_whose_context_is_not_answered(client):
    client.force_login(a_user("editor"))
    room = a_workshop()
    people(room, 1)
    few, many = told(room, title="Few"), told(a_workshop(), title="Many")
    said = messages(act(client, Story, "publish", few, many))
    assert list(Story.objects.published()) == [many]
    assert f'href="{page(Story, "publish", few.pk)}"' in said[0]
    assert said[0].startswith("“Few” was not published. 1 person whose role is not recorded was there. Say whether")


def test_answer_of_the_page_that_asks_is_kept_and_the_story_published(client):
    editor = a_user("editor")
    client.force_login(editor)
    room = a_workshop()
    people(room, 1)
    story = told(room)
    address = page(Story, "publish", story.pk)
    client.post(address, {"version": story.version, "could_tell": "yes", "could_tell_why": ""})
    assert (ContextAnswer.objects.count(), Story.objects.published().count()) == (0, 0)
    client.post(address, {"version": story.version, "could_tell": "yes", "could_tell_why": "He asked for it."})
    answer = ContextAnswer.objects.get()
    assert (answer.could_tell, answer.why, answer.people, answer.answered_by) == (True, "He asked for it.", 1, editor)
    assert list(Story.objects.published()) == [story]


def test_story_saved_meanwhile_is_shown_again_before_it_is_published(client):
    client.force_login(a_user("editor"))
    story = told(a_workshop())
    response = client.post(page(Story, "publish", story.pk), {"version": story.version - 1})
    assert messages(response) == [
        "The story was saved once more while you were reading. This is what stands in it now."
    ]
    assert not Story.objects.published().exists()


def test_wider_places_are_those_with_the_code_of_something_wider(bury):
    manchester = a_place("Greater Manchester", code="E47000001")
    a_place("Wigan", code="E08000010")
    assert wider_places(told(a_workshop(), place=bury)) == [manchester]
    assert wider_places(told(a_workshop(), place=manchester)) == []
    assert wider_places(told(a_workshop())) == []
