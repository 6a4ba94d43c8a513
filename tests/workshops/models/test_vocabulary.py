"""Names that no service area may have, because results of votes would be misread."""

import pytest
from django.core.exceptions import ValidationError

from workshops.models import ServiceArea, Theme

pytestmark = pytest.mark.django_db

JOINT = "“%s” holds “ + ”, by which results join the names of service areas. Write “and” instead."
UNKNOWN = "Results say “Not recorded” of voters whose service area is unknown. Choose another name."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Hubs + Parks", JOINT % "Hubs + Parks"),
        ("Hubs  +  Parks", JOINT % "Hubs + Parks"),
        ("Not recorded", UNKNOWN),
        ("NOT  recorded ", UNKNOWN),
    ],
)
def test_name_that_results_give_a_meaning_is_refused(name, sentence):
    with pytest.raises(ValidationError) as refusal:
        ServiceArea(slug="x", name=name).full_clean()
    assert refusal.value.message_dict == {"name": [sentence]}


@pytest.mark.parametrize("name", ["A+B", "50+ team", "Not recorded crime"])
def test_name_that_only_looks_like_it_is_allowed(name):
    ServiceArea(slug="x", name=name).full_clean()


def test_theme_may_have_any_name():
    Theme(slug="x", name="Trust + time").full_clean()
