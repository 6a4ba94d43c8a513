"""The quick choices give the page what Django's own would."""

import pytest
from django import forms
from django.test.html import parse_html

from workshops.admin.base.fast_widgets import FastCheckboxes, FastSelect

PLAIN = [("", "None"), (1, "Bolton & Bury"), ("<2>", "<b>")]
GROUPED = [("note", "Note"), ("Story", [("innovation", "Innovation here"), ("message", "Message")])]


@pytest.mark.parametrize(
    ("quick", "stock", "choices", "value"),
    [
        (FastSelect, forms.Select, PLAIN, None),
        (FastSelect, forms.Select, PLAIN, "1"),
        (FastSelect, forms.Select, GROUPED, "message"),
        (FastSelect, forms.Select, [], "1"),
        (FastCheckboxes, forms.CheckboxSelectMultiple, PLAIN, None),
        (FastCheckboxes, forms.CheckboxSelectMultiple, PLAIN, ["1", "<2>"]),
        (FastCheckboxes, forms.CheckboxSelectMultiple, [], ["1"]),
    ],
)
def test_quick_choices_are_the_html_of_djangos_own(quick, stock, choices, value):
    attrs = {"id": "id_it", "required": True, "disabled": False, "aria-describedby": 'a"b'}
    page = quick(choices=choices).render("it", value, attrs)
    assert parse_html(page) == parse_html(stock(choices=choices).render("it", value, attrs))
