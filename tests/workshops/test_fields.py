"""Text with plain line ends, and lists of lines."""

import pytest

from tests.factories import a_service_area, a_story, a_workshop
from workshops.fields import LinesField, LinesFormField, PlainTextField, PlainTextFormField
from workshops.models import Ballot, OriginalText, Participant, Place, Practice, ServiceArea, Story, Workshop
from workshops.models.participants import new_pseudonym
from workshops.models.stories import new_ref


@pytest.mark.django_db
def test_plain_text_ends_its_lines_one_way_however_it_is_written():
    a_story(published_text="One\r\ntwo\rthree\nfour")
    workshop = a_workshop(notes="One\r\ntwo")
    assert OriginalText.objects.get().text == "One\ntwo\nthree\nfour"
    assert Workshop.objects.filter(pk=workshop.pk, notes="One\r\ntwo").exists()  # a question is put the same way
    Workshop.objects.update(notes="Three\r\nfour")
    workshop.refresh_from_db()
    assert workshop.notes == "Three\nfour"


def test_plain_text_form_sees_no_change_where_only_line_ends_differ():
    field = PlainTextField().formfield()
    assert isinstance(field, PlainTextFormField)
    assert field.clean("One\r\ntwo") == "One\ntwo"
    assert field.has_changed("One\ntwo", "One\r\ntwo") is False
    assert field.has_changed("One\ntwo", "One\r\nthree") is True


@pytest.mark.django_db
def test_lines_are_a_list_without_empty_ones():
    area = a_service_area("Early help", aliases=[" Early  intervention ", "", "Prevention\n"])
    area.refresh_from_db()
    assert area.aliases == ["Early intervention", "Prevention"]
    area.aliases = "From a form\r\n\r\nin two lines "
    area.save()
    area.refresh_from_db()
    assert area.aliases == ["From a form", "in two lines"]


@pytest.mark.django_db
def test_lines_start_as_a_list_of_their_own():
    a_service_area()
    first, second = ServiceArea(), ServiceArea.objects.get()
    assert (first.aliases, second.aliases) == ([], [])
    first.aliases.append("One")
    assert ServiceArea().aliases == []


def test_lines_form_shows_one_a_line_and_sees_what_changed():
    field = LinesField().formfield()
    assert isinstance(field, LinesFormField)
    assert field.prepare_value(["One", "two"]) == "One\ntwo"
    assert field.has_changed(["One", "two"], "One\r\ntwo") is False
    assert field.has_changed(["One", "two"], "One") is True
    assert field.has_changed([], "") is False


def test_lines_serialise_as_text():
    assert LinesField().get_prep_value(["One", " ", "two"]) == "One\ntwo"
    area = ServiceArea(aliases=["One", "two"])
    assert ServiceArea._meta.get_field("aliases").value_to_string(area) == "One\ntwo"


@pytest.mark.parametrize(
    ("model", "name", "path", "kwargs"),
    [
        (Place, "name", "models.CharField", {"verbose_name": "name", "max_length": 200, "unique": True}),
        (OriginalText, "text", "models.TextField", {"verbose_name": "words as told", "blank": True}),
        (Practice, "ref", "models.CharField", {"verbose_name": "ref", "max_length": 100, "unique": True}),
        (
            Practice.history.model,
            "ref",
            "models.CharField",
            {"verbose_name": "ref", "max_length": 100, "db_index": True},
        ),
        (
            Participant,
            "pseudonym",
            "models.CharField",
            {"verbose_name": "pseudonym", "max_length": 20, "unique": True, "editable": False},
        ),
        (Ballot, "expires_at", "models.DateTimeField", {"verbose_name": "expires at", "editable": False}),
    ],
)
def test_migrations_name_djangos_field_and_no_function_of_ours(model, name, path, kwargs):
    assert model._meta.get_field(name).deconstruct() == (name, f"django.db.{path}", [], kwargs)


def test_migrations_name_taggits_field():
    assert Story._meta.get_field("tags").deconstruct()[1] == "taggit.managers.TaggableManager"


@pytest.mark.parametrize(
    ("model", "name", "default", "unique"),
    [
        (Story, "ref", new_ref, True),
        (Story.history.model, "ref", new_ref, False),
        (Participant, "pseudonym", new_pseudonym, True),
        (Place, "aliases", list, False),
    ],
)
def test_field_is_cloned_with_what_migrations_leave_out(model, name, default, unique):
    field = model._meta.get_field(name)
    clone = field.clone()
    assert (type(clone), clone.default, clone.unique) == (type(field), default, unique)
