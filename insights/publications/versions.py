"""A published version as readers may see it today, and what has changed since it was published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Q
from django.utils import dateformat, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Role
from insights.evidence.coverage import FrozenCoverage
from insights.models import Evidence, Insight, Publication, PublishedEvidence
from insights.publications.publishing import VersionText, text_of
from workshops.choices import Consent, PassageState, Status
from workshops.models import HiddenPassage, Practice, Story

ADDED = {
    Role.SUPPORTS: _("Added: it supports this"),
    Role.QUALIFIES: _("Added: it qualifies this"),
    Role.CONTRADICTS: _("Added: it contradicts this"),
}
TURNED = {
    (Role.SUPPORTS, Role.QUALIFIES): _("It qualifies this now; before, it supports it"),
    (Role.SUPPORTS, Role.CONTRADICTS): _("It contradicts this now; before, it supports it"),
    (Role.QUALIFIES, Role.SUPPORTS): _("It supports this now; before, it qualifies it"),
    (Role.QUALIFIES, Role.CONTRADICTS): _("It contradicts this now; before, it qualifies it"),
    (Role.CONTRADICTS, Role.SUPPORTS): _("It supports this now; before, it contradicts it"),
    (Role.CONTRADICTS, Role.QUALIFIES): _("It qualifies this now; before, it contradicts it"),
}
"""What to say of evidence whose role changed, by the role it had and the one it has."""
PARTS_OF_TEXT = {
    "title": _("the claim"),
    "kind": _("its kind"),
    "nature": _("what it is about"),
    "summary": _("the summary"),
    "body": _("the text"),
    "actions": _("the actions"),
    "none_found": _("where editors looked for a contradiction"),
    "themes": _("the themes"),
    "builds_on": _("the insights it builds on"),
}


@dataclass
class VersionPiece:
    """One piece of a version's evidence, with its story or practice if that is public; `gone` says what is not shown."""

    frozen: PublishedEvidence
    story: Story | None = None
    practice: Practice | None = None
    quotation: str = ""
    gone: str = ""

    @property
    def role(self) -> str:
        return self.frozen.role

    @property
    def practice_id(self) -> str:
        """Not empty if the piece is a practice, public or not. The evidence strip asks for it."""
        return self.frozen.practice_ref


def visible_pieces(frozen: Sequence[PublishedEvidence]) -> list[VersionPiece]:
    """These rows as readers may see them, in order.

    A version quotes only what its story still says in public: a name removed from the wording disappears from every
    version, and so does what was withdrawn or unpublished.
    """
    refs = [row.story_ref for row in frozen if row.story_ref]
    published = Story.objects.published().select_related("workshop__phase__programme", "service_area", "place")
    stories = {story.ref: story for story in published.filter(ref__in=refs)}
    practice_refs = [row.practice_ref for row in frozen if row.practice_ref]
    practices = {each.ref: each for each in Practice.objects.published().filter(ref__in=practice_refs)}
    taken_back = set() if len(stories) == len(refs) else refs_taken_back(refs)
    return [
        piece_of(row, stories.get(row.story_ref), practices.get(row.practice_ref), row.story_ref in taken_back)
        for row in frozen
    ]


def refs_taken_back(refs: Collection[str]) -> set[str]:
    """The refs of those stories that were withdrawn, or whose consent no longer reaches the public."""
    taken_back = Q(status=Status.WITHDRAWN) | Q(effective_consent__lt=Consent.PUBLIC)
    return set(Story.objects.filter(taken_back, ref__in=refs).values_list("ref", flat=True))


def piece_of(row: PublishedEvidence, story: Story | None, practice: Practice | None, taken_back: bool) -> VersionPiece:
    if row.digest and not row.excerpt:
        return VersionPiece(row, gone=gettext("A quotation here was removed."))
    if taken_back:
        return VersionPiece(row, gone=gettext("A story here was removed."))
    if story:
        wording = story.published_text
    elif practice:
        wording = practice.statement
    elif row.story_ref:
        return VersionPiece(row, gone=gettext("A story here is not public any more, so it is not shown."))
    else:
        return VersionPiece(row, gone=gettext("A practice here is not public any more, so it is not shown."))
    if row.excerpt in wording:
        return VersionPiece(row, story, practice, row.excerpt)
    gone = gettext("The quotation is not shown any more: the wording it was taken from has changed since.")
    return VersionPiece(row, story, practice, gone=gone)


