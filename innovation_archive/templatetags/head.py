"""Tags for what a page says about itself in its head, to search engines and to those who share it."""

from django import template
from django.http import QueryDict
from django.utils.safestring import mark_safe

from workshops import addresses

register = template.Library()

PAGING = ("page", "after", "before")


@register.simple_block_tag
def line(content):
    """The content of the block on one line. `{% line as name %}` keeps it in a variable, to use it more than once."""
    return mark_safe(" ".join(content.split()))  # noqa: S308 - the template has escaped it


@register.simple_tag(takes_context=True)
def disclosure(context):
    """The sentence that what is shown is invented: on pages of such a programme, or of an archive with no other."""
    programme, archive = context.get("programme"), context.get("archive")
    if programme:
        return programme.disclosure
    return archive.disclosure if archive and archive.is_illustrative else ""


@register.simple_tag(takes_context=True)
def canonical(context):
    """The page's canonical address, with only those parameters that choose what it shows: its filters and its page.

    Another order of the same rows, an empty field, or what other sites append to links make no other page.
    """
    request, chosen = context["request"], QueryDict(mutable=True)
    form = context.get("filter")
    for name in (*form.fields, *PAGING) if form else ():
        value = request.GET.get(name)
        if value and name != "sort" and (name, value) != ("page", "1"):
            chosen[name] = value
    query = f"?{chosen.urlencode()}" if chosen else ""
    return whole_address(context, request.path + query)


@register.simple_tag(takes_context=True)
def whole_address(context, address):
    return addresses.absolute_url(context["request"], address)
