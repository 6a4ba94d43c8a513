"""How a story shows the words that a reader searched for."""

from django import template
from django.template.defaultfilters import truncatewords

from workshops.search import excerpts

register = template.Library()


@register.filter
def marked(text, query):
    """A line of text with the words searched for marked, if there was a search."""
    return excerpts.mark_hits(text, query) if query else text


@register.filter
def in_context(text, query):
    """The part of a text around the words searched for; without a search, its beginning."""
    return excerpts.excerpt_around_hits(text, query, most=36) if query else truncatewords(text, 36)


@register.filter
def only_in_tags(story, query):
    """The tags by which a story was found, if neither its title nor its wording has any of the words."""
    if not query or any(excerpts.holds_hit(text, query) for text in (story.title, story.published_text)):
        return []
    return [tag for tag in story.tags.all() if excerpts.holds_hit(tag.name, query)]
