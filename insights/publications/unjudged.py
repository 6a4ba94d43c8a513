"""What files published with passages or a context that nobody has judged, for the editors' list."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Model, Q
from django.urls import reverse

from insights.models import Article, Commitment, Insight
from workshops.models import Practice, Programme, Story, UnjudgedPublication, Workshop
from workshops.models.judgements import UnjudgedPublicationQuerySet
from workshops.roles import edited_by

MODELS: dict[str, type[Model]] = {
    str(model._meta.model_name): model for model in (Story, Practice, Insight, Article, Commitment, Programme, Workshop)
}


@dataclass(frozen=True)
class UnjudgedRow:
    """Something that readers have, with its page at the desk, how many of its passages nobody has judged, and whether nobody
    has said what its context tells."""

    title: str
    address: str
    passages: int
    asks_context: bool


def unjudged_publications(user: User) -> UnjudgedPublicationQuerySet:
    """Those that readers still have of what this person edits, oldest first."""
    edited = edited_by(user)
    mine, of_insight = edited.rows("programme"), edited.rows("insight__programme")
    stories = Story.objects.visible_to(user).published()
    there = {
        "story": stories.filter(edited.rows("workshop__phase__programme")).values("ref"),
        "practice": Practice.objects.published().edited_by(user).values("ref"),
        "insight": Insight.objects.published().filter(mine).values("slug"),
        "article": Article.objects.filter(mine, published_on__isnull=False).values("slug"),
        "commitment": Commitment.objects.published().filter(of_insight).values("ref"),
        "programme": Programme.objects.filter(edited.rows("pk")).values("slug"),
        "workshop": Workshop.objects.filter(edited.rows("phase__programme")).values("slug"),
    }
    seen = Q(pk=None)
    for kind, refs in there.items():
        seen |= Q(kind=kind, ref__in=refs)
    return UnjudgedPublication.objects.manageable_by(user).filter(seen)


def unjudged_rows(publications: list[UnjudgedPublication]) -> list[UnjudgedRow]:
    """The same as a list shows them, in one query a kind."""
    found = {}
    for kind, model in MODELS.items():
        refs = [each.ref for each in publications if each.kind == kind]
        key = "ref" if hasattr(model, "ref") else "slug"
        for row in model._default_manager.filter(**{f"{key}__in": refs}) if refs else ():
            found[kind, getattr(row, key)] = row
    return [
        UnjudgedRow(
            str(found[each.kind, each.ref]),
            reverse(
                f"admin:{MODELS[each.kind]._meta.app_label}_{each.kind}_change", args=[found[each.kind, each.ref].pk]
            ),
            each.passages,
            each.asks_context,
        )
        for each in publications
        if (each.kind, each.ref) in found
    ]
