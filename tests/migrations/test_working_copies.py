"""What the migrations to working copies fill in of insights that an archive has already."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from insights.models import Insight
from tests.factories import a_user, an_insight
from workshops.choices import Status

pytestmark = pytest.mark.django_db

filling = import_module("insights.migrations.0009_writers_and_days_to_look_again")


def changed_by(insight, user):
    insight.save()
    insight.history.filter(pk=insight.history.first().pk).update(history_user=user)


def test_drafts_get_who_saved_them_last():
    first, last = a_user(), a_user()
    draft, nobodys, published = an_insight(status=Status.DRAFT), an_insight(status=Status.DRAFT), an_insight()
    for insight in (draft, published):
        changed_by(insight, first)
        changed_by(insight, last)
    filling.name_writers(apps, connection.schema_editor())
    writers = dict(Insight.objects.values_list("pk", "written_by"))
    assert writers == {draft.pk: last.pk, nobodys.pk: None, published.pk: None}


def test_published_insights_are_looked_at_again_a_year_after_their_latest_version():
    insight, unpublished, without = an_insight(), an_insight(status=Status.UNPUBLISHED), an_insight()
    for each in (insight, unpublished):
        each.publications.create(version=1, published_on=datetime.date(2019, 1, 1), text={}, hash="0")
        each.publications.create(version=2, published_on=datetime.date(2020, 2, 29), text={}, hash="0")
    filling.set_days(apps, connection.schema_editor())
    days = dict(Insight.objects.values_list("pk", "look_again_on"))
    assert days == {insight.pk: datetime.date(2021, 2, 28), unpublished.pk: None, without.pk: None}
