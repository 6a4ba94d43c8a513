"""What every admin of the desk is built of."""

import pytest
from django.contrib import admin

from workshops.models import Story

ADMINS = {model: type(model_admin) for model, model_admin in admin.site._registry.items()}
MAX_CLASSES = 9


@pytest.mark.parametrize("model", ADMINS, ids=lambda model: model._meta.label)
def test_classes_of_an_admin_are_few_enough_to_read(model):
    assert len(ADMINS[model].__mro__) <= MAX_CLASSES


def test_page_beside_a_row_is_a_view_of_a_module_of_its_own():
    modules = {name: view.__module__.rpartition(".")[2] for _, view, name in ADMINS[Story].extra_pages}
    assert modules == {
        "submit": "steps",
        "publish": "steps",
        "unpublish": "steps",
        "words": "readings",
        "suggest": "corrections",
        "correction": "corrections",
        "undo_tagging": "bulk_tagging",
        "tags": "tag_suggestions",
    }
