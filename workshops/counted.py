"""What is counted bears one name: the words that a number stands before, on every page and in every sentence.

Readers are only ever told of what is public, so a count of stories says “99 stories”, not “99 published stories”. Insights
of one kind are called by that kind, whatever the page.
"""

from django.utils.translation import ngettext_lazy

COUNTED = {
    "story": ngettext_lazy("%(count)s story", "%(count)s stories", "count"),
    "workshop": ngettext_lazy("%(count)s workshop", "%(count)s workshops", "count"),
    "place": ngettext_lazy("%(count)s place", "%(count)s places", "count"),
    "theme": ngettext_lazy("%(count)s theme", "%(count)s themes", "count"),
    "practice": ngettext_lazy("%(count)s practice", "%(count)s practices", "count"),
    "insight": ngettext_lazy("%(count)s insight", "%(count)s insights", "count"),
    "finding": ngettext_lazy("%(count)s finding", "%(count)s findings", "count"),
    "big idea": ngettext_lazy("%(count)s big idea", "%(count)s big ideas", "count"),
    "recommendation": ngettext_lazy("%(count)s recommendation", "%(count)s recommendations", "count"),
    "article": ngettext_lazy("%(count)s article", "%(count)s articles", "count"),
    "commitment": ngettext_lazy("%(count)s commitment", "%(count)s commitments", "count"),
}
"""By the noun in the singular; insights of one kind by `InsightKind`."""


def counted(number: int, noun: str) -> str:
    """Such as "12 workshops"; the noun is a key of COUNTED."""
    return COUNTED[noun] % {"count": number}
