"""What files published with passages or a context that nobody has judged, for the editors' list."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from insights.models import Article, Insight
from workshops.models import Practice, Story, UnjudgedPublication
from workshops.models.judgements import UnjudgedPublicationQuerySet


@dataclass(frozen=True)
class UnjudgedRow:
    """Something that readers have, with its page at the desk, how many of its passages nobody has judged, and whether nobody
    has said what its context tells."""

    title: str
    address: str
    passages: int
    asks_context: bool


def unjudged_publications(user: User) -> UnjudgedPublicationQuerySet:
    """Those that readers still have and this person sees, oldest first."""
    there = {
        "story": Story.objects.visible_to(user).published().values("ref"),
        "practice": Practice.objects.published().values("ref"),
        "insight": Insight.objects.published().values("slug"),
        "article": Article.objects.filter(published_on__isnull=False).values("slug"),
    }
    seen = Q(pk=None)
    for kind, refs in there.items():
        seen |= Q(kind=kind, ref__in=refs)
    return UnjudgedPublication.objects.manageable_by(user).filter(seen)


def unjudged_rows(publications: list[UnjudgedPublication]) -> list[UnjudgedRow]:
    """The same as a list shows them, in one query a kind."""
    models = {"story": Story, "practice": Practice, "insight": Insight, "article": Article}
    found = {}
    for kind, model in models.items():
        refs = [each.ref for each in publications if each.kind == kind]
        key = "ref" if kind in {"story", "practice"} else "slug"
        for row in model._default_manager.filter(**{f"{key}__in": refs}) if refs else ():
            found[kind, getattr(row, key)] = row
    return [
        UnjudgedRow(
            str(found[each.kind, each.ref]),
            reverse(
                f"admin:{models[each.kind]._meta.app_label}_{each.kind}_change", args=[found[each.kind, each.ref].pk]
            ),
            each.passages,
            each.asks_context,
        )
        for each in publications
        if (each.kind, each.ref) in found
    ]
