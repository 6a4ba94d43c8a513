"""Renders Markdown as HTML that is safe to show, whoever wrote it."""

import re

import markdown as markdown_package
import nh3
from django import template
from django.template.defaultfilters import linebreaks
from django.utils.safestring import mark_safe
from markdown.treeprocessors import Treeprocessor

register = template.Library()

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "a", "em", "strong", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip

MAX_LINK_WORK = 20_000_000
"""Brackets times letters, which the search for links goes through: takes a third of a second."""


class HeadingsBelow(Treeprocessor):
    """Moves all headings so that the shallowest has level `top`, whichever level the writer began with."""

    top = 2

    def run(self, root):
        headings = [element for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        shift = self.top - min((int(heading.tag[1]) for heading in headings), default=self.top)
        for heading in headings:
            heading.tag = f"h{min(6, int(heading.tag[1]) + shift)}"


@register.filter
def markdown(text, top=2):
    """HTML of a Markdown text, its headings from level `top` down; tags that are not in `TAGS` are removed."""
    if text.count("[") * len(text) > MAX_LINK_WORK:  # nested brackets, not meant as links
        return linebreaks(text, autoescape=True)
    converter = markdown_package.Markdown(extensions=["sane_lists", "tables"])
    headings = HeadingsBelow(converter)
    headings.top = top
    converter.treeprocessors.register(headings, "headings-below", 0)
    try:
        html = converter.convert(text)
    except RecursionError:  # lists nested a thousand deep, not meant as lists
        return linebreaks(text, autoescape=True)
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
    )
    return mark_safe(html)  # noqa: S308 - nh3 cleaned it above
