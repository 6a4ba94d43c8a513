"""The sitemap: every public page, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.urls import reverse

from insights.models import Article, Insight
from workshops.browsing.filters import public_tags
from workshops.models import Place, Practice, Programme, ServiceArea, Story, Theme, Workshop


class Pages(Sitemap):
    """The pages that belong to no row: home, lists, and the pages about the archive."""

    def items(self):
        return [
            "home", "insights", "matrix", "votes", "stories", "workshops", "places", "articles", "commitments",
            "data", "method", "accessibility", "privacy", "complaints",
        ]  # fmt: skip

    def location(self, item):
        return reverse(item)


class Published(Sitemap):
    """The pages of the published rows of one model. `rows` returns their queryset."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows().order_by("pk")


SITEMAPS = {
    "pages": Pages(),
    "programmes": Published(Programme.objects.all),
    "insights": Published(Insight.objects.published),
    "practices": Published(Practice.objects.published),
    "stories": Published(lambda: Story.objects.published().only("ref")),
    "workshops": Published(Workshop.objects.all),
    "service_areas": Published(ServiceArea.objects.all),
    "themes": Published(Theme.objects.all),
    "places": Published(Place.objects.all),
    "tags": Published(public_tags),
    "articles": Published(Article.objects.published),
}


def sitemap_or_index(request):
    """One sitemap of all addresses, or if they are too many for one, an index of a sitemap for each kind."""
    addresses = sum(kind.paginator.count for kind in SITEMAPS.values())
    if addresses <= Sitemap.limit:
        return sitemap(request, SITEMAPS)
    return index(request, SITEMAPS, sitemap_url_name="sitemap_of")
