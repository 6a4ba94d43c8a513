"""Django's own choices in the same HTML, for a page with thousands of them.

Django asks two templates for an option and four for a checkbox, which took most of a second where notes are looked over.
"""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join


class FastSelect(forms.Select):
    def render(self, name, value, attrs=None, renderer=None):
        widget = self.get_context(name, value, attrs)["widget"]
        groups = [(group, as_options(options)) for group, options, _ in widget["optgroups"]]
        inner = format_html_join(
            "", "{}", ((in_group(group, options) if group else options,) for group, options in groups)
        )
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), inner)


def as_options(options):
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options),
    )


def in_group(name, options):
    return format_html('<optgroup label="{}">{}</optgroup>', name, options)


class FastCheckboxes(forms.CheckboxSelectMultiple):
    """Of choices without groups."""

    def render(self, name, value, attrs=None, renderer=None):
        widget = self.get_context(name, value, attrs)["widget"]
        boxes = format_html_join(
            "",
            '<div><label for="{}"><input type="checkbox" name="{}" value="{}"{}> {}</label></div>',
            (
                (box["attrs"]["id"], box["name"], box["value"], flatatt(box["attrs"]), box["label"])
                for _, [box], _ in widget["optgroups"]
            ),
        )
        return format_html('<div id="{}">{}</div>', widget["attrs"]["id"], boxes)
