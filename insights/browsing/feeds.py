import datetime
import re

from django.contrib.syndication.views import Feed
from django.db.models import Max, Min
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from insights.models import Insight

FEED_LENGTH = 50
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # in XML; a pasted text may hold them


class InsightFeed(Feed):
    """The insights as they are published, the newest version first."""

    feed_type = Atom1Feed
    title = "Insights of the workshop learning archive"
    author_name = "Workshop learning archive"
    subtitle = "What holds across public services, with the evidence for and against it"
    link = reverse_lazy("insights")

    def items(self):
        dated = Insight.objects.published().select_related("programme")
        dated = dated.annotate(first=Min("publications__published_on"), latest=Max("publications__published_on"))
        return dated.exclude(latest=None).order_by("-latest", "slug")[:FEED_LENGTH]

    def item_title(self, item):
        return UNWRITABLE.sub("", item.title)

    def item_description(self, item):
        # The feed says that this is HTML, so that a reader's program would run what an editor pasted.
        return escape(UNWRITABLE.sub("", f"{item.programme.disclosure} {item.summary}".strip()))

    def item_pubdate(self, item):
        return midnight(item.first)

    def item_updateddate(self, item):
        return midnight(item.latest)


def midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
