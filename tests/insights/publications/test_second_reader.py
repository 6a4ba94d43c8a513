import pytest
from django.core.exceptions import ValidationError

from insights.publications import second_reader
from tests.factories import a_user, an_insight
from workshops.choices import Status
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db

OWN_WORK = (
    "You wrote this yourself. In this archive somebody else publishes what one person wrote: ask another editor for a "
    "second reading."
)


def test_own_work_is_refused_where_a_second_reader_is_asked_for(settings):
    writer, other = a_user(), a_user()
    settings.SECOND_READER = True
    second_reader.check_second_reader(writer, other)
    second_reader.check_second_reader(None, other)
    second_reader.check_second_reader(writer, None)
    with pytest.raises(ValidationError) as refusal:
        second_reader.check_second_reader(writer, writer)
    assert refusal.value.messages == [OWN_WORK]


def test_own_work_is_published_where_no_second_reader_is_asked_for(settings):
    writer = a_user()
    settings.SECOND_READER = False
    second_reader.check_second_reader(writer, writer)


def test_readings_wait_in_the_order_in_which_they_were_asked_for():
    editor = a_user(EDITOR)
    first, second, _other = (an_insight(status=Status.DRAFT) for _ in range(3))
    for insight in (first, second):
        second_reader.ask_for_reading(insight)
    assert list(second_reader.waiting_for_reading(editor)) == [first, second]
    second_reader.end_reading(first)
    assert list(second_reader.waiting_for_reading(editor)) == [second]