def note_of_removal(publication: Publication) -> str:
    """What readers are told if words were removed from a version, so that its fingerprint cannot be worked out again."""
    evidence = publication.evidence.values("pk")
    of_version = Q(model=Publication._meta.label, row=publication.pk)
    of_evidence = Q(model=PublishedEvidence._meta.label, row__in=evidence)
    removed = HiddenPassage.objects.filter(of_version | of_evidence).exclude(state=PassageState.GIVEN_BACK)
    last = removed.order_by("-hidden_at").values_list("hidden_at", flat=True).first()
    if not last:
        return ""
    says = gettext(
        "Words were removed from this version on %(day)s at the wish of who said them; its fingerprint is of the text "
        "before."
    )
    return says % {"day": dateformat.format(timezone.localtime(last), "j F Y")}


@dataclass
class VersionChange:
    """One change since publication, and the story or practice it is about if readers may see that."""

    says: str
    source: Story | Practice | None = None


def changes_since(publication: Publication, insight: Insight) -> list[VersionChange]:
    """What changed between a version and an insight from `for_page()`: first the evidence, in order, then the text."""
    before = {(row.story_ref, row.practice_ref): row for row in publication.evidence.all()}
    now = {source_key_of(piece): piece for piece in insight.public_evidence}
    left = [row for key, row in before.items() if key not in now]
    changes = [
        VersionChange(piece.gone) if piece.gone else VersionChange(gettext("Taken out"), piece.story or piece.practice)
        for piece in (visible_pieces(left) if left else [])
    ]
    for key, piece in now.items():
        changes += changes_of(piece, before.get(key))
    text = text_of(insight)
    differ = [field for field in PARTS_OF_TEXT if publication.text.get(field) != text.get(field)]
    if "builds_on" in differ and builds_on_the_same(publication, insight, text["builds_on"]):
        differ.remove("builds_on")
    reworded = [str(PARTS_OF_TEXT[field]) for field in differ]
    if reworded:
        changes.append(VersionChange(gettext("Changed in the text: %(parts)s") % {"parts": ", ".join(reworded)}))
    return changes


def builds_on_the_same(publication: Publication, insight: Insight, slugs: list[str]) -> bool:
    """Whether an insight builds on those that a version names, as far as readers may see them.

    Some may have another address by now; `slugs` are those that it builds on today.
    """
    named = publication.text.get("builds_on", [])
    if named == slugs:
        return True
    then = Insight.objects.published().once_called(named)
    return set(then) == set(insight.builds_on.published())


def source_key_of(piece: Evidence) -> tuple[str, str]:
    if piece.story:
        return piece.story.ref, ""
    return "", piece.practice.ref if piece.practice else ""


def changes_of(piece: Evidence, before: PublishedEvidence | Evidence | None) -> list[VersionChange]:
    """What changed about one piece of evidence since the version; `before` is None if it was not among it."""
    if before is None:
        return [VersionChange(str(ADDED[Role(piece.role)]), piece.source)]
    changes = []
    if before.role != piece.role:
        changes.append(VersionChange(str(TURNED[Role(before.role), Role(piece.role)]), piece.source))
    if before.excerpt != piece.quotation:
        changes.append(VersionChange(quotation_change(before.excerpt, piece.quotation), piece.source))
    return changes


def quotation_change(before: str, now: str) -> str:
    if not now:
        return gettext("Not quoted any more")
    return gettext("Quoted anew") if before else gettext("Quoted now")


class EvidenceData(TypedDict):
    """One piece of evidence in the JSON of a version; empty where it is not public any more, but for the digest."""

    order: int
    role: str
    story: str
    practice: str
    excerpt: str
    salt: str
    digest: str
    note: str


class VersionData(TypedDict):
    """The JSON of a version."""

    url: str
    insight: str
    programme: str
    disclosure: str
    version: int
    published_on: str
    imported: bool
    text: VersionText
    reach: FrozenCoverage
    evidence: list[EvidenceData]
    hash: str
    note: str
    """Empty, or why the hash is not that of this text."""


def as_json(publication: Publication, url: str) -> VersionData:
    """A version as data, from which anyone can compute the hash and check that the archive changed nothing.

    Of evidence that is not public any more only the digest is left.
    """
    rows = list(publication.evidence.all())
    return {
        "url": url,
        "insight": publication.insight.slug,
        "programme": publication.insight.programme.title,
        "disclosure": publication.insight.programme.disclosure,
        "version": publication.version,
        "published_on": publication.published_on.isoformat(),
        "imported": publication.is_imported,
        "text": publication.text,
        "reach": publication.reach,
        "evidence": [
            {
                "order": row.order,
                "role": row.role,
                "story": piece.story.ref if piece.story else "",
                "practice": piece.practice.ref if piece.practice else "",
                "excerpt": piece.quotation,
                "salt": row.salt if piece.quotation else "",
                "digest": row.digest,
                "note": piece.gone,
            }
            for row, piece in zip(rows, visible_pieces(rows), strict=True)
        ],
        "hash": publication.hash,
        "note": note_of_removal(publication),
    }
