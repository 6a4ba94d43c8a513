"""A role for the whole archive, or for some programmes: how far it reaches, and where it ends."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    a_participant,
    a_practice,
    a_programme,
    a_story,
    a_user,
    a_user_for,
    a_vote,
    a_workshop,
    an_article,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.models import Participant, Practice, RoleGrant, Story, Tag, Vote, Workshop
from workshops.roles import (
    ANALYST,
    EDITOR,
    EVERYTHING,
    FACILITATOR,
    NOTHING,
    Reach,
    edited_by,
    is_editor,
    is_editor_of,
    is_editor_somewhere,
    programmes_as,
    read_by,
    roles_of,
)
from workshops.visibility import edited_workshops, visible_in_admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return a_programme(title="Ours")


@pytest.fixture
def theirs():
    return a_programme(title="Theirs")


def test_role_reaches_everything_or_the_programmes_it_was_given_for(ours, theirs):
    everywhere, here = a_user(EDITOR), a_user_for(ours, EDITOR)
    assert (edited_by(everywhere), edited_by(here)) == (EVERYTHING, Reach(frozenset({ours.pk})))
    assert (is_editor(everywhere), is_editor(here), is_editor_somewhere(here)) == (True, False, True)
    assert (is_editor_of(here, ours.pk), is_editor_of(here, theirs.pk), is_editor_of(here, None)) == (
        True,
        False,
        False,
    )
    assert (roles_of(everywhere), roles_of(here)) == ({EDITOR}, frozenset())


def test_role_for_all_stays_so_beside_one_for_a_programme(ours):
    user = a_user(ANALYST)
    RoleGrant.objects.create(user=user, role=ANALYST, programme=ours)
    assert programmes_as(user, ANALYST) == EVERYTHING


def test_editors_and_analysts_read_the_programmes_of_both_their_roles(ours, theirs):
    user = a_user_for(ours, EDITOR)
    RoleGrant.objects.create(user=user, role=ANALYST, programme=theirs)
    assert edited_by(user) == Reach(frozenset({ours.pk}))
    assert read_by(user) == Reach(frozenset({ours.pk, theirs.pk}))


def test_nobody_closed_or_signed_out_reaches_anything(ours):
    assert edited_by(AnonymousUser()) == read_by(a_user_for(ours, EDITOR, is_active=False)) == NOTHING
    assert edited_by(a_user(is_superuser=True)) == EVERYTHING


def test_roles_are_asked_for_once_a_request(ours, django_assert_num_queries):
    user = User.objects.get(pk=a_user_for(ours, EDITOR, ANALYST).pk)
    with django_assert_num_queries(1):
        assert (bool(edited_by(user)), bool(read_by(user)), roles_of(user)) == (True, True, frozenset())


def test_role_for_a_programme_is_one_that_has_a_reach(ours):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=a_user(), role=FACILITATOR, programme=ours)


def test_programme_stays_while_somebody_has_a_role_for_it(ours):
    a_user_for(ours, EDITOR)
    with pytest.raises(ProtectedError):
        ours.delete()


def test_role_for_a_programme_opens_the_pages_of_the_role_but_not_the_shared_vocabulary(ours):
    user, everywhere = a_user_for(ours, EDITOR), a_user(EDITOR)
    shared = {f"workshops.{act}_{model}" for act in ("add", "change", "delete") for model in VOCABULARY}
    assert everywhere.get_all_permissions() - user.get_all_permissions() == shared
    assert a_user_for(ours, ANALYST).get_all_permissions() == a_user(ANALYST).get_all_permissions() != set()


VOCABULARY = ["servicearea", "theme", "place"]


@pytest.mark.parametrize("role", [EDITOR, ANALYST])
def test_team_reads_what_was_told_to_its_own_programme(ours, theirs, role):
    told = {"status": Status.DRAFT, "consent": Consent.TEAM}
    here = a_story(title="Here", workshop=a_workshop(programme=ours), **told)
    there = a_workshop(programme=theirs)
    a_story(title="There", workshop=there, **told)
    a_story(title="Kept", workshop=here.workshop, status=Status.DRAFT, consent=Consent.FACILITATORS)
    a_story(title="Open", workshop=there)
    seen = Story.objects.visible_to(a_user_for(ours, role)).order_by("title")
    assert [story.title for story in seen] == ["Here", "Open"]
    assert list(Workshop.objects.manageable_by(a_user_for(ours, role))) == [here.workshop]


def test_facilitator_of_one_programme_and_editor_of_another_sees_both(ours, theirs):
    user = a_user_for(ours, EDITOR)
    here, own = a_workshop(programme=ours), a_workshop([user], programme=theirs)
    a_workshop(phase=own.phase)
    assert set(Workshop.objects.manageable_by(user)) == {here, own}
    assert edited_workshops(user) == Reach(frozenset({here.pk}))


def test_people_and_votes_are_those_of_the_programme(ours, theirs):
    here, there = a_workshop(programme=ours), a_workshop(programme=theirs)
    both, far = a_participant([here, there]), a_participant([there])
    vote = a_vote(practice=a_practice(), participant=both, workshop=here)
    a_vote(practice=a_practice(), participant=far, workshop=there)
    editor = a_user_for(ours, EDITOR)
    assert list(Participant.objects.visible_to(editor)) == [both]
    assert list(Vote.objects.visible_to(editor)) == [vote]


def test_practice_of_two_programmes_is_changed_by_editors_of_the_whole_archive(ours, theirs):
    here, there = (a_story(workshop=a_workshop(programme=each)) for each in (ours, theirs))
    own, shared, far = a_practice([here]), a_practice([here, there]), a_practice([there], status=Status.DRAFT)
    editor = a_user_for(ours, EDITOR)
    assert set(Practice.objects.edited_by(editor)) == {own}
    assert set(Practice.objects.visible_to(editor)) == {own, shared}
    assert set(Practice.objects.edited_by(a_user(EDITOR))) == {own, shared, far}


def test_tag_used_elsewhere_is_changed_by_editors_of_the_whole_archive(ours, theirs):
    here, there = (a_workshop(programme=each) for each in (ours, theirs))
    a_story(workshop=here, tags=["own", "shared"])
    a_story(workshop=there, tags=["shared"], status=Status.DRAFT, consent=Consent.FACILITATORS)
    a_practice([a_story(workshop=there)], tags=["theirs"])
    editor = a_user_for(ours, EDITOR)
    assert [tag.name for tag in Tag.objects.edited_by(editor)] == ["own"]
    assert [tag.name for tag in Tag.objects.edited_by(a_user(EDITOR)).order_by("name")] == ["own", "shared", "theirs"]
    assert list(Tag.objects.edited_by(a_user_for(ours, ANALYST))) == []


def test_conclusions_at_the_desk_are_those_of_the_programme(ours, theirs):
    mine = [an_insight(programme=ours, status=Status.DRAFT), an_article(programme=ours, published_on=None)]
    others = [an_insight(programme=theirs), an_article(programme=theirs)]
    editor = a_user_for(ours, EDITOR)
    for row, other in zip(mine, others, strict=True):
        assert list(visible_in_admin(type(row).objects.all(), editor)) == [row]
        assert set(visible_in_admin(type(row).objects.all(), a_user(EDITOR))) == {row, other}


def test_list_of_a_programmes_editor_asks_no_more_however_long_it_is(client, ours):
    client.force_login(a_user_for(ours, EDITOR))
    room = a_workshop(programme=ours)
    a_story(workshop=room)
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/workshops/story/")
    for _ in range(5):
        a_story(workshop=a_workshop(phase=room.phase))
    with CaptureQueriesContext(connection) as many:
        assert client.get("/admin/workshops/story/").context["cl"].result_count == 6
    assert len(many) == len(few)
