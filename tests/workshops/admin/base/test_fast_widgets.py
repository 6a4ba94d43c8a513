"""The quick choices give the page what Django's own would."""

import pytest
from django import forms
from django.test.html import parse_html

from workshops.admin.base.fast_widgets import QuickCheckboxes, QuickSelect

PLAIN = [("", "None"), (1, "Bolton & Bury"), ("<2>", "<b>")]
GROUPED = [("note", "Note"), ("Story", [("innovation", "Innovation here"), ("message", "Message")])]


@pytest.mark.parametrize(
    ("quick", "stock", "choices", "value"),
    [
        (QuickSelect, forms.Select, PLAIN, None),
        (QuickSelect, forms.Select, PLAIN, "1"),
        (QuickSelect, forms.Select, GROUPED, "message"),
        (QuickSelect, forms.Select, [], "1"),
        (QuickCheckboxes, forms.CheckboxSelectMultiple, PLAIN, None),
        (QuickCheckboxes, forms.CheckboxSelectMultiple, PLAIN, ["1", "<2>"]),
        (QuickCheckboxes, forms.CheckboxSelectMultiple, [], ["1"]),
    ],
)
def test_quick_choices_are_the_html_of_djangos_own(quick, stock, choices, value):
    attrs = {"id": "id_it", "required": True, "disabled": False, "aria-describedby": 'a"b'}
    page = quick(choices=choices).render("it", value, attrs)
    assert parse_html(page) == parse_html(stock(choices=choices).render("it", value, attrs))
