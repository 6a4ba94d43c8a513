"""The Atom feed of published insights."""

import datetime
import re

from django.contrib.syndication.views import Feed
from django.db.models import Max, Min
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from insights.models import Insight

MAX_ITEMS = 50
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # not allowed in XML; pasted text may contain them


class InsightFeed(Feed):
    """The published insights, the one with the newest version first."""

    feed_type = Atom1Feed
    title = _("Insights of the workshop learning archive")
    author_name = _("Workshop learning archive")
    subtitle = _("What holds across public services, with the evidence for and against it")
    link = reverse_lazy("insights")

    def items(self):
        dated = Insight.objects.published().select_related("programme")
        dated = dated.annotate(first=Min("publications__published_on"), latest=Max("publications__published_on"))
        return dated.exclude(latest=None).order_by("-latest", "slug")[:MAX_ITEMS]

    def item_title(self, item):
        return UNWRITABLE.sub("", item.title)

    def item_description(self, item):
        # The feed declares this as HTML, so a feed reader would run markup that an editor pasted.
        return escape(UNWRITABLE.sub("", f"{item.programme.disclosure} {item.summary}".strip()))

    def item_pubdate(self, item):
        return midnight(item.first)

    def item_updateddate(self, item):
        return midnight(item.latest)


def midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
