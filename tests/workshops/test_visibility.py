"""Who may know of which rows at the desk: each model says so, and of one that does not nobody sees any."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User

from innovation_archive.datasets import KINDS
from insights.models import Evidence
from tests.factories import a_participant, a_place, a_programme, a_story, a_user, a_workshop, an_insight
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.choices import Status
from workshops.models import Identity, OriginalText, Place, Programme
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR
from workshops.visibility import READ_BY_PERMISSION, visible_in_admin


def models_of_the_desk():
    """All that the desk lists, edits inline, offers in a form or a chooser, or takes from a file."""
    found = {kind.model for kind in KINDS.values()}
    for model, pages in admin.site._registry.items():
        found |= {model, *(inline.model for inline in pages.inlines)}
    named = {
        field.related_model
        for model in found
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model and field.editable
    }
    return found | named


def says_who_sees_it(model):
    rows = model._default_manager.none()
    return hasattr(rows, "manageable_by") or hasattr(rows, "visible_to") or model in READ_BY_PERMISSION


def test_every_model_of_the_desk_says_who_sees_it():
    assert {model._meta.label for model in models_of_the_desk() if not says_who_sees_it(model)} == set()


def test_walk_finds_lists_inlines_choosers_and_files():
    """One of each, so that the test above does not pass because nothing was walked."""
    found = {model._meta.label for model in models_of_the_desk()}
    assert found > {"workshops.Ballot", "workshops.Identity", "workshops.Phase", "insights.SetAside", "auth.Permission"}


@pytest.mark.django_db
def test_model_without_a_rule_shows_nobody_a_row(rf):
    """Words as told lie in a table of their own that the desk reaches through the story alone."""
    request = rf.get("/admin/")
    request.user = a_user(EDITOR, is_superuser=True)
    a_story(text="Anna told it.", workshop=a_workshop(facilitators=[request.user]))
    assert list(visible_in_admin(OriginalText.objects.all(), request.user)) == []
    assert list(ArchiveModelAdmin(OriginalText, admin.site).get_queryset(request)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("make, model", [(a_place, Place), (a_programme, Programme)])
def test_vocabularies_are_for_all_who_may_sign_in(make, model):
    row = make()
    assert list(visible_in_admin(model.objects.all(), a_user())) == [row]
    assert list(visible_in_admin(model.objects.all(), a_user(FACILITATOR))) == [row]
    assert list(visible_in_admin(model.objects.all(), a_user(EDITOR, is_active=False))) == []
    assert list(visible_in_admin(model.objects.all(), AnonymousUser())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [User, Group])
def test_accounts_and_roles_are_for_those_with_the_right_to_view_them(model):
    administrator, editor = a_user(ADMINISTRATOR), a_user(EDITOR)
    administrator.groups.get().permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    assert set(visible_in_admin(model.objects.all(), administrator)) == set(model.objects.all()) != set()
    assert list(visible_in_admin(model.objects.all(), editor)) == []


@pytest.mark.django_db
def test_names_are_for_the_facilitators_of_the_persons_workshops():
    own, other = a_user(FACILITATOR), a_user(FACILITATOR)
    a_workshop(facilitators=[other])
    there = a_participant(workshops=[a_workshop(facilitators=[own]), a_workshop(facilitators=[own])])
    identity = Identity.objects.create(participant=there, name="Anna Brown")
    assert list(visible_in_admin(Identity.objects.all(), own)) == [identity]
    for user in (other, a_user(EDITOR), a_user(ANALYST), a_user(is_superuser=True), AnonymousUser()):
        assert list(visible_in_admin(Identity.objects.all(), user)) == []


@pytest.mark.django_db
def test_evidence_is_read_with_its_insight():
    draft = an_insight(supports=[a_story()], status=Status.DRAFT)
    published = an_insight(supports=[a_story()], status=Status.PUBLISHED)
    evidence = Evidence.objects.order_by("pk")
    assert [row.insight for row in visible_in_admin(evidence, a_user(EDITOR))] == [draft, published]
    assert [row.insight for row in visible_in_admin(evidence, a_user(FACILITATOR))] == [published]
