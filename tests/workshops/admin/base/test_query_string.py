"""NUL, which PostgreSQL takes in no text, in every parameter that a page of the desk reads from its address."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.desk import listed, page
from tests.factories import a_practice, a_story, a_user, a_workshop
from workshops.choices import Status
from workshops.models import Story

pytestmark = pytest.mark.django_db

ADMINS = {model._meta.label: model_admin for model, model_admin in admin.site._registry.items()}
PARAMETERS_OF_DJANGO = {"q", "o", "p", "e", "all", "_facets", "_popup"}


def autocomplete_fields():
    owners = [(model_admin.model, model_admin) for model_admin in ADMINS.values()]
    owners += [(inline.model, inline) for model_admin in ADMINS.values() for inline in model_admin.inlines]
    return [(model, name) for model, owner in owners for name in owner.autocomplete_fields]


@pytest.fixture
def superuser(client):
    for _ in range(2):  # a filter by workshop shows once there are two
        a_practice(stories=[a_story(workshop=a_workshop())])
    client.force_login(a_user(is_superuser=True))


@pytest.mark.parametrize("label", ADMINS)
def test_nul_in_the_address_of_a_list_is_no_error(client, superuser, label):
    address = page(ADMINS[label].model)
    context = client.get(address, follow=True).context
    filters = context["cl"].filter_specs if "cl" in context else []  # of a single row there is no list
    parameters = PARAMETERS_OF_DJANGO | {name for spec in filters for name in spec.expected_parameters()}
    answers = {
        (name, text): client.get(address, {name: text}, follow=True).status_code
        for name in parameters
        for text in ["\0", "1\0", "x\0y"]
    }
    assert [asked for asked, status in answers.items() if status != 200] == []


@pytest.mark.parametrize("label", ADMINS)
def test_nul_in_the_address_of_a_row_is_no_row(client, superuser, label):
    for number in ["%00", "1%00", "_00", "1_00"]:
        for name in ["change", "history", "delete"]:
            address = page(ADMINS[label].model, name, "0").replace("/0/", f"/{number}/")
            response = client.get(address)
            assert response.status_code in {302, 403, 404}  # Django's own admins redirect home with a message


def test_nul_in_a_filter_is_read_as_a_space(client, superuser):
    a_story(title="In review", status=Status.IN_REVIEW)
    assert listed(client.get(page(Story) + "?status__exact=in%00review")) == ["In review"]


@pytest.mark.parametrize(("model", "name"), autocomplete_fields())
def test_nul_in_an_autocomplete_term_is_no_error(client, superuser, model, name):
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
    for text in ["\0", "x\0y"]:
        response = client.get(reverse("admin:autocomplete"), {**asked, "term": text})
        assert response.status_code == 200
