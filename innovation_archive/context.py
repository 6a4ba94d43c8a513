"""The template variable `archive`, which every page has."""

from django.db.models import Count, Q
from django.utils.functional import cached_property

from workshops.models import Programme


class Archive:
    """What a page says about the archive as a whole. It takes one query, and only on pages that use it."""

    disclosure = Programme.DISCLOSURE

    @cached_property
    def programmes(self):
        return Programme.objects.aggregate(all=Count("pk"), invented=Count("pk", filter=Q(illustrative=True)))

    @property
    def is_empty(self):
        return self.programmes["all"] == 0

    @property
    def has_several_programmes(self):
        return self.programmes["all"] > 1

    @property
    def is_illustrative(self):
        return 0 < self.programmes["all"] == self.programmes["invented"]

    @property
    def is_partly_illustrative(self):
        return 0 < self.programmes["invented"] < self.programmes["all"]


def archive(request):
    return {"archive": Archive()}
